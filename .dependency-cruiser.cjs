/**
 * The table of docs/ARCHITECTURE.md as rules: which folder may import which.
 * A folder that is not named may import nothing of ours.
 */
const folders = {
  iam: [],
  catalogue: [],
  inventory: ['iam', 'catalogue'],
  blueprint: ['iam', 'inventory'],
  proof: ['blueprint', 'iam', 'inventory'],
  modules: ['blueprint'],
  stacks: ['modules', 'blueprint'],
  estate: ['inventory', 'blueprint', 'iam', 'catalogue'],
  comparison: ['blueprint', 'estate', 'iam', 'inventory', 'catalogue'],
  operations: ['inventory', 'blueprint', 'proof', 'comparison', 'estate', 'iam', 'catalogue'],
  report: ['operations', 'estate', 'proof', 'blueprint', 'inventory'],
  runners: ['inventory', 'blueprint'],
  sandbox: ['iam', 'inventory'],
  rehearsal: ['operations', 'runners', 'sandbox', 'comparison', 'estate', 'proof', 'inventory', 'blueprint', 'iam'],
  cli: [
    'operations',
    'runners',
    'rehearsal',
    'report',
    'stacks',
    'sandbox',
    'comparison',
    'estate',
    'proof',
    'inventory',
    'blueprint',
    'iam',
    'catalogue',
  ],
};
const all = [...Object.keys(folders), 'main.ts', 'index.ts', 'test', 'bench'];
/** Folders that people open first stand at the top, all other code in src/. */
const TOP = ['modules', 'stacks', 'test', 'bench'];
const pathOf = (folder) => (TOP.includes(folder) ? `${folder}/` : `src/${folder}/`);
const anyOf = (names) =>
  `^(${names.map((name) => (name.endsWith('.ts') ? name.replace('.', '\\.') + '$' : pathOf(name))).join('|')})`;
const forbid = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: anyOf(all.filter((folder) => !allowed.includes(folder))) },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...Object.entries(folders).map(([folder, allowed]) =>
      forbid(
        `${folder}-imports`,
        `^${pathOf(folder)}`,
        [folder, ...allowed],
        `${folder}/ may import ${allowed.join(', ') || 'no other folder'}`,
      ),
    ),
    forbid(
      'main-imports',
      '^main\\.ts$',
      ['inventory', 'operations', 'stacks'],
      'main.ts may import inventory, operations, stacks',
    ),
    forbid(
      'index-imports',
      '^index\\.ts$',
      [...Object.keys(folders).filter((folder) => !['cli', 'sandbox', 'rehearsal'].includes(folder))],
      'index.ts may import all but cli, sandbox, rehearsal',
    ),
    {
      name: 'blueprint-types-only',
      comment: 'blueprint/ takes types, no code, from iam/ and inventory/',
      severity: 'error',
      from: { path: '^src/blueprint/' },
      to: { path: '^src/(iam|inventory)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'inventory-iam-types-only',
      comment:
        'inventory/ takes types from iam/, what AWS accepts in a policy, what a statement names, and whether a condition is true for the sessions of pods; no decision on a request',
      severity: 'error',
      from: { path: '^src/inventory/' },
      to: {
        path: '^src/iam/',
        pathNot:
          '^src/iam/(validateDocument|documentProblem|matchConditions|requestContext|servicePrincipals|podSessions|sessionDifferences|resourcePolicySessions|oneLine|assumedRoles|sessionConnections|credentialRequests)\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'proof-inventory-types-only',
      comment: 'proof/ takes types, no code, from inventory/',
      severity: 'error',
      from: { path: '^src/proof/' },
      to: { path: '^src/inventory/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'inventory-rules-on-top',
      comment: 'the rules check what these folders read and resolve; imports go down only',
      severity: 'error',
      from: { path: '^src/inventory/(edit|formats|reading|resolve|source)/' },
      to: { path: '^src/inventory/rules/' },
    },
    {
      name: 'sandbox-aws-facts-only',
      comment: 'sandbox/ takes the facts about AWS from inventory/, and nothing that reads an inventory',
      severity: 'error',
      from: { path: '^src/sandbox/' },
      to: { path: '^src/inventory/', pathNot: '^src/inventory/aws/' },
    },
    {
      name: 'cdktf-through-one-module',
      comment: 'cdktf classes come in through modules/cdktf.ts, so that its successor is one file away',
      severity: 'error',
      from: {
        path: '^(main|modules|stacks|src)',
        pathNot: '^modules/(cdktf|providers)\\.ts$',
      },
      to: { path: 'node_modules/(cdktf|constructs|@cdktf)/' },
    },
    {
      name: 'pure-core',
      comment: 'iam/, blueprint/ and proof/ do no I/O',
      severity: 'error',
      from: { path: '^src/(iam|blueprint|proof)/' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    // dist/ is built for the package alone (src/cli/podlift.js), which examples/library uses.
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '(^|/)dist/|^podlift$' },
    },
    {
      name: 'no-dev-dependency-at-run-time',
      comment: 'also keeps the AGPL oracle of the tests out of what ships',
      severity: 'error',
      from: { path: '^(main|index|modules|stacks|src)' },
      // cdktf and its bindings are bundled into the package, and are peer dependencies for those who run cdktf.
      to: { dependencyTypes: ['npm-dev'], pathNot: '@types/|node_modules/(cdktf|constructs|@cdktf)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(node_modules|dist|cdktf\\.out|\\.podlift|coverage)' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['require', 'node', 'default', 'types'] },
  },
};
