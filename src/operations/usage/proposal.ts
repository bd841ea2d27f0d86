import { stringify } from 'yaml';
import type { PermissionStatement } from '../../inventory/Inventory';
import { notCovered } from '../../iam/sameMeaning';
import type { PolicyDocument } from '../../iam/PolicyDocument';
import type { PermissionUse, RoleUsage, UsageState } from './usage';
import { REMOVABLE } from './verdict';
import { INLINE_POLICY } from '../../blueprint/permissionPolicy';

/** The statements of `permissions` without what was not used: a proposal, which a person pastes. */
export interface Proposal {
  readonly workload: string;
  readonly target?: string;
  /** `workloads.api.permissions`. */
  readonly path: string;
  /** What goes, by statement (counted from 0) and action. */
  readonly removed: readonly { readonly statement: number; readonly action: string }[];
  /** `statements:` and below it those that stay, as the inventory writes them. */
  readonly yaml: string;
}

/** Why there is no proposal for permissions of which something was not used: the role of an environment. */
export interface NoProposal {
  readonly workload: string;
  readonly target?: string;
  readonly environment: string;
  readonly state: UsageState;
}

/** What people wrote under `permissions`, with variables, by workload and target. */
export type WrittenStatements = (workload: string, target?: string) => readonly PermissionStatement[];

/**
 * The proposals for all workloads. All environments of a workload have the same statements in the inventory, so an action goes only where AWS says of the role of each environment that
 * it was not used. A proposal never allows more than the statements before.
 */
export function proposals(
  roles: readonly RoleUsage[],
  written: WrittenStatements,
): { readonly proposals: readonly Proposal[]; readonly without: readonly NoProposal[] } {
  const groups = new Map<string, RoleUsage[]>();
  for (const role of roles) {
    const key = `${role.workload}\n${role.target ?? ''}`;
    groups.set(key, [...(groups.get(key) ?? []), role]);
  }
  const found: Proposal[] = [];
  const without: NoProposal[] = [];
  for (const group of groups.values()) {
    const [first] = group;
    if (first === undefined) continue;
    const { workload, target } = first;
    const whose = { workload, ...(target === undefined ? {} : { target }) };
    const blocked = group.filter(({ state }) => state !== 'judged');
    if (blocked.length > 0) {
      without.push(...blocked.map(({ environment, state }) => ({ ...whose, environment, state })));
      continue;
    }
    const proposal = proposalFor(whose, group, written(workload, target));
    if (proposal !== undefined && isNarrower(proposal)) found.push(proposal.shown);
  }
  return { proposals: found, without };
}

type Whose = Pick<Proposal, 'workload' | 'target'>;

interface Trimmed {
  readonly shown: Proposal;
  readonly before: readonly PermissionStatement[];
  readonly after: readonly PermissionStatement[];
}

function proposalFor(
  whose: Whose,
  group: readonly RoleUsage[],
  before: readonly PermissionStatement[],
): Trimmed | undefined {
  const removed: { readonly statement: number; readonly action: string }[] = [];
  const after = before.flatMap((statement, index) => {
    if (statement.effect === 'Deny') return [statement];
    const kept = statement.actions.filter((action, at) => {
      const goes = group.every(({ permissions }) => isRemovable(permissions, index, at, action));
      if (goes) removed.push({ statement: index, action });
      return !goes;
    });
    return kept.length === 0 ? [] : [{ ...statement, actions: kept }];
  });
  if (removed.length === 0) return undefined;
  const path = [
    'workloads',
    whose.workload,
    ...(whose.target === undefined ? [] : ['targets', whose.target]),
    'permissions',
  ];
  return { shown: { ...whose, path: path.join('.'), removed, yaml: stringify({ statements: after }) }, before, after };
}

/** The action at the same place of the compiled policy, which has values in place of variables. */
function isRemovable(permissions: readonly PermissionUse[], statement: number, at: number, action: string): boolean {
  const own = permissions.filter((one) => one.policy === INLINE_POLICY && one.statement === statement);
  const found = own[at];
  return found !== undefined && (found.action === action || action.includes('{')) && REMOVABLE.has(found.verdict);
}

function isNarrower({ before, after }: Trimmed): boolean {
  return notCovered([documentOf(after)], [documentOf(before)]).length === 0;
}

function documentOf(statements: readonly PermissionStatement[]): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: statements.map(({ effect = 'Allow', actions, resources, conditions }) => ({
      Effect: effect,
      Action: actions,
      Resource: resources,
      ...(conditions === undefined ? {} : { Condition: conditions }),
    })),
  };
}
