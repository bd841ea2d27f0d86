import type { Stage } from '../../../src/inventory/Inventory';
import { type CheckFunction, onClusters } from '../../../src/operations/checks/Check';
import { controllers, needReaders } from '../../../src/operations/checks/controllers';
import { judge } from '../../../src/operations/checks/judge';
import { placesOf } from '../../../src/estate/places';
import { openQuestions } from '../../../src/estate/ask';
import { pass } from '../../../src/operations/checks/Check';
import { agreedWorld, pilotAt, podIdentityPod, type Setting, type World } from '../agreedWorld';
import { estateOf } from '../estateOf';
import { containerOf, templateOf } from '../facts';

/** What a check finds of the workload at a stage, before a step or without one. */
async function foundBy(
  check: CheckFunction,
  { from, to, change, setting = {} }: { from: Stage; to?: Stage; change: (world: World) => unknown; setting?: Setting },
) {
  const inventory = pilotAt(from, setting);
  const world = agreedWorld(inventory);
  change(world);
  const [environment] = inventory.environments;
  const [subject] = onClusters(environment!, environment!.workloads[0]!, to);
  const estate = await estateOf(world, inventory, (known) => [
    { ask: 'issuer', cluster: subject!.cluster.arn },
    { ask: 'cluster', cluster: subject!.cluster.arn },
    ...openQuestions(check(subject!), known),
  ]);
  return judge(check(subject!), 'workloads', estate, placesOf(inventory), subject!.cluster).map(
    ({ state, found, remedy = [], due }) => ({
      state,
      found,
      remedy: remedy.map((step) => ('say' in step ? step.say : step.run.join(' '))).join('\n'),
      due,
    }),
  );
}

const inShop = { namespace: 'production', name: 'one' };
const store = (spec: object) => (world: World) =>
  (world.customObjects = { 'secretstores.external-secrets.io': [{ ...inShop, fields: { spec } as never }] });
const jwt = (name = 'orders-api') => ({ provider: { aws: { auth: { jwt: { serviceAccountRef: { name } } } } } });
const secretClass =
  (usePodIdentity?: string, name = 'one') =>
  (world: World) => {
    world.customObjects = {
      'secretproviderclasses.secrets-store.csi.x-k8s.io': [
        {
          ...inShop,
          fields: { spec: { provider: 'aws', parameters: usePodIdentity === undefined ? {} : { usePodIdentity } } },
        },
      ],
    };
    world.templates = [templateOf({ secretProviderClasses: [name] })];
  };
const scaled =
  (podIdentity: object, target: object = { name: 'orders-api' }) =>
  (world: World) => {
    world.customObjects = {
      'scaledobjects.keda.sh': [
        {
          ...inShop,
          fields: {
            spec: { scaleTargetRef: target as never, triggers: [{}, { authenticationRef: { name: 'auth' } }] },
          },
        },
      ],
      'triggerauthentications.keda.sh': [
        { ...inShop, name: 'auth', fields: { spec: { podIdentity: podIdentity as never } } },
      ],
      'scaledjobs.keda.sh': [],
      'clustertriggerauthentications.keda.sh': [],
    };
    // Scaled to zero: only the template says whose pods these are.
    world.pods = [];
  };
const image =
  (name: string, ...more: ((world: World) => unknown)[]) =>
  (world: World) => {
    world.templates = [templateOf({ containers: [containerOf({ image: name })] })];
    for (const change of more) change(world);
  };
const flux = (provider: string) => (world: World) =>
  (world.customObjects = {
    'ocirepositories.source.toolkit.fluxcd.io': [
      { ...inShop, fields: { spec: { provider, serviceAccountName: 'orders-api' } } },
    ],
  });
const providerConfig = (source: string) => (world: World) =>
  (world.customObjects = {
    'providerconfigs.aws.upbound.io': [{ name: 'default', fields: { spec: { credentials: { source } } } }],
  });
const rollouts = (world: World) =>
  (world.customObjects = {
    'analysistemplates.argoproj.io': [
      {
        ...inShop,
        fields: {
          spec: { metrics: [{ provider: { prometheus: { authentication: { sigv4: { region: 'us-west-2' } } } } }] },
        },
      },
    ],
  });
const issuer = (role: string) => (world: World) =>
  (world.customObjects = {
    'clusterissuers.cert-manager.io': [
      {
        name: 'le',
        fields: {
          spec: {
            acme: {
              solvers: [
                { dns01: { route53: { role, auth: { kubernetes: { serviceAccountRef: { name: 'orders-api' } } } } } },
              ],
            },
          },
        },
      },
    ],
  });
const argo = image('quay.io/argoproj/argocd:v3.1.0');
const S3_DRIVER = 'public.ecr.aws/mountpoint-s3-csi-driver/aws-mountpoint-s3-csi-driver';
/** A PersistentVolume of Mountpoint that a claim of the pods is bound to, and the DaemonSet of the driver. */
const mountpoint =
  (version: string | undefined, { claim = 'orders', authenticationSource = 'pod' } = {}) =>
  (world: World) => {
    const csi = { driver: 's3.csi.aws.com', volumeAttributes: { bucketName: 'orders', authenticationSource } };
    world.customObjects = {
      persistentvolumes: [
        { name: 'orders', fields: { spec: { csi, claimRef: { namespace: 'production', name: claim } } } },
      ],
    };
    const driver = {
      namespace: 'kube-system',
      kind: 'DaemonSet',
      name: 's3-csi-node',
      serviceAccount: 's3-csi-driver-sa',
    };
    world.templates = [
      templateOf({ volumeClaims: ['orders'] }),
      ...(version === undefined
        ? []
        : [templateOf({ ...driver, containers: [containerOf({ image: `${S3_DRIVER}:${version}` })] })]),
    ];
  };
const ROLE = 'arn:aws:iam::333333333333:role/prod-orders-api';
const XP = 'xpkg.upbound.io/upbound/provider-aws-s3:v2.1.0';

interface Row {
  readonly title: string;
  readonly from: Stage;
  readonly to: Stage;
  readonly change: (world: World) => unknown;
  readonly state: 'ok' | 'problem' | 'unknown';
  readonly found?: RegExp;
  readonly remedy?: RegExp;
}

const NO_USE = /no object of \d+ kinds of known controllers uses the role/;

const ROWS: readonly Row[] = [
  {
    title: 'nothing of a known controller is on the cluster',
    from: 'dual',
    to: 'cutover',
    change: () => undefined,
    state: 'ok',
    found: /has no object of a controller/,
  },
  {
    title: 'a SecretStore requests a token for the account',
    from: 'dual',
    to: 'cutover',
    change: store(jwt()),
    state: 'problem',
    found:
      /^SecretStore production\/one of External Secrets: .*AssumeRoleWithWebIdentity.*This cannot move to Pod Identity\.$/,
    remedy:
      /^Remove spec\.provider\.aws\.auth: .*\nOr keep the workload at IRSA: roll its wave back to irsa.*`stage: irsa, because: External Secrets requests a token for the service account for SecretStore production\/one` into workloads\.orders-api\.\nnpx podlift rollback pilot --environment prod$/,
  },
  {
    title: 'a SecretStore requests a token, before the wave begins',
    from: 'irsa',
    to: 'prepared',
    change: store(jwt()),
    state: 'problem',
    remedy: /Or keep the workload at IRSA: remove the workload from its wave, and write `stage: irsa, because: /,
  },
  {
    title: 'a SecretStore of Vault signs with the role of the account',
    from: 'prepared',
    to: 'dual',
    change: store({ provider: { vault: { auth: { iam: { jwt: { serviceAccountRef: { name: 'orders-api' } } } } } } }),
    state: 'problem',
    found: /Vault's AWS method/,
  },
  {
    title: 'a SecretStore of another account',
    from: 'dual',
    to: 'cutover',
    change: store(jwt('other')),
    state: 'ok',
    found: NO_USE,
  },
  {
    title: 'a SecretStore with the role of the pods of External Secrets',
    from: 'dual',
    to: 'cutover',
    change: store({ provider: { aws: {} } }),
    state: 'ok',
    found: NO_USE,
  },
  {
    title: 'a SecretStore on the way back',
    from: 'dual',
    to: 'prepared',
    change: store(jwt()),
    state: 'ok',
    found: /SecretStore production\/one/,
  },
  {
    title: 'a SecretProviderClass without usePodIdentity, before the annotation goes',
    from: 'dual',
    to: 'cutover',
    change: secretClass(),
    state: 'problem',
    found:
      /SecretProviderClass production\/one .* It does not work at cutover: spec\.parameters\.usePodIdentity is not set$/,
    remedy:
      /Change spec\.parameters\.usePodIdentity from not set to "true".*\nkubectl .* -n production patch secretproviderclasses\.secrets-store\.csi\.x-k8s\.io one --type=merge -p \{"spec":\{"parameters":\{"usePodIdentity":"true"\}\}\}$/,
  },
  {
    title: 'the same before the association',
    from: 'prepared',
    to: 'dual',
    change: secretClass('false'),
    state: 'ok',
    found: /usePodIdentity is "false"/,
  },
  {
    title: 'a SecretProviderClass with usePodIdentity',
    from: 'dual',
    to: 'cutover',
    change: secretClass('true'),
    state: 'ok',
    found: /usePodIdentity is "true"/,
  },
  {
    title: 'a SecretProviderClass with usePodIdentity, before the association goes',
    from: 'dual',
    to: 'prepared',
    change: secretClass('true'),
    state: 'problem',
    remedy: /from "true" to "false"/,
  },
  {
    title: 'a SecretProviderClass that other pods mount',
    from: 'dual',
    to: 'cutover',
    change: secretClass('false', 'other'),
    state: 'ok',
    found: NO_USE,
  },
  {
    title: 'KEDA reads the annotation of the workload, which has no pod',
    from: 'dual',
    to: 'cutover',
    change: scaled({ provider: 'aws', identityOwner: 'workload' }),
    state: 'problem',
    found: /ScaledObject production\/one, TriggerAuthentication production\/auth of KEDA/,
    remedy: /roleArn/,
  },
  {
    title: 'KEDA with aws-eks',
    from: 'dual',
    to: 'cutover',
    change: scaled({ provider: 'aws-eks' }),
    state: 'problem',
  },
  {
    title: 'KEDA with its own role',
    from: 'dual',
    to: 'cutover',
    change: scaled({ provider: 'aws', identityOwner: 'keda' }),
    state: 'ok',
    found: NO_USE,
  },
  {
    title: 'KEDA with a role that is written',
    from: 'dual',
    to: 'cutover',
    change: scaled({ provider: 'aws' }),
    state: 'ok',
    found: NO_USE,
  },
  {
    title: 'KEDA scales another workload',
    from: 'dual',
    to: 'cutover',
    change: scaled({ provider: 'aws', identityOwner: 'workload' }, { name: 'other' }),
    state: 'ok',
    found: NO_USE,
  },
  {
    title: 'KEDA scales a StatefulSet of that name',
    from: 'dual',
    to: 'cutover',
    change: scaled({ provider: 'aws', identityOwner: 'workload' }, { kind: 'StatefulSet', name: 'orders-api' }),
    state: 'ok',
    found: NO_USE,
  },
  ...(['ok', 'problem'] as const).map((state): Row => ({
    title: `KEDA scales a Rollout of ${state === 'ok' ? 'other' : 'these'} pods`,
    from: 'dual',
    to: 'cutover',
    change: (world) => {
      scaled({ provider: 'aws', identityOwner: 'workload' }, { kind: 'Rollout', name: 'orders' })(world);
      const name = state === 'ok' ? 'orders-api-6f7c5d' : 'orders-6f7c5d';
      world.pods = [podIdentityPod({}, { owner: { kind: 'ReplicaSet', name } })];
    },
    state,
  })),
  {
    title: 'object-level identity of Flux',
    from: 'irsa',
    to: 'prepared',
    change: flux('aws'),
    state: 'problem',
    found: /OCIRepository production\/one of Flux/,
  },
  {
    title: 'Flux with pull secrets of the account',
    from: 'irsa',
    to: 'prepared',
    change: flux('generic'),
    state: 'ok',
    found: NO_USE,
  },
  {
    title: 'a ProviderConfig with IRSA, before the association',
    from: 'prepared',
    to: 'dual',
    change: image(XP, providerConfig('IRSA')),
    state: 'problem',
    found: /does not work at dual: spec\.credentials\.source is "IRSA"/,
    remedy: /from "IRSA" to "PodIdentity"[^]*patch providerconfigs\.aws\.upbound\.io default/,
  },
  {
    title: 'a ProviderConfig with IRSA, one step earlier',
    from: 'irsa',
    to: 'prepared',
    change: image(XP, providerConfig('IRSA')),
    state: 'ok',
  },
  {
    title: 'a ProviderConfig with PodIdentity',
    from: 'prepared',
    to: 'dual',
    change: image(XP, providerConfig('PodIdentity')),
    state: 'ok',
    found: NO_USE,
  },
  {
    title: 'a ProviderConfig of pods that are not the workload',
    from: 'prepared',
    to: 'dual',
    change: providerConfig('IRSA'),
    state: 'ok',
    found: /has no object/,
  },
  {
    title: 'Argo Rollouts with Amazon Managed Prometheus, too old',
    from: 'prepared',
    to: 'dual',
    change: image('quay.io/argoproj/argo-rollouts:v1.9.1', rollouts),
    state: 'problem',
    remedy: /Upgrade Argo Rollouts to v1\.10\.0/,
  },
  {
    title: 'Argo Rollouts with Amazon Managed Prometheus, new enough',
    from: 'prepared',
    to: 'dual',
    change: image('quay.io/argoproj/argo-rollouts:v1.10.0', rollouts),
    state: 'ok',
    found: NO_USE,
  },
  {
    title: 'Argo Rollouts of an unknown version',
    from: 'prepared',
    to: 'dual',
    change: image('quay.io/argoproj/argo-rollouts:latest', rollouts),
    state: 'unknown',
    found: /could not be checked: the version of Argo Rollouts/,
  },
  {
    title: 'a ClusterIssuer that assumes the role of the workload, before the trust goes',
    from: 'cutover',
    to: 'pod-identity',
    change: issuer(ROLE),
    state: 'problem',
    found: /ClusterIssuer le of cert-manager/,
  },
  {
    title: 'a ClusterIssuer with another role',
    from: 'cutover',
    to: 'pod-identity',
    change: issuer(`${ROLE}-2`),
    state: 'ok',
    found: NO_USE,
  },
  {
    title: 'external-dns that is too old',
    from: 'prepared',
    to: 'dual',
    change: image('333333333333.dkr.ecr.us-west-2.amazonaws.com/mirror/external-dns/external-dns:v0.14.0'),
    state: 'problem',
    found: /external-dns:v0\.14\.0: external-dns cannot use Pod Identity/,
    remedy: /Upgrade external-dns to v0\.14\.1 or later/,
  },
  {
    title: 'a controller that no version of can use Pod Identity',
    from: 'prepared',
    to: 'dual',
    change: image('public.ecr.aws/mirror/amazon/appmesh-controller:latest'),
    state: 'problem',
    found: /AWS App Mesh controller cannot use Pod Identity/,
    remedy: /leave the workload at irsa/,
  },
  {
    title: 'a version of an older line that has the support',
    from: 'prepared',
    to: 'dual',
    change: image('registry.k8s.io/autoscaling/cluster-autoscaler:v1.28.3'),
    state: 'ok',
  },
  {
    title: 'external-dns that is new enough',
    from: 'prepared',
    to: 'dual',
    change: image('registry.k8s.io/external-dns/external-dns:v0.14.1'),
    state: 'ok',
  },
  {
    title: 'external-dns that is too old, on the way back',
    from: 'dual',
    to: 'prepared',
    change: image('registry.k8s.io/external-dns/external-dns:v0.13.0'),
    state: 'ok',
  },
  {
    title: 'Argo CD, whose cluster Secrets nobody reads',
    from: 'prepared',
    to: 'dual',
    change: argo,
    state: 'unknown',
    found:
      /^could not be checked: awsAuthConfig\.roleARN in the Secrets with the label argocd\.argoproj\.io\/secret-type=cluster of Argo CD in production\./,
    remedy:
      /sts:TagSession[^]*get secrets -l argocd\.argoproj\.io\/secret-type=cluster -o name\n.*--accept controllers:orders-api --because REASON\.$/,
  },
  { title: 'Argo CD, one step later', from: 'dual', to: 'cutover', change: argo, state: 'unknown' },
  {
    title: 'Argo CD that is too old',
    from: 'prepared',
    to: 'dual',
    change: image('quay.io/argoproj/argocd:v2.10.4'),
    state: 'problem',
    remedy: /Upgrade Argo CD to v2\.11\.0/,
  },
  { title: 'Argo CD before the association', from: 'irsa', to: 'prepared', change: argo, state: 'ok' },
  { title: 'Argo CD on the way back', from: 'dual', to: 'prepared', change: argo, state: 'ok' },
  {
    title: 'a volume of Mountpoint with the credentials of the pod',
    from: 'dual',
    to: 'cutover',
    change: mountpoint('v2.0.0'),
    state: 'ok',
    found: /^PersistentVolume orders of Mountpoint .* with Pod Identity after it; .* until its pods restart\.$/,
  },
  {
    title: 'a volume of Mountpoint, and a driver that is too old',
    from: 'dual',
    to: 'cutover',
    change: mountpoint('v1.15.0'),
    state: 'problem',
    found: /^PersistentVolume orders of Mountpoint .*fails without it/,
    remedy: /^Upgrade the driver to v2\.0\.0/,
  },
  {
    title: 'a volume of Mountpoint, and a driver that nobody sees',
    from: 'dual',
    to: 'cutover',
    change: mountpoint(undefined),
    state: 'unknown',
    found: /^could not be checked: the version of Mountpoint for Amazon S3 CSI driver is not known/,
    remedy: /--accept controllers:orders-api/,
  },
  {
    title: 'a volume of Mountpoint, and a driver that nobody sees, on the way back',
    from: 'dual',
    to: 'prepared',
    change: mountpoint(undefined),
    state: 'ok',
  },
  {
    title: 'a volume of Mountpoint with the credentials of the driver',
    from: 'dual',
    to: 'cutover',
    change: mountpoint('v1.15.0', { authenticationSource: 'driver' }),
    state: 'ok',
    found: NO_USE,
  },
  {
    title: 'a volume of Mountpoint that other pods mount',
    from: 'dual',
    to: 'cutover',
    change: mountpoint('v1.15.0', { claim: 'other' }),
    state: 'ok',
    found: NO_USE,
  },
  ...['ecrAuthorizationTokenSpec', 'stsSessionTokenSpec'].map((spec): Row => ({
    title: `a ClusterGenerator with ${spec} requests a token`,
    from: 'dual',
    to: 'cutover',
    change: (world) =>
      (world.customObjects = {
        'clustergenerators.generators.external-secrets.io': [
          { name: 'ecr', fields: { spec: { generator: { [spec]: jwt().provider.aws } } } },
        ],
      }),
    state: 'problem',
    found: /^ClusterGenerator ecr of External Secrets: /,
    remedy: new RegExp(`^Remove spec\\.generator\\.${spec}\\.auth: `),
  })),
  {
    title: 'a VaultDynamicSecret signs with the role of the account',
    from: 'dual',
    to: 'cutover',
    change: (world) =>
      (world.customObjects = {
        'vaultdynamicsecrets.generators.external-secrets.io': [
          {
            ...inShop,
            fields: {
              spec: { provider: { auth: { iam: { jwt: { serviceAccountRef: { name: 'orders-api' } } } } } },
            },
          },
        ],
      }),
    state: 'problem',
    found: /VaultDynamicSecret production\/one .*Vault's AWS method/,
  },
  {
    title: 'a ProviderConfig with WebIdentity',
    from: 'prepared',
    to: 'dual',
    change: image(XP, providerConfig('WebIdentity')),
    state: 'problem',
    found: /AWS_WEB_IDENTITY_TOKEN_FILE/,
    remedy: /^Write source: PodIdentity/,
  },
  ...(
    [
      ['public.ecr.aws/karpenter/controller:0.32.1', 'Karpenter'],
      ['public.ecr.aws/karpenter/controller:v0.31.4@sha256:ab', 'Karpenter'],
      ['quay.io/thanos/thanos:v0.35.1', 'Thanos'],
      ['docker.io/grafana/loki:2.9.8', 'Loki'],
      ['hashicorp/vault:1.15.4', 'Vault and its agent'],
      ['cr.fluentbit.io/fluent/fluent-bit:3.2.9', 'Fluent Bit'],
      ['public.ecr.aws/aws-observability/aws-for-fluent-bit:2.32.4', 'AWS for Fluent Bit'],
      ['602401143452.dkr.ecr.us-west-2.amazonaws.com/eks/aws-efs-csi-driver:v1.7.4', 'Amazon EFS CSI driver'],
      ['602401143452.dkr.ecr.us-west-2.amazonaws.com/eks/aws-ebs-csi-driver:v1.25.0', 'Amazon EBS CSI driver'],
      ['602401143452.dkr.ecr.us-west-2.amazonaws.com/amazon-k8s-cni:v1.15.4-eksbuild.1', 'Amazon VPC CNI'],
    ] as const
  ).map(([name, title]): Row => ({
    title: `${name} is too old`,
    from: 'prepared',
    to: 'dual',
    change: image(name),
    state: 'problem',
    found: new RegExp(`${title} cannot use Pod Identity`),
  })),
  ...[
    'public.ecr.aws/karpenter/controller:0.32.2',
    'quay.io/thanos/thanos:v0.36.0',
    'docker.io/grafana/loki:3.0.0',
    'hashicorp/vault:1.15.5',
    'cr.fluentbit.io/fluent/fluent-bit:3.2.10',
    'public.ecr.aws/aws-observability/aws-for-fluent-bit:2.32.5.20250305',
    'public.ecr.aws/aws-observability/aws-for-fluent-bit:stable',
    '602401143452.dkr.ecr.us-west-2.amazonaws.com/eks/aws-efs-csi-driver:v2.0.5',
  ].map((name): Row => ({
    title: `${name} is new enough`,
    from: 'prepared',
    to: 'dual',
    change: image(name),
    state: 'ok',
  })),
  {
    title: 'a kind that must not be read',
    from: 'dual',
    to: 'cutover',
    change: (world) => {
      store(jwt('other'))(world);
      world.unanswered['customObjects secretstores.external-secrets.io'] = 'denied';
    },
    state: 'unknown',
    found: /^denied/,
    remedy: /list secretstores\.external-secrets\.io -A/,
  },
  {
    title: 'a kind that must not be read, on the way back',
    from: 'dual',
    to: 'prepared',
    change: (world) => {
      store(jwt('other'))(world);
      world.unanswered['customObjects secretstores.external-secrets.io'] = 'denied';
    },
    state: 'ok',
    found: /not inspected/,
  },
];

describe('The check controllers', () => {
  it.each(ROWS)('before $from → $to: $title', async ({ state, found, remedy, ...row }) => {
    const results = await foundBy(controllers, row);
    const [worst = results[0]!] = results.filter((one) => one.state !== 'ok');
    expect(worst.state).toBe(state);
    if (found !== undefined) expect(worst.found).toMatch(found);
    if (remedy !== undefined) expect(worst.remedy).toMatch(remedy);
  });

  it.each<[Stage, string]>([
    ['irsa', 'warning'],
    ['dual', 'warning'],
    ['cutover', 'problem'],
  ])('tells the doctor at %s that a SecretStore cannot move: %s', async (from, state) => {
    expect((await foundBy(controllers, { from, change: store(jwt()) }))[0]).toMatchObject({ state });
  });

  it('shows no kind of which the cluster does not have the API group', async () => {
    const asked: string[] = [];
    await foundBy(controllers, { from: 'dual', to: 'cutover', change: (world) => Object.assign(world, { asked }) });
    expect(asked.filter((question) => question.startsWith('customObjects'))).toEqual([]);
  });

  it('names the objects that assume the role from pods of others', async () => {
    let named: readonly string[] = [];
    await foundBy((subject) => needReaders(subject, ({ objects }) => ((named = objects), pass(''))), {
      from: 'dual',
      to: 'cutover',
      change: (world) => {
        scaled({ provider: 'aws', identityOwner: 'workload' })(world);
        world.customObjects = {
          ...world.customObjects,
          'secretstores.external-secrets.io': [{ ...inShop, fields: { spec: jwt() } }],
        };
      },
    });
    expect(named).toEqual(['SecretStore production/one of External Secrets', 'ScaledObject production/one of KEDA']);
  });
});
