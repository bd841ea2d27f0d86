/**
 * An import block: the resource at this address takes over what has this id in AWS. Harmless once it has: Terraform passes over blocks whose
 * resource is in the state. Source: https://developer.hashicorp.com/terraform/language/block/import
 */
export interface Import {
  readonly to: string;
  readonly id: string;
}
