import { isPast } from '../../Inventory';
import type { CompareRule } from '../compare';

/** Removing `after` does not let a wave get ahead. */
export const waveAhead: CompareRule = {
  name: 'wave-ahead',
  what: 'A wave is at no later stage than the wave in its `after`, in the new or in the earlier version.',
  example: 'wave "core" is at dual in prod, ahead of "pilot" at prepared, which was its `after` until now',
  *check({ base, head, waves }) {
    const before = new Map(base.waves.map(({ key, after }) => [key, after]));
    const now = new Map(head.waves.map((wave) => [wave.key, wave]));
    const named = new Set(waves.kept.map(({ head: { key } }) => key));
    for (const wave of head.waves) {
      const order = new Set([wave.after, named.has(wave.key) ? before.get(wave.key) : undefined]);
      for (const key of order) {
        const first = key === undefined ? undefined : now.get(key);
        if (!first) continue;
        for (const [environment, { stage }] of Object.entries(wave.stages)) {
          const limit = first.stages[environment]?.stage ?? 'irsa';
          if (!isPast(stage, limit)) continue;
          const until = wave.after === key ? '' : ', which was its `after` until now';
          yield {
            path: ['waves', wave.key, 'stages', environment],
            message: `wave "${wave.key}" is at ${stage} in ${environment}, ahead of "${first.key}" at ${limit}${until}`,
            hint: `Bring "${first.key}" to ${stage} first, or move "${wave.key}" back to ${limit}.`,
          };
        }
      }
    }
  },
};
