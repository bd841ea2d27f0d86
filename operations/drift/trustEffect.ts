import type { Role } from '../../blueprint/Blueprint';
import { externalId } from '../../blueprint/externalId';
import { decideAssumeRole } from '../../iam/decideAssumeRole';
import type { PolicyDocument, Statement } from '../../iam/PolicyDocument';
import type { PolicyDifference } from '../../iam/sameMeaning';
import type { Cluster, Workload } from '../../inventory/Inventory';
import { byHop, sessionTagsOf } from '../../proof/attempts';
import { letsWebIdentityIn, refusedToPodIdentity } from '../evidence/letsIn';
import { clustersOf, type Scope } from './Scope';
import { whoWords } from './statementWords';

type Way = (trust: PolicyDocument) => boolean;

/** What another trust policy than the wanted one does to the workload's pods and lets others do; empty where nothing is known of it. */
export function sourceTrustEffect(
  scope: Scope,
  workload: Workload,
  { arn, trust }: Role,
  found: PolicyDocument,
  difference: PolicyDifference,
): string {
  const ways = clustersOf(scope, workload).flatMap((cluster): readonly (readonly [string, Way])[] => [
    [
      `on ${cluster.key} by web identity (IRSA)`,
      (document) => letsWebIdentityIn({ arn, trust: document }, scope.environment, workload, cluster),
    ],
    [
      `on ${cluster.key} by Pod Identity`,
      (document) => refusedToPodIdentity({ arn, trust: document }, scope.environment, workload, cluster).length === 0,
    ],
  ]);
  return sentence(workload.key, ways, trust, found, difference);
}

/** The same of a target role: whether the source role's sessions still reach it. */
export function targetTrustEffect(
  scope: Scope,
  workload: Workload,
  role: Role,
  source: Role,
  found: PolicyDocument,
  difference: PolicyDifference,
): string {
  const ways = clustersOf(scope, workload).flatMap((cluster) => hops(scope, workload, role, source, cluster));
  return sentence(`role ${source.name}`, ways, role.trust, found, difference);
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
  const pod = {
    clusterArn: cluster.arn,
    clusterName: cluster.name,
    namespace: workload.namespace,
    serviceAccount: workload.serviceAccount.name,
  };
  const way =
    (carries: Readonly<Record<string, string>> | undefined, external?: string): Way =>
    (trust) =>
      decideAssumeRole(
        byHop(
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
      : [`from ${cluster.key} with its external id`, way(undefined, externalId(environment, cluster, workload))],
  ];
}

function sentence(
  who: string,
  ways: readonly (readonly [string, Way])[],
  wanted: PolicyDocument,
  found: PolicyDocument,
  { missing, extra }: PolicyDifference,
): string {
  const moved = ways.flatMap(([name, gets]) => {
    const should = gets(wanted);
    if (should === gets(found)) return [];
    return [`${who} ${should ? 'gets in no longer' : 'gets in'} ${name}`];
  });
  const others = [
    ...extra.map((statement) => `${isAllow(statement) ? 'lets in' : 'keeps out'} ${whoWords(statement)}`),
    ...missing
      .filter((statement) => !isAllow(statement))
      .map((statement) => `keeps out no longer ${whoWords(statement)}`),
  ];
  return [...moved, ...new Set(others)].join('; ');
}

function isAllow({ Effect }: Statement): boolean {
  return Effect === 'Allow';
}
