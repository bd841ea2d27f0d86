import type { Draft } from './draftOf';
import type { WorkloadEntry } from './Proposal';
import { sdkOf } from './podsOf';
import { permissionsEntry, roleEntry } from './roleEntry';
import type { Scene } from './Scene';

/** The entry of a draft. `wave` is for what moves with one, the last stage has none; `owned`: its association is an add-on's, and not imported by itself. */
export function entryOf(
  { environment, cluster }: Pick<Scene, 'environment' | 'cluster'>,
  draft: Draft,
  wave: string | undefined,
  owned = false,
): WorkloadEntry {
  const { subject, facts, policies, trust, running, sessionTags } = draft;
  const { association } = subject;
  const sdk = sdkOf(subject);
  const permissions = permissionsEntry(policies, environment.partition);
  return {
    ...(isStuck(draft)
      ? {
          stage: 'irsa' as const,
          because: `found on ${running.compute === 'windows' ? 'Windows' : 'Fargate'}, where Pod Identity has no agent`,
        }
      : wave === undefined
        ? { stage: draft.stage }
        : { wave }),
    ...(draft.stage !== 'irsa' && { found: draft.stage }),
    namespace: subject.namespace,
    serviceAccount: { name: subject.name, manage: 'none' },
    ...(sdk && { sdk }),
    ...(running.compute !== undefined && { compute: running.compute }),
    ...(!sessionTags && { sessionTags: false as const }),
    environments: [environment.key],
    clusters: [cluster.key],
    role: roleEntry(
      facts,
      policies,
      trust.fields,
      association === undefined || owned ? {} : { [cluster.key]: association.id },
    ),
    ...(permissions && { permissions }),
  };
}

/** It stays where it is: its pods run where there is no agent. */
export function isStuck({ running, stage }: Draft): boolean {
  return stage === 'irsa' && running.stuck.length > 0;
}
