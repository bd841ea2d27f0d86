import { join, resolve } from 'node:path';
import type { Blueprint } from '../src/blueprint/Blueprint';
import { LocalBackend, S3Backend, type TerraformStack } from '../modules/cdktf';

/**
 * The backend of a stack: S3 with native locking if the environment has `state`, else a local file. With `stateDirectory` it is a file in that
 * folder, so that a trial never changes the state of real accounts.
 */
export function backend(stack: TerraformStack, { state }: Blueprint, stateDirectory: string | undefined): void {
  const name = stack.node.id;
  if (stateDirectory !== undefined) {
    new LocalBackend(stack, { path: resolve(stateDirectory, `${name}.tfstate`) });
  } else if (state !== undefined) {
    const { bucket, region, prefix } = state.s3;
    const s3 = new S3Backend(stack, { bucket, region, key: join(prefix ?? '', `${name}.tfstate`), encrypt: true });
    // cdktf 0.21 has no property for S3's native lock file (Terraform 1.10 and later).
    s3.addOverride('use_lockfile', true);
  } else {
    new LocalBackend(stack, { path: resolve(`terraform.${name}.tfstate`) });
  }
}
