import type { Stage } from '../inventory/Inventory';

/** What stands in AWS and on the service account while a workload is at a stage. */
export interface StageRow {
  /** The source role trusts the OIDC providers of the workload's clusters (IRSA). */
  readonly trustsOidc: boolean;
  /** The source role trusts `pods.eks.amazonaws.com`. */
  readonly trustsPodIdentity: boolean;
  readonly association: boolean;
  /** The service account carries `eks.amazonaws.com/role-arn`. */
  readonly annotation: boolean;
  /** Target roles take the source role's sessions that carry no session tags (IRSA's). */
  readonly servesUntaggedHop: boolean;
  /** Target roles take the source role's sessions that carry the session tags of EKS. */
  readonly servesTaggedHop: boolean;
  /** What the EKS webhook gives a pod that is created now. */
  readonly newPodUses: 'irsa' | 'pod-identity';
}

/** The stages of a migration in order; everything that depends on a stage reads this table. Source: docs/MIGRATION.md. */
export const STAGE_TABLE: Readonly<Record<Stage, StageRow>> = {
  irsa: {
    trustsOidc: true,
    trustsPodIdentity: false,
    association: false,
    annotation: true,
    servesUntaggedHop: true,
    servesTaggedHop: false,
    newPodUses: 'irsa',
  },
  prepared: {
    trustsOidc: true,
    trustsPodIdentity: true,
    association: false,
    annotation: true,
    servesUntaggedHop: true,
    servesTaggedHop: true,
    newPodUses: 'irsa',
  },
  dual: {
    trustsOidc: true,
    trustsPodIdentity: true,
    association: true,
    annotation: true,
    servesUntaggedHop: true,
    servesTaggedHop: true,
    newPodUses: 'pod-identity',
  },
  cutover: {
    trustsOidc: true,
    trustsPodIdentity: true,
    association: true,
    annotation: false,
    servesUntaggedHop: true,
    servesTaggedHop: true,
    newPodUses: 'pod-identity',
  },
  'pod-identity': {
    trustsOidc: false,
    trustsPodIdentity: true,
    association: true,
    annotation: false,
    servesUntaggedHop: false,
    servesTaggedHop: true,
    newPodUses: 'pod-identity',
  },
};

/** The stage at which a workload has the most: both modes in its trust policies, annotation and association. */
export const WIDEST_STAGE: Stage = 'dual';
