import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { initialise, type PlanCounts, planAndApply } from '../../runners/stackCommands';

/** Where the stacks of a rehearsal are written and applied. */
export interface Workshop {
  readonly terraform: string;
  /** The folder of the synthesis. */
  readonly outdir: string;
  /** Of every command: the sandbox's credentials and endpoint, and the copy of the inventory. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Source of the command: `app` in cdktf.json, which `cdktf synth` runs. */
const MAIN = resolve(__dirname, '..', '..', '..', 'main.ts');

/** Writes the stacks of the inventory that the environment names. Throws with the findings when there are any. */
export async function synthesizeCopy({ outdir, environment }: Workshop): Promise<void> {
  const env = { ...environment, CDKTF_OUTDIR: outdir };
  try {
    await promisify(execFile)(process.execPath, ['-r', 'tsx/cjs', MAIN], { env, cwd: resolve(MAIN, '..') });
  } catch (error) {
    const { stdout, stderr, message } = error as { stdout?: string; stderr?: string; message: string };
    throw new Error([stdout, stderr].filter(Boolean).join('\n') || message, { cause: error });
  }
}

/** Makes a stack ready for `applyCopy`; once is enough, whatever becomes of its content. Throws `TerraformError`. */
export async function prepareStack(workshop: Workshop, stack: string): Promise<void> {
  await initialise(optionsOf(workshop, stack));
}

/** Plans and applies a stack; gives what was planned and the addresses of roles that were to be destroyed. Throws `TerraformError`. */
export async function applyCopy(
  workshop: Workshop,
  stack: string,
): Promise<{ readonly counts: PlanCounts; readonly rolesLost: readonly string[] }> {
  const { counts, changes } = await planAndApply(optionsOf(workshop, stack));
  const lost = changes.filter(
    ({ type, action }) => type === 'aws_iam_role' && (action === 'delete' || action === 'replace'),
  );
  return { counts, rolesLost: lost.map(({ address }) => address) };
}

function optionsOf({ terraform, outdir, environment }: Workshop, stack: string) {
  return { binary: terraform, folder: join(outdir, 'stacks', stack), environment };
}
