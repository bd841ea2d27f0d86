import type { Blueprint } from '../blueprint/Blueprint';
import { App } from '../modules/cdktf';
import { addStacks } from './addStacks';

/**
 * Writes the stacks of the blueprints as `cdk.tf.json`, into cdktf's output folder (`CDKTF_OUTDIR`, default `cdktf.out`).
 * `stateDirectory` keeps every state in local files of that folder instead of where the inventory says.
 */
export function synthesize(blueprints: readonly Blueprint[], stateDirectory?: string): void {
  const app = new App({ stackTraces: false });
  for (const blueprint of blueprints) addStacks(app, blueprint, stateDirectory);
  app.synth();
}
