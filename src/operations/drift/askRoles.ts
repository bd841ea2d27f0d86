import { identityStackName } from '../../inventory/stackNames';
import type { Role, TargetRole } from '../../blueprint/Blueprint';
import { compileWorkload } from '../../blueprint/compileWorkload';
import type { Account, Stage, Workload } from '../../inventory/Inventory';
import type { RoleFacts, RolePolicyFacts } from '../../estate/aws/AwsPort';
import { isApplied } from '../evidence/adoption';
import { awsPlace } from '../evidence/places';
import type { Ports } from '../../estate/Ports';
import { answered, type Question } from './answered';
import type { Difference, Remedy, Unlike } from './Difference';
import { permissionsDrift } from './permissionsDrift';
import { applied, type Scope, stackOfTarget } from './Scope';
import { settingsDrift } from './settingsDrift';
import { tagDrift } from './tagDrift';
import { sourceTrustEffect, targetTrustEffect } from './trustEffect';
import { trustDrift, type Trusting } from './trustDrift';

interface Asked extends Omit<Trusting, 'effect'> {
  readonly workload: Workload;
  readonly account: Account;
  /** It was there before podlift. */
  readonly adopt?: boolean;
  /** Where its permissions stand in the inventory. */
  readonly path: string;
  /** How to keep tags of others, or take them away. */
  readonly keepTags?: Remedy;
  readonly effectOf: (facts: RoleFacts) => Trusting['effect'];
}

/** Asks for the role of a workload and its target roles: two questions each. */
export function askRoles(scope: Scope, ports: Ports, workload: Workload): readonly Promise<readonly Difference[]>[] {
  const { environment, blueprint } = scope;
  const source = blueprint.roles.find((role) => role.workload === workload.key);
  if (source === undefined) return [];
  const targets = blueprint.targetRoles.filter((role) => role.workload === workload.key);
  const partsAt = (stage: Stage) => compileWorkload(environment, { ...workload, stage });
  const path = `workloads.${workload.key}`;
  const stacks = [identityStackName(environment.key)];
  return [
    ...askRole(scope, ports, {
      workload,
      role: source,
      adopt: source.adopt,
      account: environment.account,
      path: `${path}.permissions`,
      apply: applied(stacks),
      ...(source.adopt
        ? {
            keep: applied(
              stacks,
              `To keep what is too many, write it into ${path}.role.keepTrust. To take it away, apply:`,
            ),
            keepTags: applied(
              stacks,
              `To keep tags of others, write them into ${path}.role.tags. To take them away, apply:`,
            ),
          }
        : {}),
      at: (stage) => partsAt(stage).role.trust,
      effectOf: (facts) => (difference, before) =>
        sourceTrustEffect(scope, workload, source, facts.trust, difference, before),
    }),
    ...targets.flatMap((target) =>
      askRole(scope, ports, {
        workload,
        role: target,
        account: target.account,
        path: `${path}.targets.${target.target}.permissions`,
        apply: applied([stackOfTarget(scope, target)]),
        at: (stage) => targetAt(partsAt(stage).targetRoles, target),
        effectOf: (facts) => (difference, before) =>
          targetTrustEffect(scope, workload, target, source, facts.trust, difference, before),
      }),
    ),
  ];
}

function targetAt(roles: readonly TargetRole[], { target }: TargetRole) {
  return roles.find((role) => role.target === target)?.trust;
}

function askRole(
  { environment, blueprint }: Scope,
  ports: Ports,
  asked: Asked,
): readonly Promise<readonly Difference[]>[] {
  const { account, role, workload, apply } = asked;
  const port = ports.aws(account, environment.region);
  const question = (kind: Question['kind'], action: string, where: string): Question => ({
    kind,
    environment: environment.key,
    workload: workload.key,
    where,
    asked: `iam:${action} ${role.name}`,
    of: awsPlace(account, environment.region),
    expected: 'as in the inventory',
  });
  const tags = { ...blueprint.tags, ...role.tags };
  const there = port.role(role.name);
  const judgePolicies = async () => {
    const [facts, answer] = await Promise.all([there, port.rolePolicies(role.name)]);
    // A role that is not there is told once, by the other question.
    if (facts.ok && facts.value === undefined) return [];
    const neverApplied = facts.ok && facts.value !== undefined && !isApplied(facts.value.tags);
    const place = { path: asked.path, account, apply, neverApplied };
    return answered(
      question('inline-policy', 'ListRolePolicies', `and managed policies of ${role.arn}`),
      answer,
      (policies = NOTHING) => permissionsDrift(role, policies, place),
    );
  };
  return [
    there.then((answer) =>
      answered(question('role', 'GetRole', role.arn), answer, (facts) => roleDrift(asked, tags, facts)),
    ),
    judgePolicies(),
  ];
}

const NOTHING: RolePolicyFacts = { attached: [], inline: {} };

function roleDrift(asked: Asked, tags: Role['tags'], facts: RoleFacts | undefined): readonly Unlike[] {
  const { role, workload, apply } = asked;
  const where = role.arn;
  if (facts === undefined)
    return [
      {
        kind: 'role',
        where,
        expected: role.arn,
        found: 'no such role',
        effect: `${workload.key} has no credentials by it`,
        ...goneRole(asked),
      },
    ];
  if (facts.arn !== role.arn)
    return [
      {
        kind: 'role',
        where,
        expected: role.arn,
        found: facts.arn,
        effect: 'what names the role by its ARN names another',
        remedy: `Write its path into the role of ${asked.path.replace(/\.permissions$/, '')}: IAM knows one role of a name in an account.`,
      },
    ];
  return [
    ...trustDrift({ ...asked, effect: asked.effectOf(facts) }, facts),
    ...settingsDrift(role, facts, apply),
    ...tagDrift(where, tags, facts.tags, apply, asked.keepTags),
  ];
}

/** Whether an apply has taken an adopted role over, only the role could tell; an apply makes it again, or cannot import it. */
function goneRole({ role, workload, apply, adopt }: Asked): Remedy {
  if (adopt !== true) return apply;
  return applied(
    apply.apply ?? [],
    `If no apply has taken ${role.name} over yet, the next one stops here (Cannot import non-existent remote object): take adopt and imports out of workloads.${workload.key}.role first. Apply:`,
  );
}
