/**
 * An import block: Terraform imports the object with this id at this address. Terraform ignores the block while the state has the resource.
 * If neither the state nor AWS has it, the plan stops. Source: https://developer.hashicorp.com/terraform/language/block/import
 */
export interface Import {
  readonly to: string;
  readonly id: string;
}
