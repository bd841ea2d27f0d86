import type { Construct } from './cdktf';
import { TerraformResource } from './cdktf';
import { address } from './address';

/**
 * Removes a part from its stack. It returns the addresses of its resources, for blocks that make Terraform forget them. The addresses come
 * from the constructs, so they equal those in the state.
 */
export function forget(part: Construct): readonly string[] {
  const resources = part.node.findAll().filter((construct) => TerraformResource.isTerraformResource(construct));
  const addresses = resources.map(address);
  part.node.scope?.node.tryRemoveChild(part.node.id);
  return addresses;
}
