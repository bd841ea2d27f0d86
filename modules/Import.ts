/**
 * An import block: the resource at this address takes over what has this id in AWS. Harmless once it has, for as long as the resource is in
 * the state: Terraform passes over it then. Of something that is gone from both it stops the plan. Source: https://developer.hashicorp.com/terraform/language/block/import
 */
export interface Import {
  readonly to: string;
  readonly id: string;
}
