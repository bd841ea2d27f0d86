import { catalogueResources, groupOf, hasGroupOf } from '../../catalogue/catalogue';
import { oidcProviderArn } from '../../blueprint/arns';
import { EVERYTHING, selfAccess } from '../../comparison/access';
import { roleAnnotation } from '../../comparison/annotation';
import { compareContext, type ContextMismatch } from '../../comparison/cluster';
import type { CustomObjects } from '../../comparison/controllerUse';
import { type Ask, ask, askAll, isNoAnswer, need, type NoAnswer } from '../../estate/ask';
import type {
  AddonFacts,
  AssociationFacts,
  ClusterFacts,
  OidcProviderFacts,
  RoleFacts,
  RolePolicyFacts,
} from '../../estate/aws/AwsPort';
import type { NodeFacts, PodFacts, ServiceAccountFacts, TemplateFacts } from '../../estate/kubernetes/KubernetesPort';
import { type Places, placesOf, questionText } from '../../estate/places';
import type { RemedyStep } from '../../estate/Remedy';
import { parseRoleArn } from '../../iam/Arn';
import type { Cluster, Environment, Inventory } from '../../inventory/Inventory';
import type { Access } from '../../iam/credentialAccess';
import type { NamedPolicy } from '../../iam/Decision';
import { unsupportedValue } from '../../inventory/edit/unwritable';
import { needPermissions, policiesQuestion, roleQuestion } from '../checks/rolePermissions';
import { contextText } from '../contextText';
import { accountText, noAnswerText, say } from '../remedies';
import type { Blocked } from './Proposal';

/** What is proposed for. */
export interface DiscoverRequest {
  readonly environment: Environment;
  /** One of the environment's clusters, or `newCluster`. */
  readonly cluster: Cluster;
  /** Keys of workloads that are written, also of those that are in no environment. Default: those of the inventory. */
  readonly takenKeys?: readonly string[];
  /** What becomes of service accounts by pattern. Default: they stay at `irsa`. */
  readonly patterns?: 'stay' | 'expand';
  /** What becomes of service accounts that share a role. Default: one entry. */
  readonly shared?: 'together' | 'split';
}

/** A role as AWS has it. */
export interface FoundRole {
  readonly facts: RoleFacts;
  readonly policies: RolePolicyFacts;
  /** Whether sessions of the role can assume it again, by trust policy, permissions and boundary. */
  readonly ofItself: Access<unknown>;
  /** Why the inventory cannot have its trust policy, or podlift cannot evaluate its policies. */
  readonly problem?: string;
}

/** The objects of known controllers on a cluster, as far as they can be read. */
export interface ControllerObjects {
  readonly objects: CustomObjects;
  readonly templates: readonly TemplateFacts[];
  /** What could not be read: `get secretstores.external-secrets.io -A: denied`. */
  readonly unread: readonly string[];
}

/** What is on another cluster of the environment, or why it could not be read. */
export type OtherCluster = { readonly cluster: Cluster } & (
  { readonly answers: Omit<ClusterAnswers, 'others' | 'roles'> } | { readonly unread: string }
);

/** What AWS and a cluster answered: all that discover decides by. */
export interface ClusterAnswers {
  readonly facts: ClusterFacts & { readonly issuer: string };
  /** The OIDC provider of the cluster in IAM. */
  readonly provider: OidcProviderFacts | undefined;
  readonly addons: readonly AddonFacts[];
  readonly associations: readonly AssociationFacts[];
  readonly serviceAccounts: readonly ServiceAccountFacts[];
  readonly pods: readonly PodFacts[];
  readonly nodes: readonly NodeFacts[];
  readonly controllers: ControllerObjects;
  /** The other clusters of the environment, which can use the same roles. */
  readonly others: readonly OtherCluster[];
  /** By the ARN that an annotation or association names; `undefined`: there is no such role, or it is in no account of the inventory. */
  readonly roles: ReadonlyMap<string, FoundRole | NoAnswer | undefined>;
}

/** Asks for a cluster and all that is on it; ends early where nothing can be proposed for the cluster. */
export function askCluster(inventory: Inventory, request: DiscoverRequest): Ask<ClusterAnswers | Blocked | NoAnswer> {
  const { environment, cluster } = request;
  const { account, partition } = environment;
  const { arn } = cluster;
  const places = placesOf(inventory, request);
  return need([{ ask: 'cluster', cluster: arn }], (found): Blocked | Ask<ClusterAnswers | Blocked | NoAnswer> => {
    if (found === undefined) return noCluster(environment, cluster);
    const { issuer } = found;
    if (issuer === undefined) return contextBlocked(environment, cluster, { what: 'missing' });
    const facts = { ...found, issuer };
    return need(
      [
        { ask: 'issuer', cluster: arn },
        { ask: 'oidcProvider', account: account.id, arn: oidcProviderArn(partition, account.id, issuer) },
        { ask: 'addons', cluster: arn },
        { ask: 'associations', cluster: arn },
        { ask: 'serviceAccounts', cluster: arn },
        { ask: 'allPods', cluster: arn },
        { ask: 'nodes', cluster: arn },
      ],
      (contextIssuer, provider, addons, associations, serviceAccounts, pods, nodes) => {
        const [mismatch] = compareContext(cluster, contextIssuer, facts);
        if (mismatch !== undefined) return contextBlocked(environment, cluster, mismatch);
        const named = new Set([
          ...serviceAccounts.flatMap((one) => roleAnnotation(one) ?? []),
          ...associations.map(({ roleArn }) => roleArn),
        ]);
        return askAll<FoundRole | NoAnswer | undefined, ClusterAnswers>(
          [...named].map((one) => askRole(one, places)),
          (roles) =>
            askControllers(arn, pods, (controllers) =>
              askOthers(
                environment,
                environment.clusters.filter((one) => one.arn !== arn),
                places,
                (others) => ({
                  ...{ facts, provider, addons, associations, serviceAccounts, pods, nodes, controllers, others },
                  roles: new Map([...named].map((one, index) => [one, roles[index]])),
                }),
              ),
            ),
        );
      },
    );
  });
}

/** Asks for the objects of known controllers. What cannot be read blocks nothing: the gate asks again before a step. */
function askControllers(
  cluster: string,
  pods: readonly PodFacts[],
  next: (controllers: ControllerObjects) => ClusterAnswers | Ask<ClusterAnswers>,
): Ask<ClusterAnswers> {
  return ask(
    [
      { ask: 'apiGroups', cluster },
      { ask: 'allTemplates', cluster },
    ],
    (groups, templates) => {
      const missing = (what: string, why: string) => `${what}: ${why}`;
      const unread = [
        ...(groups.ok ? [] : [missing('get --raw /apis', groups.why)]),
        ...(templates.ok ? [] : [missing('get deployments,statefulsets,daemonsets,jobs,cronjobs -A', templates.why)]),
      ];
      // Every cluster has the core group: its objects are read where pods mount them.
      const claims = [...pods, ...(templates.ok ? templates.value : [])].some(
        ({ volumeClaims = [] }) => volumeClaims.length > 0,
      );
      const resources = catalogueResources().filter(
        (resource) => groups.ok && hasGroupOf(groups.value, resource) && (groupOf(resource) !== '' || claims),
      );
      const found = (objects: CustomObjects, more: readonly string[]) =>
        next({ objects, templates: templates.ok ? templates.value : [], unread: [...unread, ...more] });
      if (resources.length === 0) return found(new Map(), []);
      return ask(
        resources.map((resource) => ({ ask: 'customObjects', cluster, resource }) as const),
        (...lists) =>
          found(
            new Map(lists.flatMap((list, at) => (list.ok ? [[resources[at] ?? '', list.value] as const] : []))),
            lists.flatMap((list, at) => (list.ok ? [] : [missing(`get ${resources[at] ?? ''} -A`, list.why)])),
          ),
      );
    },
  );
}

/**
 * Asks for what is on the other clusters of the environment. What cannot be read blocks nothing: the report names the cluster, and the trust policy keeps
 * what it has for it.
 */
function askOthers(
  environment: Environment,
  clusters: readonly Cluster[],
  places: Places,
  next: (others: readonly OtherCluster[]) => ClusterAnswers,
): ClusterAnswers | Ask<ClusterAnswers> {
  return askAll<OtherCluster, ClusterAnswers>(
    clusters.map((cluster) => askOther(cluster, environment, places)),
    next,
  );
}

function askOther(cluster: Cluster, environment: Environment, places: Places): OtherCluster | Ask<OtherCluster> {
  const { arn } = cluster;
  const { account, partition } = environment;
  const read = need([{ ask: 'cluster', cluster: arn }], (found): OtherCluster | Ask<OtherCluster | NoAnswer> => {
    const { issuer } = found ?? {};
    if (found === undefined || issuer === undefined) return { cluster, unread: 'there is no such cluster' };
    const facts = { ...found, issuer };
    return need(
      [
        { ask: 'issuer', cluster: arn },
        { ask: 'oidcProvider', account: account.id, arn: oidcProviderArn(partition, account.id, issuer) },
        { ask: 'addons', cluster: arn },
        { ask: 'associations', cluster: arn },
        { ask: 'serviceAccounts', cluster: arn },
        { ask: 'allPods', cluster: arn },
        { ask: 'nodes', cluster: arn },
      ],
      (contextIssuer, provider, addons, associations, serviceAccounts, pods, nodes): OtherCluster => {
        const [mismatch] = compareContext(cluster, contextIssuer, facts);
        if (mismatch !== undefined) return { cluster, unread: 'the kubectl context leads to another cluster' };
        const controllers = { objects: new Map(), templates: [], unread: [] };
        return {
          cluster,
          answers: { facts, provider, addons, associations, serviceAccounts, pods, nodes, controllers },
        };
      },
    );
  });
  return askAll<OtherCluster | NoAnswer, OtherCluster>([read], ([result]) =>
    isNoAnswer(result)
      ? { cluster, unread: `${questionText(result.noAnswer, places).asked}: ${noAnswerText(result, places).found}` }
      : (result ?? { cluster, unread: '' }),
  );
}

/** Asks for a role by its ARN, where the inventory has its account, with what it may do. */
function askRole(arn: string, { accounts }: Places): Ask<FoundRole | NoAnswer | undefined> | undefined {
  const reference = parseRoleArn(arn);
  const { account } = accounts.get(reference?.accountId ?? '') ?? {};
  if (reference === undefined || account === undefined) return undefined;
  const { name } = reference;
  return need(
    [roleQuestion(account, name), policiesQuestion(account, name)],
    (facts, policies): FoundRole | undefined | Ask<FoundRole | NoAnswer | undefined> => {
      if (facts === undefined || policies === undefined) return undefined;
      const problem = unsupportedValue(facts.trust);
      const found = { facts, policies, ofItself: NO_ACCESS };
      if (problem !== undefined) return { ...found, problem };
      // Hardly any trust policy allows its own sessions: only then the managed policies are worth their calls.
      const trusted = { ...found, ...accessToItself(facts, [EVERYTHING]) };
      if (trusted.ofItself.result === 'denied') return trusted;
      return needPermissions(
        account,
        name,
        (live) => live && { ...found, ...accessToItself(facts, live.identity, live.boundary) },
      );
    },
  );
}

const NO_ACCESS: Access<unknown> = { result: 'denied', denied: [] };

/** Policies can have what the evaluation fails on. */
function accessToItself(
  role: RoleFacts,
  identity: readonly NamedPolicy[],
  boundary?: NamedPolicy,
): Pick<FoundRole, 'ofItself' | 'problem'> {
  try {
    return { ofItself: selfAccess(role, { identity, roleTags: role.tags, ...(boundary && { boundary }) }) };
  } catch (error) {
    return { ofItself: NO_ACCESS, problem: messageOf(error) };
  }
}

/** What an error says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function noCluster(environment: Environment, { name, region }: Cluster): Blocked {
  const choose = say('Name a cluster of the environment by its key, or one of these by its name:');
  return {
    rule: 'no-cluster',
    message: `there is no cluster ${name} in ${region}`,
    remedy: [choose, listClusters(environment)],
  };
}

/** Lists the clusters in the account and the region of an environment. */
export function listClusters({ account, region }: Environment): RemedyStep {
  return { run: ['aws', 'eks', 'list-clusters', '--region', region], account: accountText(account) };
}

function contextBlocked(environment: Environment, cluster: Cluster, mismatch: ContextMismatch): Blocked {
  const { found: message, remedy } = contextText(environment.account, cluster, mismatch);
  return { rule: mismatch.what === 'issuer' ? 'cluster-differs' : 'other-cluster', message, remedy };
}

/** Nothing is proposed while a question about the whole cluster has no answer. */
export function unanswered(first: NoAnswer, places: Places): Blocked {
  const all = [first, ...(first.others ?? [])];
  const asked = all.map(({ noAnswer }) => questionText(noAnswer, places).asked);
  return {
    rule: 'unanswered',
    message: `no answer to ${asked.join(', ')}`,
    remedy: all.flatMap((one, index) => {
      const { found, remedy } = noAnswerText(one, places);
      return [say(`${asked[index] ?? ''}: ${found}`), ...remedy];
    }),
  };
}
