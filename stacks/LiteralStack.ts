import { TerraformStack } from '../modules/cdktf';
import type { Import } from '../modules/Import';

/**
 * A stack without references to other stacks, whose parts refer to each other by plain addresses. Before writing, cdktf resolves every attribute
 * to find references between stacks. Here it would find none, in a sixth of the time of the synthesis.
 * Source: cdktf 0.21 `lib/app.js` (`synth`), `lib/terraform-stack.js` (`prepareStack`).
 */
export class LiteralStack extends TerraformStack {
  override prepareStack(): void {
    this.ensureBackendExists();
  }

  /** Adds import blocks as an override: cdktf's `importFrom` starts a `terraform version` process for every resource. */
  protected addImports(modules: readonly { readonly imports: readonly Import[] }[]): void {
    const blocks = modules.flatMap(({ imports }) => imports);
    if (blocks.length > 0) this.addOverride('import', blocks);
  }

  /**
   * Makes Terraform forget these addresses without destroying anything. Addresses that the state does not have are ignored.
   * Source: https://developer.hashicorp.com/terraform/language/block/removed
   */
  protected addRemoved(addresses: readonly string[]): void {
    const blocks = addresses.map((from) => ({ from, lifecycle: { destroy: false } }));
    if (blocks.length > 0) this.addOverride('removed', blocks);
  }
}
