import {
  type CompareCase,
  BATCH,
  core,
  GRANTS,
  LEDGER,
  SECOND,
  since,
  TIME,
  twoClusters,
  waves,
  api,
} from './CompareCase';

const ROLE = (more: string): string => `environments: [dev]\n    role: { name: own${more} }`;
const kept = (...statements: readonly string[]) =>
  api(ROLE(`, adopt: true${statements.length === 0 ? '' : `, keepTrust: [${statements.join(', ')}]`}`));
const keptByTarget = (statement: string) =>
  api(
    `environments: [dev]\n    targets: { ledger: { account: data, role: { name: ledger, adopt: true, keepTrust: [${statement}] }, ${GRANTS} } }`,
  );
const ROOT = (more: string) => `{ Effect: Allow, Principal: { AWS: "111111111111" }, Action: "sts:AssumeRole"${more} }`;
const soak = (written: string) => waves(`{ ${written}stages: { dev: dual, prod: prepared } }`);
const context = (name: string) => ({
  replace: { '        name: dev-main': `        kubernetes: { context: ${name} }\n        name: dev-main` },
});
const accountRole = (field: 'deployRole' | 'readRole') => (name: string) => ({
  replace: {
    '"111111111111" }': `"111111111111", ${field}: "arn:aws:iam::111111111111:role/${name}" }`,
  },
});
const deployRole = accountRole('deployRole');
const readRole = accountRole('readRole');
const early = (after: string) => core('{ dev: dual }', `, after: ${after} }\n  early: { stages: { dev: dual }`);
const STEP = { base: since('prepared', TIME), path: 'waves.pilot.stages.dev.since' } as const;

/** What makes a step or an access easier than it was. */
const OPEN =
  '{ Effect: Allow, Principal: { Service: pods.eks.amazonaws.com }, Action: ["sts:AssumeRole", "sts:TagSession"] }';
const adopted = (more: string) => api(ROLE(`, adopt: true${more}`));
const BOUNDARY = ', permissionsBoundary: "arn:aws:iam::aws:policy/ReadOnlyAccess"';
const IN_DEV = `environments: [dev]\n    ${LEDGER}`;
const LIMIT = 'account: data, role: { permissionsBoundary: "arn:aws:iam::222222222222:policy/limit" },';

const target = (role: string) =>
  api(`environments: [dev]\n    targets: { ledger: { account: data, role: { ${role} }, ${GRANTS} } }`);

export const GUARD_CASES: readonly CompareCase[] = [
  {
    rule: 'external-role-changed',
    when: 'the role of a target becomes external',
    base: target('name: ledger'),
    head: target('name: ledger, manage: external'),
    severity: 'warning',
    path: 'workloads.api.targets.ledger.role.manage',
    message: /becomes external: the next apply forgets the role/,
  },
  {
    rule: 'external-role-changed',
    when: 'podlift would create the role of a target that exists',
    base: target('name: ledger, manage: external'),
    head: target('name: ledger'),
    path: 'workloads.api.targets.ledger.role',
    message: /podlift would create a role that exists/,
  },
  {
    rule: 'role-replaced',
    when: 'the role of a target becomes adopted, and podlift created it',
    base: target('name: ledger'),
    head: target('name: ledger, adopt: true'),
    path: 'workloads.api.targets.ledger.role.adopt',
    message: /becomes adopted, but podlift created it/,
  },
  {
    rule: 'association-owner-changed',
    when: 'another tool takes the associations',
    head: api('association: { manage: external, as: ack }'),
    severity: 'warning',
    path: 'workloads.api.association',
    message: /go from podlift to ack: the next apply forgets them, and destroys nothing/,
    hint: /npx podlift association api/,
  },
  {
    rule: 'association-owner-changed',
    when: 'podlift takes them back, and imports none',
    base: api('environments: [dev]\n    association: { manage: external, as: ack }'),
    head: api('environments: [dev]'),
    path: 'workloads.api.role.imports',
    message: /does not import it: the apply would fail \(ResourceInUseException\)/,
  },
  {
    rule: 'association-owner-changed',
    when: 'podlift takes them back, and imports each',
    base: api('environments: [dev]\n    association: { manage: external, as: ack }'),
    head: api('environments: [dev]\n    role: { imports: { associations: { main: a-0123456789abcdefg } } }'),
    severity: 'warning',
    path: 'workloads.api',
    message: /podlift takes the associations/,
  },
  {
    rule: 'bounds-loosened',
    when: 'a boundary is gone',
    base: adopted(BOUNDARY),
    head: adopted(''),
    path: 'workloads.api.role',
    message: /^the role of workload "api" in dev loses its permissions boundary$/,
    severity: 'warning',
  },
  {
    rule: 'bounds-loosened',
    when: 'the boundary of a target is gone',
    base: api(IN_DEV.replace('account: data,', LIMIT)),
    head: api(IN_DEV),
    path: 'workloads.api.targets.ledger.role',
    message: /^the role of target "ledger" of workload "api" in dev loses its permissions boundary$/,
    severity: 'warning',
  },
  {
    rule: 'bounds-loosened',
    when: 'a boundary is another one',
    base: adopted(BOUNDARY),
    head: adopted(BOUNDARY.replace('ReadOnlyAccess', 'AdministratorAccess')),
    path: 'workloads.api.role.permissionsBoundary',
    message: /changes its permissions boundary from .*ReadOnlyAccess to .*AdministratorAccess/,
    severity: 'warning',
  },
  {
    rule: 'bounds-loosened',
    when: 'the proof is told to accept whom adopted trust lets in',
    base: adopted(`, adoptedTrust: { podIdentity: [${OPEN}] }`),
    head: adopted(`, adoptedTrust: { because: hurry, podIdentity: [${OPEN}] }`),
    path: 'workloads.api.role.adoptedTrust.because',
    message: /now accepts others that the adopted trust of workload "api" in dev allows, with the reason: hurry/,
    severity: 'warning',
  },
  {
    rule: 'bounds-loosened',
    when: 'a kept statement gets a reason',
    base: kept(ROOT('')),
    head: kept(ROOT(', because: hurry')),
    path: 'workloads.api.role.keepTrust[0].because',
    message:
      /now accepts others that a statement in the trust policy of workload "api" in dev allows, with the reason: hurry/,
    severity: 'warning',
  },
  {
    rule: 'bounds-loosened',
    when: 'a kept statement of a target role gets a reason',
    base: keptByTarget(ROOT('')),
    head: keptByTarget(ROOT(', because: hurry')),
    path: 'workloads.api.targets.ledger.role.keepTrust[0].because',
    message:
      /now accepts others that a statement in the trust policy of target "ledger" of workload "api" in dev allows, with the reason: hurry/,
    severity: 'warning',
  },
  {
    rule: 'bounds-loosened',
    when: 'an adopted statement gets a reason, and is not the first any more',
    base: adopted(`, adoptedTrust: { podIdentity: [${OPEN}] }`),
    head: adopted(
      `, adoptedTrust: { podIdentity: [${OPEN.replace('{', '{ Sid: first,')}, ${OPEN.replace('Effect', 'because: hurry, Effect')}] }`,
    ),
    path: 'workloads.api.role.adoptedTrust.podIdentity[1].because',
    message: /allows, with the reason: hurry/,
    severity: 'warning',
  },
  {
    rule: 'since-backdated',
    when: 'the stage before stood there later than that',
    ...STEP,
    head: since('dual', '2026-11-15T09:00:00Z'),
    baseTime: '2026-11-19T08:00:00Z',
    message:
      /^since of wave "pilot" in dev is 2026-11-15T09:00:00Z, but at 2026-11-19T08:00:00Z the stage was still prepared$/,
  },
  {
    rule: 'since-backdated',
    when: 'it is a second before, in another zone',
    ...STEP,
    head: since('dual', '2026-11-19T09:59:59+02:00'),
    baseTime: '2026-11-19T08:00:00Z',
    message: /the stage was still prepared/,
  },
  {
    rule: 'since-backdated',
    when: 'a wave that is new takes a workload a stage on',
    base: since('prepared', TIME),
    head: {
      replace: {
        ...since('prepared', TIME).replace,
        'wave: pilot': 'wave: fresh',
        'workloads:\n': `  fresh: { stages: { dev: { stage: dual, since: ${TIME} }, prod: prepared } }\nworkloads:\n`,
      },
    },
    baseTime: '2026-11-19T08:00:00Z',
    path: 'waves.fresh.stages.dev.since',
    message: /^since of wave "fresh" in dev .* the stage was still prepared$/,
    also: ['guard-loosened'],
  },
  {
    rule: 'guard-loosened',
    when: 'a wave soaks for less',
    base: soak('soak: 1w, '),
    head: soak('soak: 36h, '),
    path: 'waves.pilot.soak',
    message: /^wave "pilot" now soaks for 36h instead of 1w$/,
    severity: 'warning',
  },
  {
    rule: 'guard-loosened',
    when: 'a wave no longer soaks',
    base: soak('soak: 30m, '),
    path: 'waves.pilot',
    message: /^wave "pilot" no longer has a soak: it was 30m$/,
    severity: 'warning',
  },
  {
    rule: 'guard-loosened',
    when: 'a wave waits for no other',
    base: core('{ dev: dual }'),
    head: core('{ dev: dual }', ''),
    path: 'waves.core',
    message: /^wave "core" no longer waits for "pilot"$/,
    severity: 'warning',
  },
  {
    rule: 'guard-loosened',
    when: 'a wave waits for another',
    base: early('pilot'),
    head: early('early'),
    path: 'waves.core.after',
    message: /^wave "core" now waits for "early" instead of "pilot"$/,
    severity: 'warning',
  },
  {
    rule: 'guard-loosened',
    when: 'a workload gets a stage on by another wave',
    base: { ...core('{ dev: cutover, prod: prepared }', ''), append: SECOND },
    head: {
      ...core('{ dev: cutover, prod: prepared }', ''),
      append: SECOND.replace('wave: pilot', 'wave: core'),
    },
    path: 'workloads.web.wave',
    message: /^workload "web" moves from wave "pilot" to wave "core", and so from dual to cutover in dev/,
    severity: 'warning',
  },
  {
    rule: 'guard-loosened',
    when: 'a workload gets a stage on by leaving its wave',
    base: { append: SECOND.replace('{ wave', '{ environments: [dev], wave') },
    head: { append: SECOND.replace('{ wave: pilot', '{ environments: [dev], stage: cutover') },
    path: 'workloads.web.stage',
    message: /from wave "pilot" to no wave, and so from dual to cutover in dev/,
    severity: 'warning',
  },
  {
    rule: 'access-moved',
    when: 'the deploy role of an account is another',
    base: deployRole('deploy'),
    head: deployRole('admin'),
    path: 'accounts.apps.deployRole',
    message: /^the deploy role of account "apps" changes from arn:.*\/deploy to arn:.*\/admin$/,
    severity: 'warning',
  },
  {
    rule: 'access-moved',
    when: 'the read role of an account is another',
    base: readRole('read'),
    head: readRole('admin'),
    path: 'accounts.apps.readRole',
    message: /^the read role of account "apps" changes from arn:.*\/read to arn:.*\/admin$/,
    severity: 'warning',
  },
  {
    rule: 'access-moved',
    when: 'the deploy role of an account goes',
    base: deployRole('deploy'),
    path: 'accounts.apps',
    message: /\/deploy to none$/,
    severity: 'warning',
  },
  {
    rule: 'access-moved',
    when: 'a cluster is reached through another context',
    base: context('dev-main'),
    head: context('dev-blue'),
    path: 'environments.dev.clusters.main.kubernetes.context',
    message: /^the context of cluster "main" of dev changes from dev-main to dev-blue$/,
    severity: 'warning',
  },
  {
    rule: 'access-moved',
    when: 'a cluster without workloads has another issuer',
    base: twoClusters('    clusters: [main]\n'),
    head: {
      ...twoClusters('    clusters: [main]\n'),
      replace: {
        '    values: { bucket: acme-dev }': `${BATCH.replace('B1B1', 'C1C1')}    values: { bucket: acme-dev }`,
      },
    },
    path: 'environments.dev.clusters.batch.oidc.issuer',
    message: /^the issuer of cluster "batch" of dev changes from https:.*B1B1 to https:.*C1C1$/,
    severity: 'warning',
  },
  {
    rule: 'external-role-changed',
    when: 'podlift leaves a role to its owner',
    severity: 'warning',
    base: adopted(''),
    head: api('environments: [dev]\n    role: { name: own, manage: external }'),
    path: 'workloads.api.role.manage',
    message: /becomes external: the next apply forgets the role and its policies, and destroys nothing/,
    hint: /will no longer be managed by Terraform, but will not be destroyed/,
  },
  {
    rule: 'external-role-changed',
    when: 'podlift leaves a role that it created',
    severity: 'warning',
    base: api('environments: [dev]\n    role: { name: own }'),
    head: api('environments: [dev]\n    role: { name: own, manage: external }'),
    path: 'workloads.api.role.manage',
    message: /becomes external/,
  },
  {
    rule: 'external-role-changed',
    when: 'the entry loses a policy in the same change: Terraform would take it from the role',
    base: api(`${ROLE(', adopt: true')}\n    permissions: { managedPolicies: [ReadOnlyAccess] }`),
    head: api(ROLE(', manage: external')),
    path: 'workloads.api.role.manage',
    message: /no longer has the policy arn:aws:iam::aws:policy\/ReadOnlyAccess: Terraform would take the policy/,
  },
  {
    rule: 'external-role-changed',
    when: 'podlift takes an external role',
    severity: 'warning',
    base: api(ROLE(', manage: external')),
    head: adopted(''),
    path: 'workloads.api.role.adopt',
    message: /podlift takes the role .*: the next apply writes it as the entry says/,
    hint: /removed block with destroy = false/,
  },
  {
    rule: 'external-role-changed',
    when: 'an external role is no longer external, and not adopted',
    base: api(ROLE(', manage: external')),
    head: api(ROLE('')),
    path: 'workloads.api.role',
    message: /podlift would create a role that exists/,
    hint: /adopt: true/,
  },
  {
    rule: 'role-replaced',
    when: 'an external role gets another name',
    base: api(ROLE(', manage: external')),
    head: api('environments: [dev]\n    role: { name: other, manage: external }'),
    path: 'workloads.api.role.name',
    message: /the pods of workload "api" in dev would get another role: its name changes from own to other/,
  },
  {
    rule: 'role-replaced',
    when: 'it is no longer adopted',
    base: api(`${ROLE(', adopt: true')}\n    ${GRANTS}`),
    head: api(`${ROLE('')}\n    ${GRANTS}`),
    path: 'workloads.api.role.adopt',
    message: /^the role of workload "api" in dev is no longer adopted: podlift would create a role that exists/,
  },
  {
    rule: 'role-replaced',
    when: 'it becomes adopted',
    base: api(ROLE('')),
    head: api(ROLE(', adopt: true')),
    path: 'workloads.api.role.adopt',
    message: /^the role of workload "api" in dev becomes adopted, but podlift created it/,
  },
];
