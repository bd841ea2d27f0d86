import { errorRule, type RuleInfo } from '../Finding';

/** The largest inventory file in bytes: 5 MiB, about 13,000 workloads. */
export const MAX_FILE_BYTES = 5 * 1024 * 1024;
/** The deepest nesting of maps and lists. The format itself needs 10 levels; an agent's `configuration` can need more. */
export const MAX_DEPTH = 50;
/** The largest number of values that all aliases of a file can expand to. */
export const MAX_ALIASED_VALUES = 10_000;

/** Mistakes in files and in their YAML, before the schema is checked. */
export const READING_RULES = {
  notFound: errorRule(
    'file-not-found',
    'The inventory, or the file that --inventory or PODLIFT_INVENTORY names, exists.',
    'there is no file /srv/platform/inventory.yaml: "inventory.yaml" is relative to the current folder',
  ),
  notAFile: errorRule(
    'file-not-regular',
    'The inventory is a file, not a folder or a device.',
    'inventory is a folder, not a file',
  ),
  unreadable: errorRule('file-unreadable', 'podlift can read the file.', 'inventory.yaml cannot be read: EACCES'),
  tooLarge: errorRule(
    'file-too-large',
    'A file has at most 5 MiB.',
    'inventory.yaml has 10,485,760 bytes; 5,242,880 are allowed',
  ),
  notText: errorRule(
    'file-not-text',
    'A file is UTF-8 text without NUL bytes.',
    'inventory.yaml is not text: byte 17 is NUL',
  ),
  empty: errorRule('file-empty', 'A file contains more than comments.', 'inventory.yaml is empty'),
  firstFileOnly: errorRule(
    'first-file-only',
    '`name` and `evidence` are in the first file of the inventory only.',
    '"evidence" is in a file that another one includes',
  ),
  includePattern: errorRule(
    'include-pattern',
    'A pattern of `include` is relative and uses `/`, `*`, `**` and `?`.',
    'the pattern "/etc/*.yaml" is not a relative path with /',
  ),
  includeOutside: errorRule(
    'include-outside',
    '`include` stays inside the repository, or the folder of the inventory where there is no repository.',
    '"../../etc/*.yaml" leaves the repository /srv/platform',
  ),
  includeTooMany: errorRule(
    'include-too-many',
    'The patterns of `include` search at most 250,000 files and folders.',
    '"**/*.yaml" searches more than 250,000 files and folders',
  ),
  commitLink: errorRule(
    'commit-link',
    'For `check --base`, symbolic links lead to files of the same commit.',
    'HEAD:inventory.yaml is a symbolic link to /etc/passwd, which is outside the commit',
  ),
  includeNoMatch: errorRule(
    'include-no-match',
    'A pattern of `include` matches at least one file.',
    'no file matches "teams/*.yaml"',
  ),
  includeCycle: errorRule(
    'include-cycle',
    'A file does not include itself, directly or through others.',
    'inventory.yaml → a.yaml → inventory.yaml is a cycle',
  ),
  includeTwice: errorRule('include-twice', 'A file is included once.', 'inventory.yaml:2:12 already includes a.yaml'),
  resourcePolicy: errorRule(
    'resource-policy',
    'A file of `resourcePolicies` exists in the repository and is a policy document in JSON.',
    'policies/data-bucket.json is not a policy document: it has no Statement',
  ),
  syntax: errorRule('yaml-syntax', 'A file is valid YAML 1.2.', 'this is not YAML: Flow map must end with a }'),
  severalDocuments: errorRule(
    'yaml-several-documents',
    'A file contains one YAML document.',
    'a second YAML document begins here',
  ),
  notAMap: errorRule('yaml-not-a-map', 'The top of a file is a map.', 'inventory.yaml contains a list, not a map'),
  notAnInventory: errorRule(
    'not-an-inventory',
    'A file has a section of an inventory. podlift does not show the content of other files.',
    '.env.yaml is not an inventory: it has no map accounts, environments, waves, workloads, expanded, and no list include',
  ),
  alias: errorRule(
    'yaml-alias',
    'Aliases expand to few values, and never to themselves.',
    'the aliases of this file expand to more than 10,000 values',
  ),
  mergeKey: errorRule('yaml-merge-key', 'There are no merge keys (`<<`).', 'the merge key << is not supported'),
  tag: errorRule('yaml-tag', 'There are no YAML tags (`!…`).', 'the tag !secret is not supported'),
  number: errorRule(
    'yaml-number',
    'Numbers are written as in JSON: finite, with at most 15 digits, and without zeros in front.',
    '012345678901 is not a number in JSON',
  ),
  depth: errorRule(
    'yaml-depth',
    'Maps and lists are at most 50 levels deep.',
    'this value is more than 50 levels deep',
  ),
  duplicateKey: errorRule('duplicate-key', 'A key occurs once in a map.', 'the key "prod" occurs twice in this map'),
  duplicateEntry: errorRule(
    'duplicate-entry',
    'A key occurs once in all files together.',
    'workload "billing" is already defined in a.yaml:3:3',
  ),
  keyNotText: errorRule('key-not-text', 'Keys are text.', 'the key 2024 is a number'),
  reservedKey: errorRule(
    'reserved-key',
    'No key is `__proto__`, `constructor` or `prototype`.',
    'the key "__proto__" is reserved',
  ),
} as const satisfies Record<string, RuleInfo>;
