import { knownController } from '../../../catalogue/catalogue';
import { isPast } from '../../Inventory';
import type { Rule } from '../Rule';

/** The gate compares the versions of images; a controller that no version of can move is known before. */
export const controllerStage: Rule = {
  name: 'controller-stage',
  what: 'A workload whose controller of `use` has no version that can use Pod Identity stays at `irsa`.',
  example: 'AWS App Mesh controller cannot use Pod Identity, but workload "mesh" is at dual in prod',
  *check({ staged }) {
    for (const { workload, environment, at } of staged) {
      if (!isPast(workload.stage, 'irsa')) continue;
      for (const [index, { name }] of (workload.permissions.use ?? []).entries()) {
        const controller = knownController(name);
        if (controller?.podIdentity?.never !== true) continue;
        yield {
          path: at('permissions', 'use', index),
          message: `${controller.title} cannot use Pod Identity, but workload "${workload.key}" is at ${workload.stage} in ${environment.key}`,
          hint: 'Write `stage: irsa` with `because` instead of its wave or stage.',
        };
      }
    }
  },
};
