import type { RuleInfo } from '../RuleInfo';

const rule = (name: string, what: string, example: string): RuleInfo => ({
  name,
  severities: ['error'],
  what,
  example,
});

/** The largest inventory file that is read, in bytes: 5 MiB, some 13,000 workloads. */
export const MAX_FILE_BYTES = 5 * 1024 * 1024;
/** How deep maps and lists may stand in each other. The format itself needs 10 levels; an agent's `configuration` may need more. */
export const MAX_DEPTH = 50;
/** How many values all aliases of a file together may stand for. */
export const MAX_ALIASED_VALUES = 10_000;

/** What can be wrong with a file before its content is looked at, and with YAML before it is an inventory. */
export const READING_RULES = {
  notFound: rule(
    'file-not-found',
    'The inventory, or a file that PODLIFT_INVENTORY names, exists.',
    'there is no file /srv/platform/inventory.yaml: "inventory.yaml" was looked for in the current folder',
  ),
  notAFile: rule(
    'file-not-regular',
    'The inventory is a file, not a folder or a device.',
    'inventory is a folder, not a file',
  ),
  unreadable: rule('file-unreadable', 'The file may be read.', 'inventory.yaml cannot be read: EACCES'),
  tooLarge: rule(
    'file-too-large',
    'A file has at most 5 MiB.',
    'inventory.yaml has 10,485,760 bytes; 5,242,880 are allowed',
  ),
  notText: rule(
    'file-not-text',
    'A file is UTF-8 text without NUL bytes.',
    'inventory.yaml is not UTF-8 text: byte 17 cannot be read',
  ),
  empty: rule('file-empty', 'A file has something in it besides comments.', 'inventory.yaml is empty'),
  includePattern: rule(
    'include-pattern',
    'A pattern of `include` is relative and uses `/`, `*`, `**` and `?`.',
    'the pattern "/etc/*.yaml" is not relative',
  ),
  includeNoMatch: rule(
    'include-no-match',
    'A pattern of `include` matches at least one file.',
    'no file matches "teams/*.yaml"',
  ),
  includeCycle: rule(
    'include-cycle',
    'A file does not include itself, directly or through others.',
    'inventory.yaml → a.yaml → inventory.yaml is a circle',
  ),
  includeTwice: rule('include-twice', 'A file is included once.', 'a.yaml is included already by inventory.yaml:2:12'),
  syntax: rule('yaml-syntax', 'A file is valid YAML 1.2.', 'this is not YAML: Flow map must end with a }'),
  severalDocuments: rule('yaml-several-documents', 'A file holds one YAML document.', 'a second document begins here'),
  notAMap: rule('yaml-not-a-map', 'A file is a map at its top.', 'the file holds a list, not a map'),
  alias: rule(
    'yaml-alias',
    'Aliases are few and never stand in themselves.',
    'the aliases of this file stand for more than 10,000 values',
  ),
  mergeKey: rule('yaml-merge-key', 'There are no merge keys (`<<`).', 'the merge key << is not supported'),
  tag: rule('yaml-tag', 'There are no YAML tags (`!…`).', 'the tag !secret is not supported'),
  number: rule('yaml-number', 'Numbers are finite: JSON has no others.', '.nan is no number that JSON has'),
  depth: rule(
    'yaml-depth',
    'Maps and lists stand at most 50 levels deep in each other.',
    'this value is more than 50 levels deep',
  ),
  duplicateKey: rule('duplicate-key', 'A key stands once in a map.', 'the key "prod" stands here for the second time'),
  duplicateEntry: rule(
    'duplicate-entry',
    'A key stands once in all files together.',
    'workload "billing" is defined already in a.yaml:3:3',
  ),
  keyNotText: rule('key-not-text', 'Keys are text.', 'the key 2024 is a number'),
  reservedKey: rule(
    'reserved-key',
    'No key is `__proto__`, `constructor` or `prototype`.',
    'the key "__proto__" is reserved',
  ),
} as const satisfies Record<string, RuleInfo>;
