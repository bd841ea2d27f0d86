import type { Construct } from './cdktf';
import { TerraformResource } from './cdktf';
import { address } from './address';

/**
 * Takes a part out of its stack. Returns the addresses that its resources have there, for blocks that make Terraform forget them.
 * The constructs themselves say their addresses: they are those of the state.
 */
export function forget(part: Construct): readonly string[] {
  const resources = part.node.findAll().filter((construct) => TerraformResource.isTerraformResource(construct));
  const addresses = resources.map(address);
  part.node.scope?.node.tryRemoveChild(part.node.id);
  return addresses;
}
