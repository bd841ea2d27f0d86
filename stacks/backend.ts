import { resolve } from 'node:path';
import type { Blueprint } from '../src/blueprint/Blueprint';
import { stateLocation } from '../src/blueprint/stateLocation';
import { LocalBackend, S3Backend, type TerraformStack } from '../modules/cdktf';

/** The backend of a stack: S3 with native locking, or a local file (see `stateLocation`). */
export function backend(stack: TerraformStack, blueprint: Blueprint, stateDirectory: string | undefined): void {
  const location = stateLocation(stack.node.id, blueprint, stateDirectory);
  if (location.backend === 'local') {
    new LocalBackend(stack, { path: resolve(location.path) });
    return;
  }
  const { bucket, region, key } = location;
  const s3 = new S3Backend(stack, { bucket, region, key, encrypt: true });
  // cdktf 0.21 has no property for S3's native lock file (Terraform 1.10 and later).
  s3.addOverride('use_lockfile', true);
}
