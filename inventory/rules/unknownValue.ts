import { didYouMean, listed } from '../suggest';
import { formatPath } from '../source/formatPath';
import type { UnknownName } from '../resolve/Model';
import type { Rule } from './Rule';

/** Every `{name}` stands for something in each environment that uses it. One finding for a place, however many environments miss it. */
export const unknownValue: Rule = {
  name: 'unknown-value',
  severities: ['error'],
  what: 'Every `{name}` is a built-in name, `accounts.NAME`, or one of the `values` of each environment that uses it.',
  example: '{buckte} stands for nothing in environment prod: did you mean "bucket"?',
  *check({ unknownNames }) {
    const places = new Map<string, [UnknownName, ...UnknownName[]]>();
    for (const unknown of unknownNames) {
      const place = `${formatPath(unknown.path)} ${unknown.name}`;
      const before = places.get(place);
      if (before) before.push(unknown);
      else places.set(place, [unknown]);
    }
    for (const [first, ...rest] of places.values()) {
      const environments = [...new Set([first, ...rest].map(({ environment }) => environment))];
      yield {
        path: first.path,
        about: first.name,
        message:
          `{${first.name}} stands for nothing in environment ${environments.join(', ')}: ` +
          `${didYouMean(first.name, first.known)}known are ${listed(first.known)}`,
        hint: `Correct the name, or add it under \`values\` of ${environments.join(', ')}.`,
      };
    }
  },
};
