import { placesIn, type SubjectPlace } from '../../blueprint/places';
import type { Blueprint } from '../../blueprint/Blueprint';
import type { Ask, NoAnswer } from '../../estate/ask';
import type { Question, QuestionOf } from '../../estate/questions';
import type { Remedy } from '../../estate/Remedy';
import type { DecidingCondition } from '../../iam/Decision';
import type { Statement } from '../../iam/PolicyDocument';
import { type Cluster, type Environment, type Stage, type Subject, type Workload } from '../../inventory/Inventory';
import { applyStacks, type Reason, say } from '../remedies';

/** What can differ, with its name before `where`. Reports follow this order: who can assume which role comes first. */
export const DRIFT_KINDS = {
  role: 'role',
  found: 'stage of the adopted role',
  trust: 'trust policy of',
  'inline-policy': 'inline policy',
  'managed-policy': 'managed policy',
  boundary: 'permissions boundary of',
  association: 'association of',
  annotation: 'annotation of',
  agent: 'agent on',
  addon: 'add-on',
  'oidc-provider': 'OIDC provider',
  'session-duration': 'session duration of',
  description: 'description of',
  tags: 'tags of',
} as const satisfies Record<string, string>;

/** What is compared. */
interface Compared {
  readonly kind: keyof typeof DRIFT_KINDS;
  /** The workload's key; absent where it is about a whole cluster. */
  readonly workload?: string;
  /** The cluster's key. */
  readonly cluster?: string;
  /** An ARN, or `namespace/name on cluster`. */
  readonly where: string;
  /** The ARN of the role that it belongs to. */
  readonly role?: string;
  readonly expected: string;
}

/** What is not as expected, and how to fix it. */
interface Mismatched {
  readonly found: string;
  /** Statements that are wanted and not there, and those that are there and not wanted; of documents only. */
  readonly missing?: readonly Statement[];
  readonly extra?: readonly Statement[];
  /** What follows from it, where that could be evaluated. */
  readonly effect?: string;
  /** The conditions that podlift cannot evaluate, and on which the effect (or, where it could not be checked, the answer) depends. */
  readonly dependsOn?: readonly DecidingCondition[];
  readonly remedy: Remedy;
  /** The stacks whose apply is the remedy, or a part of it; its commands are in `remedy` as well. */
  readonly apply?: readonly string[];
  /** The apply of the remedy would fail, since the state lacks what exists: `podlift recover` comes first. */
  readonly recoverFirst?: true;
  /** An apply stops at this one: it comes first. */
  readonly beforeApply?: true;
  /** Stacks whose apply would cost running pods their role. */
  readonly blocksApply?: readonly string[];
  /** Of the trust policy of another stage: that stage, where only one has it. Of tags: `never`, where the role has no tag of podlift. */
  readonly appliedAt?: Stage | 'never';
}

/** One thing that is not as the inventory says, or that could not be checked. */
export interface Difference extends Compared, Mismatched {
  readonly environment: string;
  /** `no`: it differs. `unknown`: it could not be checked. */
  readonly holds: 'no' | 'unknown';
  /** `iam:GetRole prod-orders-api`. */
  readonly asked: string;
  /** Who was asked: `apps-prod (333333333333) us-west-2`, `kubectl --context prod-main`. */
  readonly of: string;
  /** Why there was no answer; only where the question itself got none. */
  readonly reason?: Reason;
  /** The question without an answer. */
  readonly question?: Question;
}

/** What a comparison finds; a property of what is compared stands in place of the comparison's own. */
export type Found = Mismatched & Partial<Compared> & { readonly holds?: 'unknown' };

/** One comparison of the inventory with what stands. */
export interface Comparison extends Compared {
  /** What differs, once the questions are answered. The first of the questions that are asked last stands for all in a report. */
  readonly differences: Ask<readonly Found[] | NoAnswer>;
}

/** What is compared: an environment, or one workload of it. */
export interface Scope {
  readonly environment: Environment;
  /** Of the whole environment. */
  readonly blueprint: Blueprint;
  readonly workloads: readonly Workload[];
  /** Those that run any of the workloads; all where the whole environment is meant. */
  readonly clusters: readonly Cluster[];
  /** The time of the Estate. */
  readonly now: Date;
  /** Whether the state of a stack has an object (see `KEYS`); undefined where the state is not known. Absent: no state was read. */
  readonly hasState?: (stack: string, key: string) => boolean | undefined;
}

/** The clusters that run a workload. */
export function clustersOf({ environment }: Scope, workload: Workload): readonly Cluster[] {
  return environment.clusters.filter(({ key }) => workload.clusters.includes(key));
}

/** Each service account of a workload on each of its clusters. */
export function placesOf({ environment }: Scope, workload: Workload): readonly SubjectPlace[] {
  return placesIn(workload, environment.clusters);
}

/** The question for the association of a service account on a cluster. */
export function associationOf({ namespace, name }: Subject, { arn }: Cluster): QuestionOf<'association'> {
  return { ask: 'association', cluster: arn, namespace, serviceAccount: name };
}

/** How something is fixed. */
export type Fix = Pick<Mismatched, 'remedy' | 'apply' | 'beforeApply'>;

/** Fixed by an apply of stacks, after other steps where there are any. */
export function byApply(apply: readonly string[], before: Remedy = [], sentence?: string): Fix {
  return { remedy: [...before, ...applyStacks(apply, sentence)], apply };
}

/** Fixed by these steps first, since an import block would stop the apply. Source: https://developer.hashicorp.com/terraform/language/block/import */
export function beforeImport(apply: readonly string[], steps: Remedy): Fix {
  const stops = 'Nothing is applied yet, and an apply stops here (Cannot import non-existent remote object).';
  return { ...byApply(apply, [say(stops), ...steps], 'Then compare with the plan, and apply:'), beforeApply: true };
}
