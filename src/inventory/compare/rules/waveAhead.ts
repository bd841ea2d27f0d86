import { isPast } from '../../resolve/isPast';
import type { CompareRule } from '../CompareRule';

/** A wave does not get ahead of the one that it waits for by no longer waiting for it. */
export const waveAhead: CompareRule = {
  name: 'wave-ahead',
  severities: ['error'],
  what: 'A wave is at no later stage than the wave that its `after` names, or named in the version before.',
  example: 'wave "core" is at dual in prod, ahead of "pilot" at prepared, which it came after until now',
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
          const until = wave.after === key ? '' : ', which it came after until now';
          yield {
            path: ['waves', wave.key, 'stages', environment],
            message: `wave "${wave.key}" is at ${stage} in ${environment}, ahead of "${first.key}" at ${limit}${until}`,
            hint: `Bring "${first.key}" to ${stage} first, or take "${wave.key}" back to ${limit}.`,
          };
        }
      }
    }
  },
};
