import { knownController } from '../../../catalogue/catalogue';
import type { KnownController } from '../../../catalogue/catalogueSchema';
import { type ParameterProblem, parameterProblems } from '../../../catalogue/controllerPolicy';
import { parameterType } from '../../../catalogue/parameterTypes';
import { didYouMean, listed, suggest } from '../../suggest';
import { isUnresolved } from '../../resolve/resolvePermissions';
import type { Rule, RuleFinding } from '../Rule';

export const controllerParameter: Rule = {
  name: 'controller-parameter',
  what: 'The parameters of a controller of `use` exist, have the right form, and none that it needs is missing.',
  example: 'external-dns has no parameter "zone": did you mean "zones"?',
  *check({ holders }) {
    for (const { placed, field, permissions } of holders)
      for (const [entry, { name, parameters }] of (permissions.use ?? []).entries()) {
        const controller = knownController(name);
        if (controller === undefined) continue;
        for (const one of parameterProblems(controller, parameters, isUnresolved)) {
          if (one.problem === 'open') continue;
          const { inside, ...finding } = findingOf(name, controller, one);
          yield { ...finding, path: placed.at(...field, 'use', entry, ...inside) };
        }
      }
  },
};

type InEntry = Omit<RuleFinding, 'path'> & { readonly inside: RuleFinding['path'] };

function findingOf(
  name: string,
  { parameters = {} }: KnownController,
  one: Exclude<ParameterProblem, { problem: 'open' }>,
): InEntry {
  const { parameter } = one;
  const inside = ['parameters', parameter];
  const list = `List its parameters:\nnpx podlift catalogue ${name}`;
  if (one.problem === 'unknown') {
    const known = Object.keys(parameters);
    const near = suggest(parameter, known);
    return {
      inside,
      at: 'key',
      message:
        known.length === 0
          ? `${name} has no parameters, and so no ${JSON.stringify(parameter)}`
          : `${name} has no parameter ${JSON.stringify(parameter)}: ${didYouMean(parameter, known)}parameters: ${listed(known)}`,
      hint: near === undefined ? list : `Write ${near}.`,
    };
  }
  const definition = parameters[parameter];
  const { form, example, single } = parameterType(definition?.type ?? 'flag');
  const written = `${parameter}: ${single === true ? example : `[${JSON.stringify(example)}]`}`;
  if (one.problem === 'missing')
    return {
      inside: [],
      message: `${name} needs the parameter ${parameter}${one.neededBy === undefined ? '' : ` beside ${one.neededBy}`}: ${form}`,
      hint: `Write for example:\n{ name: ${name}, parameters: { ${written} } }`,
    };
  return {
    inside: [...inside, ...(one.index === undefined ? [] : [one.index])],
    message: `${JSON.stringify(one.value)} is no value of the parameter ${parameter} of ${name}: it takes ${form}`,
    hint:
      one.value === '*' && definition?.default === '*'
        ? `Remove ${parameter}: without it, ${name} has all of them. Or write for example ${written}.`
        : `Write for example ${written}.`,
  };
}
