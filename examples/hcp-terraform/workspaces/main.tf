# The workspaces of the roots, in the organization of the inventory's `state.cloud`. Apply this folder once, and after each new stack.
terraform {
  required_providers {
    tfe = {
      source  = "hashicorp/tfe"
      version = ">= 0.60.0, < 1.0.0"
    }
  }
}

variable "oauth_token_id" {
  description = "The connection to your Git hosting: Settings, Version Control, Providers"
  type        = string
}

variable "run_role_arn" {
  description = "The role that HCP Terraform assumes by its token; it can assume each deployRole of the inventory"
  type        = string
}

locals {
  organization = "acme"
  repository   = "acme/infrastructure"
  # Those of `npx podlift synth --out roots --format json`, by their dependencies.
  stacks = {
    prod-targets-data          = { after = [] }
    prod-identity              = { after = [] }
    prod-service-accounts-main = { after = ["prod-identity"] }
  }
}

data "tfe_project" "platform" {
  organization = local.organization
  name         = "platform"
}

resource "tfe_workspace" "stack" {
  for_each          = local.stacks
  name              = "podlift-${each.key}"
  organization      = local.organization
  project_id        = data.tfe_project.platform.id
  terraform_version = ">= 1.10.0"
  working_directory = "roots/${each.key}" # a change below it starts a run: main.tf.json and policies/
  auto_apply        = false

  vcs_repo {
    identifier     = local.repository
    oauth_token_id = var.oauth_token_id
  }
}

# After an apply of its dependency, a workspace plans again.
resource "tfe_run_trigger" "after" {
  for_each = merge([
    for name, stack in local.stacks : { for other in stack.after : "${name} after ${other}" => { name = name, other = other } }
  ]...)
  workspace_id  = tfe_workspace.stack[each.value.name].id
  sourceable_id = tfe_workspace.stack[each.value.other].id
}

# Short-lived credentials of AWS for each run.
# https://developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials/aws-configuration
resource "tfe_variable" "aws" {
  for_each = merge([
    for name in keys(local.stacks) : {
      "${name} auth" = { name = name, key = "TFC_AWS_PROVIDER_AUTH", value = "true" }
      "${name} role" = { name = name, key = "TFC_AWS_RUN_ROLE_ARN", value = var.run_role_arn }
    }
  ]...)
  workspace_id = tfe_workspace.stack[each.value.name].id
  category     = "env"
  key          = each.value.key
  value        = each.value.value
}
