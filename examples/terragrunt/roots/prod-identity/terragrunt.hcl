include "root" {
  path = find_in_parent_folders("root.hcl")
}

# The roles of targets exist before the roles that assume them.
dependencies {
  paths = ["../prod-targets-data"]
}
