import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The file that starts podlift: in the repository beside the code, in the package above dist/. */
const PODLIFT = [join(__dirname, '..', 'cli'), join(__dirname, '..', '..', '..', 'src', 'cli')]
  .map((folder) => join(folder, 'podlift.js'))
  .find(existsSync);

/**
 * Writes the roots of an inventory into a folder by a process of its own: the environment variables name the inventory, and where the states are. Throws with the
 * findings, or with the output of the process.
 */
export async function synthesize(
  out: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  try {
    await promisify(execFile)(process.execPath, [PODLIFT ?? '', 'synth', '--out', out], { env: environment });
  } catch (error) {
    const { stdout, stderr, message } = error as { stdout?: string; stderr?: string; message: string };
    throw new Error([stdout, stderr].filter(Boolean).join('\n') || message, { cause: error });
  }
}
