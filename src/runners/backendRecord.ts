import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isRecordOf, stateBlock } from '../blueprint/stateBlock';
import type { StateLocation } from '../blueprint/stateLocation';

/**
 * Removes Terraform's record of the backend of a stack in the output folder, where it names another place than this one. Else the next init stops with
 * "Backend configuration changed". Nothing else is in the record.
 * Source: hashicorp/terraform internal/command/meta_backend.go
 */
export function forgetBackend(stack: string, location: StateLocation, env: NodeJS.ProcessEnv = process.env): void {
  const folder = resolve(env.CDKTF_OUTDIR ?? 'cdktf.out', 'stacks', stack);
  const file = join(folder, env.TF_DATA_DIR ?? '.terraform', 'terraform.tfstate');
  const here = location.backend === 'local' ? { ...location, path: resolve(location.path) } : location;
  try {
    const { backend } = JSON.parse(readFileSync(file, 'utf8')) as { backend?: { type: string; config?: object } };
    if (backend !== undefined && isRecordOf(stateBlock(here), { type: backend.type, config: backend.config ?? {} }))
      return;
    forgetWorkspace(dirname(file));
    rmSync(file, { force: true });
  } catch {
    // There is no record.
  }
}

/**
 * Forgets the workspace that a `cloud` block has selected in Terraform's data folder, before its record is removed: the next backend would look for the state of a
 * workspace of this name.
 * Source: hashicorp/terraform internal/command/meta.go (`SetWorkspace`)
 */
export function forgetWorkspace(dataFolder: string): void {
  const record = join(dataFolder, 'terraform.tfstate');
  if (existsSync(record) && /"type":\s*"cloud"/.test(readFileSync(record, 'utf8')))
    rmSync(join(dataFolder, 'environment'), { force: true });
}
