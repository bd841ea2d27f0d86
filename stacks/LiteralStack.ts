import { TerraformStack } from '../modules/cdktf';
import type { Import } from '../modules/Import';

/**
 * A stack whose parts refer to one another by plain addresses and to other stacks not at all. cdktf resolves every attribute of every
 * stack once before it writes them, to find references between stacks; here it would find none, and take a sixth of the synthesis.
 * Source: cdktf 0.21 `lib/app.js` (`synth`), `lib/terraform-stack.js` (`prepareStack`).
 */
export class LiteralStack extends TerraformStack {
  override prepareStack(): void {
    this.ensureBackendExists();
  }

  /** Import blocks as an override: cdktf's own `importFrom` starts a `terraform version` process for every resource. */
  protected addImports(modules: readonly { readonly imports: readonly Import[] }[]): void {
    const blocks = modules.flatMap(({ imports }) => imports);
    if (blocks.length > 0) this.addOverride('import', blocks);
  }

  /**
   * Makes Terraform forget what stands at these addresses, and destroy nothing. An address that is not in the state does no harm.
   * Source: https://developer.hashicorp.com/terraform/language/block/removed
   */
  protected addRemoved(addresses: readonly string[]): void {
    const blocks = addresses.map((from) => ({ from, lifecycle: { destroy: false } }));
    if (blocks.length > 0) this.addOverride('removed', blocks);
  }
}
