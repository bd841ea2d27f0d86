import type { Rule } from '../Rule';

export const waveCycle: Rule = {
  name: 'wave-cycle',
  what: 'No wave comes after itself, directly or through others.',
  example: 'core → pilot → core is a cycle',
  *check({ inventory }) {
    const after = new Map(inventory.waves.map((wave) => [wave.key, wave.after]));
    const settled = new Set<string>();
    for (const { key } of inventory.waves) {
      const chain: string[] = [];
      let wave: string | undefined = key;
      while (wave !== undefined && !settled.has(wave) && !chain.includes(wave)) {
        chain.push(wave);
        wave = after.get(wave);
      }
      chain.forEach((member) => settled.add(member));
      const start = wave === undefined ? -1 : chain.indexOf(wave);
      if (start < 0 || wave === undefined) continue;
      yield {
        path: ['waves', wave, 'after'],
        message: `${[...chain.slice(start), wave].join(' → ')} is a cycle`,
        hint: 'Remove the `after` of one of them: one wave must be the first.',
      };
    }
  },
};
