import type { PolicyDocument } from '../iam/PolicyDocument';
import type { Account, Environment, Stage, Workload } from '../inventory/Inventory';
import { compileWorkload } from './compileWorkload';
import { STAGE_TABLE } from './stageTable';

/** When the owner of an external role changes its trust policy for a step. */
export interface OwnerWrites {
  /** The stage whose trust policy must stand before the apply of the step, and until after it: the wider one of the two stages. */
  readonly during: Stage;
  /**
   * `before`: the owner writes the trust policy of `during` before the step, since pods or EKS need it with the apply. `after`: the owner writes the one of
   * the new stage after the apply, since until then pods can use what it removes. `never`: both stages have the same one.
   */
  readonly when: 'before' | 'after' | 'never';
}

/**
 * What the owner of an external role writes for a step. podlift's apply does not change the trust policy of such a role, so the order is: widen, then apply,
 * then narrow. In each step one of the two stages trusts all that the other one trusts.
 * Source: the stage table of docs/MIGRATION.md.
 */
export function ownerWrites(from: Stage, to: Stage): OwnerWrites {
  const [widens, narrows] = [trustsMore(to, from), trustsMore(from, to)];
  if (widens && narrows)
    throw new Error(`no trust policy serves pods at ${from} and at ${to}: take one step at a time`);
  return { during: widens ? to : from, when: widens ? 'before' : narrows ? 'after' : 'never' };
}

/** Whether a role trusts something at a stage that it does not trust at another. */
function trustsMore(stage: Stage, other: Stage): boolean {
  const [its, others] = [STAGE_TABLE[stage], STAGE_TABLE[other]];
  return (its.trustsOidc && !others.trustsOidc) || (its.trustsPodIdentity && !others.trustsPodIdentity);
}

/** A role that stays with its owner, and what its owner writes for a step. */
export interface OwnedRole extends OwnerWrites {
  readonly name: string;
  readonly arn: string;
  readonly account: Account;
  /** The key of the target whose role it is. Absent: it is the workload's own role. */
  readonly target?: string;
  /** The trust policies of the stage before the step, and of the one after it. */
  readonly before: PolicyDocument;
  readonly after: PolicyDocument;
}

/**
 * The external roles of a workload, its own and those of its targets, for a step. `when` is `never` also where the two trust policies of a role are the same
 * (a target without session tags, a cluster without IRSA).
 */
export function ownedRoles(environment: Environment, workload: Workload, from: Stage, to: Stage): readonly OwnedRole[] {
  const rolesAt = (stage: Stage) => {
    const { role, targetRoles } = compileWorkload(environment, { ...workload, stage });
    return [{ ...role, account: environment.account }, ...targetRoles];
  };
  const before = rolesAt(from);
  return rolesAt(to).flatMap(({ manage, name, arn, account, trust: after, ...role }, index): OwnedRole[] => {
    const old = before[index]?.trust ?? after;
    const writes = ownerWrites(from, to);
    if (manage === undefined) return [];
    return [
      {
        ...(JSON.stringify(old) === JSON.stringify(after) ? { ...writes, when: 'never' } : writes),
        ...{ name, arn, account, before: old, after },
        ...('target' in role && { target: role.target }),
      },
    ];
  });
}
