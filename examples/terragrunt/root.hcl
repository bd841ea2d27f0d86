# What all roots share. The roots name their backend and providers themselves: Terragrunt generates neither.
terraform {
  extra_arguments "kubeconfig" {
    commands = ["plan", "apply", "destroy", "import", "refresh"]
    env_vars = { TF_VAR_kubeconfig = get_env("KUBECONFIG", "~/.kube/config") }
  }
}
