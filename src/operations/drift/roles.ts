import { podsOf } from '../checks/Check';
import type { Role, SourceRole, TargetRole } from '../../blueprint/Blueprint';
import { ownerWrites } from '../../blueprint/ownerWrites';
import { STAGE_TABLE } from '../../blueprint/stageTable';
import { timeContext } from '../../comparison/access';
import { compareAdoption, standingOf } from '../../comparison/adoption';
import { appliedStages } from '../../comparison/appliedStages';
import {
  appliedBefore,
  comparePermissions,
  compareRole,
  compareTags,
  isApplied,
  type PermissionsMismatch,
  type RoleMismatch,
} from '../../comparison/role';
import { compareAssumptions, compareTrust, stagesOfTrust, type TrustPolicies } from '../../comparison/trust';
import { ask } from '../../estate/ask';
import type { RoleFacts } from '../../estate/aws/AwsPort';
import type { Remedy } from '../../estate/Remedy';
import { eachOnce } from '../../iam/credentialAccess';
import { decide } from '../../iam/decide';
import { existedBefore, isPast, type Stage, type Workload } from '../../inventory/Inventory';
import { inSentence } from '../../inventory/printable';
import { adoptionText, stageDepends, targetTrustAt, trustAt } from '../checks/adoption';
import { inventoryAdvice } from '../checks/refusedTrust';
import { needPermissions, policiesQuestion, roleQuestion } from '../checks/rolePermissions';
import { formatTimeSpan } from '../timeSpan';
import { type ExternalRole, ownerMustWrite } from '../ownerRemedy';
import { accountText, aws, remedyOf, say, stacks } from '../remedies';
import {
  associationOf,
  beforeImport,
  byApply,
  clustersOf,
  type Comparison,
  type Fix,
  type Found,
  placesOf,
  type Scope,
} from './Difference';
import { documentTexts, permissionsEffect, trustEffect } from './words';

/** The role of a workload, and its target roles: each by itself, and its policies. */
export function roleComparisons(scope: Scope, workload: Workload): readonly Comparison[] {
  const { blueprint } = scope;
  const ofWorkload = (role: Role) => role.workload === workload.key;
  return blueprint.roles
    .filter(ofWorkload)
    .flatMap((source) =>
      [undefined, ...blueprint.targetRoles.filter(ofWorkload)].flatMap((target) =>
        comparisonsOf(scope, comparedRole(scope, workload, source, target)),
      ),
    );
}

type ComparedRole = ReturnType<typeof comparedRole>;

/** A source role, or a target role of it, with what its differences mean and how they are fixed. */
function comparedRole(scope: Scope, workload: Workload, source: SourceRole, target?: TargetRole) {
  const { environment } = scope;
  const clusters = clustersOf(scope, workload);
  const path = `workloads.${workload.key}`;
  const own = { role: source, account: environment.account, path, stacks: stacks.identity(environment) };
  const compared = target ?? source;
  const external: ExternalRole | undefined =
    compared.manage === undefined
      ? undefined
      : { environment, workload, role: compared.name, ...(target !== undefined && { target: target.target }) };
  return {
    workload,
    /** Present for a role that its owner writes. */
    ...(external !== undefined && { external }),
    ...(target === undefined
      ? own
      : {
          role: target,
          account: target.account,
          path: `${path}.targets.${target.target}`,
          stacks: stacks.target(environment, target.account),
        }),
    /** The role existed before podlift. */
    adopt: compared.adopt === true,
    imports: compared.imports ?? { managedPolicies: [], inlinePolicies: [] },
    /** Who assumes the role. */
    principal: target === undefined ? workload.key : `role ${source.name}`,
    assumptions: (policies: TrustPolicies) =>
      compareAssumptions(environment, workload, clusters, target ?? source, policies, {
        source: target && source,
        now: scope.now,
      }),
    associations: placesOf(scope, workload).map(({ cluster, subject }) => associationOf(subject, cluster)),
    /** What to correct first where the trust policy of the inventory refuses the pods a mode of their stage: an apply would take the role from them. */
    refusing: (facts: RoleFacts): Remedy =>
      target === undefined ? refusingAdvice(scope, workload, source, facts) : [],
    /** The trust policy that the role has at a stage. */
    trustAt: target === undefined ? trustAt(environment, workload) : targetTrustAt(environment, workload, target),
  };
}

function refusingAdvice(scope: Scope, workload: Workload, role: SourceRole, facts: RoleFacts): Remedy {
  const { trustsOidc, trustsPodIdentity } = STAGE_TABLE[workload.stage];
  for (const { cluster, subject: serviceAccount } of placesOf(scope, workload)) {
    const subject = { ...scope, workload, cluster, serviceAccount, parts: { role } };
    const modes = [
      ...(trustsOidc && cluster.oidc !== undefined ? ['irsa' as const] : []),
      ...(trustsPodIdentity ? ['pod-identity' as const] : []),
    ];
    for (const mode of modes) {
      const advice = inventoryAdvice(subject, { mode, role: facts });
      if (advice !== undefined) return remedyOf(advice);
    }
  }
  return [];
}

function comparisonsOf(scope: Scope, one: ComparedRole): readonly Comparison[] {
  const { blueprint } = scope;
  const { role, workload, account } = one;
  const [ofRole, ofPolicies] = [roleQuestion(account, role.name), policiesQuestion(account, role.name)];
  const compared = { workload: workload.key, role: role.arn };
  return [
    {
      ...compared,
      kind: 'role',
      where: role.arn,
      expected: role.arn,
      differences: ask([ofRole, ...one.associations], (facts, ...associations) => {
        if (!facts.ok) return { noAnswer: ofRole, answer: facts };
        const associated = associations.flatMap((answer) => (answer.ok ? [answer.value !== undefined] : []));
        return roleDifferences(one, { ...blueprint.tags, ...role.tags }, facts.value, associated);
      }),
    },
    ...(one.external !== undefined && one.external.target === undefined ? hopComparisons(scope, one) : []),
    {
      ...compared,
      kind: 'inline-policy',
      where: `and managed policies of ${role.arn}`,
      expected: 'as in the inventory',
      differences: ask([ofPolicies, ofRole], (policies, facts) => {
        // The other comparison says that the role is missing.
        if (facts.ok && facts.value === undefined) return [];
        if (!policies.ok) return { noAnswer: ofPolicies, answer: policies };
        const neverApplied = facts.ok && facts.value !== undefined && !isApplied(facts.value.tags);
        const found = policies.value ?? { attached: [], inline: {} };
        return comparePermissions(role, found).map((mismatch) => ({
          ...policyDifference(role, mismatch),
          ...policyFix(one, mismatch, neverApplied),
        }));
      }),
    },
  ];
}

/**
 * Whether an external role allows what the workload's hops need of its policies. Nothing else of them is compared: its owner decides. Where it depends on a
 * condition, the check `target-hop` says so.
 */
function hopComparisons({ blueprint, now }: Scope, { role, workload, account }: ComparedRole): readonly Comparison[] {
  const isTagged = STAGE_TABLE[workload.stage].servesTaggedHop && workload.sessionTags;
  const actions = ['sts:AssumeRole', ...(isTagged ? ['sts:TagSession'] : [])];
  const caller = { kind: 'session', roleArn: role.arn, sessionName: 'pod' } as const;
  // It leaves the decision to the permissions of the role: the trust policy of the target role is compared by itself.
  const Statement = { Effect: 'Allow', Principal: { AWS: account.id }, Action: '*' } as const;
  const resource = { name: 'the account', document: { Version: '2012-10-17', Statement } as const };
  return blueprint.targetRoles
    .filter((target) => target.workload === workload.key)
    .map((target): Comparison => ({
      workload: workload.key,
      role: role.arn,
      kind: 'inline-policy',
      where: `(any) of ${role.arn}`,
      expected: `${actions.join(' and ')} on ${target.arn}`,
      differences: needPermissions<readonly Found[]>(account, role.name, (live) => {
        if (live === undefined) return [];
        const denied = actions.filter((action) => {
          const decision = decide(
            { caller, action, resource: target.arn, context: timeContext(now) },
            { ...live, resource },
          );
          return !decision.allowed && decision.dependsOn === undefined;
        });
        if (denied.length === 0) return [];
        const write = `The owner of role ${role.name} must allow ${actions.join(' and ')} on ${target.arn} in its permissions: podlift never writes this role.`;
        const effect = `pods of ${workload.key} cannot assume ${target.name}`;
        return [{ found: `no ${denied.join(', no ')}`, effect, remedy: [say(write)] }];
      }),
    }));
}

/** `associated`: of the clusters that gave an answer, whether the service account has an association. */
function roleDifferences(
  one: ComparedRole,
  tags: Role['tags'],
  facts: RoleFacts | undefined,
  associated: readonly boolean[],
): readonly Found[] {
  const { role, path, stacks: apply, adopt, external } = one;
  const settings = compareRole(role, facts).map((mismatch) => settingDifference(one, mismatch));
  if (facts?.arn !== role.arn) return settings;
  if (external !== undefined) return trustDifferences(one, facts, associated);
  const keep = say(`To keep the tags of others, write them into ${path}.role.tags.`);
  const keepTags = adopt ? byApply(apply, [keep], TO_REMOVE) : undefined;
  const ofTags = tagDifferences(tags, facts.tags, byApply(apply), keepTags);
  return [
    ...trustDifferences(one, facts, associated),
    ...settings,
    ...(isUntagged(tags, facts.tags) ? ofTags.map((it) => ({ ...it, ...NOT_APPLIED })) : ofTags),
  ];
}

const NOT_APPLIED = { effect: 'not applied yet', appliedAt: 'never' } as const;

/** Whether a role has none of the tags that podlift gives it, and no others. */
function isUntagged(wanted: Tags, found: Tags): boolean {
  const { different, extra } = compareTags(wanted, found);
  return (
    extra.length === 0 &&
    different.includes('podlift:workload') &&
    [...different, 'podlift:environment'].every((key) => found[key] === undefined)
  );
}

const TO_REMOVE = 'To remove them, compare with the plan, then apply:';

function settingDifference(one: ComparedRole, { what, wanted = '', found = '' }: RoleMismatch): Found {
  const { role, workload, path, stacks: apply } = one;
  switch (what) {
    case 'boundary': {
      const none = 'no boundary limits what the policies of the role allow';
      const effect = found === '' ? none : `the role can do only what ${found} allows`;
      return { kind: what, expected: wanted || 'none', found: found || 'none', effect, ...byApply(apply) };
    }
    case 'session-duration': {
      const [should = '', is = ''] = [wanted, found].map((seconds) => formatTimeSpan(Number(seconds) * 1000));
      const effect = `a session can last ${is} instead of ${should}`;
      return { kind: what, expected: `${wanted} seconds`, found: `${found} seconds`, effect, ...byApply(apply) };
    }
    case 'description':
      return { kind: what, expected: JSON.stringify(wanted), found: JSON.stringify(found), ...byApply(apply) };
    case 'arn': {
      const write = `Write the path of the role into ${path}.role.path: IAM has only one role of each name in an account.`;
      return {
        found,
        effect: 'policies and tools that name the role by its ARN name another role',
        remedy: [say(write)],
      };
    }
    default: {
      if (one.external !== undefined) {
        const create = `podlift never creates an external role. Let its owner create it, or write the name of the role that exists into ${path}.role.`;
        return {
          found: 'no such role',
          effect: `${workload.key} gets no credentials from the role`,
          remedy: [say(create)],
        };
      }
      // Only the role could say whether an apply has adopted it: then an apply creates the role again, else it cannot import the role.
      const stops = `If no apply has adopted ${role.name} yet, the next one stops here (Cannot import non-existent remote object): remove adopt and imports from ${path}.role first.`;
      const effect = `${workload.key} gets no credentials from the role`;
      return { found: 'no such role', effect, ...byApply(apply, one.adopt ? [say(stops)] : []) };
    }
  }
}

function trustDifferences(
  { role, workload, path, stacks: apply, adopt, principal, trustAt, assumptions, external, refusing }: ComparedRole,
  facts: RoleFacts,
  associated: readonly boolean[],
): readonly Found[] {
  const { trust: found, tags } = facts;
  const mismatch = compareTrust(role.trust, found);
  const { missing, extra } = mismatch;
  if (missing.length + extra.length === 0) return [];
  const { stage } = workload;
  const applied = appliedStages({ trust: found, associated }, trustAt, stage);
  const stages = stagesOfTrust(found, trustAt);
  const standing = applied.filter((one) => stages.includes(one));
  const actual = (standing.length > 0 ? standing : stages).join(', ');
  const [due] = standing;
  const before = external !== undefined || isApplied(tags) ? applied.flatMap((one) => trustAt(one) ?? []) : [];
  const policies = { wanted: role.trust, found, before };
  const assumed = assumptions(policies);
  const effect = trustEffect(principal, assumed, mismatch, due && actual);
  const dependsOn = eachOnce(assumed.flatMap((one) => ('dependsOn' in one ? one.dependsOn : [])));
  const keep = say(`To keep the additional statements, write them into ${path}.role.keepTrust.`);
  const first = refusing(facts);
  return [
    {
      kind: 'trust',
      ...(actual === ''
        ? documentTexts(mismatch, policies)
        : { expected: `trust policy of stage ${stage}`, found: `trust policy of stage ${actual}` }),
      missing,
      extra,
      ...(effect !== '' && { effect }),
      ...(dependsOn.length > 0 && { dependsOn }),
      ...(due !== undefined && standing.length === 1 && { appliedAt: due }),
      ...(external !== undefined
        ? ownerFix(external, stage, standing, actual === '' ? extra.length : 0)
        : first.length > 0
          ? { remedy: first, blocksApply: apply }
          : adopt && extra.length > 0 && actual === ''
            ? byApply(apply, [keep], TO_REMOVE)
            : byApply(apply)),
    },
  ];
}

/**
 * The owner of an external role writes its trust policy. Where the policy is the one of a neighbouring stage, the owner can also be ahead of a step, or has not
 * written what follows the last one.
 */
function ownerFix(external: ExternalRole, stage: Stage, standing: readonly Stage[], others: number): Fix {
  const isAhead =
    standing.some((one) => isPast(one, stage)) && ownerWrites(stage, standing[0] ?? stage).when === 'before';
  const step = `If the owner wrote it for the next step, take the step (podlift advance). Otherwise:`;
  return { remedy: [...(isAhead ? [say(step)] : []), ...ownerMustWrite(external, stage, others)] };
}

type Tags = Role['tags'];

/** Tags that are missing, have another value or are not wanted, as one difference. `keep`: the fix where the tags of others can be kept. */
export function tagDifferences(wanted: Tags, found: Tags, fix: Fix, keep: Fix = fix): readonly Found[] {
  const { different, extra } = compareTags(wanted, found);
  if (different.length + extra.length === 0) return [];
  const text = (key: string, tags: Tags) => inSentence(`${key}=${tags[key] ?? '(none)'}`);
  return [
    {
      kind: 'tags',
      expected: [...different.map((key) => text(key, wanted)), ...extra.map((key) => `no ${key}`)].join(', '),
      found: [...different, ...extra].map((key) => text(key, found)).join(', '),
      ...(extra.length > 0 ? keep : fix),
    },
  ];
}

function policyDifference(role: Role, mismatch: PermissionsMismatch): Omit<Found, keyof Fix> {
  const { of: kind, what } = mismatch;
  if (kind === 'managed-policy') {
    const { arn } = mismatch;
    const [expected, found, effect] =
      what === 'missing'
        ? ['attached', 'not attached', `what only ${arn} allows is not allowed`]
        : ['not attached', 'attached', `what ${arn} allows is also allowed`];
    return { kind, where: `${arn} on ${role.arn}`, expected, found, effect };
  }
  const { name, missing, extra } = mismatch;
  const effect = permissionsEffect(mismatch);
  const none = 'no such policy';
  return {
    kind,
    where: `${name} of ${role.arn}`,
    ...documentTexts(mismatch, mismatch),
    ...(what === 'unwanted' && { expected: none }),
    ...(what === 'missing' && { found: none }),
    ...{ missing, extra },
    ...(effect !== '' && { effect }),
  };
}

/**
 * Terraform knows of the policies that it has created: what others put on the role stays until they, or a command, remove it. What the inventory
 * imports must be there until an apply has imported it.
 */
function policyFix(one: ComparedRole, mismatch: PermissionsMismatch, neverApplied: boolean): Fix {
  const { role, account, path, stacks: apply, imports } = one;
  const isManaged = mismatch.of === 'managed-policy';
  const [field, option, id] = isManaged
    ? (['managedPolicies', '--policy-arn', mismatch.arn] as const)
    : (['inlinePolicies', '--policy-name', mismatch.name] as const);
  const iam = (command: string) => aws(account)`iam ${command} --role-name ${role.name} ${option} ${id}`;
  if (mismatch.what === 'unwanted')
    return {
      remedy: [
        say(`To keep the policy, write it into ${path}.permissions.${field}.`),
        say(`To remove the policy from the role in ${accountText(account)}:`),
        iam(isManaged ? 'detach-role-policy' : 'delete-role-policy'),
      ],
    };
  if (mismatch.what !== 'missing' || !neverApplied || !imports[field].includes(id)) return byApply(apply);
  const first = `Remove ${id} from ${path}.role.imports.${field}: the apply then adds the policy to the role.`;
  const again = isManaged
    ? [say(`${first} Or attach the policy again:`), iam('attach-role-policy')]
    : [say(`${first} Or put the policy there again by hand.`)];
  return beforeImport(apply, again);
}

/** Whether an adopted role is at the stage that its entry says, or one step from it. Where an answer is missing, the other comparisons say so. */
export function adoptionComparisons(scope: Scope, workload: Workload): readonly Comparison[] {
  const { environment, blueprint, now } = scope;
  if (!existedBefore(workload)) return [];
  const places = placesOf(scope, workload);
  const role = blueprint.roles.find((one) => one.workload === workload.key)?.arn ?? workload.role.name;
  const ofRole = roleQuestion(environment.account, workload.role.name);
  const asked = [ofRole, ...places.map(({ cluster, subject }) => associationOf(subject, cluster))] as const;
  const differences = ask(asked, (facts, ...answers): readonly Found[] => {
    if (!facts.ok || facts.value === undefined || !answers.every(({ ok }) => ok)) return [];
    const standing = standingOf(
      environment,
      places.map(({ cluster, subject }, index) => {
        const answer = answers[index];
        const association = answer?.ok === true ? answer.value : undefined;
        return { cluster, pods: podsOf({ serviceAccount: subject, workload }), association };
      }),
      facts.value,
      { now, trustAt: trustAt(environment, workload) },
    );
    const mismatch = compareAdoption(workload, standing, appliedBefore(workload, facts.value.tags));
    if (mismatch === undefined) return [];
    if (mismatch.what === 'unknown') {
      const { found, remedy = [], dependsOn } = stageDepends(workload, mismatch.dependsOn);
      return [{ holds: 'unknown', found, remedy, ...(dependsOn !== undefined && { dependsOn }) }];
    }
    const { claimed, there, remedy } = adoptionText(workload, mismatch);
    const effect = 'an apply removes what running pods still use';
    const blocksApply = stacks.identity(environment);
    return [{ expected: claimed, found: `the role is ${there}`, effect, remedy, blocksApply }];
  });
  const expected = `stage ${workload.stage}`;
  return [{ kind: 'found', workload: workload.key, where: role, role, expected, differences }];
}
