import { posix } from 'node:path';
import { stringify } from 'yaml';
import { pathWord, shellLine } from '../../inventory/shellWord';
import type { NewFile } from './NewFile';
import type { PackageManager } from './packageManager';

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
  readonly manager: PackageManager;
}

/** A job that validates the inventory, checks the change and proves the policies, on each pull request. */
export function ciFiles(system: CiSystem, places: Places): readonly NewFile[] {
  return system === 'github' ? [github(places)] : gitlab(places);
}

/** Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax */
function github({ inventory, root, folder, manager }: Places): NewFile {
  const inFolder =
    folder === '.' ? '' : `\n    defaults:\n      run:\n        working-directory: ${JSON.stringify(folder)}`;
  const variables =
    inventory === 'inventory.yaml' ? '' : `\n    env:\n      PODLIFT_INVENTORY: ${JSON.stringify(inventory)}`;
  const lock = posix.join(folder, manager.lock);
  const elsewhere = lock === 'package-lock.json' ? '' : `\n          cache-dependency-path: ${JSON.stringify(lock)}`;
  // setup-node reads the cache of the others only where they are installed already.
  const cache = manager.name === 'npm' ? `\n          cache: npm${elsewhere}` : '';
  const steps = [...manager.install, ...checks(manager, '"origin/$GITHUB_BASE_REF"', ' --format github')];
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
          node-version: 24${cache}
${steps.map((line) => `      - run: ${scalar(line)}`).join('\n')}
`,
  };
}

function checks({ run }: PackageManager, base: string, format = ''): readonly string[] {
  const podlift = shellLine([...run, 'podlift']);
  return [`${podlift} validate${format}`, `${podlift} check --base ${base}${format}`, `${podlift} prove`];
}

/** A line of a shell as YAML reads it again: a folder can have `#` or `:` in its name. */
function scalar(line: string): string {
  return stringify(line, { lineWidth: 0 }).trim();
}

/** A pipeline for merged results has the target branch merged in: there the base is its commit. Else it is the commit where the branch began. */
const BASE = '"${CI_MERGE_REQUEST_TARGET_BRANCH_SHA:-$CI_MERGE_REQUEST_DIFF_BASE_SHA}"';

const JOB = '.gitlab/podlift.gitlab-ci.yml';

/** Source: https://docs.gitlab.com/ci/yaml/ and, for the variables, https://docs.gitlab.com/ci/variables/predefined_variables/ */
function gitlab({ inventory, root, folder, manager }: Places): readonly NewFile[] {
  const variables = inventory === 'inventory.yaml' ? '' : `\n    PODLIFT_INVENTORY: ${JSON.stringify(inventory)}`;
  const steps = [...(folder === '.' ? [] : [`cd ${pathWord(folder)}`]), ...manager.install, ...checks(manager, BASE)];
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
  script:
${steps.map((line) => `    - ${scalar(line)}`).join('\n')}
`,
    },
    {
      path: posix.join(root, '.gitlab-ci.yml'),
      text: include,
      otherwise: `add the job to it:\n${include.replace(/^/gm, '    ').trimEnd()}`,
    },
  ];
}
