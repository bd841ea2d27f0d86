import { resolve } from 'node:path';
import type { Blueprint } from '../src/blueprint/Blueprint';
import { type StateBlock, stateBlock } from '../src/blueprint/stateBlock';
import { stateLocation } from '../src/blueprint/stateLocation';
import { TerraformBackend, type TerraformRemoteState, type TerraformStack } from '../modules/cdktf';

/** The backend of a stack (see `stateLocation`). */
export function backend(stack: TerraformStack, blueprint: Blueprint, stateDirectory: string | undefined): void {
  const location = stateLocation(stack.node.id, blueprint, stateDirectory);
  const placed = location.backend === 'local' ? { ...location, path: resolve(location.path) } : location;
  new StateBackend(stack, stateBlock(placed));
}

/**
 * Any backend by its arguments. The classes of cdktf 0.21 lack S3's `use_lockfile`, and that of the `cloud` block starts a `terraform version` process for each stack.
 * Source: cdktf 0.21 `lib/backends/cloud-backend.js`
 */
class StateBackend extends TerraformBackend {
  constructor(
    stack: TerraformStack,
    private readonly block: StateBlock,
  ) {
    super(stack, 'backend', block.type);
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return this.block.arguments;
  }

  override toTerraform(): object {
    return this.block.type === 'cloud'
      ? { terraform: { cloud: this.block.arguments } }
      : (super.toTerraform() as object);
  }

  /** For references between stacks; no stack has one. */
  override getRemoteStateDataSource(): TerraformRemoteState {
    throw new Error('a stack of podlift does not read the state of another one');
  }
}
