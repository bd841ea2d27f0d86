include "root" {
  path = find_in_parent_folders("root.hcl")
}

# The annotations name its roles.
dependencies {
  paths = ["../prod-identity"]
}
