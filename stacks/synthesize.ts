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
  withoutFormattedTraces(() => {
    const app = new App({ stackTraces: false });
    for (const blueprint of blueprints) addStacks(app, blueprint, kubeconfigs, stateDirectory);
    app.synth();
  });
  removeRecords(records);
}

/**
 * cdktf 0.21 captures a stack trace for every computed attribute, despite `stackTraces: false`. Formatting these unused traces takes an eighth of
 * a large synthesis. A thrown error keeps its trace, since V8 formats it at the first read. Source: cdktf `lib/tokens/private/stack-trace.js`.
 */
function withoutFormattedTraces(work: () => void): void {
  const before = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace');
  Error.prepareStackTrace = () => '';
  try {
    work();
  } finally {
    if (before === undefined) Reflect.deleteProperty(Error, 'prepareStackTrace');
    else Object.defineProperty(Error, 'prepareStackTrace', before);
  }
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
