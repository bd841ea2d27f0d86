import type { Role } from '../../blueprint/Blueprint';
import { externalIdOf, podOf } from '../../blueprint/pods';
import { decideAssumeRole } from '../../iam/decideAssumeRole';
import type { PolicyDocument, Statement } from '../../iam/PolicyDocument';
import type { PolicyDifference } from '../../iam/sameMeaning';
import type { Cluster, Workload } from '../../inventory/Inventory';
import { hopRequest, sessionTagsOf } from '../../iam/credentialRequests';
import { canAssume } from '../../comparison/access';
import { changed } from './differenceWords';
import { clustersOf, type Scope } from './Scope';
import type { Before } from './trustDrift';
import { whoWords } from './statementWords';

type Way = (trust: PolicyDocument) => boolean;

/**
 * What another trust policy than the wanted one does to the workload's pods and lets others do; empty where nothing is known of it. `before`: what
 * stood there, where an apply is due.
 */
export function sourceTrustEffect(
  scope: Scope,
  workload: Workload,
  { arn, trust }: Role,
  found: PolicyDocument,
  difference: PolicyDifference,
  before: Before = {},
): string {
  const ways = clustersOf(scope, workload).flatMap((cluster): readonly (readonly [string, Way])[] => [
    [
      `on ${cluster.key} by web identity (IRSA)`,
      (document) => canAssume({ arn, trust: document }, scope.environment, workload, cluster, 'irsa'),
    ],
    [
      `on ${cluster.key} by Pod Identity`,
      (document) => canAssume({ arn, trust: document }, scope.environment, workload, cluster, 'pod-identity'),
    ],
  ]);
  return sentence(workload.key, ways, trust, found, difference, before);
}

/** The same of a target role: whether the source role's sessions still reach it. */
export function targetTrustEffect(
  scope: Scope,
  workload: Workload,
  role: Role,
  source: Role,
  found: PolicyDocument,
  difference: PolicyDifference,
  before: Before = {},
): string {
  const ways = clustersOf(scope, workload).flatMap((cluster) => hops(scope, workload, role, source, cluster));
  return sentence(`role ${source.name}`, ways, role.trust, found, difference, before);
}

const MAY_ASSUME: PolicyDocument = {
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: 'sts:*', Resource: '*' },
};

function hops(
  { environment }: Scope,
  workload: Workload,
  { name, arn }: Role,
  source: Role,
  cluster: Cluster,
): readonly (readonly [string, Way])[] {
  const pod = podOf(environment, workload, cluster);
  const way =
    (carries: Readonly<Record<string, string>> | undefined, external?: string): Way =>
    (trust) =>
      decideAssumeRole(
        hopRequest(
          { name, arn, trust },
          {
            from: source.arn,
            identity: [{ name: 'may assume', document: MAY_ASSUME }],
            roleTags: { ...environment.tags, ...source.tags },
            ...(carries === undefined ? {} : { carries }),
            ...(external === undefined ? {} : { externalId: external }),
          },
        ),
      ).allowed;
  return [
    [`from ${cluster.key} without session tags`, way(undefined)],
    workload.sessionTags
      ? [`from ${cluster.key} with session tags`, way(sessionTagsOf(pod))]
      : [`from ${cluster.key} with its external id`, way(undefined, externalIdOf(pod))],
  ];
}

function sentence(
  who: string,
  ways: readonly (readonly [string, Way])[],
  wanted: PolicyDocument,
  found: PolicyDocument,
  difference: PolicyDifference,
  { due, trust: before }: Before,
): string {
  const moved = ways.flatMap(([name, gets]) => {
    const should = gets(wanted);
    return should === gets(found) ? [] : [{ name, should, gets }];
  });
  if (due !== undefined) {
    const waits = moved.map(({ name, should }) => `${who} gets in ${name} ${should ? 'not yet' : 'still'}`);
    return `${waits.length === 0 ? 'not applied yet' : waits.join('; ')}: as at ${due}`;
  }
  // What another stage than the last apply's gives was never there to be lost.
  const stood = (gets: Way) => (before === undefined ? undefined : gets(before));
  const lost = moved.some(({ should }) => should);
  const { pairs, missing, extra } = changed(difference);
  const others = [
    ...pairs.flatMap(({ one, other }) => {
      const [should, is] = [whoWords(one), whoWords(other)];
      const allows = isAllow(one);
      if (should === is) return [`${allows ? 'lets in' : 'keeps out'} ${is} on other terms`];
      return [`${allows ? 'lets in' : 'keeps out'} ${insteadOf(is, should)}`];
    }),
    ...extra.map((statement) => `${isAllow(statement) ? 'lets in' : 'keeps out'} ${whoWords(statement)}`),
    ...missing.flatMap((statement) => {
      if (!isAllow(statement)) return [`keeps out no longer ${whoWords(statement)}`];
      // Of the workload itself it is said already.
      return lost ? [] : [`shuts out ${whoWords(statement)}`];
    }),
  ];
  return [
    ...moved.map(({ name, should, gets }) => {
      if (should) return `${who} gets in ${stood(gets) === false ? 'not yet' : 'no longer'} ${name}`;
      return `${who} gets in ${stood(gets) === true ? 'still ' : ''}${name}`;
    }),
    ...new Set(others),
  ].join('; ');
}

/** `one instead of other by service …`: by whom is said once where it is the same. */
function insteadOf(one: string, other: string): string {
  const by = one.slice(one.lastIndexOf(' by '));
  return one !== by && other.endsWith(by)
    ? `${one.slice(0, -by.length)} instead of ${other}`
    : `${one} instead of ${other}`;
}

function isAllow({ Effect }: Statement): boolean {
  return Effect === 'Allow';
}
