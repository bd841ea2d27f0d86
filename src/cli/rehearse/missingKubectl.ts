import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What is missing, in one line that says what to install; nothing when `kubectl` can be run. */
export async function missingKubectl(): Promise<string | undefined> {
  try {
    await promisify(execFile)('kubectl', ['version', '--client']);
    return undefined;
  } catch {
    return '"kubectl" cannot be run. Install it (https://kubernetes.io/docs/tasks/tools/) and put it on PATH.';
  }
}
