import { listAt, objectAt, textAt } from '../../../src/sandbox/kubernetes/json';
import { seedDeployment } from '../seedDeployment';
import { MAIN, seedWith, useSandbox } from '../testSandbox';

const ROLE = 'eks.amazonaws.com/role-arn';
const annotations = { [ROLE]: 'arn:aws:iam::111111111111:role/app' };
const ACCOUNTS = '/api/v1/namespaces/shop/serviceaccounts';
const APPLY = 'application/apply-patch+yaml';
const account = (name: string, metadata: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name, ...metadata },
});

describe('Who wrote an object', () => {
  let now = Date.parse('2026-11-21T12:00:00Z');
  const at = useSandbox(() => ({
    clock: () => new Date(now),
    seed: seedWith([], {
      clusters: [
        {
          ...seedWith().clusters[0]!,
          serviceAccounts: [
            { namespace: 'shop', name: 'plain', annotations },
            { namespace: 'shop', name: 'helmed', annotations, writer: { fieldManager: 'helm' } },
            {
              namespace: 'shop',
              name: 'argoed',
              annotations,
              writer: { fieldManager: 'argocd-controller', operation: 'Apply' },
            },
          ],
          addons: [{ name: 'vpc-cni', serviceAccountRoleArn: 'arn:aws:iam::111111111111:role/cni' }],
          manifests: [seedDeployment({ namespace: 'shop', name: 'web', serviceAccount: 'plain' })],
        },
      ],
    }),
  }));
  const get = async (path: string) => (await at.sandbox.kubernetes.request(MAIN, { method: 'GET', path })).body;
  const ownersOf = (object: unknown) =>
    listAt(objectAt(object, 'metadata'), 'managedFields').map((entry) =>
      ['manager', 'operation', 'subresource'].map((key) => textAt(entry, key)).filter((text) => text !== undefined),
    );

  it.each([
    ['plain', [['kubectl-create', 'Update']]],
    ['helmed', [['helm', 'Update']]],
    ['argoed', [['argocd-controller', 'Apply']]],
  ])('is told by the seed: %s', async (name, owners) => {
    expect(ownersOf(await get(`${ACCOUNTS}/${name}`))).toEqual(owners);
  });

  it('is EKS, which applies, for what its add-ons run', async () => {
    expect(ownersOf(await get('/api/v1/namespaces/kube-system/serviceaccounts/aws-node'))).toEqual([['eks', 'Apply']]);
    expect(ownersOf(await get('/apis/apps/v1/namespaces/kube-system/daemonsets/aws-node'))).toEqual([
      ['eks', 'Apply'],
      ['kube-controller-manager', 'Update', 'status'],
    ]);
  });

  it('is the controller manager for pods and the kubelet for their status; what the webhook adds is nobody’s', async () => {
    const [pod] = listAt(await get('/api/v1/namespaces/shop/pods'), 'items');
    expect(ownersOf(pod)).toEqual([
      ['kube-controller-manager', 'Update'],
      ['kubelet', 'Update', 'status'],
    ]);
    const [entry] = listAt(objectAt(pod, 'metadata'), 'managedFields');
    expect(JSON.stringify(pod)).toContain('AWS_ROLE_ARN');
    expect(JSON.stringify(entry)).not.toContain('AWS_ROLE_ARN');
  });

  it('is whoever sets the account; one that applies leaves the annotations of others', async () => {
    const set = (writer?: { fieldManager: string; operation?: 'Apply' }, set: Record<string, string> = {}) => {
      const written = writer === undefined ? {} : { writer };
      at.sandbox.kubernetes.setServiceAccount({
        cluster: MAIN,
        namespace: 'shop',
        name: 'set',
        annotations: set,
        ...written,
      });
    };
    set(undefined, { a: '1' });
    set({ fieldManager: 'argocd-controller', operation: 'Apply' }, { b: '1' });
    expect(objectAt(objectAt(await get(`${ACCOUNTS}/set`), 'metadata'), 'annotations')).toEqual({ a: '1', b: '1' });
    set(undefined, { c: '1' });
    const found = await get(`${ACCOUNTS}/set`);
    expect(objectAt(objectAt(found, 'metadata'), 'annotations')).toEqual({ c: '1' });
    // Whoever made the annotations first still owns that there are some.
    expect(ownersOf(found)).toEqual([
      ['kubectl-annotate', 'Update'],
      ['kubectl-create', 'Update'],
    ]);
  });

  it('is told by the query, else by the user agent up to its first slash', async () => {
    const create = (name: string, query: string, userAgent?: string) =>
      at.sandbox.kubernetes.request(MAIN, {
        method: 'POST',
        path: `${ACCOUNTS}${query}`,
        body: account(name, { annotations }),
        ...(userAgent === undefined ? {} : { userAgent }),
      });
    const agent = 'HashiCorp/1.0 Terraform/1.11.4';
    expect(ownersOf((await create('one', '?fieldManager=mine', agent)).body)).toEqual([['mine', 'Update']]);
    expect(ownersOf((await create('two', '', agent)).body)).toEqual([['HashiCorp', 'Update']]);
    expect(ownersOf((await create('three', '')).body)).toEqual([['podlift-sandbox', 'Update']]);
  });

  it('changes by nothing that changes nothing: version and times stay', async () => {
    const path = `${ACCOUNTS}/helmed`;
    const apply = (query: string) =>
      at.sandbox.kubernetes.request(MAIN, {
        method: 'PATCH',
        path: `${path}?fieldManager=podlift&force=true${query}`,
        contentType: APPLY,
        body: account('helmed', { annotations: { [ROLE]: '' } }),
      });
    const untouched = await get(path);
    expect(objectAt(objectAt((await apply('&dryRun=All')).body, 'metadata'), 'annotations')).toEqual({ [ROLE]: '' });
    expect(await get(path)).toEqual(untouched);
    const { body: first } = await apply('');
    now += 60_000;
    expect((await apply('')).body).toEqual(first);
    const { body: put } = await at.sandbox.kubernetes.request(MAIN, { method: 'PUT', path, body: first });
    expect(put).toEqual(first);
  });

  it('cannot write the status, which only controllers write', async () => {
    const path = '/apis/apps/v1/namespaces/shop/deployments/web';
    const { body } = await at.sandbox.kubernetes.request(MAIN, {
      method: 'PATCH',
      path: `${path}?fieldManager=mine`,
      body: { metadata: { labels: { a: '1' } }, status: { replicas: 7 } },
      contentType: 'application/merge-patch+json',
    });
    expect([objectAt(body, 'status').replicas, objectAt(objectAt(body, 'metadata'), 'labels').a]).toEqual([1, '1']);
  });

  it.each([
    ['PATCH', '/plain', APPLY, account('plain'), 422, 'fieldManager: Required value: is required for apply patch'],
    [
      'PATCH',
      '/plain?fieldManager=a',
      APPLY,
      { ...account('plain'), kind: 'Pod' },
      400,
      'invalid object type: /v1, Kind=Pod',
    ],
    ['PATCH', '/plain?fieldManager=a', APPLY, account('other'), 400, 'does not match the name on the URL'],
    ['PATCH', '/new?fieldManager=a', APPLY, account('new', { uid: 'x' }), 409, 'uid mismatch'],
    ['PATCH', '/plain?fieldManager=a', APPLY, account('plain', { uid: 'x' }), 409, 'Precondition failed: UID'],
    ['PUT', '/plain', undefined, account('plain', { resourceVersion: '1' }), 409, 'the object has been modified'],
    ['PUT', '/plain?force=true', undefined, account('plain'), 422, 'force: Forbidden'],
    ['GET', '/nobody', undefined, undefined, 404, 'serviceaccounts "nobody" not found'],
  ] as const)('is refused: %s %s', async (method, path, contentType, body, status, words) => {
    const answer = await at.sandbox.kubernetes.request(MAIN, {
      method,
      path: `${ACCOUNTS}${path}`,
      ...(body === undefined ? {} : { body }),
      ...(contentType === undefined ? {} : { contentType }),
    });
    expect([answer.status, textAt(answer.body, 'message')]).toEqual([status, expect.stringContaining(words)]);
  });
});
