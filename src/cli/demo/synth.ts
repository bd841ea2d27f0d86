import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** Runs the project's own `cdktf synth` into `outdir`. Throws with what cdktf said when it fails. */
export async function synth(outdir: string, environment: Record<string, string | undefined>): Promise<void> {
  const manifest = createRequire(__filename).resolve('cdktf-cli/package.json');
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { bin: { cdktf: string } };
  const cdktf = join(dirname(manifest), bin.cdktf);
  const env = { ...environment, CI: 'true' };
  try {
    await promisify(execFile)(process.execPath, [cdktf, 'synth', '--output', outdir], { env });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`cdktf synth failed\n${[stdout, stderr].filter(Boolean).join('\n')}`);
  }
}
