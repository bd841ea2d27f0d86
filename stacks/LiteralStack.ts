import { TerraformStack } from '../modules/cdktf';

/**
 * A stack whose parts refer to one another by plain addresses and to other stacks not at all. cdktf resolves every attribute of every
 * stack once before it writes them, to find references between stacks; here it would find none, and take a sixth of the synthesis.
 * Source: cdktf 0.21 `lib/app.js` (`synth`), `lib/terraform-stack.js` (`prepareStack`).
 */
export class LiteralStack extends TerraformStack {
  override prepareStack(): void {
    this.ensureBackendExists();
  }
}
