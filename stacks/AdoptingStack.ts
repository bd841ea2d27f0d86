import { TerraformStack } from '../modules/cdktf';
import type { Import } from '../modules/Import';

/** A stack that imports what stands, and forgets what others own. Its parts refer to each other by plain addresses (modules/address.ts). */
export class AdoptingStack extends TerraformStack {
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
