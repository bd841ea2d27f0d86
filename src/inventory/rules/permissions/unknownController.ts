import { catalogue, hasPermissions, knownController } from '../../../catalogue/catalogue';
import { didYouMean, listed, suggest } from '../../suggest';
import type { Rule } from '../Rule';

export const unknownController: Rule = {
  name: 'unknown-controller',
  what: 'Each controller of `use` is in the catalogue, and the catalogue has permissions for it.',
  example: 'there is no controller "external-dn" in the catalogue: did you mean "external-dns"?',
  *check({ holders }) {
    for (const { placed, field, permissions } of holders)
      for (const [index, { name }] of (permissions.use ?? []).entries()) {
        const controller = knownController(name);
        if (controller !== undefined && hasPermissions(controller)) continue;
        const path = placed.at(...field, 'use', index);
        if (controller !== undefined) {
          yield {
            path,
            message: `the catalogue has no permissions for ${controller.title}: what it needs depends on its configuration`,
            hint: 'Write its permissions under `statements` or `managedPolicies`.',
          };
          continue;
        }
        const known = controllerNames();
        const near = suggest(name, known);
        yield {
          path,
          message: `there is no controller ${JSON.stringify(name)} in the catalogue: ${didYouMean(name, known)}controllers: ${listed(known, 6)}`,
          hint:
            near === undefined
              ? 'List the controllers:\nnpx podlift catalogue'
              : `Write ${near}, or list the controllers:\nnpx podlift catalogue`,
        };
      }
  },
};

/** The names and aliases of controllers with permissions. */
function controllerNames(): readonly string[] {
  return catalogue()
    .filter(hasPermissions)
    .flatMap(({ name, aliases = [] }) => [name, ...aliases]);
}
