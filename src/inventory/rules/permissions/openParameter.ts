import { knownController } from '../../../catalogue/catalogue';
import { parameterProblems } from '../../../catalogue/controllerPolicy';
import { isUnresolved } from '../../resolve/resolvePermissions';
import type { Rule } from '../Rule';

export const openParameter: Rule = {
  name: 'open-parameter',
  severities: ['warning'],
  what: 'A parameter of a controller of `use` restricts it: a value that admits everything has a reason in `because`.',
  example: '"arn:aws:secretsmanager:us-west-2:111111111111:secret:*" admits everything: secrets of external-secrets',
  *check({ holders }) {
    for (const { placed, field, permissions } of holders)
      for (const [entry, { name, parameters, because }] of (permissions.use ?? []).entries()) {
        const controller = knownController(name);
        if (controller === undefined || because !== undefined) continue;
        for (const one of parameterProblems(controller, parameters, isUnresolved))
          if (one.problem === 'open')
            yield {
              path: placed.at(
                ...[...field, 'use', entry, 'parameters', one.parameter],
                ...(one.index === undefined ? [] : [one.index]),
              ),
              message: `${JSON.stringify(one.value)} admits everything: ${one.parameter} of ${name}`,
              hint: 'Name what the controller needs, or add the reason as `because` to the entry of `use`.',
            };
      }
  },
};
