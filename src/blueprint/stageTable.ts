import type { Stage } from '../inventory/Inventory';

/** What exists in AWS and on the service account at a stage. */
export interface StageRow {
  /** The source role trusts the OIDC providers of the workload's clusters (IRSA). */
  readonly trustsOidc: boolean;
  /** The source role trusts `pods.eks.amazonaws.com`. */
  readonly trustsPodIdentity: boolean;
  readonly association: boolean;
  /** The service account has `eks.amazonaws.com/role-arn`. */
  readonly annotation: boolean;
  /** Target roles accept sessions of the source role without session tags (IRSA). */
  readonly servesUntaggedHop: boolean;
  /** Target roles accept sessions of the source role with the session tags of EKS. */
  readonly servesTaggedHop: boolean;
  /** What the EKS webhook gives a new pod. */
  readonly newPodUses: 'irsa' | 'pod-identity';
}

/** The stages of a migration in order. Everything that depends on a stage reads this table. Source: docs/MIGRATION.md. */
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

/** The stage with the most: both modes in trust policies, annotation and association. */
export const WIDEST_STAGE: Stage = 'dual';
