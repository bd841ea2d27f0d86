import type { Cluster, Environment, Inventory } from '../../inventory/Inventory';
import { AGENT_ADDON } from '../../blueprint/agents';
import { blockedBy, type Open } from './blockedBy';
import type { ClusterSurvey } from './ClusterSurvey';
import { DECISIONS } from './decisions/decisions';
import { type Draft, draftOf } from './draftOf';
import { entryOf, isStuck } from './entryOf';
import { firstFree, labelOf } from './freeKey';
import type { LeftOut, Proposal, ProposedWorkload } from './Proposal';
import { type ClusterProposal, proposedCluster } from './proposedCluster';
import { proposedWaves } from './proposedWaves';
import type { Scene } from './Scene';
import { leftOut, nameOf, roleOf, type Subject, subjectsOf } from './Subject';

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
  const open = blockedBy(cluster, survey);
  const nothing = {
    environment: environment.key,
    clusterKey: cluster.key,
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
    const reason = DECISIONS.reduce<LeftOut | undefined>((found, decide) => found ?? decide(subject, scene), undefined);
    const draft = reason === undefined ? draftOf(subject, scene) : undefined;
    if (reason !== undefined) left.push(reason);
    else if (draft !== undefined && 'reason' in draft)
      left.push(leftOut(subject, draft.reason, draft.message, draft.hint));
    else if (draft !== undefined) drafts.push(draft);
  }
  const waves = proposedWaves(inventory, environment.key, cluster.key, now);
  const keys = keysFor(drafts, request, environment.key);
  const workloads = drafts.flatMap((draft): ProposedWorkload[] => {
    const key = keys.get(draft);
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
    waves: waves.entries(),
    workloads,
    left,
    notes: made?.notes ?? knownNotes(environment.key, cluster, open),
  };
}

function sceneOf(
  { inventory, environment, cluster }: ProposeRequest,
  { roles }: ClusterSurvey,
  open: Open,
  made: ClusterProposal | undefined,
): Scene {
  const subjects = subjectsOf(open.serviceAccounts, open.associations, open.pods);
  const users = new Map<string, Subject[]>();
  for (const subject of subjects) {
    for (const arn of new Set([subject.annotation, roleOf(subject)])) {
      if (arn !== undefined) users.set(arn, [...(users.get(arn) ?? []), subject]);
    }
  }
  const { issuer } = open.facts;
  const written = made?.cluster ?? cluster;
  const { oidc, ...rest } = written;
  return {
    inventory,
    environment,
    // What the cluster itself says decides who gets in, also where the inventory says nothing of it.
    cluster: {
      ...rest,
      ...(issuer !== undefined && { oidc: { provider: 'existing', adopt: false, ...oidc, issuer } }),
    },
    hasOidc: oidc !== undefined,
    facts: open.facts,
    ...(open.provider && { provider: open.provider }),
    addons: open.addons,
    subjects,
    users,
    serviceAccounts: new Set(open.serviceAccounts.map(nameOf)),
    nodes: new Map(open.nodes.map((node) => [node.name, node])),
    roles,
  };
}

/** A key for each draft: its service account's name, with the namespace before it where another has that name, then with the environment. */
function keysFor(
  drafts: readonly Draft[],
  { inventory, takenKeys = [] }: ProposeRequest,
  environment: string,
): ReadonlyMap<Draft, string | undefined> {
  const taken = new Set([
    ...takenKeys,
    ...inventory.environments.flatMap(({ workloads }) => workloads.map(({ key }) => key)),
  ]);
  const sharing = new Map<string, number>();
  for (const { subject } of drafts) {
    const key = labelOf(subject.name);
    sharing.set(key, (sharing.get(key) ?? 0) + 1);
  }
  return new Map(
    drafts.map((draft) => {
      const { namespace, name } = draft.subject;
      const short = labelOf(name);
      const long = [labelOf(namespace, name), labelOf(environment, namespace, name)];
      const key = firstFree((sharing.get(short) ?? 0) > 1 ? long : [short, ...long], taken);
      if (key !== undefined) taken.add(key);
      return [draft, key];
    }),
  );
}

/** Where a cluster that the inventory has is otherwise than it says; its entry is not touched. */
function knownNotes(environment: string, cluster: Cluster, { facts, addons }: Open): readonly string[] {
  const at = `environments.${environment}.clusters.${cluster.key}`;
  const agent = addons.find(({ name }) => name === AGENT_ADDON);
  return [
    ...(facts.version === cluster.version
      ? []
      : [`It is at ${facts.version} now: write ${at}.version: "${facts.version}".`]),
    ...(facts.autoMode === cluster.autoMode ? [] : [`Write ${at}.autoMode: ${String(facts.autoMode)}, as it is.`]),
    ...(agent !== undefined && cluster.agent === undefined
      ? [`Its agent ${agent.version} is there already: write ${at}.agent: { version: ${agent.version}, adopt: true }.`]
      : []),
    ...(agent !== undefined && cluster.agent !== undefined && !cluster.agent.adopt
      ? [`Its agent is there already: unless podlift made it, write ${at}.agent.adopt: true.`]
      : []),
  ];
}
