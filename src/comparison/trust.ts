import type { Role } from '../blueprint/Blueprint';
import { placesIn, type SubjectPlace } from '../blueprint/places';
import { type Access, eachOnce, isSameAccess } from '../iam/credentialAccess';
import type { DecidingCondition } from '../iam/Decision';
import type { PolicyDocument } from '../iam/PolicyDocument';
import { policyDifference, sameMeaning } from '../iam/sameMeaning';
import {
  type Cluster,
  type Environment,
  type Stage,
  STAGES,
  type Subject,
  type Workload,
} from '../inventory/Inventory';
import { EVERYTHING, type Mode, podAccess, sessionAccess } from './access';
import type { DocumentMismatch } from './Mismatch';

/** A trust policy against the one that must stand, compared by what they say. */
export function compareTrust(wanted: PolicyDocument, found: PolicyDocument): DocumentMismatch {
  return policyDifference(found, wanted);
}

/** The stages whose trust policy means the same as the one that stands. `trustAt`: the trust policy that the role has at a stage. */
export function stagesOfTrust(
  found: PolicyDocument,
  trustAt: (stage: Stage) => PolicyDocument | undefined,
): readonly Stage[] {
  return STAGES.filter((stage) => {
    const trust = trustAt(stage);
    return trust !== undefined && sameMeaning(found, trust);
  });
}

/** How a role is assumed: by pods in a mode; or (target roles) by sessions of the source role, with session tags, an external id, or neither. */
export type AssumedBy = Mode | 'session' | 'tagged-session' | 'external-id';

/** Pods of a cluster can assume a role and must not, or must and cannot; or it depends on conditions whether the two trust policies differ for them. */
export type AssumptionMismatch = { readonly cluster: Cluster; readonly subject: Subject; readonly by: AssumedBy } & (
  | {
      /** The wanted trust policy allows it; the one that stands does the opposite. */
      readonly wanted: boolean;
      /** Whether the trust policy of the last apply allowed it, where all that it can have been agree. */
      readonly before?: boolean;
    }
  | {
      /** The conditions that decide, of both trust policies. */
      readonly dependsOn: readonly DecidingCondition[];
    }
);

/** Trust policies of one role: the one that must stand, the one that stands, and those of which the last apply left one. */
export interface TrustPolicies {
  readonly wanted: PolicyDocument;
  readonly found: PolicyDocument;
  readonly before?: readonly PolicyDocument[];
}

/**
 * What a trust policy other than the wanted one means on each cluster: for the pods of each service account of the workload, or (of a target role) for the sessions of its
 * source role. Where both depend on the same conditions, they mean the same.
 *
 * @param source the source role of a target role, whose permissions leave the decision to the trust policy
 * @param now decides conditions on the time
 */
export function compareAssumptions(
  environment: Environment,
  workload: Workload,
  clusters: readonly Cluster[],
  { name, arn }: Pick<Role, 'name' | 'arn'>,
  { wanted, found, before = [] }: TrustPolicies,
  { source, now }: { readonly source?: Pick<Role, 'arn' | 'tags'> | undefined; readonly now?: Date | undefined } = {},
): readonly AssumptionMismatch[] {
  const accessBy = (trust: PolicyDocument, at: SubjectPlace, by: AssumedBy, sendsNothing = false): Access<unknown> => {
    const mode = by === 'irsa' || by === 'session' ? 'irsa' : 'pod-identity';
    const { cluster, subject } = at;
    const pods = { ...subject, sessionTags: workload.sessionTags };
    if (source === undefined) return podAccess({ arn, trust }, environment, pods, cluster, mode, now);
    const roleTags = { ...environment.tags, ...source.tags };
    const session = { from: source.arn, identity: [EVERYTHING], roleTags, mode, chained: true, sendsNothing } as const;
    return sessionAccess({ name, arn, trust }, environment, pods, cluster, session, now);
  };
  const ofSession = ['session', workload.sessionTags ? 'tagged-session' : 'external-id'] as const;
  const all: readonly AssumedBy[] = source === undefined ? ['irsa', 'pod-identity'] : ofSession;
  return placesIn(workload, clusters).flatMap((place) =>
    all.flatMap((by): readonly AssumptionMismatch[] => {
      const is = accessBy(found, place, by);
      if (isSameAccess(accessBy(wanted, place, by), is)) return [];
      // podlift's own trust policy asks an app for nothing: what the app could send does not matter for it.
      const should = accessBy(wanted, place, by, true);
      if (isSameAccess(should, is)) return [];
      if (should.result === 'depends' || is.result === 'depends') {
        const dependsOn = [should, is].flatMap((one) => (one.result === 'depends' ? one.dependsOn : []));
        return [{ ...place, by, dependsOn: eachOnce(dependsOn) }];
      }
      const last = before.map((trust) => accessBy(trust, place, by).result);
      const [one] = last.every((result) => result === last[0]) ? last : [];
      const known = one === undefined || one === 'depends' ? {} : { before: one === 'allowed' };
      return [{ ...place, by, wanted: should.result === 'allowed', ...known }];
    }),
  );
}
