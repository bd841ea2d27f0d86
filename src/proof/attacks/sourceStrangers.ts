import { placesIn } from '../../blueprint/places';
import { oidcProviderArn } from '../../blueprint/arns';
import type { RequestedRole } from '../../iam/credentialRequests';
import type { Decision } from '../../iam/Decision';
import { type ConditionValue, listOf, type Statement } from '../../iam/PolicyDocument';
import type { OwnCallers, Stranger } from '../../iam/strangers/CallerClass';
import { issuerOf } from '../../iam/strangers/callerClasses';
import { oneLine } from '../../iam/oneLine';
import { type AdmittedStranger, ALLOWS_NOTHING, strangersOf } from '../../iam/strangers/strangersOf';
import type { Cluster, Workload } from '../../inventory/Inventory';
import type { StagedWorkload } from '../stagedWorkload';
import type { PodsOnCluster } from '../credentialPath';
import type { Explanation } from '../evaluator';
import { isWrittenAs } from '../failures';
import type { Attack, Attacks } from './Attacks';

/** The callers that the workload's source role is for. */
export function ownCallersOf({ environment, workload, clusters }: StagedWorkload): OwnCallers {
  const { partition, account } = environment;
  return {
    partition,
    accountId: account.id,
    providers: clusters.flatMap(({ oidc }) => (oidc ? oidcProviderArn(partition, account.id, oidc.issuer) : [])),
    clusterArns: clusters.map(({ arn }) => arn),
    subjects: clusters.flatMap((cluster) =>
      namesOn(workload, cluster).map(([namespace, serviceAccount]) => ({
        clusterArn: cluster.arn,
        ...(cluster.oidc && { provider: oidcProviderArn(partition, account.id, cluster.oidc.issuer) }),
        namespace,
        serviceAccount,
      })),
    ),
    tagged: workload.sessionTags,
  };
}

/** Namespaces and names of the service accounts of a workload on a cluster, patterns included. */
export function namesOn(workload: Workload, cluster: Cluster): readonly (readonly [string, string])[] {
  const { patterns = [] } = workload;
  return [
    ...placesIn(workload, [cluster]).map(({ subject: { namespace, name } }) => [namespace, name] as const),
    ...patterns
      .filter(({ clusters }) => clusters.includes(cluster.key))
      .flatMap(({ namespaces, serviceAccounts }) =>
        namespaces.flatMap((namespace) => serviceAccounts.map((name) => [namespace, name] as const)),
      ),
  ];
}

/** Strangers that get a role through one statement: its decision names the statement. */
export interface StrangersThrough extends Attack {
  readonly stranger: Stranger;
}

/** Who else gets the source role with a trust policy: see {@link strangersThrough}. */
export function sourceStrangers({ staged, evaluator }: PodsOnCluster, role: RequestedRole): Attacks {
  const found = strangersThrough(role, ownCallersOf(staged), (statement) => isWritten(staged, statement));
  evaluator.count(found.evaluated);
  return found;
}

/**
 * Who else gets a source role with its trust policy, once for each statement that admits them. Whom a statement of the inventory (`isAuthored`) names
 * exactly is meant; podlift's own statements are for the workload's pods alone.
 */
export function strangersThrough(
  { arn, name, trust }: RequestedRole,
  own: OwnCallers,
  isAuthored: (statement: Statement) => boolean,
): { readonly evaluated: number; readonly admitted: readonly StrangersThrough[] } {
  const policy = `trust policy of ${name}`;
  const statements = listOf(trust.Statement);
  const authored = statements.filter(isAuthored);
  const ofPodlift = { ...trust, Statement: statements.map((one) => (authored.includes(one) ? silent(one) : one)) };
  const results = [
    strangersOf(arn, { name: policy, document: ofPodlift }, own, []),
    ...(authored.length === 0 ? [] : [strangersOf(arn, { name: policy, document: trust }, own, authored)]),
  ];
  return {
    evaluated: results.reduce((sum, result) => sum + result.evaluated, 0),
    admitted: results
      .flatMap(({ admitted }) => admitted)
      .flatMap((found) =>
        found.through.map((decision) => ({
          stranger: found.stranger,
          who: strangerText(found, decision, own),
          result: resultFor(found, decision),
        })),
      ),
  };
}

/** In place of a statement that allows. What denies, denies everybody. */
function silent(statement: Statement): Statement {
  return statement.Effect === 'Deny' ? statement : ALLOWS_NOTHING;
}

/** Whether the inventory contains a statement of the trust policy. */
function isWritten({ workload: { role } }: StagedWorkload, statement: Statement): boolean {
  const lists = [role.keepTrust, role.adoptedTrust?.oidc, role.adoptedTrust?.podIdentity];
  return lists.some((kept) => kept?.some((one) => isWrittenAs(one, statement)));
}

/** Some of the strangers meet the conditions by which they differ from whom the statement should admit: only the others are open. */
function resultFor({ attempt }: AdmittedStranger, { dependsOn = [], ...decision }: Decision): Explanation {
  const sets = new Set(Object.keys(attempt.sets ?? {}).map((key) => key.toLowerCase()));
  const open = dependsOn.filter(({ key }) => !sets.has(key.toLowerCase()));
  return open.length === 0
    ? { decision: { ...decision, allowed: true, reason: 'allowed' } }
    : { decision: { ...decision, dependsOn: open } };
}

/** The most values of a condition that a text names. */
const MOST_VALUES = 5;

/** Names strangers, with the values of the condition that admits them beside the workload. */
function strangerText({ stranger }: AdmittedStranger, { decidedBy }: Decision, own: OwnCallers): string {
  const subjects = own.subjects.flatMap(({ namespace, serviceAccount }) => [
    `system:serviceaccount:${namespace}:${serviceAccount}`,
    namespace,
    serviceAccount,
  ]);
  const known = [...subjects, own.accountId, ...own.clusterArns];
  const key = KEYS[stranger.kind] ?? subjectKey(stranger);
  // What a negated operator names are those that it leaves out.
  const values = Object.entries(decidedBy?.statement.Condition ?? {})
    .filter(([operator]) => !/not/i.test(operator))
    .flatMap(([, keys]) => Object.entries(keys))
    .filter(([one]) => one.toLowerCase() === key.toLowerCase())
    .flatMap(([, wanted]) => listOf<ConditionValue>(wanted).map(String))
    .filter((value) => !known.includes(value));
  const named = values.slice(0, MOST_VALUES).map((value) => JSON.stringify(value));
  const more = values.length > MOST_VALUES ? ` and ${values.length - MOST_VALUES} more` : '';
  const label = stranger.kind === 'tokens' ? 'sub' : key;
  return `${kindText(stranger)}${values.length === 0 ? '' : `, by ${label} ${named.join(', ')}${more}`}`;
}

/** The condition key in which strangers of a kind differ from those that a statement may admit. */
const KEYS: Partial<Record<Stranger['kind'], string>> = {
  account: 'aws:PrincipalArn',
  'any account': 'aws:PrincipalArn',
  organisation: 'aws:PrincipalOrgPaths',
};

function subjectKey(stranger: Stranger): string {
  if (stranger.kind === 'tokens') return `${issuerOf(stranger.provider)}:sub`;
  if (stranger.kind !== 'pods') return '';
  return {
    'service accounts': 'aws:RequestTag/kubernetes-service-account',
    namespaces: 'aws:RequestTag/kubernetes-namespace',
    clusters: 'aws:RequestTag/eks-cluster-arn',
    combinations: 'aws:RequestTag/kubernetes-service-account',
    accounts: 'aws:SourceAccount',
  }[stranger.other];
}

/** Names strangers, on one line. */
export function kindText(stranger: Stranger): string {
  return oneLine(wordsFor(stranger));
}

function wordsFor(stranger: Stranger): string {
  switch (stranger.kind) {
    case 'tokens':
      return `tokens of ${issuerOf(stranger.provider)} with other subjects`;
    case 'any provider':
      return 'tokens of any identity provider';
    case 'pods':
      return stranger.other === 'combinations'
        ? 'pods of other combinations of cluster, namespace and service account through Pod Identity'
        : `pods of other ${stranger.other} through Pod Identity`;
    case 'untagged pods':
      return 'pods whose association sends no session tags';
    case 'service':
      return `${stranger.service} for any account`;
    case 'any service':
      return 'any AWS service';
    case 'account':
      return `principals of account ${stranger.accountId} whose own permissions allow it`;
    case 'principal':
      return stranger.arn;
    case 'organisation':
      return `principals of organisation ${stranger.id} whose own permissions allow it`;
    case 'any account':
      return 'principals of any account whose own permissions allow it';
  }
}
