import { CreateAddonCommand, CreatePodIdentityAssociationCommand, DeleteAddonCommand } from '@aws-sdk/client-eks';
import { existsSync } from 'node:fs';
import { podCredentials } from '../../src/sandbox/podCredentials';
import { kubectlOf, shop } from './testCluster';
import { APPS, clients, MAIN, OTHER, podTrust, policy, irsaTrust, roleArn, seedWith, useSandbox } from './testSandbox';

const ROLE = { account: APPS, name: 'app', trust: policy(irsaTrust('shop', 'orders'), podTrust()) };
const ANNOTATION = `eks.amazonaws.com/role-arn=${roleArn('app')}`;

describe('kubectl against a cluster of the sandbox', () => {
  const at = useSandbox(() => ({ seed: seedWith([ROLE]) }));
  const { kubectl, read } = kubectlOf(at);
  const ok = async (args: string, input?: string): Promise<string> => {
    const { code, out, err } = await kubectl(args.split(' '), input);
    expect([code, err]).toEqual([0, '']);
    return out;
  };
  const pods = () => at.sandbox.kubernetes.pods(MAIN, 'shop');

  it('applies a Deployment with its service account, and finds nothing to change the second time', async () => {
    expect(await ok('apply -f -', shop())).toMatch(/deployment.apps\/orders created/);
    expect(await ok('apply -f -', shop())).toMatch(
      /serviceaccount\/orders unchanged\ndeployment.apps\/orders unchanged/,
    );
    expect(pods().map(({ uses, serviceAccount }) => [uses, serviceAccount])).toEqual([
      ['nothing', 'orders'],
      ['nothing', 'orders'],
    ]);
  });

  it('prints pods in columns', async () => {
    const [head = '', first = ''] = (await ok('get pods -A -o wide')).split('\n');
    expect(head.split(/\s+/).slice(0, 8)).toEqual([
      'NAMESPACE',
      'NAME',
      'READY',
      'STATUS',
      'RESTARTS',
      'AGE',
      'IP',
      'NODE',
    ]);
    expect(first).toMatch(/^shop +orders-\w+-\w+ +1\/1 +Running +0 +\d+s +10\.0\.128\.\d+ +i-0123456789abcdef0/);
  });

  it('annotates the service account and keeps what else it has; its pods stay as they were until they are restarted', async () => {
    await ok(`annotate sa orders -n shop ${ANNOTATION}`);
    expect(await read('get', 'sa', 'orders', '-n', 'shop')).toMatchObject({ imagePullSecrets: [{ name: 'registry' }] });
    const before = pods();
    expect(before.map(({ uses }) => uses)).toEqual(['nothing', 'nothing']);
    expect(await ok('rollout restart deployment/orders -n shop')).toBe('deployment.apps/orders restarted\n');
    expect(pods().map(({ uses }) => uses)).toEqual(['irsa', 'irsa']);
    expect(pods().some(({ uid }) => before.some((old) => old.uid === uid))).toBe(false);
  });

  it('shows what the webhook did for web identity, and the pod can use it', async () => {
    const [pod] = pods();
    const object = await read('get', 'pod', pod?.name ?? '', '-n', 'shop');
    expect(object).toMatchObject({
      metadata: { ownerReferences: [{ kind: 'ReplicaSet', controller: true }], labels: { app: 'orders' } },
      spec: {
        serviceAccountName: 'orders',
        nodeName: 'i-0123456789abcdef0',
        containers: [
          {
            env: expect.arrayContaining([
              { name: 'AWS_ROLE_ARN', value: roleArn('app') },
              { name: 'AWS_WEB_IDENTITY_TOKEN_FILE', value: '/var/run/secrets/eks.amazonaws.com/serviceaccount/token' },
            ]),
          },
        ],
        volumes: [
          {
            name: 'aws-iam-token',
            projected: { sources: [{ serviceAccountToken: { audience: 'sts.amazonaws.com' } }] },
          },
        ],
      },
      status: { phase: 'Running' },
    });
    if (pod === undefined) throw new Error('there is no pod');
    expect((await podCredentials(pod, { endpoint: at.sandbox.endpoint })).source).toMatchObject({ ok: true });
  });

  it('gives a deleted pod’s successor Pod Identity once there is an association, with label, token and variables', async () => {
    const input = { clusterName: 'main', namespace: 'shop', serviceAccount: 'orders', roleArn: roleArn('app') };
    await clients(at.sandbox).eks.send(new CreatePodIdentityAssociationCommand(input));
    const [gone] = pods();
    await ok(`delete pod -n shop ${gone?.name ?? ''}`);
    const list = await read('get', 'pods', '-n', 'shop', '-l', 'eks.amazonaws.com/pod-identity=enabled');
    expect(list.items).toMatchObject([
      {
        spec: {
          containers: [
            {
              env: expect.arrayContaining([
                { name: 'AWS_CONTAINER_CREDENTIALS_FULL_URI', value: 'http://169.254.170.23/v1/credentials' },
                {
                  name: 'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
                  value: '/var/run/secrets/pods.eks.amazonaws.com/serviceaccount/eks-pod-identity-token',
                },
              ]),
              volumeMounts: [{ name: 'eks-pod-identity-token', readOnly: true }],
            },
          ],
          volumes: [{ name: 'eks-pod-identity-token' }],
        },
      },
    ]);
    const made = pods().find(({ uses }) => uses === 'pod-identity');
    if (made === undefined) throw new Error('there is no such pod');
    expect((await podCredentials(made, { endpoint: at.sandbox.endpoint })).source).toMatchObject({ ok: true });
  });

  it('keeps variables that the pod’s own spec sets', async () => {
    const own = [
      { name: 'AWS_CONTAINER_CREDENTIALS_FULL_URI', value: 'http://elsewhere' },
      { name: 'AWS_REGION', value: 'x' },
    ];
    await ok('apply -f -', shop(own));
    const { items } = (await read('get', 'pods', '-n', 'shop')) as {
      items: { spec: { containers: { env: unknown }[] } }[];
    };
    expect(items.map(({ spec }) => spec.containers[0]?.env)).toEqual(
      [0, 1].map(() => [...own, { name: 'AWS_STS_REGIONAL_ENDPOINTS', value: 'regional' }]),
    );
  });

  it('shows pods that were admitted without it as the same objects, and deletes their files with them', async () => {
    const pod = at.sandbox.kubernetes.admitPod({
      cluster: MAIN,
      namespace: 'shop',
      serviceAccount: 'orders',
      name: 'hand',
      env: { MODE: 'test' },
    });
    expect(pod.env).toMatchObject({
      MODE: 'test',
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${at.sandbox.endpoint}/v1/credentials`,
    });
    expect(await read('get', 'pod', 'hand', '-n', 'shop')).toMatchObject({
      metadata: { uid: pod.uid },
      spec: { serviceAccountName: 'orders' },
    });
    at.sandbox.kubernetes.deletePod(pod);
    expect(existsSync(pod.env.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE ?? '')).toBe(false);
    expect((await kubectl(['get', 'pod', 'hand', '-n', 'shop'])).err).toContain('pods "hand" not found');
  });

  it.each([
    ['--field-selector=spec.serviceAccountName=orders', 2],
    ['--field-selector=spec.nodeName=nowhere', 0],
    ['--field-selector=status.phase!=Running', 0],
    ['--selector=app=orders,app!=x', 2],
    ['--chunk-size=1', 2],
  ])('lists the pods of %s', async (selection, count) => {
    expect((await read('get', 'pods', '-n', 'shop', selection)).items).toHaveLength(count);
  });

  it.each([
    [['get', 'pods', '--field-selector=spec.x=1'], 'field label not supported: spec.x'],
    [['get', 'pods', '-n', 'shop', '-l', 'app in (orders,x)'], 'implements only = and != in label selectors'],
    [['get', 'pods', '-n', 'shop', '-l', '!app'], 'implements only = and != in label selectors'],
    [['delete', 'deployment', 'orders', '-n', 'shop', '--cascade=orphan'], 'delete option propagationPolicy Orphan'],
    [['get', 'sa', 'nobody', '-n', 'shop'], 'serviceaccounts "nobody" not found'],
    [['create', 'sa', 'orders', '-n', 'shop'], 'serviceaccounts "orders" already exists'],
    [['create', 'sa', 'x', '-n', 'nowhere'], 'namespaces "nowhere" not found'],
    [
      ['run', 'p', '-n', 'shop', '--image=x', '--overrides={"spec":{"serviceAccountName":"nobody"}}'],
      'error looking up service account shop/nobody',
    ],
    [['get', 'pods', '-n', 'shop', '--watch'], 'serves no watches'],
    [['delete', 'node', '--all'], 'nodes is forbidden'],
    [['get', 'endpoints'], 'doesn\'t have a resource type "endpoints"'],
    [['create', 'deployment', 'x', '--image=x'], 'does not read Deployment in Protobuf'],
    [['create', 'cronjob', 'x', '--image=x', '--schedule=@daily'], 'does not read CronJob in Protobuf'],
    [
      ['patch', 'deployment', 'orders', '-n', 'shop', '--subresource=status', '--type=merge', '-p={}'],
      'the podlift sandbox has no deployments/status',
    ],
  ])('refuses %j', async (args, words) => {
    const { code, err } = await kubectl(args);
    expect(err).toContain(words);
    expect(code).toBe(1);
  });

  it.each([
    ['configmap', ['configmap', 'made', '--from-literal=AWS_REGION=eu-west-1'], { AWS_REGION: 'eu-west-1' }],
    ['secret', ['secret', 'generic', 'made', '--from-literal=KEY=x'], { KEY: 'eA==' }],
  ])('creates a %s from literals, which kubectl sends in Protobuf', async (kind, args, data) => {
    await ok(`create ${args.join(' ')} -n shop`);
    expect(await read('get', kind, 'made', '-n', 'shop')).toMatchObject({ data });
  });

  it('applies on the server for a field manager, takes its annotation back, and tells of a conflict', async () => {
    const account = (annotations: object) =>
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: 'owned', namespace: 'shop', annotations },
      });
    await ok('create sa owned -n shop');
    await ok('patch sa owned -n shop -p {"imagePullSecrets":[{"name":"registry"}]}');
    await ok('annotate sa owned -n shop kept=yes');
    await ok('apply --server-side --field-manager=one -f -', account({ team: 'a', mine: 'x' }));
    const other = ['apply', '--server-side', '--field-manager=two', '-f', '-'];
    expect((await kubectl(other, account({ team: 'b' }))).err).toContain(
      'conflict with "one": .metadata.annotations.team',
    );
    await ok('apply --server-side --field-manager=one -f -', account({}));
    const { metadata, imagePullSecrets } = await read('get', 'sa', 'owned', '-n', 'shop');
    expect(metadata).toMatchObject({ annotations: { kept: 'yes' } });
    expect(metadata).not.toHaveProperty('annotations.team');
    expect(imagePullSecrets).toEqual([{ name: 'registry' }]);
  });

  it('moves what it applied on the client to the server, with its owner, and tells who owns what', async () => {
    const account = (annotations: object) =>
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: 'moved', namespace: 'shop', annotations },
      });
    await ok('apply -f -', account({ team: 'a' }));
    await ok('label sa moved -n shop tier=1');
    const owners = async () => {
      const { metadata } = await read('get', 'sa', 'moved', '-n', 'shop', '--show-managed-fields');
      return (metadata as { managedFields: { manager: string; operation: string; fieldsV1: object }[] }).managedFields;
    };
    expect((await owners()).map(({ manager, operation }) => [manager, operation])).toEqual([
      ['kubectl-client-side-apply', 'Update'],
      ['kubectl-label', 'Update'],
    ]);
    await ok('apply --server-side -f -', account({ team: 'b' }));
    // kubectl itself keeps the annotation of what it applied last up to date, as a manager of its own.
    expect((await owners()).filter(({ manager }) => manager !== 'kubectl-last-applied')).toMatchObject([
      { manager: 'kubectl', operation: 'Apply', fieldsV1: { 'f:metadata': { 'f:annotations': { 'f:team': {} } } } },
      { manager: 'kubectl-label', operation: 'Update' },
    ]);
    const forced = ['apply', '--server-side', '--force-conflicts', '--field-manager=two', '-f', '-'];
    expect((await kubectl(forced, account({ team: 'c' }))).code).toBe(0);
    expect((await owners()).map(({ manager }) => manager)).toContain('two');
  });

  it('creates namespaces and service accounts by name', async () => {
    expect(await ok('create namespace by-hand')).toBe('namespace/by-hand created\n');
    expect(await ok('create sa robot -n by-hand')).toBe('serviceaccount/robot created\n');
  });

  it('takes an annotation away and leaves the rest', async () => {
    await ok('annotate sa orders -n shop kept=yes eks.amazonaws.com/role-arn-');
    const { metadata, imagePullSecrets } = await read('get', 'sa', 'orders', '-n', 'shop');
    expect(metadata).toMatchObject({ annotations: { kept: 'yes' } });
    expect(metadata).not.toHaveProperty(['annotations', 'eks.amazonaws.com/role-arn']);
    expect(imagePullSecrets).toEqual([{ name: 'registry' }]);
  });

  it('patches by JSON patch, and refuses an object that moved on', async () => {
    await ok(`patch sa orders -n shop --type=json -p [{"op":"add","path":"/metadata/labels","value":{"a":"b"}}]`);
    const object = await read('get', 'sa', 'orders', '-n', 'shop');
    expect(object).toMatchObject({ metadata: { labels: { a: 'b' } } });
    await ok('label sa orders -n shop a=c --overwrite');
    expect((await kubectl(['replace', '-f', '-'], JSON.stringify(object))).err).toContain(
      'the object has been modified',
    );
  });

  it('deletes a Deployment with everything that it made, and a namespace with everything in it', async () => {
    await ok('delete deployment orders -n shop');
    expect(pods()).toEqual([]);
    await ok('delete namespace shop');
    expect((await read('get', 'sa', '-A')).items).not.toContainEqual(
      expect.objectContaining({ metadata: expect.objectContaining({ namespace: 'shop' }) }),
    );
  });
});

describe('The nodes of a cluster', () => {
  const at = useSandbox(() => ({
    seed: seedWith([ROLE], {
      clusters: [
        {
          ...OTHER,
          version: '1.33',
          nodes: [
            { name: 'one', compute: 'ec2' },
            { name: 'two', compute: 'ec2' },
            { name: 'win', compute: 'windows' },
            { name: 'far', compute: 'fargate' },
            { name: 'own', compute: 'auto' },
          ],
        },
      ],
      oidcProviders: [],
    }),
  }));
  const { read } = kubectlOf(at, OTHER);
  const agents = async () => {
    const { items } = (await read(
      'get',
      'pods',
      '-n',
      'kube-system',
      '-l',
      'app.kubernetes.io/name=eks-pod-identity-agent',
    )) as {
      items: { spec: { nodeName: string } }[];
    };
    return items.map(({ spec }) => spec.nodeName).sort();
  };

  it('run the agent where it can run, as long as its add-on is there', async () => {
    const { eks } = clients(at.sandbox);
    const addon = { clusterName: 'other', addonName: 'eks-pod-identity-agent' };
    expect(await agents()).toEqual([]);
    await eks.send(new CreateAddonCommand(addon));
    expect(await agents()).toEqual(['one', 'two']);
    const input = { clusterName: 'other', namespace: 'shop', serviceAccount: 'orders', roleArn: roleArn('app') };
    await eks.send(new CreatePodIdentityAssociationCommand(input));
    const on = async (node: string) => {
      const pod = at.sandbox.kubernetes.admitPod({ cluster: OTHER, namespace: 'shop', serviceAccount: 'orders', node });
      return (await podCredentials(pod, { endpoint: at.sandbox.endpoint })).source.ok;
    };
    expect([await on('two'), await on('far'), await on('win')]).toEqual([true, false, false]);
    expect(at.sandbox.denials().at(-1)?.explanation).toContain('does not run on the pod');
    await eks.send(new DeleteAddonCommand(addon));
    expect(await agents()).toEqual([]);
  });

  it('say what they run on', async () => {
    const { items } = (await read('get', 'nodes')) as {
      items: { metadata: { name: string; labels: Record<string, string> } }[];
    };
    const kinds = items.map(({ metadata: { name, labels } }) => [
      name,
      labels['eks.amazonaws.com/compute-type'],
      labels['kubernetes.io/os'],
    ]);
    expect(kinds).toEqual([
      ['far', 'fargate', 'linux'],
      ['one', 'ec2', 'linux'],
      ['own', 'auto', 'linux'],
      ['two', 'ec2', 'linux'],
      ['win', 'ec2', 'windows'],
    ]);
  });
});
