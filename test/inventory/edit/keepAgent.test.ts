import { keepAgent } from '../../../src/inventory/edit/keepAgent';

const AGENT = { environment: 'prod', cluster: 'main' };
const VERSION = 'version: v1.3.4-eksbuild.1';
const head = (agent: string) => `environments:\n  prod:\n    clusters:\n      main:\n        name: prod-main\n${agent}`;

const CASES: readonly (readonly [what: string, before: string, after: string])[] = [
  [
    'between braces, before a comment',
    head(`        agent: { ${VERSION} } # ours\n    values: {}\n`),
    head(`        agent: { ${VERSION}, keep: true } # ours\n    values: {}\n`),
  ],
  [
    'on a line of its own',
    head(`        agent:\n          # the newest\n          ${VERSION} # pinned\n\n    values: {}\n`),
    head(
      `        agent:\n          # the newest\n          ${VERSION} # pinned\n          keep: true\n\n    values: {}\n`,
    ),
  ],
  [
    'where it is false',
    head(`        agent: { ${VERSION}, keep: false } # no\n`),
    head(`        agent: { ${VERSION}, keep: true } # no\n`),
  ],
  [
    'in a JSON file',
    '{ "environments": { "prod": { "clusters": { "main": { "agent": { "version": "v1" } } } } } }\n',
    '{ "environments": { "prod": { "clusters": { "main": { "agent": { "version": "v1", "keep": true } } } } } }\n',
  ],
];

describe('keepAgent', () => {
  it.each(CASES)('writes keep: true %s, and nothing else', (_what, before, after) => {
    for (const form of [(text: string) => text, (text: string) => `\uFEFF${text.replaceAll('\n', '\r\n')}`]) {
      const result = keepAgent({ file: 'inventory.yaml', text: form(before) }, AGENT);
      expect(result).toMatchObject({ edit: { text: form(after) } });
    }
  });

  it.each([
    ['a file that is no YAML', 'environments: [}\n', 'edit-unreadable'],
    ['a cluster that is not there', 'environments: { prod: { clusters: { other: { name: x } } } }\n', 'edit-agent'],
    ['a cluster without an agent', head('        autoMode: true\n'), 'edit-agent'],
    [
      'an agent that is an alias',
      `values: &agent { ${VERSION} }\n`.replace('values', 'x-agent') + head('        agent: *agent\n'),
      'edit-alias',
    ],
    [
      'an agent that others use too',
      head(`        agent: &agent { ${VERSION} }\n      batch:\n        agent: *agent\n`),
      'edit-anchor',
    ],
  ])('refuses %s', (_what, text, rule) => {
    expect(keepAgent({ file: 'inventory.yaml', text }, AGENT)).toMatchObject({ refusal: { rule } });
  });
});
