import type { SourceRole } from '../../blueprint/Blueprint';
import { INLINE_POLICY } from '../../blueprint/permissionPolicy';
import { STAGE_TABLE } from '../../blueprint/stageTable';
import { policyDifference } from '../../iam/sameMeaning';
import { type Cluster, type Environment, type Stage, STAGES, type Workload } from '../../inventory/Inventory';
import type { AssociationFacts, RoleFacts, RolePolicyFacts } from '../aws/AwsPort';
import type { Ports } from '../Ports';
import type { Check, Step } from './Check';
import type { Evidence } from './Evidence';
import { evidenceOf, unanswered, type Verdict } from './evidenceOf';
import { letsWebIdentityIn, refusedToPodIdentity } from './letsIn';
import { named } from './named';
import { awsPlace } from './places';
import { clustersOf, partsAt } from './workloadsOnClusters';

/** Seconds; IAM's own, and what Terraform's provider takes where nothing is said. Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html */
const SESSION_DURATION = 3600;

/** Tags that AWS itself sets, and nobody else can. Source: https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html */
const OF_AWS = /^aws:/i;

/**
 * Before the first apply of an adopted role: it stands at the stage that the entry claims, and the apply removes nothing from it unseen.
 * A role that an apply of podlift's has adopted already has no evidence here: the other checks compare it.
 */
export const adoption: Check = async (step, ports, now) =>
  (
    await Promise.all(step.workloads.filter(({ role }) => role.adopt).map((one) => adoptionOf(step, ports, now, one)))
  ).flat();

async function adoptionOf(step: Step, ports: Ports, now: Date, workload: Workload): Promise<readonly Evidence[]> {
  const { account, region } = step.environment;
  const { role } = partsAt(step, workload, step.from);
  const question = {
    check: 'adoption',
    workload: workload.key,
    asked: `iam:GetRole ${role.name}, and its policies and associations`,
    of: awsPlace(account, region),
  } as const;
  const port = ports.aws(account, region);
  const facts = await port.role(role.name);
  // Where the role is not known or not there, `role-agrees` says so.
  if (!facts.ok || facts.value === undefined || isApplied(facts.value.tags)) return [];
  const clusters = clustersOf(step, workload);
  const [policies, ...associations] = await Promise.all([
    port.rolePolicies(role.name),
    ...clusters.map(({ name, region: place }) =>
      ports.aws(account, place).associations(name, workload.namespace, workload.serviceAccount.name),
    ),
  ]);
  for (const answer of [policies, ...associations])
    if (!answer.ok) return [evidenceOf(step, now, question, unanswered(question, answer))];
  const found = associations.map((answer) => (answer.ok ? answer.value : []));
  const stands = standsAt(step.environment, workload, clusters, facts.value, found);
  const problem = stageProblem({ ...workload, stage: step.from }, stands);
  if (problem !== undefined)
    return [{ ...evidenceOf(step, now, question, aheadVerdict(workload, problem, stands)), blocksApply: true }];
  const lost = lossesOf(role, facts.value, policies.ok ? policies.value : undefined);
  return [evidenceOf(step, now, question, lossVerdict(workload, lost))];
}

/** Whether podlift has applied a role before, by the tag that its first apply gives. */
export function isApplied(tags: RoleFacts['tags']): boolean {
  return tags['podlift:workload'] !== undefined;
}

/**
 * The stages at which a role may stand, by its trust policy and the associations of each cluster; more than one where these are the
 * same at several stages, none where they are those of no stage, or where clusters differ.
 */
export function standsAt(
  environment: Environment,
  workload: Workload,
  clusters: readonly Cluster[],
  role: Pick<RoleFacts, 'arn' | 'trust'>,
  associations: readonly (readonly AssociationFacts[])[],
): readonly Stage[] {
  const { namespace, serviceAccount } = workload;
  return STAGES.filter((stage) => {
    const row = STAGE_TABLE[stage];
    return clusters.every((cluster, index) => {
      const associated = (associations[index] ?? []).some(
        (one) => one.namespace === namespace && one.serviceAccount === serviceAccount.name,
      );
      const web = letsWebIdentityIn(role, environment, workload, cluster);
      const pod = refusedToPodIdentity(role, environment, workload, cluster).length === 0;
      return associated === row.association && pod === row.trustsPodIdentity && web === row.trustsOidc;
    });
  });
}

/** `found`: AWS disagrees with what the entry says was found. `ahead`: the entry is more than one step from where the role stands. */
export type StageProblem = 'found' | 'ahead';

/** What is wrong with the stage of an entry whose adopted role no apply has touched yet; nothing where it is right. */
export function stageProblem(
  { stage, found }: Pick<Workload, 'stage' | 'found'>,
  stands: readonly Stage[],
): StageProblem | undefined {
  if (found !== undefined && !stands.includes(found)) return 'found';
  const steps = stands.map((one) => Math.abs(STAGES.indexOf(one) - STAGES.indexOf(stage)));
  if (stands.length === 0) return stage === 'irsa' ? undefined : 'ahead';
  return Math.min(...steps) > 1 ? 'ahead' : undefined;
}

/** What the stage of an adopted role is claimed to be, where it stands, and how the entry is corrected. */
export function stageWords(
  { key, stage, found }: Pick<Workload, 'key' | 'stage' | 'found'>,
  problem: StageProblem,
  stands: readonly Stage[],
): { readonly claimed: string; readonly there: string; readonly remedy: string } {
  const there = stands.length === 0 ? 'no stage that podlift knows' : stands.join(' or ');
  const [at = 'irsa'] = stands;
  const lines =
    at === 'irsa'
      ? `Put workloads.${key} into a wave that is at irsa, or write stage: irsa with because`
      : `Put workloads.${key} into a wave that is at ${at}, and write found: ${at}`;
  return {
    claimed: problem === 'found' ? `found: ${found ?? stage}` : `stage ${stage}`,
    there,
    remedy: `Do not apply: the first apply would remove what running pods still use. ${lines}${problem === 'found' && at === 'irsa' ? ', and remove found' : ''}.`,
  };
}

function aheadVerdict(workload: Workload, problem: StageProblem, stands: readonly Stage[]): Verdict {
  const { claimed, there, remedy } = stageWords(workload, problem, stands);
  return { found: `the entry says ${claimed}, the role stands at ${there} and was never applied`, holds: 'no', remedy };
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
  const own = role.inline === undefined ? [] : [INLINE_POLICY];
  const known = new Set([...role.managedPolicies, ...role.inlinePolicies.map(({ name }) => name), ...own]);
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
