import type { Step } from './Check';

/** When a wave came to its stage, and for how long it has been there. */
export type StageSince =
  | { readonly known: true; readonly since: Date; readonly milliseconds: number }
  | { readonly known: false; readonly found: string; readonly remedy: string };

/** Reads `since` of the wave in the environment; one that is missing, no time, or still to come is not known, and says what to do. */
export function stageSince({ wave, environment }: Pick<Step, 'wave' | 'environment'>, now: Date): StageSince {
  const entry = wave.stages[environment.key];
  const where = `waves.${wave.key}.stages.${environment.key}`;
  const remedy = `Write the time of the apply as ${where}: { stage: ${entry?.stage ?? 'irsa'}, since: ${now.toISOString()} } (podlift advance writes it), and wait from there.`;
  if (entry?.since === undefined) return { known: false, found: `${where} has no since`, remedy };
  const since = new Date(entry.since);
  if (Number.isNaN(since.getTime()))
    return { known: false, found: `${where}.since is no time: ${entry.since}`, remedy };
  const milliseconds = now.getTime() - since.getTime();
  if (milliseconds < 0) return { known: false, found: `${where}.since is in the future: ${entry.since}`, remedy };
  return { known: true, since, milliseconds };
}
