import type { NetworkPolicyFacts } from '../../../src/estate/kubernetes/KubernetesPort';
import { type NetworkPolicyJson, readNetworkPolicy } from '../../../src/estate/kubernetes/readObjects';

type Spec = NonNullable<NetworkPolicyJson['spec']>;
type Rule = NonNullable<Spec['egress']>[number];

const read = (spec: Spec) => readNetworkPolicy({ metadata: { name: 'p' }, spec });

describe('A network policy', () => {
  it.each<[string, Spec, Partial<NetworkPolicyFacts>]>([
    ['is about the pods with its labels', { podSelector: { matchLabels: { app: 'a' } } }, { podLabels: { app: 'a' } }],
    ['without labels is about every pod', { podSelector: {} }, { podLabels: {} }],
    ['that says Egress limits it', { policyTypes: ['Ingress', 'Egress'] }, { limitsEgress: true, egress: [] }],
    ['that says Ingress alone does not', { policyTypes: ['Ingress'] }, { limitsEgress: false }],
    ['without types does where it has egress rules', { egress: [{}] }, { limitsEgress: true, egress: [{}] }],
    ['without types and egress rules does not', {}, { limitsEgress: false, egress: [] }],
  ])('%s', (_, spec, facts) => {
    expect(read(spec)).toMatchObject(facts);
  });

  it('that selects by expressions has labels and expressions, and no podLabels, which an older podlift takes for all', () => {
    const matchExpressions = [{ key: 'app', operator: 'Exists' as const }];
    const policy = read({ podSelector: { matchLabels: { app: 'a' }, matchExpressions } });
    expect(policy).not.toHaveProperty('podLabels');
    expect(policy.podSelector).toEqual({
      labels: { app: 'a' },
      expressions: [{ key: 'app', operator: 'Exists', values: [] }],
    });
  });

  it.each<[string, Rule, NetworkPolicyFacts['egress'][number]]>([
    ['nothing in it allows everything', {}, {}],
    ['empty lists allows everything', { to: [], ports: [] }, {}],
    [
      'a block',
      { to: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }] },
      { blocks: [{ cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] }] },
    ],
    [
      'a block without exceptions',
      { to: [{ ipBlock: { cidr: '0.0.0.0/0' } }] },
      { blocks: [{ cidr: '0.0.0.0/0', except: [] }] },
    ],
    ['pods alone allows no address', { to: [{}] }, { blocks: [] }],
    ['a port', { ports: [{ port: 443 }] }, { ports: [{ from: 443, to: 443 }] }],
    ['a range of ports', { ports: [{ port: 80, endPort: 90, protocol: 'TCP' }] }, { ports: [{ from: 80, to: 90 }] }],
    ['a protocol alone', { ports: [{ protocol: 'TCP' }] }, { ports: [{ from: 1, to: 65_535 }] }],
    ['a named port, which is left out', { ports: [{ port: 'https' }] }, { ports: [] }],
    ['DNS over UDP, by which nobody reaches AWS', { ports: [{ port: 53, protocol: 'UDP' }] }, { ports: [] }],
  ])('a rule with %s', (_, rule, facts) => {
    expect(read({ policyTypes: ['Egress'], egress: [rule] }).egress).toEqual([facts]);
  });
});
