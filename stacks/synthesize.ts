import { accessSync, constants, mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Blueprint } from '../src/blueprint/Blueprint';
import { App } from '../modules/cdktf';
import { addStacks } from './addStacks';
import { outdatedRecords, removeRecords } from './backendRecords';
import type { Kubeconfig } from './kubeconfig';
import { checkLocalStates, STATE_CHECK } from './localStates';

/** The output folder cannot be written. The message is one line for the operator. */
export class OutputError extends Error {}

/**
 * Writes the stacks of the blueprints as `cdk.tf.json`, into cdktf's output folder (`CDKTF_OUTDIR`, default `cdktf.out`).
 * `kubeconfigs` are the operator's; with `stateDirectory` all states are local files there. It throws an `OutputError` when the folder cannot
 * be created or written, a `StateError` when the local states are those of another inventory, and a `KubeconfigError` when the provider of a stack cannot read the kubeconfigs.
 */
export function synthesize(blueprints: readonly Blueprint[], kubeconfigs: Kubeconfig, stateDirectory?: string): void {
  if (process.env[STATE_CHECK] !== 'off')
    for (const blueprint of blueprints) checkLocalStates(blueprint, stateDirectory);
  const outdir = prepareOutput();
  const records = blueprints.flatMap((blueprint) => outdatedRecords(blueprint, outdir, stateDirectory));
  const app = new App({ stackTraces: false });
  for (const blueprint of blueprints) addStacks(app, blueprint, kubeconfigs, stateDirectory);
  app.synth();
  removeRecords(records);
}

/** cdktf creates only the last folder of a path, and prints a stack trace for other errors. */
function prepareOutput(): string {
  const folder = resolve(process.env.CDKTF_OUTDIR ?? 'cdktf.out');
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return folder;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new OutputError(`cannot write the stacks to ${folder}: ${reason}. Set CDKTF_OUTDIR to another folder.`);
  }
}
