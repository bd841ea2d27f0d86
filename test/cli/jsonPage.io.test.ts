import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { advance, advanceWaves, type StepOptions, stepWorld } from '../../src/cli/commands/advance';
import { apply } from '../../src/cli/commands/apply';
import { association } from '../../src/cli/commands/association';
import { catalogue } from '../../src/cli/commands/catalogue';
import { check } from '../../src/cli/commands/check';
import { discover } from '../../src/cli/commands/discover';
import { expand } from '../../src/cli/commands/expand';
import { doctor } from '../../src/cli/commands/doctor';
import { drift } from '../../src/cli/commands/drift';
import { finish } from '../../src/cli/commands/finish';
import { guardrails } from '../../src/cli/commands/guardrails';
import { gate } from '../../src/cli/commands/gate';
import { next } from '../../src/cli/commands/next';
import { plan } from '../../src/cli/commands/plan';
import { probe } from '../../src/cli/commands/probe';
import { prove } from '../../src/cli/commands/prove';
import { rollback } from '../../src/cli/commands/advance';
import { report, type ReportOptions } from '../../src/cli/commands/report';
import { recover } from '../../src/cli/commands/recover';
import { status } from '../../src/cli/commands/status';
import { survey, type SurveyWorld } from '../../src/cli/commands/survey';
import { usage } from '../../src/cli/commands/usage';
import { synth } from '../../src/cli/commands/synth';
import { validate } from '../../src/cli/commands/validate';
import type { inRealWorld } from '../../src/cli/engine/waveCommand';
import type { StepWorld } from '../../src/operations/step/takeStep';
import { stageHistory } from '../../src/runners/stageHistory';
import { JSON_COMMANDS, type JsonCommand } from '../../src/cli/output';
import type { KubeContext } from '../../src/estate/kubernetes/kubeContexts';
import type { ProbePort } from '../../src/operations/probe/probe';
import { gate as judgeGate } from '../../src/operations/gate/gate';
import { loadInventory } from '../../src/inventory/loadInventory';
import { folderOf, removeFolders } from '../inventory/fixtures';
import { agreedWorld, podIdentityPod, podOf, portsTo, type World } from '../operations/agreedWorld';
import { serviceAccountOf } from '../operations/facts';
import { AUD, eksctlOidc, ISSUER, LEFT, oidcOf, type Shape, sub, trustOf } from '../operations/discover/shapes';
import { answered, foundOf, NOW, portsOf, refused } from '../operations/discover/foundOf';
import { type FakeStack, fakeTerraform } from '../runners/engine/fakeTerraform';
import { pod, TEXT, world } from './advance/stepFixtures';

type Json = Readonly<Record<string, unknown>>;

interface Field {
  readonly name: string;
  readonly optional: boolean;
  /** As the page writes it: `list of [Finding](#finding)`. */
  readonly type: string;
  /** The only one of several commands that has the field. */
  readonly only?: string;
}

interface Section {
  /** The names in the heading: commands, or one type. */
  readonly names: readonly string[];
  readonly fields: readonly Field[];
  readonly examples: readonly Json[];
}

const SECTIONS: readonly Section[] = readFileSync('docs/json.md', 'utf8')
  .split(/^##+ /m)
  .slice(1)
  .map((text) => ({
    names: text.slice(0, text.indexOf('\n')).split(', '),
    fields: [...text.matchAll(/^\| `(\w+)(\??)` *\| (.+?) *\| (?:`(\w+)` only)?/gm)].map(
      ([, name, mark, type, only]) => ({
        name: name!,
        optional: mark === '?',
        type: type!,
        ...(only !== undefined && { only }),
      }),
    ),
    examples: [...text.matchAll(/^```json\n(.*?)^```/gms)].map(([, json]) => JSON.parse(json!) as Json),
  }));

function sectionOf(name: string): Section {
  const found = SECTIONS.find(({ names }) => names.some((one) => one.toLowerCase() === name.toLowerCase()));
  if (found === undefined) throw new Error(`docs/json.md has no heading "${name}"`);
  return found;
}

/** What of a value is not as the page says, each with its path. */
function deviations(value: unknown, type: string, path: string): readonly string[] {
  const list = /^list of (.*)$/.exec(type);
  if (list !== null)
    return Array.isArray(value)
      ? value.flatMap((item) => deviations(item, list[1]!, `${path}[]`))
      : [`${path} is no list`];
  const map = /^map of (.*)$/.exec(type);
  if (map !== null) return Object.values(value as object).flatMap((item) => deviations(item, map[1]!, `${path}.KEY`));
  const link = /^\[\w+\]\(#(\w+)\)$/.exec(type);
  if (link !== null) {
    const fields = sectionOf(link[1]!).fields.filter(({ name }) => name !== 'format');
    return deviationsOf(value as Json, fields, path);
  }
  if (type === 'JSON') return [];
  return typeof value === type ? [] : [`${path} is a ${typeof value}, the page says ${type}`];
}

function deviationsOf(value: Json, fields: readonly Field[], path: string): readonly string[] {
  const unknown = Object.keys(value).filter((key) => !fields.some(({ name }) => name === key));
  return [
    ...unknown.map((key) => `${path}.${key} is not on the page`),
    ...fields.flatMap(({ name, optional, type }) => {
      if (name in value) return deviations(value[name], type, `${path}.${name}`);
      return optional ? [] : [`${path}.${name} is missing`];
    }),
  ];
}

const INVENTORY = `version: 1
accounts:
  apps: { id: "333333333333" }
  data: { id: "444444444444", deployRole: "arn:aws:iam::444444444444:role/podlift-deploy" }
environments:
  prod:
    account: apps
    region: us-west-2
    clusters:
      main:
        name: prod-main
        version: "1.33"
        oidc: { issuer: "https://oidc.eks.us-west-2.amazonaws.com/id/AAAA1111AAAA1111AAAA1111AAAA1111" }
        agent: { version: v1.3.4-eksbuild.1 }
waves:
  pilot: { soak: 7d, stages: { prod: { stage: dual, since: 2026-01-01T00:00:00Z, because: late, accepted: [sdk] } } }
  later: { after: pilot, stages: { prod: irsa } }
workloads:
  orders-api:
    wave: pilot
    namespace: production
    serviceAccount: orders-api
    permissions: { statements: [{ actions: [s3:GetObject], resources: ["arn:aws:s3:::acme/*"] }] }
    targets: { lake: { account: data, permissions: { statements: [{ actions: [s3:GetObject], resources: ["arn:aws:s3:::lake/*"] }] } } }
  alone: { stage: pod-identity, namespace: production, serviceAccount: alone, permissions: { managedPolicies: [ReadOnlyAccess] } }
`;
const PREVIEWS = `${INVENTORY}  previews:
    stage: dual
    because: only CI creates them
    subjects: [{ namespaces: "pr-*", serviceAccounts: app }]
    permissions: { managedPolicies: [ReadOnlyAccess] }
expanded: { previews: { main: [{ namespace: pr-1, serviceAccount: app }, { namespace: pr-2, serviceAccount: app }] } }
`;
const OWNED = INVENTORY.replace(
  'wave: pilot\n',
  'wave: pilot\n    association: { manage: external, as: cloudformation }\n',
);
const BROKEN = INVENTORY.replace('wave: pilot', 'wave: pilto');
const DENIED = INVENTORY.replace(
  'statements: [{ actions',
  'statements: [{ effect: Deny, actions: [sts:AssumeRole], resources: ["*"] }, { actions',
);
/** A role with administration and with a session tag of its own. */
const WIDE = INVENTORY.replace('actions: [s3:GetObject]', 'actions: ["iam:*"]').replace(
  'region: us-west-2',
  'region: us-west-2\n    tags: { eks-cluster-name: main }',
);
const UNDISCOVERED = `version: 1
accounts: { apps: { id: "333333333333" } }
environments: { prod: { account: apps, region: us-west-2, clusters: { main: { name: prod-main, version: "1.33", oidc: { issuer: "${ISSUER}" } } } } }
workloads: {}
`;
const API: Shape = {
  of: 'shop/api',
  annotated: true,
  found: 'irsa',
  role: { name: 'api', trust: trustOf(eksctlOidc('shop', 'api')) },
};
/** A role that a workload has, and that another service account uses too. */
const SHARED: Shape = {
  ...API,
  role: { name: 'api', trust: trustOf(oidcOf({ StringEquals: { ...sub('shop:api', 'shop:web'), ...AUD } })) },
};
const KNOWN =
  'workloads: { api: { stage: irsa, because: first, namespace: shop, serviceAccount: { name: api, manage: none }, role: { name: api, adopt: true } } }';
const json = { format: 'json' } as const;
const inProd = { ...json, environment: 'prod' };

beforeEach(() => {
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterEach(() => {
  jest.restoreAllMocks();
  delete process.env.PODLIFT_INVENTORY;
  delete process.env.PODLIFT_STATE_DIRECTORY;
  delete process.env.TERRAFORM_BINARY_NAME;
});
afterAll(removeFolders);

/** What a command prints on stdout, each call by itself, with this inventory. */
async function printedBy(text: string, command: () => unknown): Promise<readonly string[]> {
  process.env.PODLIFT_INVENTORY = join(folderOf({ 'inventory.yaml': text }), 'inventory.yaml');
  process.env.PODLIFT_STATE_DIRECTORY = join(process.env.PODLIFT_INVENTORY, '..');
  const printed: string[] = [];
  const log = jest.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed.push(String(text).trimEnd());
    return true;
  });
  await command();
  log.mockRestore();
  write.mockRestore();
  return printed;
}

function ports(change: (world: World) => void = () => undefined) {
  const agreed = agreedWorld(loadInventory(process.env.PODLIFT_INVENTORY!).inventory!);
  agreed.pods = [podIdentityPod(), podOf({ name: 'orders-api-old' })];
  change(agreed);
  return portsTo(agreed);
}
const differing = () =>
  ports((one) => Object.assign(one, { associations: [], unanswered: { serviceAccount: 'denied' } }));

/** `pr-1` is known, `pr-2` is gone, `pr-3` is new, and `pr-9` has another role. */
const previews = () =>
  ports((one) => {
    const other = { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::333333333333:role/other' };
    const accounts = ['pr-1', 'pr-3', 'pr-9'].map((namespace) =>
      serviceAccountOf(namespace, 'app', namespace === 'pr-9' ? other : {}),
    );
    one.serviceAccounts = Object.fromEntries(accounts.map((account) => [`${account.namespace}/app`, account]));
    one.associations = [];
  });

/** A workload whose role has existed for a year and has not used all of its permissions. */
const UNUSED = INVENTORY.replace(
  'actions: [s3:GetObject]',
  'actions: [s3:GetObject, "ssm:Get*", sqs:SendMessage, "iam:*"]',
).replace('stage: dual, since', 'stage: pod-identity, since');
const unused = () =>
  ports((one) => {
    const analyzer = 'arn:aws:access-analyzer:us-west-2:333333333333:analyzer/unused';
    one.analyzers = { '333333333333 us-west-2': [{ arn: analyzer, analyzerType: 'ACCOUNT_UNUSED_ACCESS', days: 90 }] };
    one.lastAccessed = {};
    for (const role of Object.values(one.roles)) {
      Object.assign(role, { createdAt: '2020-01-01T00:00:00.000Z', lastUsed: '2026-11-01T00:00:00.000Z' });
      one.lastAccessed[role.arn] = {
        services: [
          { service: 's3', lastAccessed: new Date().toISOString(), tracked: [] },
          { service: 'sqs', lastAccessed: '2020-01-01T00:00:00.000Z', tracked: [] },
          { service: 'ssm', lastAccessed: new Date().toISOString(), tracked: [{ action: 'ssm:GetParameter' }] },
        ],
      };
    }
  });

const passing: typeof judgeGate = (_, request) => ({
  ...request,
  from: 'dual',
  to: 'cutover',
  evidence: [],
  holds: true,
});

const allReady = (options: StepOptions, judge: typeof judgeGate) => {
  const estate = stepWorld(() => ports(), { source: {}, command: [] }).estate;
  return advanceWaves(undefined, { ...options, allReady: true }, { estate, judge });
};

/** A world in which nothing is applied for real, and all pods have what they need. */
const inWorldOf =
  (judge: typeof judgeGate): typeof inRealWorld =>
  (_, __, work) => {
    const estate: StepWorld['estate'] = (inventory, questions) =>
      stepWorld(() => ports((one) => one.pods.push(jobPod())), { source: {}, command: [] }).estate(
        inventory,
        questions,
      );
    const applied = { approved: true, reports: [], losses: [], others: [] };
    return work({
      apply: () => Promise.resolve(applied as never),
      step: () => ({
        estate,
        judge: (inventory, request, stands) => ({
          ...judge(inventory, request, stands),
          ...(judge === passing && { from: 'dual', to: 'prepared' }),
        }),
        evidence: { folder: folderOf({}), by: () => ({ aws: {} }) },
      }),
      restarts: {
        estate,
        kubectl: () => Promise.resolve({ ok: true, output: '{}' }),
        sleep: () => Promise.resolve(),
        stopped: () => false,
        say: () => undefined,
      },
      now: () => 0,
    });
  };
const jobPod = () => podOf({ name: 'nightly', owner: { kind: 'Job', name: 'nightly' } });

const otherRole = () =>
  ports((one) => {
    one.associations = one.associations.map((found) => ({ ...found, roleArn: 'arn:aws:iam::333333333333:role/other' }));
  });

/** The state of the identity stack has nothing of what exists, and that of the targets cannot be read. */
function halfState(): void {
  const folder = process.env.PODLIFT_STATE_DIRECTORY!;
  writeFileSync(join(folder, 'prod-identity.tfstate'), JSON.stringify({ version: 4 }));
  writeFileSync(join(folder, 'prod-targets-data.tfstate'), '{');
}

const formerlyTagged = () =>
  ports((one) => {
    for (const role of Object.values(one.roles)) Object.assign(role.tags, { 'podlift:stage': 'dual' });
  });

/** Each workload is at the last stage. */
const ENDED = INVENTORY.replace('stage: dual', 'stage: pod-identity').replace('accepted: [sdk] ', '');
const ended = () =>
  ports((one) => {
    one.pods = [podIdentityPod()];
  });
/** A role of another team trusts the provider, a pod uses it, and its account is not in the inventory. */
const unfinished = () =>
  ports((one) => {
    one.pods = [podIdentityPod(), podOf({ namespace: 'team', name: 'old', serviceAccount: 'app' })];
    const trust = trustOf(oidcOf({ StringEquals: { ...sub('team:app'), ...AUD } }));
    const tags = { 'aws:cloudformation:stack-name': 'team' };
    const arn = 'arn:aws:iam::333333333333:role/team';
    one.roles['333333333333/team'] = { ...Object.values(one.roles)[0]!, name: 'team', arn, trust, tags };
    const role = { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::999999999999:role/elsewhere' };
    one.serviceAccounts['team/app'] = serviceAccountOf('team', 'app', role);
  });

function checked(base: string): number {
  const file = process.env.PODLIFT_INVENTORY!;
  const head = readFileSync(file, 'utf8');
  const git = (...words: readonly string[]) => execFileSync('git', ['-C', join(file, '..'), ...words]);
  writeFileSync(file, base);
  git('init', '-q');
  git('add', '-A');
  git('-c', 'user.name=a', '-c', 'user.email=a@b.c', 'commit', '-q', '-m', 'base');
  writeFileSync(file, head);
  return check({ ...json, base: 'HEAD' });
}

/** Prints the document of a report, which goes to a file. */
async function reported(options: ReportOptions, from: () => ReturnType<typeof ports> = ports): Promise<void> {
  const out = join(folderOf({}), 'report.json');
  await report({ ...options, out }, from, (file, files) => stageHistory(file, files, 2));
  // eslint-disable-next-line no-console -- the test collects the documents of all commands there
  console.log(readFileSync(out, 'utf8').trimEnd());
}

/** Commits the inventory with a wave at each of these stages. */
function moved(...stages: readonly string[]): void {
  const file = process.env.PODLIFT_INVENTORY!;
  const text = readFileSync(file, 'utf8');
  const git = (...words: readonly string[]) => execFileSync('git', ['-C', join(file, '..'), ...words]);
  git('init', '-q');
  for (const stage of stages) {
    writeFileSync(file, text.replace('stage: dual', `stage: ${stage}`));
    git('add', '-A');
    git('-c', 'user.name=a', '-c', 'user.email=a@b.c', 'commit', '-q', '-m', stage);
  }
}

const discovered = (survey = foundOf([API, ...LEFT]), write = false) =>
  discover({ ...inProd, cluster: 'main', write }, { ports: () => portsOf(survey), calls: () => 1, now: () => NOW });

/** The world of a survey: a context with each name of its cluster, and the answers about the cluster. */
const surveyWorld = (found = foundOf([API]), contexts: readonly KubeContext[] = [CONTEXT]): SurveyWorld => ({
  contexts: () => Promise.resolve({ ok: true, value: contexts }),
  caller: () =>
    Promise.resolve({ ok: true, value: { account: '333333333333', arn: 'arn:aws:iam::333333333333:user/a' } }),
  ports: () => portsOf(found),
  region: undefined,
  now: () => NOW,
});
const CONTEXT: KubeContext = { name: 'prod', cluster: 'arn:aws:eks:us-west-2:333333333333:cluster/prod-main' };
/** A role of another tool, an image and a controller that are known, and a role of another account. */
const HARD = foundOf(
  [
    {
      ...API,
      image: 'registry.k8s.io/external-dns/external-dns:v0.15.0',
      role: { ...API.role, tags: { 'managed-by': 'terraform' } },
    },
    ...LEFT.filter(({ found }) => found === 'other-account'),
  ],
  {
    customObjects: {
      'ocirepositories.source.toolkit.fluxcd.io': [
        { namespace: 'shop', name: 'app', fields: { spec: { provider: 'aws', serviceAccountName: 'api' } } },
      ],
    },
  },
);
/** The management account of an organisation that has a second account, which is suspended. */
const inOrganisation = (): SurveyWorld => {
  const found = surveyWorld();
  const { aws, kubernetes } = found.ports();
  const accounts = [
    { id: '333333333333', name: 'apps', status: 'ACTIVE' },
    { id: '555555555555', name: 'old', status: 'SUSPENDED' },
  ];
  const own = {
    organizationAccounts: () => Promise.resolve(answered(accounts)),
    regions: () => Promise.resolve(answered(['us-west-2'])),
    clusterNames: () => Promise.resolve(answered(['prod-main'])),
  };
  return { ...found, ports: () => ({ kubernetes, aws: (...place) => ({ ...aws(...place), ...own }) }) };
};
const SURVEYS: readonly (() => unknown)[] = [
  () => survey({ ...json, organization: true, role: 'read' }, inOrganisation()),
  () => survey(json, surveyWorld()),
  () => survey(json, surveyWorld(HARD)),
  () =>
    survey(
      { ...json, cluster: ['arn:aws:eks:us-west-2:444444444444:cluster/far'], role: 'read' },
      surveyWorld(foundOf([], { nodes: refused() })),
    ),
  () =>
    survey(
      json,
      surveyWorld(foundOf([], { contextIssuer: refused('no answer') }), [{ name: 'a', cluster: 'a' }, CONTEXT]),
    ),
  () =>
    survey(json, surveyWorld(foundOf([], { contextIssuer: answered('https://k3s') }), [{ name: 'a', cluster: 'a' }])),
];
const readOnly = () => {
  chmodSync(process.env.PODLIFT_INVENTORY!, 0o444);
};

/** Runs a command in the folder of the inventory, with a stand-in for Terraform. */
async function withTerraform(stacks: Readonly<Record<string, FakeStack>>, run: () => unknown): Promise<void> {
  const folder = join(process.env.PODLIFT_INVENTORY!, '..');
  process.env.TERRAFORM_BINARY_NAME = fakeTerraform(join(folder, 'bin'), stacks).binary;
  const here = process.cwd();
  process.chdir(folder);
  try {
    await run();
  } finally {
    process.chdir(here);
  }
}
const ROLE = { address: 'aws_iam_role.workloads_orders-api_role_4F61690B', type: 'aws_iam_role' } as const;
const STACKS: Readonly<Record<string, FakeStack>> = {
  'prod-identity': {
    changes: [{ ...ROLE, action: 'create' }],
    applyFails: { [ROLE.address]: { with: { summary: 'AccessDenied' }, times: 1 } },
  },
};
/** Pending changes of the wave, of another workload and of the agent. */
const LOST: Readonly<Record<string, FakeStack>> = {
  'prod-identity': {
    changes: [
      { ...ROLE, action: 'replace' },
      { ...ROLE, address: 'aws_iam_role.workloads_alone_role_11111111', action: 'delete' },
      { type: 'aws_eks_addon', address: 'aws_eks_addon.agents_main_addon_11111111', action: 'update' },
    ],
  },
};
const KUBERNETES = INVENTORY.replace('name: prod-main', 'name: prod-main\n        kubernetes: { context: main }');

/** Runs of each command, with their inventories, that together print every field of its document. */
const RUNS: Readonly<Record<JsonCommand, readonly (readonly [string, () => unknown])[]>> = {
  synth: [[INVENTORY, () => synth({ ...json, out: folderOf({}) })]],
  plan: [
    [INVENTORY, () => withTerraform(STACKS, () => plan([], json))],
    [INVENTORY, () => withTerraform({ 'prod-identity': { initFails: 'no provider' } }, () => plan([], json))],
    [INVENTORY, () => withTerraform(LOST, () => plan([], { ...json, wave: 'pilot' }))],
  ],
  apply: [
    [KUBERNETES, () => withTerraform(STACKS, () => apply([], json))],
    [INVENTORY, () => withTerraform({}, () => apply([], json))],
    [INVENTORY, () => withTerraform(LOST, () => apply([], { ...json, wave: 'pilot' }))],
    [INVENTORY, () => apply([], { ...json, wave: 'pilot', rollbackTo: 'prepared' }, inWorldOf(passing))],
    [INVENTORY, () => apply([], { ...json, wave: 'pilot', through: 'cutover', restart: true }, inWorldOf(judgeGate))],
  ],
  validate: [
    [INVENTORY, () => validate(json)],
    [BROKEN, () => validate(json)],
  ],
  check: [
    [INVENTORY, () => checked(INVENTORY)],
    [INVENTORY, () => checked(INVENTORY.replace('stage: dual', 'stage: irsa'))],
    [BROKEN, () => checked(INVENTORY)],
  ],
  prove: [
    [INVENTORY, () => prove(json)],
    [DENIED, () => prove(json)],
    [BROKEN, () => prove(json)],
  ],
  discover: [
    [UNDISCOVERED, () => discovered()],
    [
      UNDISCOVERED.replace(/, clusters: .*/, ' } }'),
      () => discover({ ...inProd, cluster: 'prod-main' }, { ports: () => portsOf(foundOf([API])), now: () => NOW }),
    ],
    [UNDISCOVERED.replace(`, oidc: { issuer: "${ISSUER}" }`, ''), () => discovered()],
    [UNDISCOVERED, () => discovered(foundOf([API], { nodes: refused('nodes is forbidden') }))],
    [UNDISCOVERED, () => (readOnly(), discovered(foundOf([API]), true))],
    [UNDISCOVERED.replace('workloads: {}', 'workloads: &w {}\nwaves: *w'), () => discovered()],
    [UNDISCOVERED.replace('workloads: {}', KNOWN), () => discovered(foundOf([SHARED, { ...SHARED, of: 'shop/web' }]))],
  ],
  survey: SURVEYS.map((run) => [INVENTORY, run] as const),
  expand: [
    [PREVIEWS, () => expand(json, () => previews())],
    [
      PREVIEWS,
      () => expand(json, () => ports((one) => Object.assign(one, { unanswered: { serviceAccount: 'denied' } }))),
    ],
    [PREVIEWS, () => (readOnly(), expand({ ...json, write: true }, () => previews()))],
    [
      PREVIEWS.replace('region: us-west-2', 'region: us-west-2\n    quotas: { associationsPerCluster: 3 }').replace(
        / {2}alone:.*\n/,
        '',
      ),
      () => expand({ ...json, write: true }, () => previews()),
    ],
  ],
  status: [
    [INVENTORY, () => status({ ...json, live: false })],
    [INVENTORY, () => status({ ...json, live: true }, differing)],
  ],
  next: [
    [INVENTORY, () => next(json, () => ports())],
    [INVENTORY, () => next(json, differing)],
    [
      INVENTORY.replace('later: { after: pilot, stages: { prod: irsa } }', 'later: { stages: *s }').replace(
        'stages: { prod: {',
        'stages: &s { prod: {',
      ),
      () => next(json, () => ports(), passing),
    ],
  ],
  report: [
    [`name: shop\n${INVENTORY}`, () => reported({})],
    [INVENTORY, () => (moved('irsa', 'prepared', 'dual'), reported({ evidence: folderOf({}) }))],
    [INVENTORY, () => reported({ live: true }, differing)],
  ],
  drift: [
    [INVENTORY, () => drift(undefined, json, () => ports())],
    [INVENTORY, () => drift(undefined, json, differing)],
    [INVENTORY, () => drift(undefined, json, formerlyTagged)],
    [INVENTORY, () => (halfState(), drift(undefined, json, differing))],
  ],
  finish: [
    [INVENTORY, () => finish(inProd, () => ports())],
    [INVENTORY, () => finish(inProd, differing)],
    [ENDED, () => finish(inProd, unfinished)],
    [ENDED, () => finish(inProd, ended)],
  ],
  doctor: [
    [INVENTORY, () => doctor(undefined, json, () => ports())],
    [INVENTORY, () => doctor(undefined, json, differing)],
  ],
  gate: [
    [INVENTORY, () => gate('pilot', inProd, () => ports())],
    [INVENTORY, () => gate('pilot', inProd, differing)],
    [INVENTORY.replace('stage: dual', 'stage: pod-identity'), () => gate('pilot', inProd, () => ports())],
  ],
  association: [
    [OWNED, () => association('orders-api', inProd, differing)],
    [OWNED, () => association('orders-api', inProd, otherRole)],
    [OWNED, () => association('orders-api', { ...inProd, stage: 'prepared' }, () => ports())],
  ],
  catalogue: [
    [INVENTORY, () => catalogue(undefined, json)],
    [INVENTORY, () => catalogue('ebs-csi', json)],
    [INVENTORY, () => catalogue('flux', json)],
  ],
  recover: [
    [INVENTORY, () => recover(json, () => ports())],
    [INVENTORY, () => recover(json, differing)],
    [INVENTORY, () => recover({ ...json, write: true }, () => ports())],
    [INVENTORY, () => (readOnly(), recover({ ...json, write: true }, () => ports()))],
    [
      INVENTORY.replace(
        'agent: { version: v1.3.4-eksbuild.1 }',
        'agent: { version: v1.3.4-eksbuild.1, imports: true }',
      ),
      () => recover(json, () => ports((one) => Object.assign(one, { addons: {} }))),
    ],
    [
      INVENTORY.replace('permissions: { statements', 'role: &r { path: / }\n    permissions: { statements').replace(
        'alone: {',
        'alone: { role: *r,',
      ),
      () => recover({ ...json, write: true }, () => ports()),
    ],
  ],
  advance: [
    ...steps(advance, 'dev: pod-identity'),
    [
      TEXT.replace('dev: dual', 'dev: irsa').replace(/ {4}sdk: .*\n/, ''),
      () => advance('pilot', { ...json, environment: 'dev' }, world()),
    ],
  ],
  probe: [
    [INVENTORY, () => probed({})],
    [INVENTORY, () => probed({ log: 'arn:aws:sts::333333333333:assumed-role/other/x' })],
    [INVENTORY, () => probed({ publishNotReadyAddresses: true })],
    [INVENTORY, () => probed({ failed: true })],
  ],
  usage: [
    [UNUSED, () => usage({ ...json, days: 90 }, unused)],
    [
      INVENTORY,
      () =>
        usage({ ...json, days: 90 }, () =>
          ports((one) => Object.assign(one, { unanswered: { lastAccessed: 'denied' } })),
        ),
    ],
  ],
  guardrails: [
    [INVENTORY, () => guardrails({ ...json, out: folderOf({}) })],
    [WIDE, () => guardrails(json)],
  ],
  'advance-all': [
    [INVENTORY, () => allReady({ ...inProd, evidence: folderOf({}) }, passing)],
    [INVENTORY, () => allReady(inProd, judgeGate)],
    [INVENTORY, () => (readOnly(), allReady(inProd, passing))],
  ],
  rollback: [
    ...steps(rollback, 'dev: irsa'),
    [TEXT, () => rollback('pilot', { ...json, environment: 'dev', to: 'irsa' }, world('yes', []))],
    [TEXT, () => rollback('pilot', { ...json, environment: 'prod' }, world('yes', []))],
    [
      TEXT.replace('    wave: pilot\n', '    wave: pilot\n    role: { imports: { associations: { main: a-1 } } }\n'),
      () => rollback('pilot', { ...json, environment: 'dev' }, world('yes', [])),
    ],
    [
      TEXT.replace('dev: dual', 'dev: cutover'),
      () => rollback('pilot', { ...json, environment: 'dev' }, world('yes', [])),
    ],
  ],
};

function probed({ log = '', publishNotReadyAddresses = false, failed = false }) {
  const answer = <T>(value: T) => Promise.resolve({ ok: true, value } as const);
  const refusal = { ok: false, why: 'denied', message: 'forbidden' } as const;
  const probePort = (): ProbePort => ({
    templates: () =>
      answer([
        {
          kind: 'Deployment',
          metadata: { name: 'a' },
          spec: { template: { spec: { serviceAccountName: 'orders-api' } } },
        },
      ]),
    services: () => answer([{ name: 'a', selector: {}, publishNotReadyAddresses }]),
    create: () => answer(''),
    pod: () =>
      answer(
        failed
          ? undefined
          : { facts: podIdentityPod(), ended: [{ container: 'get-caller-identity', exitCode: 0, message: '' }] },
      ),
    log: () => answer(log),
    events: () => answer([]),
    remove: () => Promise.resolve(refusal),
  });
  return probe(
    'orders-api',
    { ...inProd, image: 'aws-cli' },
    { ports: () => ports(), probePort, sleep: () => Promise.resolve() },
  );
}

function steps(command: typeof advance, end: string): readonly (readonly [string, () => unknown])[] {
  const pods = [pod('web-1', false), pod('web-2', true)];
  const inDev = { ...json, environment: 'dev' };
  return [
    [TEXT, () => command('pilot', inDev, world('yes', pods))],
    [TEXT, () => command('pilot', { ...inDev, dryRun: true }, world('no'))],
    [TEXT, () => command('pilot', { ...inDev, accept: ['cluster'], because: 'late' }, world())],
    [
      TEXT,
      () => command('pilot', { ...inDev, force: true, because: 'late', evidence: folderOf({}) }, world('no', 'down')),
    ],
    [TEXT.replace('dev: dual', end), () => command('pilot', inDev, world())],
    [TEXT, () => (readOnly(), command('pilot', inDev, world()))],
    [
      TEXT.replace('stages: { dev: dual, prod: prepared }', 'stages: &s { dev: dual, prod: prepared }').replace(
        'core: { after: pilot }',
        'core: { stages: *s }',
      ),
      () => command('pilot', inDev, world()),
    ],
  ];
}

describe('docs/json.md', () => {
  it('has a section for every command, and no link to a type that is not there', () => {
    expect(SECTIONS.filter(({ fields }) => fields[0]?.name === 'format').flatMap(({ names }) => names)).toEqual(
      JSON_COMMANDS,
    );
    for (const { fields } of SECTIONS)
      for (const { type } of fields)
        for (const [, anchor] of type.matchAll(/\(#(\w+)\)/g)) expect(sectionOf(anchor!).fields).not.toEqual([]);
  });

  it.each(JSON_COMMANDS)('has the fields that %s prints, and no others', async (command) => {
    const { fields, examples } = sectionOf(command);
    const documents: Json[] = [];
    for (const [text, run] of RUNS[command]) {
      const printed = await printedBy(text, run);
      expect(printed).toHaveLength(1);
      documents.push(JSON.parse(printed[0]!) as Json);
      expect(printed[0]!.startsWith(`{\n  "format": "podlift.${command}/1",\n`)).toBe(true);
    }
    expect([...new Set(documents.flatMap((document) => Object.keys(document)))].sort()).toEqual(
      fields
        .filter(({ only = command }) => only === command)
        .map(({ name }) => name)
        .sort(),
    );
    for (const document of [...documents, ...examples]) expect(deviationsOf(document, fields, command)).toEqual([]);
    expect(examples).not.toEqual([]);
  });

  it.each<[JsonCommand, () => unknown]>([
    ['discover', () => discovered()],
    ['status', () => status({ ...json, live: false })],
    ['next', () => next(json)],
    ['drift', () => drift(undefined, json)],
    ['doctor', () => doctor('orders-api', json)],
    ['gate', () => gate('pilot', inProd)],
    ['finish', () => finish(inProd)],
    ['advance', () => advance('pilot', inProd, world())],
    ['rollback', () => rollback('pilot', inProd, world())],
    ['recover', () => recover(json)],
    ['report', () => report(json)],
    ['expand', () => expand(json)],
    ['guardrails', () => guardrails(json)],
    ['usage', () => usage({ ...json, days: 90 })],
    ['association', () => association('orders-api', inProd)],
  ])('is right that %s prints nothing on stdout for an inventory with errors', async (_, command) => {
    expect(await printedBy(BROKEN, command)).toEqual([]);
  });
});
