import fc from 'fast-check';
import { podTemplate, type PodTemplate } from '../../../src/estate/kubernetes/podTemplate';
import { probeJob } from '../../../src/operations/probe/probeJob';

const ROLE = { arn: 'arn:aws:iam::333333333333:role/prod-orders', name: 'prod-orders' };

type Texts = Readonly<Record<string, string>>;
interface Made {
  readonly spec: {
    readonly backoffLimit: number;
    readonly activeDeadlineSeconds: number;
    readonly ttlSecondsAfterFinished: number;
    readonly template: {
      readonly metadata: { readonly labels: Texts };
      readonly spec: PodTemplate['spec'] & {
        readonly readinessGates: readonly unknown[];
        readonly restartPolicy: string;
        readonly containers: readonly {
          readonly command: readonly string[];
          readonly env: readonly { readonly name: string }[];
        }[];
      };
    };
  };
}

function made(like?: PodTemplate): Made {
  return probeJob({
    name: 'podlift-probe-orders-abc12',
    namespace: 'shop',
    serviceAccount: 'orders',
    image: 'aws-cli',
    calls: [
      { container: 'get-caller-identity', call: 'sts:GetCallerIdentity', role: ROLE },
      { container: 'assume-role-1', call: 'sts:AssumeRole', role: ROLE },
    ],
    ...(like && { like }),
  }) as Made;
}

const template = (parts: Partial<PodTemplate> = {}): PodTemplate => ({
  of: 'deployment/orders',
  labels: {},
  annotations: {},
  spec: {},
  ...parts,
});

describe('The Job of a probe', () => {
  it('ends by itself, makes no second try, and is removed by itself', () => {
    expect(made().spec).toMatchObject({ backoffLimit: 0, activeDeadlineSeconds: 120, ttlSecondsAfterFinished: 60 });
    expect(made().spec.template.spec.restartPolicy).toBe('Never');
  });

  it('prints no credentials', () => {
    for (const { command } of made().spec.template.spec.containers) expect(command).toContain('--query');
    expect(made().spec.template.spec.containers[1]?.command).toContain('AssumedRoleUser.Arn');
  });

  it('has the node selection, tolerations, network and pull secrets of the workload', () => {
    const spec = {
      nodeSelector: { pool: 'batch' },
      affinity: { nodeAffinity: { required: true }, podAntiAffinity: {} },
      tolerations: [{ key: 'batch' }],
      imagePullSecrets: [{ name: 'registry' }],
      hostNetwork: true,
    };
    const { nodeSelector, tolerations, imagePullSecrets } = spec;
    expect(made(template({ spec })).spec.template.spec).toMatchObject({
      ...{ nodeSelector, tolerations, imagePullSecrets, hostNetwork: true },
      affinity: { nodeAffinity: spec.affinity.nodeAffinity },
    });
    expect(JSON.stringify(made(template({ spec })))).not.toContain('podAntiAffinity');
  });

  it('has the proxies and the region of the workload, and none of its other variables', () => {
    const env = [
      { name: 'https_proxy', value: 'http://proxy:3128' },
      { name: 'AWS_REGION', value: 'eu-west-1' },
      { name: 'AWS_ACCESS_KEY_ID', value: 'AKIA' },
      { name: 'AWS_ROLE_ARN', value: 'arn' },
      { name: 'NO_PROXY' },
    ];
    const spec = { containers: [{ name: 'sidecar' }, { name: 'app', env }] };
    const [container] = made(template({ spec })).spec.template.spec.containers;
    expect(container?.env.map(({ name }) => name)).toEqual(['HOME', 'https_proxy', 'AWS_REGION']);
  });

  it('has a readiness gate, whatever the workload has', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), (labels) => {
        const { spec } = made(template({ labels })).spec.template;
        expect(spec.readinessGates).toHaveLength(1);
      }),
    );
  });
});

describe('The pod template of a service account', () => {
  const of = (kind: string, name: string, serviceAccountName: string | undefined, labels: Texts = {}) => {
    const pod = { metadata: { labels }, spec: serviceAccountName === undefined ? {} : { serviceAccountName } };
    if (kind === 'Pod') return { kind, ...pod, metadata: { name, labels } };
    const spec = kind === 'CronJob' ? { jobTemplate: { spec: { template: pod } } } : { template: pod };
    return { kind, metadata: { name }, spec };
  };

  it.each([
    ['a Deployment before its pods', ['Pod', 'Deployment'], 'deployment/b'],
    ['a CronJob before its pods', ['Pod', 'CronJob'], 'cronjob/b'],
    ['a StatefulSet before a CronJob', ['CronJob', 'StatefulSet'], 'statefulset/b'],
    ['a pod where nothing else is', ['Pod'], 'pod/a'],
  ])('is that of %s', (_, kinds, found) => {
    const items = kinds.map((kind, index) => of(kind, 'ab'.charAt(index), 'orders'));
    expect(podTemplate(items, 'orders')?.of).toBe(found);
  });

  it('is none where nothing has the account', () => {
    expect(podTemplate([of('Deployment', 'a', 'other')], 'orders')).toBeUndefined();
  });

  it('takes a template without an account for one of the account "default"', () => {
    expect(podTemplate([of('Deployment', 'a', undefined)], 'default')?.of).toBe('deployment/a');
  });

  it('leaves out what controllers and the webhook write', () => {
    const labels = {
      app: 'orders',
      'pod-template-hash': 'x',
      'controller-revision-hash': 'x',
      'job-name': 'x',
      'batch.kubernetes.io/job-name': 'x',
      'statefulset.kubernetes.io/pod-name': 'x',
      'eks.amazonaws.com/pod-identity': 'enabled',
    };
    expect(podTemplate([of('Pod', 'a', 'orders', labels)], 'orders')?.labels).toEqual({ app: 'orders' });
  });

  it('leaves out the Jobs of a CronJob', () => {
    const job = { ...of('Job', 'a-1', 'orders'), metadata: { name: 'a-1', ownerReferences: [{}] } };
    expect(podTemplate([job], 'orders')).toBeUndefined();
  });
});
