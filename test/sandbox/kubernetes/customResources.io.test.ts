import { kubectlOf } from '../testCluster';
import { MAIN, seedWith, useSandbox } from '../testSandbox';

/** A definition of stores in two versions, as a manifest; `more` replaces parts of its spec. */
const definition = (more: object = {}, name = 'stores.example.io') => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name },
  spec: {
    group: 'example.io',
    names: { plural: 'stores', kind: 'Store', shortNames: ['st'] },
    scope: 'Namespaced',
    versions: [
      { name: 'v1beta1', served: true, storage: false, schema: { openAPIV3Schema: SCHEMA } },
      { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: SCHEMA } },
    ],
    ...more,
  },
});
const SCHEMA = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      required: ['region'],
      properties: {
        region: { type: 'string', pattern: '^[a-z0-9-]+$' },
        mode: { type: 'string', enum: ['token', 'pod'], default: 'token' },
        refs: { type: 'array', maxItems: 2, items: { type: 'object', properties: { name: { type: 'string' } } } },
        free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        replicas: { 'x-kubernetes-int-or-string': true },
      },
    },
  },
};
const store = (spec: object, apiVersion = 'example.io/v1') => ({
  apiVersion,
  kind: 'Store',
  metadata: { name: 'one', namespace: 'shop' },
  spec,
});

describe('Custom resources of a cluster of the sandbox', () => {
  const at = useSandbox(() => ({
    seed: seedWith([], { clusters: [{ ...seedWith().clusters[0]!, namespaces: ['shop'] }] }),
  }));
  const { kubectl, read } = kubectlOf(at);
  const apply = async (object: object, ...more: string[]) => {
    const { out, err, code } = await kubectl(['apply', ...more, '-f', '-'], JSON.stringify(object));
    return code === 0 ? out.trim() : err;
  };
  const request = (method: 'GET' | 'POST', path: string, body?: object) =>
    at.sandbox.kubernetes.request(MAIN, { method, path, ...(body && { body }) });

  it('do not exist without their definition', async () => {
    expect((await kubectl(['get', 'stores.example.io', '-A'])).err).toMatch(/doesn't have a resource type "stores"/);
  });

  it('exist as soon as kubectl has applied the definition', async () => {
    expect(await apply(definition())).toBe('customresourcedefinition.apiextensions.k8s.io/stores.example.io created');
    expect(await apply(definition())).toBe('customresourcedefinition.apiextensions.k8s.io/stores.example.io unchanged');
    const wait = ['wait', '--for=condition=established', 'crd/stores.example.io', '--timeout=5s'];
    expect((await kubectl(wait)).out).toMatch(/condition met/);
    expect((await kubectl(['api-resources', '--api-group=example.io', '--no-headers'])).out).toMatch(
      /^stores +st +example\.io\/v1 +true +Store/,
    );
  });

  it('are applied, read by every name of the kind and in every version, patched and listed', async () => {
    expect(await apply(store({ region: 'us-west-2', refs: [] }))).toBe('store.example.io/one created');
    expect(await apply(store({ region: 'us-west-2', refs: [] }))).toBe('store.example.io/one unchanged');
    expect(await read('get', 'st', 'one', '-n', 'shop')).toMatchObject({
      apiVersion: 'example.io/v1',
      spec: { region: 'us-west-2', mode: 'token', refs: [] },
    });
    expect(await read('get', 'stores.v1beta1.example.io', 'one', '-n', 'shop')).toMatchObject({
      apiVersion: 'example.io/v1beta1',
    });
    const patch = ['patch', 'store', 'one', '-n', 'shop', '--type=merge', '-p', '{"spec":{"mode":"pod"}}'];
    expect((await kubectl(patch)).out).toBe('store.example.io/one patched\n');
    expect(await read('get', 'stores', '-A')).toMatchObject({ items: [{ spec: { mode: 'pod' } }] });
  });

  it('keep the fields of other owners when they are applied on the server', async () => {
    expect(
      await apply(store({ free: { a: 1 }, region: 'us-west-2' }), '--server-side', '--field-manager=argo'),
    ).toMatch(/serverside-applied/);
    expect(await read('get', 'st', 'one', '-n', 'shop')).toMatchObject({ spec: { mode: 'pod', free: { a: 1 } } });
  });

  it.each([
    ['an unknown field', { region: 'a', nope: 1 }, /strict decoding error: unknown field "spec.nope"/],
    ['a missing field', {}, /spec\.region: Required value/],
    [
      'a wrong type',
      { region: 5 },
      /spec\.region: Invalid value: "integer": spec\.region in body must be of type string/,
    ],
    ['another pattern', { region: 'A!' }, /spec\.region in body should match '\^\[a-z0-9-\]\+\$'/],
    [
      'a value that is none of the list',
      { region: 'a', mode: 'x' },
      /Unsupported value: "x": supported values: "token", "pod"/,
    ],
    ['too many items', { region: 'a', refs: [{}, {}, {}] }, /spec\.refs in body should have at most 2 items/],
  ])('are refused with %s', async (_, spec, problem) => {
    const { err } = await kubectl(
      ['create', '-f', '-'],
      JSON.stringify({ ...store(spec), metadata: { name: 'two', namespace: 'shop' } }),
    );
    expect(err).toMatch(problem);
  });

  it('lose unknown fields where the client does not ask for strict validation', async () => {
    const sent = { ...store({ region: 'a', nope: 1, free: { kept: true } }), metadata: { name: 'three' } };
    const { status, body } = await request('POST', '/apis/example.io/v1/namespaces/shop/stores', sent);
    expect([status, (body as { spec: object }).spec]).toEqual([
      201,
      { region: 'a', mode: 'token', free: { kept: true } },
    ]);
  });

  it('are refused with a strategic merge patch, as Kubernetes does', async () => {
    const patch = ['patch', 'store', 'one', '-n', 'shop', '--type=strategic', '-p', '{"spec":{"mode":"pod"}}'];
    expect((await kubectl(patch)).err).toMatch(/unsupported|not supported|unknown format/i);
  });

  it.each([
    ['another name', definition({}, 'shops.example.io'), /must be spec\.names\.plural\+"\."\+spec\.group/],
    [
      'no stored version',
      definition({ versions: [{ name: 'v1', served: true, storage: false, schema: { openAPIV3Schema: SCHEMA } }] }),
      /exactly one version marked as storage version/,
    ],
    ['no schema', definition({ versions: [{ name: 'v1', served: true, storage: true }] }), /schemas are required/],
    [
      'a field without a type',
      definition({
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: 'object', properties: { spec: {} } } },
          },
        ],
      }),
      /properties\[spec\]\.type: Required value/,
    ],
  ])('cannot be defined with %s', async (_, object, problem) => {
    expect(await apply(object)).toMatch(problem);
  });

  it('are limited by RBAC under their group', async () => {
    at.sandbox.kubernetes.limit(MAIN, [{ verbs: ['list'], apiGroups: ['example.io'], resources: ['others'] }]);
    const { err } = await kubectl(['get', 'stores.example.io', '-A']);
    expect(err).toMatch(/stores is forbidden: User "operator" cannot list resource "stores" in API group "example.io"/);
    at.sandbox.kubernetes.limit(MAIN);
  });

  it('are gone with their definition', async () => {
    expect((await kubectl(['delete', 'crd', 'stores.example.io'])).out).toMatch(/deleted/);
    expect((await request('GET', '/apis/example.io/v1/stores')).status).toBe(404);
    expect(await apply(definition())).toMatch(/created/);
    expect(await read('get', 'stores.example.io', '-A')).toMatchObject({ items: [] });
  });
});
