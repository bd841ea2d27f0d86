import type { RoleFacts } from '../estate/aws/AwsPort';
import type { StageRow } from '../blueprint/stageTable';
import type { PolicyDocument } from '../iam/PolicyDocument';
import { policyDifference } from '../iam/sameMeaning';
import type { Cluster, Environment, Workload } from '../inventory/Inventory';
import { canAssume, type Mode } from './access';
import type { DocumentMismatch } from './Mismatch';

/** A trust policy against the one that must stand, compared by what they say. */
export function compareTrust(wanted: PolicyDocument, found: PolicyDocument): DocumentMismatch {
  return policyDifference(found, wanted);
}

/** A mode by which pods on a cluster can assume the role and must not, or must and cannot. */
export interface ModeMismatch {
  readonly cluster: Cluster;
  readonly mode: Mode;
  /** Whether the trust policy that stands allows it. */
  readonly allowed: boolean;
}

/**
 * The modes in which a role's trust policy, evaluated for the workload's pods on each cluster, is not as the row of a stage says. Without an issuer
 * of the cluster nothing is said of IRSA.
 */
export function compareModes(
  environment: Environment,
  workload: Workload,
  clusters: readonly Cluster[],
  role: Pick<RoleFacts, 'arn' | 'trust'>,
  row: StageRow,
): readonly ModeMismatch[] {
  return clusters.flatMap((cluster) => {
    const web = canAssume(role, environment, workload, cluster, 'irsa');
    const pod = canAssume(role, environment, workload, cluster, 'pod-identity');
    return [
      ...(cluster.oidc === undefined || web === row.trustsOidc
        ? []
        : [{ cluster, mode: 'irsa' as const, allowed: web }]),
      ...(pod === row.trustsPodIdentity ? [] : [{ cluster, mode: 'pod-identity' as const, allowed: pod }]),
    ];
  });
}
