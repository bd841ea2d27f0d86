import { validateDocument } from '../../iam/validateDocument';
import type { DocumentKind } from '../../iam/documentProblem';
import { errorAt, errorRule, type Issue, mistake, type Segments } from '../../inventory/Finding';
import { valueAt } from '../../inventory/source/plainData';
import { didYouMean } from '../../inventory/suggest';
import { awsManagedPolicy } from '../../sandbox/api/awsManagedPolicies';
import { ADDON_CATALOGUE } from '../../sandbox/eks/addonCatalogue';
import { DEFAULT_QUOTAS, policyLength } from '../../sandbox/world/quotas';
import { objectAt, textAt } from '../../sandbox/kubernetes/json';
import { apiVersionOf, podSpecOf, RESOURCES } from '../../sandbox/kubernetes/resources';
import { policyArnOf } from './estateSeed';
import type { EstateAccount, EstateCluster, ExistingEstate } from './existingEstateSchema';

const RULE = errorRule(
  'existing-estate',
  'AWS and Kubernetes accept what the estate of a sandbox has.',
  'the trust policy has 2,300 characters; IAM allows 2,048',
);

function issue(path: Segments, message: string, hint: string, at?: 'key'): Issue {
  return errorAt(path, mistake(RULE, message, hint), at);
}

/** What AWS or Kubernetes would refuse in an estate that the schema takes: the sandbox starts with nothing that cannot exist. */
export function* estateIssues({ accounts }: ExistingEstate): Generator<Issue> {
  for (const [id, account] of Object.entries(accounts)) {
    const path = ['accounts', id];
    yield* policyIssues(id, account, path);
    yield* roleIssues(id, account, path);
    yield* twice(account.oidcProviders ?? [], (one) => one.replace(/\/$/, ''), [...path, 'oidcProviders'], 'issuer');
    const clusters = account.clusters ?? [];
    yield* twice(clusters, ({ region, name }) => `${region}/${name}`, [...path, 'clusters'], 'cluster');
    for (const [index, cluster] of clusters.entries()) yield* clusterIssues(cluster, [...path, 'clusters', index]);
  }
}

function* policyIssues(id: string, { policies = {}, quotas }: EstateAccount, above: Segments): Generator<Issue> {
  const limit = quotas?.managedPolicyLength ?? DEFAULT_QUOTAS.managedPolicyLength;
  for (const [name, { document }] of Object.entries(policies)) {
    const path = [...above, 'policies', name];
    if (!/^([\x21-\x7e]{1,510}\/)?[\w+=,.@-]{1,128}$/.test(name))
      yield issue(
        path,
        `"${name}" is not the name of a policy of account ${id}`,
        'Write path and name: team/orders-read.',
        'key',
      );
    yield* documentIssues(document, 'managed', [...path, 'document']);
    yield* tooLong('the policy', lengthOf(document), limit, [...path, 'document']);
  }
}

function* roleIssues(id: string, account: EstateAccount, above: Segments): Generator<Issue> {
  const { roles = {} } = account;
  const quotas = { ...DEFAULT_QUOTAS, ...account.quotas };
  const byName = new Map<string, string>();
  for (const [name, role] of Object.entries(roles)) {
    const path = [...above, 'roles', name];
    const other = byName.get(name.toLowerCase());
    if (other !== undefined)
      yield issue(path, `IAM takes "${name}" and "${other}" as one name`, 'Rename one of the two roles.', 'key');
    byName.set(name.toLowerCase(), name);
    const { trust, inlinePolicies = {}, managedPolicies = [], permissionsBoundary } = role;
    yield* documentIssues(trust, 'trust', [...path, 'trust']);
    yield* tooLong('the trust policy', lengthOf(trust), quotas.trustPolicyLength, [...path, 'trust']);
    for (const [policy, document] of Object.entries(inlinePolicies))
      yield* documentIssues(document, 'identity', [...path, 'inlinePolicies', policy]);
    const inline = Object.values(inlinePolicies).reduce((sum: number, document) => sum + lengthOf(document), 0);
    yield* tooLong('all inline policies together', inline, quotas.inlinePolicyLength, [...path, 'inlinePolicies']);
    if (managedPolicies.length > quotas.managedPoliciesPerRole)
      yield issue(
        [...path, 'managedPolicies'],
        `${managedPolicies.length} managed policies are attached; IAM allows ${quotas.managedPoliciesPerRole}`,
        'Remove some, or write the raised quota under `quotas` of the account.',
      );
    for (const [index, policy] of managedPolicies.entries())
      yield* missingPolicy(id, account, policy, [...path, 'managedPolicies', index]);
    if (permissionsBoundary !== undefined)
      yield* missingPolicy(id, account, permissionsBoundary, [...path, 'permissionsBoundary']);
  }
}

function* missingPolicy(id: string, account: EstateAccount, written: string, path: Segments): Generator<Issue> {
  const arn = policyArnOf(account, written);
  const owner = arn.split(':')[4];
  if (owner === 'aws') {
    if (awsManagedPolicy(arn) === undefined)
      yield issue(
        path,
        `AWS has no managed policy ${written}`,
        'Write its path too, such as service-role/AmazonEBSCSIDriverPolicy.',
      );
    return;
  }
  const name = arn.slice(arn.indexOf(':policy/') + ':policy/'.length);
  if (owner === id && Object.hasOwn(account.policies ?? {}, name)) return;
  const where = owner === id ? `account ${id} has no policy ${name}` : `${written} is a policy of another account`;
  yield issue(path, where, `Write the policy under accounts.${id}.policies.`);
}

function* documentIssues(document: unknown, kind: DocumentKind, above: Segments): Generator<Issue> {
  for (const { message, detail, path } of validateDocument(document, kind)) {
    // IAM shows a principal that was deleted, and does not accept it again.
    if (kind === 'trust' && DELETED.test(String(valueAt(document, path)))) continue;
    yield issue(
      [...above, ...path],
      `IAM refuses the document: ${message} ${detail}`,
      'Write the document as IAM has it.',
    );
  }
}

/**
 * The id of a role or a user in place of its ARN.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
const DELETED = /^A(?:ROA|IDA)[A-Z0-9]{16,17}$/;

function lengthOf(document: unknown): number {
  return policyLength(JSON.stringify(document));
}

function* tooLong(what: string, length: number, limit: number, path: Segments): Generator<Issue> {
  if (length <= limit) return;
  const count = (number: number): string => number.toLocaleString('en');
  yield issue(
    path,
    `${what} has ${count(length)} characters; IAM allows ${count(limit)}`,
    'Shorten it, or write the raised quota under `quotas` of the account.',
  );
}

function* clusterIssues(cluster: EstateCluster, path: Segments): Generator<Issue> {
  const { addons = [], associations = [], serviceAccounts = [], objects = [], nodes = [], nodeGroups = [] } = cluster;
  const ofAccount = ({ namespace, serviceAccount }: { readonly namespace: string; readonly serviceAccount: string }) =>
    `${namespace}/${serviceAccount}`;
  yield* twice(addons, ({ name }) => name, [...path, 'addons'], 'add-on');
  yield* twice(associations, ofAccount, [...path, 'associations'], 'association of');
  const nameOf = ({ namespace, name }: { readonly namespace: string; readonly name: string }) => `${namespace}/${name}`;
  yield* twice(serviceAccounts, nameOf, [...path, 'serviceAccounts'], 'service account');
  yield* twice(nodes, ({ name }) => name, [...path, 'nodes'], 'node');
  yield* twice(nodeGroups, ({ name }) => name, [...path, 'nodeGroups'], 'node group');
  const keyOf = ({ kind, metadata }: (typeof objects)[number]) =>
    `${kind} ${metadata.namespace ?? 'default'}/${metadata.name}`;
  yield* twice(objects, keyOf, [...path, 'objects'], 'object');

  const names = ADDON_CATALOGUE.map(({ name }) => name);
  for (const [index, { name }] of addons.entries())
    if (!names.includes(name))
      yield issue(
        [...path, 'addons', index, 'name'],
        `the sandbox does not know the add-on "${name}": ${didYouMean(name, names)}it knows ${names.join(', ')}`,
        'Remove it, or write its objects under `objects`.',
      );

  const standing = new Set(serviceAccounts.map(nameOf));
  const known = new Set([
    ...RESOURCES.map((resource) => `${apiVersionOf(resource)} ${resource.kind}`),
    ...objects.flatMap(definedKinds),
  ]);
  for (const [index, object] of objects.entries()) {
    const at = [...path, 'objects', index];
    if (!known.has(`${object.apiVersion} ${object.kind}`)) {
      yield issue(
        [...at, 'kind'],
        `the sandbox does not know ${object.kind} of ${object.apiVersion}`,
        'Remove it, or write its CustomResourceDefinition before it.',
      );
      continue;
    }
    const account = textAt(podSpecOf(object.kind, object), 'serviceAccountName') ?? 'default';
    const namespace = object.metadata.namespace ?? 'default';
    if (account !== 'default' && !standing.has(`${namespace}/${account}`) && !isOfAddon(cluster, account))
      yield issue(
        at,
        `${object.kind} ${namespace}/${object.metadata.name} uses the service account ${account}, which does not exist`,
        'Write it under `serviceAccounts`.',
      );
  }
}

/** The service accounts of add-ons exist without an entry. */
function isOfAddon({ addons = [] }: EstateCluster, account: string): boolean {
  return ADDON_CATALOGUE.some(
    ({ name, objects }) =>
      objects?.serviceAccounts.includes(account) === true && addons.some((addon) => addon.name === name),
  );
}

/** The kinds that a CustomResourceDefinition adds: `GROUP/VERSION KIND`. */
function definedKinds({ kind, spec }: NonNullable<EstateCluster['objects']>[number]): readonly string[] {
  if (kind !== 'CustomResourceDefinition') return [];
  const versions = Array.isArray(spec?.versions) ? spec.versions : [];
  const defined = textAt(objectAt(spec, 'names'), 'kind') ?? '';
  return versions.map((version) => `${textAt(spec, 'group') ?? ''}/${textAt(version, 'name') ?? ''} ${defined}`);
}

function* twice<T>(list: readonly T[], keyOf: (entry: T) => string, path: Segments, what: string): Generator<Issue> {
  const seen = new Set<string>();
  for (const [index, entry] of list.entries()) {
    const key = keyOf(entry);
    if (seen.has(key)) yield issue([...path, index], `the ${what} ${key} is there twice`, 'Remove one of the two.');
    seen.add(key);
  }
}
