import { relative, resolve } from 'node:path';
import type { Blueprint } from '../src/blueprint/Blueprint';
import { stacksOf } from '../src/blueprint/stacksOf';
import { stateLocation } from '../src/blueprint/stateLocation';
import { App, TerraformStack } from '../modules/cdktf';
import { addStacks } from './addStacks';
import { rootFiles } from './rootFiles';

/** One Terraform root: the folder of one stack, which Terraform or OpenTofu runs without podlift. */
export interface Root {
  /** The name of the stack and of its folder: `prod-identity`. */
  readonly name: string;
  /** Names of the stacks that must be applied before. */
  readonly dependencies: readonly string[];
  /** The text of each file by its path in the folder: `main.tf.json`, `policies/<role>.<name>.json`. */
  readonly files: ReadonlyMap<string, string>;
}

/** The variable of a root with the path of the kubeconfig. */
export const KUBECONFIG_VARIABLE = 'kubeconfig';

/**
 * The Terraform roots of the blueprints: the stacks that cdktf would write, in plain Terraform JSON. The same inventory always gives the same text.
 *
 * @param out the folder of the roots: a local state is named relative to it
 * @param home the folder where relative paths of local states start: that of the project
 * @param stateDirectory all states are local files there
 * @param absoluteStates names them by absolute paths: a saved plan has the path, and can be applied with roots in another folder. Default: false
 */
export function roots(
  blueprints: readonly Blueprint[],
  {
    out,
    home,
    stateDirectory,
    absoluteStates = false,
  }: {
    readonly out: string;
    readonly home: string;
    readonly stateDirectory?: string;
    readonly absoluteStates?: boolean;
  },
): readonly Root[] {
  const app = new App({ stackTraces: false });
  for (const blueprint of blueprints) addStacks(app, blueprint, { variable: KUBECONFIG_VARIABLE }, stateDirectory);
  const ownerOf = new Map(blueprints.flatMap((one) => stacksOf(one).map(({ name }) => [name, one] as const)));
  return app.node.children
    .filter((child) => TerraformStack.isStack(child))
    .map((stack) => {
      const name = stack.node.id;
      const blueprint = ownerOf.get(name);
      const location = blueprint && stateLocation(name, blueprint, stateDirectory);
      const state = location?.backend === 'local' ? resolve(home, location.path) : undefined;
      const isAbsolute = absoluteStates && stateDirectory !== undefined;
      const path = state === undefined || isAbsolute ? state : relative(resolve(out, name), state);
      return {
        name,
        dependencies: stack.dependencies.map(({ node }) => node.id),
        files: rootFiles(stack.toTerraform() as object, path),
      };
    });
}
