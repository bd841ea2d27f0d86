import { didYouMean, listed } from '../../suggest';
import { formatPath } from '../../source/plainData';
import type { Model, UnknownName } from '../../resolve/Model';
import type { RuleFinding, Rule } from '../Rule';

type Uses = readonly [UnknownName, ...UnknownName[]];

/**
 * A name that only some environments have gives one finding for each other environment, for all its uses. A name that no environment has
 * gives one finding at its first use.
 */
export const unknownValue: Rule = {
  name: 'unknown-value',
  what: 'Every `{name}` is a built-in name, `accounts.NAME`, or one of the `values` of each environment that uses it.',
  example: '{buckte} has no value in environment prod: did you mean "bucket"?',
  *check(model) {
    const valuesSomewhere = new Set([...model.defined.values.values()].flatMap((keys) => [...keys]));
    for (const uses of grouped(model.unknownNames, ({ name }) => name)) {
      if (valuesSomewhere.has(uses[0].name)) yield* missing(uses, model);
      else yield mistyped(uses);
    }
  },
};

function* missing(all: Uses, { defined }: Model): Generator<RuleFinding> {
  for (const uses of grouped(all, ({ environment }) => environment)) {
    const [{ name, environment, known, path }] = uses;
    const having = [...defined.values].flatMap(([key, values]) => (values.has(name) ? [key] : []));
    yield {
      path: ['environments', environment, 'values', name],
      message:
        `{${name}} has no value in environment ${environment}, but ${having.join(', ')} ${having.length === 1 ? 'has' : 'have'} one. Used in ` +
        `${placesOf(uses)}; known: ${listed(known)}`,
      hint: `Add ${name} under \`values\` of ${environment}, or correct the name in ${formatPath(path)}.`,
    };
  }
}

function mistyped(uses: Uses): RuleFinding {
  const [{ name, known, path }] = uses;
  const environments = [...new Set(uses.map(({ environment }) => environment))];
  const places = new Set(uses.map((use) => formatPath(use.path))).size;
  return {
    path,
    about: name,
    message:
      `{${name}} has no value in environment${environments.length === 1 ? '' : 's'} ${environments.join(', ')}` +
      `${places === 1 ? '' : `, and is used in ${places} places`}: ${didYouMean(name, known)}known: ${listed(known)}`,
    hint: `Correct the name, or add it under \`values\` of ${environments.join(', ')}.`,
  };
}

function placesOf(uses: Uses): string {
  const places = new Set(uses.map(({ path }) => formatPath(path)));
  return places.size === 1 ? [...places].join() : `${places.size} places`;
}

function grouped(names: readonly UnknownName[], by: (name: UnknownName) => string): readonly Uses[] {
  const groups = new Map<string, [UnknownName, ...UnknownName[]]>();
  for (const name of names) {
    const group = groups.get(by(name));
    if (group) group.push(name);
    else groups.set(by(name), [name]);
  }
  return [...groups.values()];
}
