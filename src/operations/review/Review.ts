import type { ConditionBlock, Statement } from '../../iam/PolicyDocument';
import type { KeptWorkload, TwoVersions } from '../../inventory/compare/compare';
import type { RuleInfo } from '../../inventory/Finding';
import type { Environment, Workload } from '../../inventory/Inventory';
import type { RuleFinding } from '../../inventory/rules/Rule';

/** What a grant gives. */
export type GrantKind =
  /** Every action on every resource. */
  | 'administrator'
  /** Actions or resources by a wildcard that matches more than one name can. */
  | 'wildcard'
  /** Actions that the role did not have. */
  | 'actions'
  /** Actions that the role had, on other resources. */
  | 'resources'
  /** Actions and resources that the role had, under fewer or other conditions. */
  | 'conditions'
  /** A `Deny` is gone or narrower. */
  | 'denial'
  /** A managed policy whose document podlift does not know. */
  | 'managed-policy'
  /** Assume a role. */
  | 'assume';

/** Something that a change allows, and that was not allowed before. */
export interface Grant {
  readonly kind: GrantKind;
  readonly environment: string;
  /** The workload's key. */
  readonly workload: string;
  /** The target's key, if the grant is about the role of a target. */
  readonly target?: string;
  /** Who may do more: a role, or those who may assume one. */
  readonly who: string;
  /** Actions as in the policy; a managed policy has none. */
  readonly actions: readonly string[];
  /** ARNs or patterns; the ARN of a managed policy; the role that may be assumed. */
  readonly resources: readonly string[];
  readonly conditions?: ConditionBlock;
}

/** A finding about a change, with everything that it allows. */
export interface ReviewFinding extends RuleFinding {
  readonly grants: readonly Grant[];
}

/** A workload of the later version that Terraform manages, and itself in the earlier version. */
export interface ReviewedWorkload {
  readonly environment: Environment;
  readonly workload: Workload;
  /** Absent: the entry is new. */
  readonly before: Pick<KeptWorkload, 'base' | 'environment'> | undefined;
}

/** A rule over what two versions of an inventory allow. */
export interface ReviewRule extends RuleInfo {
  readonly check: (workloads: readonly ReviewedWorkload[], versions: TwoVersions) => Iterable<ReviewFinding>;
}

/** The managed workloads of the later version. A renamed workload is itself; one that was released before too. */
export function reviewedWorkloads({ head, workloads, renamed }: TwoVersions): readonly ReviewedWorkload[] {
  const earlier = new Map<Workload, ReviewedWorkload['before']>([
    ...renamed.workloads.map(({ from, to, environment }) => [to, { base: from, environment }] as const),
    ...workloads.map((one) => [one.head, one] as const),
  ]);
  return head.environments.flatMap((environment) =>
    environment.workloads.map((workload) => ({ environment, workload, before: earlier.get(workload) })),
  );
}

/** The actions and resources of a statement, with its conditions, for a grant. */
export function elementsOf(statement: Statement): Pick<Grant, 'actions' | 'resources' | 'conditions'> {
  const { Action, NotAction, Resource, NotResource, Condition } = statement;
  const not = (values: Statement['Action']) => [values ?? []].flat().map((value) => `all except ${value}`);
  return {
    actions: Action === undefined ? not(NotAction) : [Action].flat(),
    resources: Resource === undefined ? not(NotResource) : [Resource].flat(),
    ...(Condition !== undefined && { conditions: Condition }),
  };
}
