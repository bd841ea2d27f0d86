import type { Blueprint } from '../blueprint/Blueprint';
import { App } from '../modules/cdktf';
import { addStacks } from './addStacks';

/**
 * Writes the stacks of the blueprints as `cdk.tf.json`, into cdktf's output folder (`CDKTF_OUTDIR`, default `cdktf.out`).
 * `stateDirectory` keeps every state in local files of that folder instead of where the inventory says.
 */
export function synthesize(blueprints: readonly Blueprint[], stateDirectory?: string): void {
  withoutFormattedTraces(() => {
    const app = new App({ stackTraces: false });
    for (const blueprint of blueprints) addStacks(app, blueprint, stateDirectory);
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
