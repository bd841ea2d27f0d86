import { identityStackName, targetsStackName } from '../../inventory/stackNames';
import type { Role } from '../../blueprint/Blueprint';
import { STAGE_TABLE } from '../../blueprint/stageTable';
import type { Account, Workload } from '../../inventory/Inventory';
import type { RoleFacts } from '../../estate/aws/AwsPort';
import type { Ports } from '../../estate/Ports';
import { APPLY_STAGE, applyCommands } from './applyCommands';
import type { Check, Step } from './Check';
import type { Evidence } from './Evidence';
import { judged, type Verdict } from './evidenceOf';
import { canAssume } from '../../comparison/access';
import { awsPlace } from './places';
import { trustDifference } from './sameTrust';
import { clustersOf, partsAt } from './workloadsOnClusters';

/**
 * The workload's role and its target roles stand in AWS with the trust of the stage that the inventory claims. An adopted role may
 * have statements of others besides (GitHub's OIDC provider, another cluster): they hold as long as they do not let the workload
 * itself in by a way that the stage does not promise.
 */
export const roleAgrees: Check = async (step, ports, now) =>
  (
    await Promise.all(
      step.workloads.map((workload) => {
        const { role, targetRoles } = partsAt(step, workload, step.from);
        const { key: environment, account } = step.environment;
        return Promise.all([
          ask(step, ports, now, { workload, role, account, stack: identityStackName(environment), source: true }),
          ...targetRoles.map((target) =>
            ask(step, ports, now, {
              workload,
              role: target,
              account: target.account,
              stack:
                target.account.key === account.key
                  ? identityStackName(environment)
                  : targetsStackName(environment, target.account.key),
              source: false,
            }),
          ),
        ]);
      }),
    )
  ).flat();

interface Expected {
  readonly workload: Workload;
  readonly role: Role;
  readonly account: Account;
  /** The stack that has the role. */
  readonly stack: string;
  /** The workload's own role rather than a target role. */
  readonly source: boolean;
}

async function ask(step: Step, ports: Ports, now: Date, expected: Expected): Promise<Evidence> {
  const { account, role, workload } = expected;
  const question = {
    check: 'role-agrees',
    workload: workload.key,
    asked: `iam:GetRole ${role.name}`,
    of: awsPlace(account, step.environment.region),
  } as const;
  const answer = await ports.aws(account, step.environment.region).role(role.name);
  return judged(step, now, question, answer, (facts) => judge(step, expected, facts));
}

function judge(step: Step, expected: Expected, facts: RoleFacts | undefined): Verdict {
  const { role, workload, source, stack } = expected;
  const remedy = [APPLY_STAGE, ...applyCommands([stack])].join('\n');
  const no = (found: string): Verdict => ({ found, holds: 'no', remedy });
  if (facts === undefined) return no(`there is no role ${role.name}`);
  if (facts.arn !== role.arn)
    return {
      found: `${role.name} is ${facts.arn}, not ${role.arn}`,
      holds: 'no',
      remedy: `Write its path into workloads.${workload.key}.role: IAM knows one role of a name in an account.`,
    };
  // Roles that podlift has written carry the stage; one that it has not is judged by its trust alone.
  const applied = facts.tags['podlift:stage'];
  if (applied !== undefined && applied !== step.from)
    return no(`its tag podlift:stage says ${applied}: the stage ${step.from} was not applied yet`);
  const unpromised = source ? waysUnlike(step, workload, facts) : [];
  if (unpromised.length > 0) return no(`at ${step.from} its trust should be otherwise: ${unpromised.join(', ')}`);
  const { missing, extra } = trustDifference(facts.trust, role.trust);
  const foreign = source && workload.role.adopt;
  if (missing > 0 || (extra > 0 && !foreign))
    return no(`its trust is not that of ${step.from}: ${statements(missing)} missing, ${statements(extra)} too many`);
  return {
    found: extra > 0 ? `as at ${step.from}, and ${statements(extra)} of others` : `as at ${step.from}`,
    holds: 'yes',
  };
}

/** Where the trust in AWS lets the workload's pods in, or not, unlike the stage table says. */
function waysUnlike({ environment, from, ...step }: Step, workload: Workload, facts: RoleFacts): string[] {
  const row = STAGE_TABLE[from];
  return clustersOf({ environment, from, ...step }, workload).flatMap((cluster) => {
    const web = canAssume(facts, environment, workload, cluster, 'irsa');
    const pod = canAssume(facts, environment, workload, cluster, 'pod-identity');
    return [
      ...(cluster.oidc === undefined || web === row.trustsOidc ? [] : [`${cluster.key} ${gets(web)} in by OIDC`]),
      ...(pod === row.trustsPodIdentity ? [] : [`${cluster.key} ${gets(pod)} in by Pod Identity`]),
    ];
  });
}

function gets(inside: boolean): string {
  return inside ? 'gets' : 'does not get';
}

function statements(count: number): string {
  return count === 1 ? '1 statement' : `${count} statements`;
}
