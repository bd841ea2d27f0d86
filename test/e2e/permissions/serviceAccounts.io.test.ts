import { parse } from 'yaml';
import type { PolicyRule } from '../../../src/sandbox/startSandbox';
import { MAIN, roleArn, seedWith, useSandbox } from '../../sandbox/testSandbox';
import { blockOf } from './permissionsPage';

const at = useSandbox(() => ({
  seed: seedWith([], {
    clusters: [{ ...MAIN, version: '1.33', serviceAccounts: [{ namespace: 'shop', name: 'theirs' }] }],
  }),
}));

interface Request {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Behind `/api/v1/namespaces/shop/serviceaccounts`. */
  readonly path: string;
  readonly type?: string;
  readonly body?: unknown;
}

const get = (name: string): Request => ({ method: 'GET', path: `/${name}` });
const identity = (name: string) => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name, namespace: 'shop' },
});

/** Source: hashicorp/terraform-provider-kubernetes v2.38.0, kubernetes/resource_kubernetes_annotations.go. */
const annotate = (name: string, annotations: Readonly<Record<string, string>>): Request => ({
  method: 'PATCH',
  path: `/${name}?fieldManager=podlift&force=true`,
  type: 'application/apply-patch+yaml',
  body: { ...identity(name), metadata: { ...identity(name).metadata, annotations } },
});
const ANNOTATES: readonly Request[] = [
  get('theirs'),
  annotate('theirs', { 'eks.amazonaws.com/role-arn': roleArn('app') }),
  annotate('theirs', { 'eks.amazonaws.com/role-arn': '' }),
  annotate('theirs', {}),
];

/** Source: hashicorp/terraform-provider-kubernetes v2.38.0, kubernetes/resource_kubernetes_service_account_v1.go. */
const CREATES: readonly Request[] = [
  { method: 'POST', path: '', body: identity('ours') },
  get('ours'),
  {
    method: 'PATCH',
    path: '/ours',
    type: 'application/json-patch+json',
    body: [{ op: 'add', path: '/metadata/labels', value: { team: 'shop' } }],
  },
  { method: 'DELETE', path: '/ours' },
];

async function send({ method, path, type = 'application/json', body }: Request): Promise<number> {
  const url = `${at.sandbox.kubernetes.apiServer(MAIN)}/api/v1/namespaces/shop/serviceaccounts${path}`;
  const { status } = await fetch(url, {
    method,
    headers: { 'content-type': type, authorization: 'Bearer operator' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return status;
}

/** Sends requests in turn as somebody who has these rules; gives the methods of those that are refused. */
async function refused(rules: readonly PolicyRule[], requests: readonly Request[]): Promise<readonly string[]> {
  const { kubernetes } = at.sandbox;
  const methods: string[] = [];
  for (const request of requests) {
    kubernetes.limit(MAIN, rules);
    const status = await send(request);
    kubernetes.limit(MAIN);
    if (status === 403) {
      methods.push(request.method);
      // The next requests need what this one would have done.
      await send(request);
    } else expect(status).toBeLessThan(300);
  }
  return methods;
}

const CASES = [
  { role: 'annotate', requests: ANNOTATES },
  { role: 'apply', requests: [...ANNOTATES, ...CREATES] },
] as const;
const METHOD: Readonly<Record<string, string>> = { get: 'GET', create: 'POST', patch: 'PATCH', delete: 'DELETE' };

describe.each(CASES)('the Kubernetes permissions of podlift-$role', ({ role, requests }) => {
  const { rules } = parse(blockOf('yaml', role)) as { rules: readonly PolicyRule[] };
  const verbs = rules.flatMap((rule) => rule.verbs);

  it('are enough for what the provider asks', async () => {
    expect(await refused(rules, requests)).toEqual([]);
  });

  it.each(verbs)('%s is needed', async (verb) => {
    const less = rules.map((rule) => ({ ...rule, verbs: rule.verbs.filter((one) => one !== verb) }));
    expect(new Set(await refused(less, requests))).toEqual(new Set([METHOD[verb]]));
  });
});

it('podlift-annotate is not enough to create or delete a service account', async () => {
  const { rules } = parse(blockOf('yaml', 'annotate')) as { rules: readonly PolicyRule[] };
  expect(await refused(rules, CREATES)).toEqual(['POST', 'DELETE']);
});
