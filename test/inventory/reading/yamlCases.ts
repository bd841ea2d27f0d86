import { BASE } from '../marked';
import type { ReadingCase } from './ReadingCase';

/** Mistakes of YAML. */
export const YAML_CASES: readonly ReadingCase[] = [
  {
    rule: 'yaml-syntax',
    when: 'a bracket is open',
    files: { 'inventory.yaml': 'version: 1\naccounts: { apps: { id: "1" }\n§environments: {}\n' },
    message: /this is not YAML/,
  },
  {
    rule: 'yaml-syntax',
    when: 'a tab indents',
    files: { 'inventory.yaml': 'version: 1\naccounts:\n§\tapps: 1\n' },
    message: /Tabs are not allowed/,
  },
  {
    rule: 'yaml-several-documents',
    when: 'a second document follows',
    files: { 'inventory.yaml': 'version: 1\n§---\nversion: 1\n' },
    message: /second YAML document/,
  },
  {
    rule: 'yaml-not-a-map',
    when: 'a file is a list',
    files: { 'inventory.yaml': '§- version: 1\n' },
    message: /contains a list, not a map/,
  },
  {
    rule: 'yaml-not-a-map',
    when: 'a file is one word',
    files: { 'inventory.yaml': '§hello\n' },
    message: /contains one string, not a map/,
  },
  {
    rule: 'yaml-alias',
    when: 'an alias is not defined',
    files: { 'inventory.yaml': BASE.replace('wave: pilot', 'wave: §*wave') },
    message: /the alias \*wave has no anchor &wave before it/,
    hint: /quote it: '\*wave'/,
  },
  {
    rule: 'yaml-alias',
    when: 'an alias stands in itself',
    files: { 'inventory.yaml': `${BASE}    permissions: &p { statements: [§*p] }\n` },
    message: /\*p is inside/,
  },
  {
    rule: 'yaml-alias',
    when: 'a star has no quotes',
    files: {
      'inventory.yaml': `${BASE}    permissions:\n      statements:\n        - actions: [s3:GetObject]\n          resources: §*\n`,
    },
    message: /a \* without quotes begins an alias/,
    hint: /Quote it: '\*'/,
  },
  {
    rule: 'yaml-alias',
    when: 'a star in a list has no quotes',
    files: {
      'inventory.yaml': `${BASE}    permissions: { statements: [{ actions: [s3:GetObject], resources: [§*] }] }\n`,
    },
    message: /a \* without quotes/,
    hint: /Quote it: '\*'/,
  },
  {
    rule: 'yaml-syntax',
    when: 'an ARN with a name has no quotes',
    files: {
      'inventory.yaml': `${BASE}    permissions: { statements: [{ actions: [s3:GetObject], resources: [§arn:{partition}:s3:::x/*] }] }\n`,
    },
    message: /arn:\{partition\}:s3:::x\/\* has braces but no quotes/,
    hint: /Put it in quotes: "arn:\{partition\}:s3:::x\/\*"/,
  },
  {
    rule: 'yaml-syntax',
    when: 'a name in braces begins a text without quotes',
    files: { 'inventory.yaml': `${BASE}    role: { path: /x/, name: §{environment}-api}\n` },
    message: /\{environment\}-api has braces/,
    hint: /"\{environment\}-api"/,
  },
  {
    rule: 'yaml-syntax',
    when: 'a quote is never closed',
    files: { 'inventory.yaml': BASE.replace('wave: pilot', 'wave: §"pilot') },
    message: /the quote that opens here is never closed/,
    hint: /Close it with "/,
  },
  {
    rule: 'yaml-syntax',
    when: 'a quote is not closed and more of them follow',
    files: { 'inventory.yaml': BASE.replace('name: prod-main', 'name: §"prod-main') },
    message: /the quote that opens here is never closed/,
  },
  {
    rule: 'yaml-syntax',
    when: 'a quote closes on a line below',
    files: {
      'inventory.yaml': `${BASE}    permissions: { managedPolicies: [§"ReadOnlyAccess,\n        "PowerUserAccess"] }\n`,
    },
    message: /the quote that opens here closes only on line 37/,
    hint: /Close it on its own line/,
  },
  {
    rule: 'yaml-syntax',
    when: 'a quote of a value closes on a line below',
    files: {
      'inventory.yaml': `${BASE}    permissions: { managedPolicies: [ReadOnlyAccess] }\n    because: "a reason\n      of two lines "§and" more\n`,
    },
    message: /this is not YAML: Unexpected scalar/,
    hint: /Close the quote that opens on line 37/,
  },
  {
    rule: 'yaml-number',
    when: 'a configuration has what JSON does not',
    files: { 'inventory.yaml': BASE.replace('eksbuild.1 }', 'eksbuild.1, configuration: { replicas: §.inf } }') },
    message: /\.inf is not a number in JSON/,
    hint: /with digits/,
  },
  {
    rule: 'yaml-number',
    when: 'a number is none',
    files: { 'inventory.yaml': BASE.replace('bucket: acme-dev', 'bucket: §.nan') },
    message: /\.nan is not a number/,
  },
  {
    rule: 'yaml-merge-key',
    when: 'a map is merged',
    files: { 'inventory.yaml': `${BASE}    role: { §<<: { path: / } }\n` },
    message: /merge key << is not supported/,
  },
  {
    rule: 'yaml-tag',
    when: 'a value has a tag of its own',
    files: { 'inventory.yaml': BASE.replace('cost-centre: platform', 'cost-centre: !secret §x') },
    message: /the tag !secret/,
  },
  {
    rule: 'yaml-tag',
    when: "a value has one of YAML's tags",
    files: { 'inventory.yaml': BASE.replace('cost-centre: platform', 'cost-centre: !!str §5') },
    message: /the tag !!str/,
  },
  {
    rule: 'yaml-tag',
    when: 'a value that must be there has a tag',
    files: { 'inventory.yaml': BASE.replace('namespace: production', 'namespace: !x §production') },
    message: /the tag !x/,
  },
  {
    rule: 'yaml-depth',
    when: 'maps nest without end',
    files: {
      'inventory.yaml': BASE.replace(
        'eksbuild.1 }',
        `eksbuild.1, configuration: { nodeSelector: ${'{ a: '.repeat(44)}§1${' }'.repeat(44)} } }`,
      ),
    },
    message: /more than 50 levels deep/,
  },
  {
    rule: 'duplicate-key',
    when: 'a key stands twice',
    files: { 'inventory.yaml': BASE.replace('workloads:', 'waves: {}\nworkloads:').replace('waves: {}', '§waves: {}') },
    message: /the key "waves" occurs twice in this map/,
  },
  {
    rule: 'key-not-text',
    when: 'a key is a number',
    files: { 'inventory.yaml': BASE.replace('values: { bucket: acme-dev', 'values: { §5: x, bucket: acme-dev') },
    message: /the key 5 is a number/,
  },
  {
    rule: 'key-not-text',
    when: 'a key is a list',
    files: { 'inventory.yaml': BASE.replace('values: { bucket: acme-dev', 'values: { ? §[a] : x, bucket: acme-dev') },
    message: /not plain text/,
  },
  {
    rule: 'reserved-key',
    when: 'a key is __proto__',
    files: {
      'inventory.yaml': BASE.replace(
        'values: { bucket: acme-dev',
        'values: { §__proto__: { polluted: yes }, bucket: acme-dev',
      ),
    },
    message: /"__proto__" is reserved/,
  },
  {
    rule: 'reserved-key',
    when: 'a workload is called constructor',
    files: { 'inventory.yaml': `${BASE}  §constructor: { prototype: { polluted: yes } }\n` },
    message: /"constructor" is reserved/,
  },
];
