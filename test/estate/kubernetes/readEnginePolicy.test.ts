import { readEnginePolicy } from '../../../src/estate/kubernetes/readEnginePolicy';

const CILIUM = 'ciliumnetworkpolicies.cilium.io';
const CALICO = 'networkpolicies.crd.projectcalico.org';
const GLOBAL = 'globalnetworkpolicies.projectcalico.org';
const ADMIN = 'adminnetworkpolicies.policy.networking.k8s.io';
const APPLICATION = 'applicationnetworkpolicies.networking.k8s.aws';

/** What a policy of the whole cluster with a spec is read as. */
const read = (resource: string, spec: object) => readEnginePolicy(resource)({ metadata: { name: 'one' }, spec });
const app = { labels: { app: 'orders' }, expressions: [] };
const every = { labels: {}, expressions: [] };
const ORDERS = { matchLabels: { app: 'orders' } };

describe('A policy of another engine', () => {
  it.each<[string, string, object, boolean]>([
    ['of Cilium with egress', CILIUM, { endpointSelector: {}, egress: [{}] }, true],
    ['of Cilium with no allowed egress', CILIUM, { endpointSelector: {}, egress: [] }, true],
    ['of Cilium with denied egress', CILIUM, { endpointSelector: {}, egressDeny: [{}] }, true],
    ['of Cilium with ingress', CILIUM, { endpointSelector: {}, ingress: [{}] }, false],
    [
      'of Cilium that adds egress and closes nothing',
      CILIUM,
      { endpointSelector: {}, egress: [{}], enableDefaultDeny: { egress: false } },
      false,
    ],
    ['of Cilium that closes without a rule', CILIUM, { enableDefaultDeny: { egress: true } }, true],
    ['of Cilium for what reaches the nodes', CILIUM, { nodeSelector: {}, ingress: [{}] }, true],
    ['of Cilium for what the nodes send', CILIUM, { nodeSelector: {}, egress: [{}] }, false],
    ['of Calico of the type Egress', CALICO, { types: ['Ingress', 'Egress'] }, true],
    ['of Calico of the type Ingress', CALICO, { types: ['Ingress'], egress: [] }, false],
    ['of Calico with egress and no type', CALICO, { egress: [{ action: 'Allow' }] }, true],
    ['of Calico with neither', CALICO, {}, false],
    ['of an administrator that denies', ADMIN, { egress: [{ action: 'Allow' }, { action: 'Deny' }] }, true],
    ['of an administrator that only allows', ADMIN, { egress: [{ action: 'Allow' }, { action: 'Pass' }] }, false],
    ['of an administrator about ingress', ADMIN, { ingress: [{ action: 'Deny' }] }, false],
    ['of AWS for names', APPLICATION, { policyTypes: ['Egress'], egress: [] }, true],
    ['of AWS for ingress', APPLICATION, { policyTypes: ['Ingress'] }, false],
  ])('%s', (_, resource, spec, limits) => {
    expect(read(resource, spec)).toMatchObject([{ name: 'one', limits }]);
  });

  it.each<[string, string, object, object]>([
    [
      'of Cilium, by labels',
      CILIUM,
      { endpointSelector: { matchLabels: { 'k8s:app': 'orders' } } },
      { podSelector: app },
    ],
    [
      'of Cilium, by the namespace and labels that Cilium gives',
      CILIUM,
      {
        endpointSelector: {
          matchLabels: {
            'k8s:io.kubernetes.pod.namespace': 'shop',
            'io.cilium.k8s.policy.serviceaccount': 'orders',
            app: 'orders',
          },
        },
      },
      { namespace: 'shop', podSelector: app },
    ],
    [
      'of Cilium, by expressions',
      CILIUM,
      { endpointSelector: { matchExpressions: [{ key: 'any:tier', operator: 'Exists' }] } },
      { podSelector: { labels: {}, expressions: [{ key: 'tier', operator: 'Exists', values: [] }] } },
    ],
    ['of Calico, all', CALICO, { selector: 'all()' }, { podSelector: every }],
    [
      'of Calico, by labels',
      CALICO,
      { selector: `app == 'orders' && tier == "web"` },
      { podSelector: { labels: { app: 'orders', tier: 'web' }, expressions: [] } },
    ],
    ['of Calico, by what podlift does not read', CALICO, { selector: `app in {'orders'}` }, { podSelector: undefined }],
    [
      'of Calico, by the name of a namespace',
      GLOBAL,
      { selector: '', namespaceSelector: `kubernetes.io/metadata.name == 'shop'` },
      { namespace: 'shop', podSelector: every },
    ],
    [
      'of Calico, by other namespaces than one',
      GLOBAL,
      { selector: '', namespaceSelector: `kubernetes.io/metadata.name != 'shop'` },
      { namespace: undefined, podSelector: every },
    ],
    [
      'of an administrator, by namespace and labels',
      ADMIN,
      {
        subject: {
          pods: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } }, podSelector: ORDERS },
        },
      },
      { namespace: 'shop', podSelector: app },
    ],
    [
      'of an administrator, by all namespaces',
      ADMIN,
      { subject: { namespaces: {} } },
      { namespace: undefined, podSelector: every },
    ],
    ['of AWS, by labels', APPLICATION, { podSelector: ORDERS }, { podSelector: app }],
  ])('%s: which pods it may select', (_, resource, spec, parts) => {
    const [policy] = read(resource, spec);
    expect({ namespace: policy?.namespace, podSelector: policy?.podSelector }).toEqual({
      namespace: undefined,
      ...parts,
    });
  });

  it('has the namespace in which it is, and each of its rules', () => {
    const metadata = { namespace: 'shop', name: 'two' };
    const specs = [
      { endpointSelector: {}, ingress: [] },
      { endpointSelector: ORDERS, egress: [] },
    ];
    expect(readEnginePolicy(CILIUM)({ metadata, specs })).toEqual([
      { namespace: 'shop', name: 'two', limits: false, podSelector: every },
      { namespace: 'shop', name: 'two', limits: true, podSelector: app },
    ]);
  });

  it('is none where Calico shows a NetworkPolicy of Kubernetes again', () => {
    const metadata = { namespace: 'shop', name: 'knp.default.deny' };
    expect(readEnginePolicy(CALICO)({ metadata, spec: { types: ['Egress'] } })).toEqual([]);
  });
});
