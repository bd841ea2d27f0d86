import { compareAdoption, standingOf } from '../../comparison/adoption';
import { compareRole, isApplied } from '../../comparison/role';
import type { Role } from '../../blueprint/Blueprint';
import { ask, need } from '../../estate/ask';
import type { Answer, AssociationFacts, RoleFacts } from '../../estate/aws/AwsPort';
import type { Account } from '../../inventory/Inventory';
import { applyStacks, aws, say, stacks } from '../remedies';
import { adoptionText } from './adoptionText';
import { applyStage } from './applying';
import { type CheckAsk, type CheckFunction, type CheckResult, fail, pass, type WorkloadOnCluster } from './Check';
import { associationOf } from './modes';

/**
 * The workload's role exists, under the path that the inventory says, and an adopted role is at the stage of its entry. Before a step, the role and
 * its target roles were also applied at the stage that the step leaves.
 */
export const role: CheckFunction = (subject) => {
  const { environment, workload, parts, next } = subject;
  const { account } = environment;
  const question = { ask: 'role', account: account.id, name: parts.role.name } as const;
  if (next !== undefined)
    return [
      need([question], (found) => [
        existing(subject, parts.role, found) ?? applied(subject, parts.role, account, found),
      ]),
      ...parts.targetRoles.map((target): CheckAsk =>
        need([{ ask: 'role', account: target.account.id, name: target.name }], (found) => [
          existingTarget(subject, target, found) ?? applied(subject, target, target.account, found),
        ]),
      ),
    ];
  return [
    need([question], (found) => {
      const problem = existing(subject, parts.role, found);
      if (problem !== undefined) return [problem];
      if (!workload.role.adopt) return [pass(`${parts.role.arn} exists`)];
      return ask([question, associationOf(subject)], (_, association) => [adopted(subject, found, association)]);
    }),
  ];
};

function existing(
  { workload, ...subject }: WorkloadOnCluster,
  wanted: WorkloadOnCluster['parts']['role'],
  found: RoleFacts | undefined,
): CheckResult | undefined {
  const { account } = subject.environment;
  const mismatch = compareRole(wanted, found).find(({ what }) => what === 'missing' || what === 'arn');
  if (mismatch === undefined) return undefined;
  if (mismatch.what === 'arn') return otherPath(wanted, mismatch.found ?? '', `workloads.${workload.key}.role`);
  return fail(
    'problem',
    `there is no role ${wanted.name}`,
    wanted.adopt
      ? [
          say(
            `The inventory adopts the role, so that podlift never creates it. Write the name of the role that exists, or remove adopt from workloads.${workload.key}.role.`,
          ),
          aws(account, 'iam', 'list-roles', '--query', 'Roles[].Arn'),
        ]
      : applyStage(subject),
  );
}

function existingTarget(
  { environment, workload }: WorkloadOnCluster,
  wanted: WorkloadOnCluster['parts']['targetRoles'][number],
  found: RoleFacts | undefined,
): CheckResult | undefined {
  const mismatch = compareRole(wanted, found).find(({ what }) => what === 'missing' || what === 'arn');
  if (mismatch === undefined) return undefined;
  if (mismatch.what === 'arn')
    return otherPath(wanted, mismatch.found ?? '', `workloads.${workload.key}.targets.${wanted.target}.role`);
  return fail(
    'problem',
    `there is no target role ${wanted.name} in ${wanted.account.key}`,
    applyStacks(stacks.target(environment, wanted.account)),
  );
}

function otherPath(wanted: Role, found: string, path: string): CheckResult {
  return fail('problem', `${wanted.name} is ${found}, not ${wanted.arn}`, [
    say(`Write the path of the role into ${path}: IAM has one role of a name in an account.`),
  ]);
}

/** Roles that podlift has written carry the stage; a role that it has not is judged by its trust alone. */
function applied(
  { environment, workload }: WorkloadOnCluster,
  wanted: Role,
  account: Account,
  found: RoleFacts | undefined,
): CheckResult {
  const stage = found?.tags['podlift:stage'];
  if (stage === undefined || stage === workload.stage) return pass(`${wanted.arn} exists`);
  return fail(
    'problem',
    `its tag podlift:stage is ${stage}: the stage ${workload.stage} is not applied yet`,
    applyStacks(stacks.target(environment, account)),
  );
}

function adopted(
  { environment, workload, cluster, parts }: WorkloadOnCluster,
  found: RoleFacts | undefined,
  association: Answer<AssociationFacts | undefined>,
): CheckResult {
  const exists = pass(`${parts.role.arn} exists`);
  // Where the association is not known, the check association says so.
  if (found === undefined || !association.ok) return exists;
  const standing = standingOf(environment, workload, [cluster], found, [association.value]);
  const mismatch = compareAdoption(workload, standing, isApplied(found.tags));
  if (mismatch === undefined) return exists;
  const { claimed, there, remedy } = adoptionText(workload, mismatch);
  return fail('problem', `the entry has ${claimed}, but the role is ${there} in AWS`, remedy, { blocksApply: true });
}
