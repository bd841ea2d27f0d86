import { accessSync, constants, mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Blueprint } from '../src/blueprint/Blueprint';
import { App } from '../modules/cdktf';
import { addStacks } from './addStacks';
import type { Kubeconfig } from './kubeconfig';

/** The output folder cannot be written; the message is one line for the operator. */
export class OutputError extends Error {}

/**
 * Writes the stacks of the blueprints as `cdk.tf.json`, into cdktf's output folder (`CDKTF_OUTDIR`, default `cdktf.out`).
 * `kubeconfigs` are the operator's; `stateDirectory` keeps every state in local files of that folder instead of where the inventory says.
 * Throws an `OutputError` when the folder cannot be made or written, and a `KubeconfigError` when a stack needs a kubeconfig that its
 * provider cannot read.
 */
export function synthesize(blueprints: readonly Blueprint[], kubeconfigs: Kubeconfig, stateDirectory?: string): void {
  prepareOutput();
  withoutFormattedTraces(() => {
    const app = new App({ stackTraces: false });
    for (const blueprint of blueprints) addStacks(app, blueprint, kubeconfigs, stateDirectory);
    app.synth();
  });
}

/**
 * cdktf 0.21 captures a stack trace for every computed attribute, whatever `stackTraces` says, and nobody reads them: formatting
 * them and mapping them to their sources is an eighth of a large synthesis. An error that is thrown keeps its own trace, since
 * V8 formats that when it is first read. Source: cdktf `lib/tokens/private/stack-trace.js`.
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

/** cdktf makes one folder only, and answers all else with a stack trace. */
function prepareOutput(): void {
  const folder = resolve(process.env.CDKTF_OUTDIR ?? 'cdktf.out');
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new OutputError(
      `${folder}: the stacks cannot be written there (${reason}); CDKTF_OUTDIR names another folder`,
    );
  }
}
