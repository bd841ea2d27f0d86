import { SESSION_TAG_KEYS } from '../credentialRequests';
import { globCovers } from '../matchPattern';
import { listOf, type PrincipalElement, type Statement } from '../PolicyDocument';
import type { ValueSet } from '../Request';
import { type CallerClass, NO_NAME, type OtherPods, type OwnCallers, type Stranger } from './CallerClass';
import { namedTexts, namedValues, withAccount } from './namedValues';
import { principal, principalsElsewhere, principalsOf } from './principals';

const POD_IDENTITY = 'pods.eks.amazonaws.com';

function principalsIn(
  statements: readonly Statement[],
  member: keyof Exclude<PrincipalElement, '*'>,
): readonly string[] {
  return statements.flatMap(({ Principal }) => (typeof Principal === 'object' ? listOf(Principal[member] ?? []) : []));
}

function namesEveryone({ Principal, NotPrincipal }: Statement): boolean {
  if (Principal === undefined) return NotPrincipal !== undefined;
  return Principal === '*' || listOf(Principal.AWS ?? []).includes('*');
}

/**
 * The strangers that the `Allow` statements of a trust policy can admit, each kind as one class. What people write decides who is meant: exact roles,
 * users and sessions, exact subjects of another provider, and services for an exact account are no strangers where `authored` names them.
 * @param authored the statements that people wrote. Default: all
 */
export function callerClasses(
  statements: readonly Statement[],
  own: OwnCallers,
  authored: readonly Statement[] = statements,
): readonly CallerClass[] {
  const allows = statements.filter(({ Effect }) => Effect === 'Allow');
  const written = authored.map((one) => withAccount(one, own.accountId));
  const everyone = allows.some(namesEveryone);
  const named = [...own.providers, ...principalsIn(allows, 'Federated')];
  const providers = new Set([...named, ...(everyone ? providersInConditions(statements, own, named) : [])]);
  const services = new Set([
    POD_IDENTITY,
    ...principalsIn(allows, 'Service'),
    ...(everyone ? servicesInConditions(statements) : []),
  ]);
  const accounts = new Set(JSON.stringify(statements).match(/\b\d{12}\b/g) ?? []);
  const meant = new Set(principalsIn(authored, 'AWS'));
  const others = [...new Set(principalsIn(allows, 'AWS'))].filter((arn) => !meant.has(arn));
  return [
    ...[...providers].map((provider) => tokens({ kind: 'tokens', provider }, provider, written, own)),
    ...(everyone
      ? [`oidc-provider/${NO_NAME}.example`, `saml-provider/${NO_NAME}`].map((name) =>
          tokens({ kind: 'any provider' }, iamArn(own, name), written, own),
        )
      : []),
    ...[...services].flatMap((service) =>
      service === POD_IDENTITY
        ? pods(own, namedPods(written, own))
        : serviceClasses({ kind: 'service', service }, service, written, statements),
    ),
    ...(everyone ? serviceClasses({ kind: 'any service' }, `${NO_NAME}.amazonaws.com`, written, statements) : []),
    ...[...accounts].flatMap((accountId) => principalsOf(accountId, own, written)),
    ...principalsElsewhere(own, statements, accounts),
    ...others.flatMap((arn) => principal(arn, others)),
  ];
}

/** The keys by which a condition can name the service that makes a request. */
const SERVICE_KEYS = ['aws:principalservicename', 'aws:principalservicenameslist'];

function servicesInConditions(statements: readonly Statement[]): readonly string[] {
  return namedTexts(statements, (key) => SERVICE_KEYS.includes(key));
}

/**
 * The providers that conditions name, by their ARN or by their claims (`token.actions.githubusercontent.com:aud`), and that are not known yet: a
 * statement for everyone admits their tokens.
 */
function providersInConditions(
  statements: readonly Statement[],
  own: OwnCallers,
  known: readonly string[],
): readonly string[] {
  const issuers = new Set(known.map((provider) => issuerOf(provider).toLowerCase()));
  const keys = statements.flatMap(({ Condition = {} }) => Object.values(Condition).flatMap(Object.keys));
  const claims = keys.map((key) => key.slice(0, key.lastIndexOf(':'))).filter((issuer) => issuer.includes('.'));
  return [
    ...namedTexts(statements, (key) => key === 'aws:federatedprovider'),
    ...[...new Set(claims)]
      .filter((issuer) => !issuers.has(issuer.toLowerCase()))
      .map((issuer) => providerOf(own, issuer)),
  ];
}

function providerOf(own: OwnCallers, issuer: string): string {
  return iamArn(own, `oidc-provider/${issuer}`);
}

function iamArn({ partition, accountId }: OwnCallers, resource: string): string {
  return `arn:${partition}:iam::${accountId}:${resource}`;
}

/** The host and path by which the condition keys of a provider begin. */
export function issuerOf(provider: string): string {
  return provider.startsWith('arn:') ? provider.slice(provider.indexOf('/') + 1) : provider;
}

/** The subjects of the tokens of the workload's pods by one provider. */
function ownSubjects({ subjects }: OwnCallers, provider: string): readonly string[] {
  return subjects
    .filter((one) => one.provider === provider)
    .map(({ namespace, serviceAccount }) => `system:serviceaccount:${namespace}:${serviceAccount}`);
}

/** Tokens with every other subject: on the workload's clusters than its own, elsewhere than those that statements name. */
function tokens(stranger: Stranger, provider: string, statements: readonly Statement[], own: OwnCallers): CallerClass {
  const issuer = issuerOf(provider);
  const isOwn = own.providers.includes(provider);
  const named = namedTexts(statements, (key) => key === `${issuer}:sub`.toLowerCase());
  const subject: ValueSet = isOwn
    ? { like: 'system:serviceaccount:*:*', except: ownSubjects(own, provider), lowerCase: true }
    : { like: '*', except: [], exceptTexts: named };
  return {
    stranger,
    attempt: {
      caller: { kind: 'federated', provider },
      operation: provider.includes(':saml-provider/') ? 'sts:AssumeRoleWithSAML' : 'sts:AssumeRoleWithWebIdentity',
      sets: {
        [`${issuer}:sub`]: subject,
        // Whoever gets a token chooses among the audiences that the provider lists.
        [`${issuer}:aud`]: { like: '*', except: [] },
        ...(stranger.kind === 'any provider' ? { 'aws:FederatedProvider': { like: '*', except: [] } } : {}),
      },
      // The tokens of a cluster have no session tags.
      completeKeys: isOwn ? ['aws:requesttag/', 'aws:tagkeys', 'sts:transitivetagkeys'] : [],
    },
  };
}

const NAME: ValueSet = { like: '*', except: [], lowerCase: true };
/** The name of a cluster can have capital letters, other than those of Kubernetes. */
const CLUSTER_NAME: ValueSet = { like: '*', except: [] };

type Tags = Readonly<Record<string, ValueSet>>;

/** The session tags of all pods on some clusters. */
function tagsOn(clusters: ValueSet): Tags {
  const names = Object.fromEntries(SESSION_TAG_KEYS.map((key) => [key, NAME]));
  return { ...names, 'eks-cluster-arn': clusters, 'eks-cluster-name': CLUSTER_NAME };
}

/** The clusters of the account. */
function clustersOf({ partition, accountId }: OwnCallers): ValueSet {
  return { like: `arn:${partition}:eks:*:${accountId}:cluster/*`, except: [] };
}

/** The session tags of all pods of the account that differ from the workload's in one thing at least. */
export function otherTags(own: OwnCallers): readonly { readonly other: OtherPods; readonly tags: Tags }[] {
  const { clusterArns, subjects } = own;
  const all = tagsOn(clustersOf(own));
  const namespaces = unique(subjects.map(({ namespace }) => namespace));
  const names = unique(subjects.map(({ serviceAccount }) => serviceAccount));
  return [
    {
      other: 'service accounts',
      tags: { ...all, 'kubernetes-service-account': { ...NAME, except: names } },
    },
    { other: 'namespaces', tags: { ...all, 'kubernetes-namespace': { ...NAME, except: namespaces } } },
    { other: 'clusters', tags: { ...all, 'eks-cluster-arn': { ...clustersOf(own), except: clusterArns } } },
    ...otherCombinations(own, namespaces, names),
  ];
}

/**
 * Pods whose cluster, namespace and service account the workload has, but not together: of each namespace on each cluster the service accounts that
 * the workload does not have there. A namespace by pattern stands for all that no narrower pattern of the workload has.
 */
function otherCombinations(
  { subjects, clusterArns }: OwnCallers,
  namespaces: readonly string[],
  names: readonly string[],
): ReturnType<typeof otherTags> {
  return clusterArns.flatMap((clusterArn) =>
    namespaces.flatMap((namespace) => {
      const there = subjects.filter((one) => one.clusterArn === clusterArn && globCovers(one.namespace, namespace));
      const own = unique(there.map(({ serviceAccount }) => serviceAccount));
      if (own.length === names.length) return [];
      const narrower = namespaces.filter((one) => one !== namespace && globCovers(namespace, one));
      const tags = {
        ...tagsOn({ like: clusterArn, except: [] }),
        'kubernetes-namespace': { ...NAME, like: namespace, except: narrower },
        'kubernetes-service-account': { ...NAME, except: own },
      };
      return [{ other: 'combinations' as const, tags }];
    }),
  );
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}

/** Pods of a cluster of others that statements name: who else on that cluster gets the role is a stranger. */
interface NamedPods {
  readonly clusterArn: string;
  readonly namespaces: readonly string[];
  readonly serviceAccounts: readonly string[];
}

/** The clusters that statements name exactly and that are not the workload's, as another provider's exact subject is: each with the pods named there. */
function namedPods(written: readonly Statement[], own: OwnCallers): readonly NamedPods[] {
  const found = written
    .filter((statement) => principalsIn([statement], 'Service').includes(POD_IDENTITY))
    .flatMap((statement) => {
      const named = (...keys: readonly string[]) => namedTexts([statement], (key) => keys.includes(key));
      const pods = {
        namespaces: named('aws:requesttag/kubernetes-namespace'),
        serviceAccounts: named('aws:requesttag/kubernetes-service-account'),
      };
      return named('aws:requesttag/eks-cluster-arn', 'aws:sourcearn').map((clusterArn) => ({ clusterArn, ...pods }));
    })
    .filter(({ clusterArn }) => CLUSTER_ARN.test(clusterArn) && !own.clusterArns.includes(clusterArn));
  return [...new Set(found.map(({ clusterArn }) => clusterArn))].map((clusterArn) => {
    const there = found.filter((one) => one.clusterArn === clusterArn);
    return {
      clusterArn,
      namespaces: there.flatMap(({ namespaces }) => namespaces),
      serviceAccounts: there.flatMap(({ serviceAccounts }) => serviceAccounts),
    };
  });
}

const CLUSTER_ARN = /^arn:[^:*?]+:eks:[^:*?]+:\d{12}:cluster\/[^:*?/]+$/;

/** Pods that get the role where an association gives it to them. */
function pods(own: OwnCallers, named: readonly NamedPods[]): readonly CallerClass[] {
  const { accountId } = own;
  const namedArns = named.map(({ clusterArn }) => clusterArn);
  const elsewhere: ValueSet = {
    like: 'arn:*:eks:*:*:cluster/*',
    except: [`arn:*:eks:*:${accountId}:cluster/*`],
    exceptTexts: namedArns,
  };
  const foreign: ValueSet = { like: '*', except: [accountId] };
  const accounts: Stranger = { kind: 'pods', other: 'accounts' };
  if (!own.tagged) return [{ stranger: accounts, attempt: podAttempt(foreign, { ...elsewhere, exceptTexts: [] }) }];
  return [
    ...otherTags(own).map(({ other, tags }): CallerClass => {
      const cluster = { ...(tags['eks-cluster-arn'] ?? clustersOf(own)), exceptTexts: namedArns };
      return {
        stranger: { kind: 'pods', other },
        attempt: podAttempt(accountId, cluster, { ...tags, 'eks-cluster-arn': cluster }),
      };
    }),
    ...named.flatMap((one) => besideNamed(one, own)),
    { stranger: { kind: 'untagged pods' }, attempt: podAttempt(accountId, clustersOf(own)) },
    { stranger: accounts, attempt: podAttempt(foreign, elsewhere, tagsOn(elsewhere)) },
    { stranger: accounts, attempt: podAttempt(foreign, { ...elsewhere, exceptTexts: [] }) },
  ];
}

/** The other pods of a cluster of which statements name some. */
function besideNamed({ clusterArn, namespaces, serviceAccounts }: NamedPods, own: OwnCallers): readonly CallerClass[] {
  const cluster: ValueSet = { like: clusterArn, except: [] };
  const [, , , , account = ''] = clusterArn.split(':');
  const stranger: Stranger = { kind: 'pods', other: account === own.accountId ? 'clusters' : 'accounts' };
  return [
    { 'kubernetes-namespace': { ...NAME, except: namespaces } },
    { 'kubernetes-service-account': { ...NAME, except: serviceAccounts } },
  ].map((other) => ({ stranger, attempt: podAttempt(account, cluster, { ...tagsOn(cluster), ...other }) }));
}

/** @param tags without: the association sends no session tags */
function podAttempt(account: string | ValueSet, cluster: ValueSet, tags?: Tags): CallerClass['attempt'] {
  const isOne = typeof account === 'string';
  return {
    caller: { kind: 'service', service: POD_IDENTITY },
    operation: 'sts:AssumeRole',
    context: {
      ...(isOne ? { 'aws:SourceAccount': account } : {}),
      ...(tags === undefined ? {} : { 'aws:TagKeys': SESSION_TAG_KEYS, 'sts:TransitiveTagKeys': SESSION_TAG_KEYS }),
    },
    sets: {
      'aws:SourceArn': cluster,
      ...(isOne ? {} : { 'aws:SourceAccount': account }),
      ...Object.fromEntries(Object.entries(tags ?? {}).map(([key, set]) => [`aws:RequestTag/${key}`, set])),
    },
    completeKeys: ['aws:requesttag/', 'aws:tagkeys', 'sts:transitivetagkeys', 'sts:externalid', 'sts:sourceidentity'],
    // EKS says that it uses the second action to send session tags. Nothing says that it needs it where the association disables them.
    requiresTagSession: tags !== undefined,
  };
}

/** A service on behalf of every account but those that statements name, and without a word about whom it acts for. */
function serviceClasses(
  stranger: Stranger,
  service: string,
  statements: readonly Statement[],
  all: readonly Statement[],
): readonly CallerClass[] {
  const accounts = namedTexts(statements, (key) => key === 'aws:sourceaccount');
  // An ARN pattern with an exact account stands for resources of that account. An ARN without one, as that of a bucket, can belong to any account later:
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
  const arns = namedValues(statements, (key) => key === 'aws:sourcearn').filter((arn) =>
    /^[^:]*:[^:]*:[^:]*:[^:]*:\d{12}:/.test(arn),
  );
  const attempt = { caller: { kind: 'service', service }, operation: 'sts:AssumeRole', completeKeys: [] } as const;
  const named = servicesInConditions(all);
  const name: Readonly<Record<string, ValueSet>> =
    stranger.kind === 'any service'
      ? Object.fromEntries(SERVICE_KEYS.map((key) => [key, { like: '*', except: [], exceptTexts: named }]))
      : {};
  const known: CallerClass['attempt']['sets'] & object = {
    'aws:SourceAccount': { like: '*', except: [], exceptTexts: accounts },
    'aws:SourceArn': { like: 'arn:*', except: arns },
  };
  // Each service says something else about whom it acts for: the account, the resource, both, or nothing.
  return [['aws:SourceAccount', 'aws:SourceArn'], ['aws:SourceAccount'], ['aws:SourceArn'], []].map((said) => ({
    stranger,
    attempt: {
      ...attempt,
      sets: { ...name, ...Object.fromEntries(Object.entries(known).filter(([key]) => said.includes(key))) },
      context: Object.fromEntries(Object.keys(known).flatMap((key) => (said.includes(key) ? [] : [[key, []]]))),
    },
  }));
}
