import { isPast, type Wave } from '../../Inventory';
import type { Rule } from '../Rule';

export const waveOrder: Rule = {
  name: 'wave-order',
  what: 'In no environment is a wave at a later stage than the wave that its `after` names.',
  example: 'wave "core" is at dual in dev, ahead of "pilot" at prepared',
  *check({ inventory, defined }) {
    const waves = new Map(inventory.waves.map((wave) => [wave.key, wave]));
    for (const wave of inventory.waves) {
      const before = wave.after === undefined ? undefined : waves.get(wave.after);
      // Cycles of waves and unknown environments have findings already.
      if (!before || waitsForItself(wave.key, waves)) continue;
      for (const [environment, { stage }] of Object.entries(wave.stages)) {
        const limit = before.stages[environment]?.stage ?? 'irsa';
        if (!defined.environments.has(environment) || !isPast(stage, limit)) continue;
        yield {
          path: ['waves', wave.key, 'stages', environment],
          message: `wave "${wave.key}" is at ${stage} in ${environment}, ahead of "${before.key}" at ${limit}`,
          hint: `Bring "${before.key}" to ${stage} first, or move "${wave.key}" back to ${limit}.`,
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
