import type { Wave } from '../../Inventory';
import { isPast } from '../../resolve/isPast';
import type { Rule } from '../Rule';

/** A wave never runs ahead of the one that it comes after. */
export const waveOrder: Rule = {
  name: 'wave-order',
  severities: ['error'],
  what: 'A wave with `after` is at no later stage than the wave it names, in any environment.',
  example: 'wave "core" is at dual in dev, ahead of "pilot" at prepared',
  *check({ inventory, defined }) {
    const waves = new Map(inventory.waves.map((wave) => [wave.key, wave]));
    for (const wave of inventory.waves) {
      const before = wave.after === undefined ? undefined : waves.get(wave.after);
      // Waves that wait for each other have a finding of their own, and so have environments that are not there.
      if (!before || waitsForItself(wave.key, waves)) continue;
      for (const [environment, { stage }] of Object.entries(wave.stages)) {
        const limit = before.stages[environment]?.stage ?? 'irsa';
        if (!defined.environments.has(environment) || !isPast(stage, limit)) continue;
        yield {
          path: ['waves', wave.key, 'stages', environment],
          message: `wave "${wave.key}" is at ${stage} in ${environment}, ahead of "${before.key}" at ${limit}`,
          hint: `Bring "${before.key}" to ${stage} first, or take "${wave.key}" back to ${limit}.`,
        };
      }
    }
  },
};

function waitsForItself(key: string, waves: ReadonlyMap<string, Wave>): boolean {
  const seen = new Set<string>();
  let wave = waves.get(key)?.after;
  while (wave !== undefined && wave !== key && !seen.has(wave)) {
    seen.add(wave);
    wave = waves.get(wave)?.after;
  }
  return wave === key;
}
