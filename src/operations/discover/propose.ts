import type { Cluster, Environment, Inventory } from '../../inventory/Inventory';
import { RESERVED } from '../../inventory/source/toPlain';
import { blockedBy, type Open } from './blockedBy';
import type { ClusterSurvey } from './ClusterSurvey';
import { DECISIONS } from './decisions/decisions';
import { type Draft, draftOf } from './draftOf';
import { entryOf, isStuck } from './entryOf';
import { entryKeys } from './entryKeys';
import type { LeftOut, Proposal, ProposedWorkload } from './Proposal';
import { type ClusterProposal, proposedCluster } from './proposedCluster';
import { firstSteps, knownNotes } from './knownCluster';
import { joinedNotes, proposedWaves } from './proposedWaves';
import type { Scene } from './Scene';
import { letsSubjectIn } from './letsSubjectIn';
import { leftOut, nameOf, roleOf, type Subject, subjectsOf } from './Subject';
import { unsayable } from './unwritable';

/** What is proposed for. */
export interface ProposeRequest {
  readonly inventory: Inventory;
  readonly environment: Environment;
  /** One of the environment's clusters, or `newCluster`. */
  readonly cluster: Cluster;
  /** Keys of workloads that are written, also of those that are in no environment. Default: those of the inventory. */
  readonly takenKeys?: readonly string[];
  /** Becomes `since` of waves that are found past `irsa`. */
  readonly now: Date;
}

/**
 * What discover would write for what a survey found, and what it would leave out, with the reason. Pure. No entry changes
 * anything in AWS at the stage at which it was found, and none stands for an entry that the inventory has.
 */
export function propose(request: ProposeRequest, survey: ClusterSurvey): Proposal {
  const { inventory, environment, cluster, now } = request;
  const isNew = !environment.clusters.some(({ key }) => key === cluster.key);
  const open = blockedBy(environment, cluster, survey);
  const nothing = {
    environment: environment.key,
    clusterKey: cluster.key,
    first: [],
    waves: [],
    workloads: [],
    left: [],
    notes: [],
  };
  if ('blocked' in open) return { ...nothing, blocked: open.blocked };

  const made = isNew ? proposedCluster(cluster, open.facts, open.provider, open.addons) : undefined;
  const scene = sceneOf(request, survey, open, made);
  const left: LeftOut[] = [];
  const drafts: Draft[] = [];
  for (const subject of scene.subjects) {
    const judged = judge(subject, scene);
    if ('subject' in judged) drafts.push(judged);
    else left.push(judged);
  }
  const waves = proposedWaves(inventory, environment.key, cluster.key, now);
  const keys = entryKeys(
    drafts.map(({ subject }) => subject),
    scene,
  );
  const workloads = drafts.flatMap((draft): ProposedWorkload[] => {
    const key = keys.get(draft.subject);
    if (key === undefined) {
      const message = `every key that would be made for ${nameOf(draft.subject)} is taken`;
      left.push(leftOut(draft.subject, 'key-taken', message, 'Write its entry by hand, under a key of your own.'));
      return [];
    }
    const wave = isStuck(draft) ? undefined : waves.of(draft.stage);
    const { weak } = draft.trust;
    const entry = entryOf(scene, draft, wave);
    return [{ key, entry, roleArn: draft.facts.arn, notes: draft.notes, ...(weak !== undefined && { weak }) }];
  });
  return {
    ...nothing,
    ...(made && { cluster: { key: cluster.key, entry: made.entry } }),
    first: isNew ? [] : firstSteps(environment, cluster, open, left),
    waves: waves.entries(),
    workloads,
    left,
    notes: [...(made?.notes ?? knownNotes(environment, cluster, open, left)), ...joinedNotes(waves)],
  };
}

/** A draft, or why there is none. What cannot be judged is a matter of this one service account, and not of the others. */
function judge(subject: Subject, scene: Scene): Draft | LeftOut {
  try {
    const reason = DECISIONS.reduce<LeftOut | undefined>((found, decide) => found ?? decide(subject, scene), undefined);
    if (reason !== undefined) return reason;
    const draft = draftOf(subject, scene);
    return 'reason' in draft ? leftOut(subject, draft.reason, draft.message, draft.hint) : draft;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return leftOut(subject, 'invalid', `${nameOf(subject)} cannot be judged: ${why}`, 'Write its entry by hand.');
  }
}

function sceneOf(
  { inventory, environment, cluster, takenKeys = [], now }: ProposeRequest,
  { roles }: ClusterSurvey,
  open: Open,
  made: ClusterProposal | undefined,
): Scene {
  const subjects = subjectsOf(open.serviceAccounts, open.associations, open.pods);
  const { issuer } = open.facts;
  const written = made?.cluster ?? cluster;
  const { oidc, ...rest } = written;
  const place = {
    environment,
    // What the cluster itself says decides who gets in, also where the inventory says nothing of it.
    cluster: {
      ...rest,
      ...(issuer !== undefined && { oidc: { provider: 'existing', adopt: false, ...oidc, issuer } }),
    } satisfies Cluster,
  };
  const users = new Map<string, Subject[]>();
  for (const subject of subjects) {
    for (const arn of new Set([subject.annotation, roleOf(subject)])) {
      if (arn !== undefined && isUser(roles[arn], subject, place)) users.set(arn, [...(users.get(arn) ?? []), subject]);
    }
  }
  return {
    inventory,
    ...place,
    hasOidc: oidc !== undefined,
    facts: open.facts,
    ...(open.provider && { provider: open.provider }),
    addons: open.addons,
    subjects,
    users,
    serviceAccounts: new Set(open.serviceAccounts.map(nameOf)),
    nodes: new Map(open.nodes.map((node) => [node.name, node])),
    roles,
    takenKeys: new Set([
      ...RESERVED,
      ...takenKeys,
      ...inventory.environments.flatMap(({ workloads, released = [] }) =>
        [...workloads, ...released].map(({ key }) => key),
      ),
    ]),
    now,
  };
}

/** Whether a role's trust lets a service account that names it in; one that was not answered has no users that are known. */
function isUser(
  role: ClusterSurvey['roles'][string] | undefined,
  subject: Subject,
  place: Pick<Scene, 'environment' | 'cluster'>,
): boolean {
  if (role?.ok !== true || role.value === undefined || unsayable(role.value.facts.trust) !== undefined) return false;
  const { webIdentity, podIdentity } = letsSubjectIn(role.value, subject, place);
  return webIdentity || podIdentity;
}
