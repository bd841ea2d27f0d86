import type { SourceRole } from '../../blueprint/Blueprint';
import { INLINE_POLICY } from '../../blueprint/permissionPolicy';
import { STAGE_TABLE } from '../../blueprint/stageTable';
import { policyDifference } from '../../iam/sameMeaning';
import type { PolicyDocument } from '../../iam/PolicyDocument';
import { type Cluster, type Environment, type Stage, STAGES, type Workload } from '../../inventory/Inventory';
import { isPast } from '../../inventory/resolve/isPast';
import type { AssociationFacts, RoleFacts, RolePolicyFacts } from '../../estate/aws/AwsPort';
import type { Ports } from '../../estate/Ports';
import type { Check, Step } from './Check';
import type { Evidence } from './Evidence';
import { evidenceOf, unanswered, type Verdict } from './evidenceOf';
import { canAssume } from '../../comparison/access';
import { named } from '../checks/named';
import { awsPlace } from './places';
import { clustersOf, partsAt } from './workloadsOnClusters';

/** Seconds; IAM's own, and what Terraform's provider takes where nothing is said. Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html */
const SESSION_DURATION = 3600;

/** Tags that AWS itself sets, and nobody else can. Source: https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html */
const OF_AWS = /^aws:/i;

/**
 * An adopted role stands at the stage that its entry claims, or one step from it, and its first apply removes nothing from it unseen. Stacks are
 * applied whole: other adopted workloads of the environment that are past `irsa` are asked for too, and have evidence where an
 * apply would cost them their role. What an apply has adopted already is compared by the other checks.
 */
export const adoption: Check = async (step, ports, now) => {
  const own = step.workloads.filter(({ role }) => role.adopt);
  const others = step.environment.workloads.filter(
    (one) => one.role.adopt && isPast(one.stage, 'irsa') && !step.workloads.includes(one),
  );
  const evidence = await Promise.all([
    ...own.map((one) => adoptionOf(step, ports, now, { ...one, stage: step.from })),
    ...others.map(async (one) =>
      (await adoptionOf(step, ports, now, one)).filter(({ blocksApply }) => blocksApply === true),
    ),
  ]);
  return evidence.flat();
};

async function adoptionOf(step: Step, ports: Ports, now: Date, workload: Workload): Promise<readonly Evidence[]> {
  const { account, region } = step.environment;
  const { role } = partsAt(step, workload, workload.stage);
  const question = {
    check: 'adoption',
    workload: workload.key,
    asked: `iam:GetRole ${role.name}, and its policies and associations`,
    of: awsPlace(account, region),
  } as const;
  const port = ports.aws(account, region);
  const facts = await port.role(role.name);
  // Where the role is not known or not there, `role-agrees` says so.
  if (!facts.ok || facts.value === undefined) return [];
  const applied = isApplied(facts.value.tags);
  const clusters = clustersOf(step, workload);
  const [policies, ...associations] = await Promise.all([
    applied ? undefined : port.rolePolicies(role.name),
    ...clusters.map(({ name, region: place }) =>
      ports
        .aws(account, place)
        .associations(name, [{ namespace: workload.namespace, serviceAccount: workload.serviceAccount.name }]),
    ),
  ]);
  for (const answer of [policies, ...associations]) {
    if (answer === undefined || answer.ok) continue;
    return applied ? [] : [evidenceOf(step, now, question, unanswered(question, answer))];
  }
  const found = associations.map((answer) => (answer.ok ? answer.value : []));
  const stands = standsAt(step.environment, workload, clusters, facts.value, found);
  const problem = stageProblem(workload, stands, applied);
  if (problem !== undefined)
    return [{ ...evidenceOf(step, now, question, aheadVerdict(workload, problem, stands)), blocksApply: true }];
  if (applied) return [];
  const lost = lossesOf(role, facts.value, policies?.ok === true ? policies.value : undefined);
  return [evidenceOf(step, now, question, lossVerdict(workload, lost))];
}

/** Whether podlift has applied a role before, by the tag that its first apply gives. */
export function isApplied(tags: RoleFacts['tags']): boolean {
  return tags['podlift:workload'] !== undefined;
}

/** Where a role stands, by its trust policy and the associations of each cluster. */
export interface Standing {
  /** More than one where these are the same at several stages, none where they are those of no stage, or where clusters differ. */
  readonly stages: readonly Stage[];
  /** On one cluster at least the role trusts Pod Identity, or there is an association. */
  readonly usesPodIdentity: boolean;
}

/** Finds out where a role stands. `associations` are those of each of the clusters, in their order. */
export function standsAt(
  environment: Environment,
  workload: Workload,
  clusters: readonly Cluster[],
  role: Pick<RoleFacts, 'arn' | 'trust'>,
  associations: readonly (readonly AssociationFacts[])[],
): Standing {
  const { namespace, serviceAccount } = workload;
  const found = clusters.map((cluster, index) => ({
    association: (associations[index] ?? []).some(
      (one) => one.namespace === namespace && one.serviceAccount === serviceAccount.name,
    ),
    trustsPodIdentity: canAssume(role, environment, workload, cluster, 'pod-identity'),
    trustsOidc: canAssume(role, environment, workload, cluster, 'irsa'),
  }));
  return {
    stages: STAGES.filter((stage) => {
      const row = STAGE_TABLE[stage];
      return found.every(
        ({ association, trustsPodIdentity, trustsOidc }) =>
          association === row.association &&
          trustsPodIdentity === row.trustsPodIdentity &&
          trustsOidc === row.trustsOidc,
      );
    }),
    usesPodIdentity: found.some(({ association, trustsPodIdentity }) => association || trustsPodIdentity),
  };
}

/** `found`: AWS disagrees with what the entry says was found. `ahead`: the entry is more than one step from where the role stands. */
export type StageProblem = 'found' | 'ahead';

/**
 * What is wrong with the stage of an entry that adopts a role; nothing where it is right. Once an apply has adopted the role (`applied`),
 * `found` has served, and a state between two stages is that of an apply which did not end.
 */
export function stageProblem(
  { stage, found }: Pick<Workload, 'stage' | 'found'>,
  { stages, usesPodIdentity }: Standing,
  applied: boolean,
): StageProblem | undefined {
  if (!applied && found !== undefined && !stages.includes(found)) return 'found';
  if (stages.length === 0) {
    if (applied) return undefined;
    return isPast(stage, 'irsa') || usesPodIdentity ? 'ahead' : undefined;
  }
  const steps = stages.map((one) => Math.abs(STAGES.indexOf(one) - STAGES.indexOf(stage)));
  return Math.min(...steps) > 1 ? 'ahead' : undefined;
}

/** What the stage of an adopted role is claimed to be, where it stands, and how the entry is corrected. */
export function stageWords(
  { key, stage, found }: Pick<Workload, 'key' | 'stage' | 'found'>,
  problem: StageProblem,
  { stages }: Standing,
): { readonly claimed: string; readonly there: string; readonly remedy: string } {
  const [at] = stages;
  return {
    claimed: problem === 'found' ? `found: ${found ?? stage}` : `stage ${stage}`,
    there: at === undefined ? 'at no stage that podlift knows' : `at ${stages.join(' or ')}`,
    remedy: `Do not apply: running pods would lose the role. ${correction(key, at, found !== undefined)}`,
  };
}

function correction(key: string, at: Stage | undefined, hasFound: boolean): string {
  if (at === undefined)
    return `Compare the trust policy of the role, and its associations on each cluster, with the stage table of docs/MIGRATION.md, and bring workloads.${key} to one stage on all of its clusters first.`;
  if (at !== 'irsa') return `Put workloads.${key} into a wave that is at ${at}, and write found: ${at}.`;
  return `Put workloads.${key} into a wave that is at irsa, or write stage: irsa with because${hasFound ? ', and remove found' : ''}.`;
}

function aheadVerdict(workload: Workload, problem: StageProblem, stands: Standing): Verdict {
  const { claimed, there, remedy } = stageWords(workload, problem, stands);
  return { found: `the entry says ${claimed}, and the role is ${there} in AWS`, holds: 'no', remedy };
}

/** What stands on a role and is not in its entry. */
interface Losses {
  /** Removed by the first apply, each as a phrase. */
  readonly removed: readonly string[];
  /** Left on the role, each as a phrase. */
  readonly left: readonly string[];
  /** Where these are written to keep them. */
  readonly fields: readonly string[];
}

function lossesOf(role: SourceRole, facts: RoleFacts, policies: RolePolicyFacts | undefined): Losses {
  const tags = Object.keys(facts.tags).filter((key) => !OF_AWS.test(key) && facts.tags[key] !== role.tags[key]);
  const { extra } = policyDifference(facts.trust, role.trust);
  const { description = '', permissionsBoundary, maxSessionDuration } = facts;
  const documents = new Map<string, PolicyDocument>([
    ...(role.inline === undefined ? [] : [[INLINE_POLICY, role.inline] as const]),
    ...role.inlinePolicies.map(({ name, document }) => [name, document] as const),
  ]);
  const narrowed = Object.entries(policies?.inline ?? {}).filter(([name, document]) => {
    const wanted = documents.get(name);
    return wanted !== undefined && policyDifference(document, wanted).extra.length > 0;
  });
  const known = new Set([...role.managedPolicies, ...documents.keys()]);
  const left = [...(policies?.attached ?? []), ...Object.keys(policies?.inline ?? {})].filter((one) => !known.has(one));
  const lost = [
    { field: 'role.tags', what: tags.length === 0 ? '' : `tags ${named(tags)}` },
    {
      field: 'role.description',
      what: description === '' || description === role.description ? '' : `description ${JSON.stringify(description)}`,
    },
    {
      field: 'role.keepTrust',
      what:
        extra.length === 0
          ? ''
          : `${extra.length} ${extra.length === 1 ? 'statement' : 'statements'} of its trust policy`,
    },
    {
      field: 'permissions.inlinePolicies',
      what: narrowed.length === 0 ? '' : `permissions of inline policies ${named(narrowed.map(([name]) => name))}`,
    },
    {
      field: 'role.permissionsBoundary',
      what:
        permissionsBoundary === undefined || permissionsBoundary === role.permissionsBoundary
          ? ''
          : `permissions boundary ${permissionsBoundary}`,
    },
    {
      field: 'role.maxSessionDuration',
      what:
        maxSessionDuration === (role.maxSessionDuration ?? SESSION_DURATION)
          ? ''
          : `session duration ${maxSessionDuration} seconds`,
    },
  ].filter(({ what }) => what !== '');
  return {
    removed: lost.map(({ what }) => what),
    left: left.map((policy) => `policy ${policy}`),
    fields: [...lost.map(({ field }) => field), ...(left.length === 0 ? [] : ['permissions and role.imports'])],
  };
}

function lossVerdict({ key }: Workload, { removed, left, fields }: Losses): Verdict {
  if (removed.length + left.length === 0) return { found: 'the first apply removes nothing from it', holds: 'yes' };
  const found = [
    ...(removed.length === 0 ? [] : [`the first apply removes ${removed.join('; ')}`]),
    ...(left.length === 0 ? [] : [`not in the entry, left on the role: ${named(left)}`]),
  ].join('; ');
  const keep = `To keep what is not in the entry, write it into ${fields.join(', ')} of workloads.${key}, as discover proposes it.`;
  if (removed.length === 0) return { found, holds: 'yes', remedy: keep, remedyDue: 'before-step' };
  return { found, holds: 'no', remedy: `${keep} To remove it on purpose, apply first.` };
}
