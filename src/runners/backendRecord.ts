import { readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { StateLocation } from '../blueprint/stateLocation';

/**
 * Removes Terraform's record of the backend of a stack in the output folder, where it names another place than this one. Else the next init stops with
 * "Backend configuration changed". Nothing else is in the record.
 * Source: hashicorp/terraform internal/command/meta_backend.go
 */
export function forgetBackend(stack: string, location: StateLocation, env: NodeJS.ProcessEnv = process.env): void {
  const folder = resolve(env.CDKTF_OUTDIR ?? 'cdktf.out', 'stacks', stack);
  const file = join(folder, env.TF_DATA_DIR ?? '.terraform', 'terraform.tfstate');
  try {
    const { backend } = JSON.parse(readFileSync(file, 'utf8')) as { backend?: { type?: string; config?: Config } };
    if (backend?.type === location.backend && isAt(backend.config ?? {}, location)) return;
    rmSync(file, { force: true });
  } catch {
    // There is no record.
  }
}

type Config = Readonly<Record<string, unknown>>;

function isAt(config: Config, location: StateLocation): boolean {
  return location.backend === 'local'
    ? config.path === resolve(location.path)
    : config.bucket === location.bucket && config.key === location.key && config.region === location.region;
}
