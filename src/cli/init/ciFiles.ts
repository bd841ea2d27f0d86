import { posix } from 'node:path';
import type { NewFile } from './NewFile';

export const CI_SYSTEMS = ['github', 'gitlab'] as const;
export type CiSystem = (typeof CI_SYSTEMS)[number];

/** Where the files of a repository are, with `/`. */
interface Places {
  /** From podlift's folder. */
  readonly inventory: string;
  /** The root of the repository, from podlift's folder. */
  readonly root: string;
  /** podlift's folder, from the root. */
  readonly folder: string;
}

/** A job that validates the inventory, checks the change and proves the policies, on each pull request. */
export function ciFiles(system: CiSystem, places: Places): readonly NewFile[] {
  return system === 'github' ? [github(places)] : gitlab(places);
}

/** Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax */
function github({ inventory, root, folder }: Places): NewFile {
  const inFolder =
    folder === '.' ? '' : `\n    defaults:\n      run:\n        working-directory: ${JSON.stringify(folder)}`;
  const variables =
    inventory === 'inventory.yaml' ? '' : `\n    env:\n      PODLIFT_INVENTORY: ${JSON.stringify(inventory)}`;
  const lock =
    folder === '.' ? '' : `\n          cache-dependency-path: ${JSON.stringify(`${folder}/package-lock.json`)}`;
  return {
    path: posix.join(root, '.github', 'workflows', 'podlift.yml'),
    text: `# Checks the inventory of podlift on each pull request. It needs no credentials of AWS.
name: podlift

on: pull_request

permissions:
  contents: read

jobs:
  inventory:
    runs-on: ubuntu-latest${variables}${inFolder}
    steps:
      - uses: actions/checkout@v6
        with:
          fetch-depth: 0 # podlift compares with the base of the pull request
          persist-credentials: false
      - uses: actions/setup-node@v6
        with:
          node-version: 24
          cache: npm${lock}
      - run: npm ci --ignore-scripts
      - run: npx podlift validate --format github
      - run: npx podlift check --base "origin/$GITHUB_BASE_REF" --format github
      - run: npx podlift prove
`,
  };
}

const JOB = '.gitlab/podlift.gitlab-ci.yml';

/** Source: https://docs.gitlab.com/ci/yaml/ and, for the variables, https://docs.gitlab.com/ci/variables/predefined_variables/ */
function gitlab({ inventory, root, folder }: Places): readonly NewFile[] {
  const variables = inventory === 'inventory.yaml' ? '' : `\n    PODLIFT_INVENTORY: ${JSON.stringify(inventory)}`;
  const inFolder = folder === '.' ? '' : `\n    - cd ${JSON.stringify(folder)}`;
  const include = `include:\n  - local: ${JOB}\n`;
  return [
    {
      path: posix.join(root, JOB),
      text: `# Checks the inventory of podlift on each merge request. It needs no credentials of AWS.
podlift:
  image: node:24
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  variables:
    GIT_DEPTH: "0" # podlift compares with the base of the merge request${variables}
  script:${inFolder}
    - npm ci --ignore-scripts
    - npx podlift validate
    - npx podlift check --base "$CI_MERGE_REQUEST_DIFF_BASE_SHA"
    - npx podlift prove
`,
    },
    {
      path: posix.join(root, '.gitlab-ci.yml'),
      text: include,
      otherwise: `add the job to it:\n${include.replace(/^/gm, '    ').trimEnd()}`,
    },
  ];
}
