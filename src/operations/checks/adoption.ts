import {
  type AdoptionMismatch,
  adoptionLosses,
  compareAdoption,
  type Standing,
  standingOf,
} from '../../comparison/adoption';
import { associationOwner, otherOwner } from '../../comparison/otherOwner';
import { appliedBefore, inlinePolicies } from '../../comparison/role';
import type { TargetRole } from '../../blueprint/Blueprint';
import { oidcProviderArn } from '../../blueprint/arns';
import { compileWorkload } from '../../blueprint/compileWorkload';
import { ask, need } from '../../estate/ask';
import type { AssociationFacts } from '../../estate/aws/AwsPort';
import type { Remedy } from '../../estate/Remedy';
import type { DecidingCondition } from '../../iam/Decision';
import type { PolicyDocument } from '../../iam/PolicyDocument';
import type { QuestionOf } from '../../estate/questions';
import { type Environment, existedBefore, type Stage, type Workload } from '../../inventory/Inventory';
import type { Step, StepCheck } from '../gate/Step';
import { type HandedOver, letGo, ownedText } from '../otherOwnerText';
import { OWNER_NAME } from '../ownedAssociation/ownerRemedy';
import { type Advice, remedyOf } from '../remedies';
import {
  type CheckAsk,
  type Checked,
  type CheckResult,
  depends,
  fail,
  onClusters,
  pass,
  podsOf,
  problem,
} from './Check';
import { policiesQuestion, roleQuestion } from './rolePermissions';

/**
 * An adopted role is at the stage that its entry claims, or one step from it, and its first apply removes nothing from it unseen. Stacks are
 * applied whole: other adopted workloads of the environment that are past `irsa` are asked for too, and have a result where an
 * apply would cost them their role. What an apply has adopted already is compared by the other checks.
 */
export const adoption: StepCheck = (step, now) => {
  const own = step.workloads.filter(existedBefore).map((one) => ({ ...one, stage: step.from }));
  const others = step.environment.workloads.filter(
    (one) => existedBefore(one) && one.stage !== 'irsa' && !step.workloads.includes(one),
  );
  const at = (workload: Workload) => ({ workload, path: `workloads.${workload.key}` });
  return [
    ...[...own, ...others].map((workload) => ({
      ...at(workload),
      checked: adopted(step, now, workload, others.includes(workload)),
    })),
    ...step.workloads.map((workload) => ({ ...at(workload), checked: ownedByTool(step, workload) })),
  ];
};

/** A resource that podlift manages, with the tags that podlift itself writes. */
interface Managed {
  /** `the role orders-api`. */
  readonly what: string;
  readonly question: QuestionOf<'role' | 'association' | 'oidcProvider'>;
  readonly tags: Readonly<Record<string, string>>;
  readonly handedOver: (id: string) => HandedOver;
}

/**
 * Whether another tool owns what podlift changes for a workload, by the tags. A controller that reverts all the time stops the step forward; a tool that acts
 * with its next update does not: most roles of IRSA are of such a stack, and lose nothing until somebody changes the stack.
 */
function ownedByTool({ direction, ...step }: Step, workload: Workload): Checked {
  return managedOf(step, workload).map(({ what, question, tags, handedOver }) =>
    // Where it is not known or not there, other checks say so.
    ask([question], (answer) => {
      const found = answer.ok ? answer.value?.tags : undefined;
      const others = Object.entries(found ?? {}).filter(([key, value]) => tags[key] !== value);
      const owner = otherOwner(Object.fromEntries(others));
      if (owner === undefined) return undefined;
      const tool = question.ask === 'association' ? associationOwner(Object.fromEntries(others)) : undefined;
      const leave: Advice =
        tool === undefined
          ? []
          : `Or leave the association to ${OWNER_NAME[tool]}: write association: { manage: external, as: ${tool} } into workloads.${workload.key}, and remove role.imports.associations. Otherwise:`;
      const state = owner.reverts === 'always' && direction === 'forward' ? 'problem' : 'warning';
      const id = answer.ok && answer.value !== undefined && 'id' in answer.value ? answer.value.id : '';
      return fail(state, ownedText(what, owner), [leave, letGo(owner, handedOver(id))]);
    }),
  );
}

/** The tags of an adopted role are in its entry, also those of another tool. */
function managedOf({ environment, from }: Pick<Step, 'environment' | 'from'>, workload: Workload): readonly Managed[] {
  const { account, partition } = environment;
  const { role, targetRoles, associations } = compileWorkload(environment, { ...workload, stage: from });
  const clusters = environment.clusters.filter(({ key }) => workload.clusters.includes(key));
  return [
    ...(role.manage === 'external'
      ? []
      : [
          {
            what: `the role ${role.name}`,
            question: roleQuestion(account, role.name),
            tags: workload.role.adopt ? {} : role.tags,
            handedOver: (): HandedOver => ({
              ...{ kind: 'role', id: role.name, workload: workload.key },
              policies: { attached: role.managedPolicies, inline: [...inlinePolicies(role).keys()] },
            }),
          },
        ]),
    ...targetRoles.map((target) => ({
      what: `the target role ${target.name}`,
      question: roleQuestion(target.account, target.name),
      tags: target.tags,
      handedOver: () => ({ kind: 'role', id: target.name }) as const,
    })),
    // An association that the inventory leaves to its owner is not changed.
    ...associations.flatMap(({ cluster: key, namespace, serviceAccount, tags, owner }) =>
      clusters
        .filter((one) => one.key === key && owner === undefined)
        .map(({ arn, name }) => ({
          what: `the association of ${namespace}/${serviceAccount} on ${key}`,
          question: { ask: 'association', cluster: arn, namespace, serviceAccount } as const,
          tags,
          handedOver: (id: string) => ({ kind: 'association', id: `${name},${id}` }) as const,
        })),
    ),
    ...clusters.flatMap(({ key, oidc }) =>
      oidc?.provider === 'managed'
        ? [
            {
              what: `the OIDC provider of ${key}`,
              question: {
                ask: 'oidcProvider',
                account: account.id,
                arn: oidcProviderArn(partition, account.id, oidc.issuer),
              } as const,
              tags: environment.tags,
              handedOver: () => ({
                kind: 'oidc-provider' as const,
                id: oidcProviderArn(partition, account.id, oidc.issuer),
              }),
            },
          ]
        : [],
    ),
  ];
}

/** `onlyBlocking`: the workload is not one of the step. */
function adopted({ environment }: Step, now: Date, workload: Workload, onlyBlocking: boolean): CheckAsk {
  const { account } = environment;
  const { role } = compileWorkload(environment, workload);
  const places = onClusters(environment, workload);
  const question = roleQuestion(account, role.name);
  const associations = places.map(({ questions }) => questions.association);
  // Where the role is not known or not there, the check `role` says so.
  return ask([question], (answer) => {
    if (!answer.ok || answer.value === undefined) return undefined;
    const found = answer.value;
    const applied = appliedBefore(workload, found.tags);
    const judge = (values: readonly (AssociationFacts | undefined)[]) =>
      adoptionResult(
        workload,
        standingOf(
          environment,
          places.map((place, index) => ({ ...place, pods: podsOf(place), association: values[index] })),
          found,
          { now, trustAt: trustAt(environment, workload) },
        ),
        applied,
      );
    // No apply removes anything from an external role.
    if (applied || onlyBlocking || role.manage === 'external')
      return ask([question, ...associations], (_, ...answers) =>
        answers.every((one) => one.ok) ? judge(answers.map((one) => one.value)) : undefined,
      );
    return need([question, ...associations], (_, ...values) => {
      const blocking = judge(values);
      if (blocking !== undefined) return blocking;
      return need([question, policiesQuestion(account, role.name)], (_role, policies) =>
        lossResult(workload, adoptionLosses(role, found, policies)),
      );
    });
  });
}

/** The trust policy that the role of a workload has at each stage, by its entry. */
export function trustAt(environment: Environment, workload: Workload): (stage: Stage) => PolicyDocument {
  return (stage) => compileWorkload(environment, { ...workload, stage }).role.trust;
}

/** The trust policy that a target role of a workload has at each stage. */
export function targetTrustAt(
  environment: Environment,
  workload: Workload,
  { target }: Pick<TargetRole, 'target'>,
): (stage: Stage) => PolicyDocument | undefined {
  return (stage) => {
    const { targetRoles } = compileWorkload(environment, { ...workload, stage });
    return targetRoles.find((one) => one.target === target)?.trust;
  };
}

function lossResult({ key }: Workload, losses: ReturnType<typeof adoptionLosses>): CheckResult {
  if (losses.length === 0) return pass('the first apply removes nothing from the role');
  const removed = losses.filter((one) => one.removed).map(({ what }) => what);
  const left = losses.filter((one) => !one.removed).map(({ what }) => what);
  const found = [
    ...(removed.length === 0 ? [] : [`the first apply removes ${removed.join('; ')}`]),
    ...(left.length === 0 ? [] : [`not in the entry, and left on the role: ${left.join(', ')}`]),
  ].join('; ');
  const fields = [...new Set(losses.map(({ field }) => field))].join(', ');
  const keep = `To keep what is not in the entry, write it into ${fields} of workloads.${key}, as discover proposes it.`;
  if (removed.length === 0) return pass(found, { remedy: remedyOf(keep), due: 'before-step' });
  return problem(found, [keep, 'To remove it on purpose, apply first.']);
}

/** The result where the role is not at the stage that its entry claims; nothing where it is. An apply would cost running pods their role. */
export function adoptionResult(workload: Workload, standing: Standing, applied: boolean): CheckResult | undefined {
  const mismatch = compareAdoption(workload, standing, applied);
  if (mismatch === undefined) return undefined;
  if (mismatch.what === 'unknown') return stageDepends(workload, mismatch.dependsOn);
  const { claimed, there, remedy } = adoptionText(workload, mismatch);
  return problem(`the entry has ${claimed}, but the role is ${there} in AWS`, remedy, { blocksApply: true });
}

/** Where an adopted role is depends on conditions of its trust policy. */
export function stageDepends({ stage }: Pick<Workload, 'stage'>, dependsOn: readonly DecidingCondition[]): CheckResult {
  return depends(`whether the role is at ${stage}, as the entry says`, dependsOn);
}

/** What the stage of an entry that adopts a role is claimed to be, where the role is, and how the entry is corrected. */
export function adoptionText(
  { key, stage, found }: Pick<Workload, 'key' | 'stage' | 'found'>,
  { what, standing: { stages } }: Exclude<AdoptionMismatch, { readonly what: 'unknown' }>,
): { readonly claimed: string; readonly there: string; readonly remedy: Remedy } {
  const [at] = stages;
  return {
    claimed: what === 'found' ? `found: ${found ?? stage}` : `stage ${stage}`,
    there: at === undefined ? 'at no stage of podlift' : `at ${stages.join(' or ')}`,
    remedy: remedyOf('Do not apply: running pods would lose the role.', correction(key, at, found !== undefined)),
  };
}

function correction(key: string, at: Stage | undefined, hasFound: boolean): string {
  if (at === undefined)
    return `Compare the trust policy of the role, and its associations on each cluster, with the stage table of docs/MIGRATION.md. First bring workloads.${key} to one stage on all of its clusters.`;
  if (at !== 'irsa') return `Put workloads.${key} into a wave that is at ${at}, and write found: ${at}.`;
  return `Put workloads.${key} into a wave that is at irsa, or write stage: irsa with because${hasFound ? ', and remove found' : ''}.`;
}
