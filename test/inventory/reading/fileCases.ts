import { MAX_FILE_BYTES } from '../../../src/inventory/reading/readingRules';
import { BASE } from '../marked';
import type { ReadingCase } from './ReadingCase';

const INCLUDING = BASE.replace('version: 1\n', 'version: 1\ninclude: [§"teams/*.yaml"]\n');

/** Mistakes of files and of `include`. */
export const FILE_CASES: readonly ReadingCase[] = [
  { rule: 'file-not-found', when: 'the file is missing', files: {}, message: /there is no file .*inventory\.yaml/ },
  {
    rule: 'file-too-large',
    when: 'a file has 10 MB',
    files: { 'inventory.yaml': Buffer.alloc(2 * MAX_FILE_BYTES, '#') },
    message: /10,485,760 bytes; 5,242,880 are allowed/,
  },
  { rule: 'file-empty', when: 'a file is empty', files: { 'inventory.yaml': '' }, message: /is empty/ },
  {
    rule: 'file-empty',
    when: 'a file has comments only',
    files: { 'inventory.yaml': '# nothing\n\n' },
    message: /is empty/,
  },
  {
    rule: 'file-not-text',
    when: 'a file has NUL bytes',
    files: { 'inventory.yaml': Buffer.from('version: 1\0') },
    message: /byte 11 is NUL/,
  },
  {
    rule: 'file-not-text',
    when: 'a file is no UTF-8',
    files: { 'inventory.yaml': Buffer.from([0x61, 0xff, 0xfe, 0x62]) },
    message: /not UTF-8/,
  },
  {
    rule: 'duplicate-entry',
    when: 'two files have one workload',
    files: {
      'inventory.yaml': INCLUDING.replace('§', ''),
      'teams/a.yaml': 'workloads:\n  §api: { namespace: a, serviceAccount: a }\n',
    },
    message: /workload "api" is already defined in .*inventory\.yaml:33:3/,
  },
  {
    rule: 'resource-policy',
    when: 'a workload lists a policy that is not there',
    files: { 'inventory.yaml': `${BASE}    resourcePolicies: [§policies/bucket.json]\n` },
    message: /there is no file .*policies\/bucket\.json/,
  },
  {
    rule: 'include-no-match',
    when: 'a pattern matches nothing',
    files: { 'inventory.yaml': INCLUDING },
    message: /no file matches "teams\/\*\.yaml"/,
  },
  {
    rule: 'first-file-only',
    when: 'an included file names the folder of the evidence',
    files: { 'inventory.yaml': INCLUDING.replace('§', ''), 'teams/a.yaml': 'waves: {}\n§evidence: steps\n' },
    message: /"evidence" is in a file that another one includes/,
  },
  {
    rule: 'include-pattern',
    when: 'a pattern is absolute',
    files: { 'inventory.yaml': INCLUDING.replace('teams/', '/teams/') },
    message: /"\/teams\/\*\.yaml" is not a relative path/,
  },
  {
    rule: 'include-cycle',
    when: 'a file includes itself',
    files: { 'inventory.yaml': INCLUDING.replace('teams/', '') },
    message: /inventory\.yaml → .*inventory\.yaml is a cycle/,
  },
  {
    rule: 'include-cycle',
    when: 'two files include each other',
    files: { 'inventory.yaml': INCLUDING.replace('§', ''), 'teams/a.yaml': 'include: [§../inventory.yaml]\n' },
    message: /inventory\.yaml → .*a\.yaml → .*inventory\.yaml is a cycle/,
  },
  {
    rule: 'include-twice',
    when: 'two patterns match a file',
    files: {
      'inventory.yaml': INCLUDING.replace('§"teams/*.yaml"', '"teams/*.yaml", §teams/a.yaml'),
      'teams/a.yaml': 'waves: {}\n',
    },
    message: /inventory\.yaml:2:11 already includes .*a\.yaml/,
  },
  {
    rule: 'file-empty',
    when: 'an included file is empty',
    files: { 'inventory.yaml': INCLUDING.replace('§', ''), 'teams/a.yaml': '' },
    at: 'teams/a.yaml',
    message: /a\.yaml is empty/,
  },
  {
    rule: 'file-not-regular',
    when: 'an include names a folder',
    files: { 'inventory.yaml': INCLUDING.replace('teams/*.yaml', 'teams'), 'teams/a.txt': '' },
    message: /teams is a folder/,
  },
];
