import type { Change } from '../marked';
import { type CompareCase, GRANTS, LATER, LEDGER, onBatch, PROD, web } from './CompareCase';

const ADOPTED = 'role: { name: legacy, adopt: true }';
const path = 'workloads';
const gone = web(undefined);
const ON_PURPOSE = /To destroy resources on purpose, .*: podlift check --base REVISION --allow-removal web\.$/.source;
const RELEASE_FIRST = new RegExp(`^Restore the entry with released: true and apply: .*\\. ${ON_PURPOSE}`);
const RELEASE_FIRST_IN_DEV = new RegExp(
  `^Restore the entry with workloads\\.web\\.overrides: \\{ dev: \\{ released: true \\} \\} and apply: .*\\. ${ON_PURPOSE}`,
);

/** The other workload of the cluster needs no agent. */
function apiAtIrsa(change: Change): Change {
  const [pilot, irsa] = [
    'wave: pilot\n    namespace: production',
    `stage: irsa\n    because: later\n    namespace: production`,
  ];
  return { ...change, replace: { ...change.replace, [pilot]: irsa } };
}

/** What would be destroyed with an entry, what is forgotten, and what is taken over too far on. */
export const RELEASE_CASES: readonly CompareCase[] = [
  ...(
    [
      ['create', LATER, 'irsa: its role and its service account'],
      ['annotate', LATER, 'irsa: its role and its annotation'],
      ['none', LATER, 'irsa: its role'],
      ['create', 'stage: prepared', 'prepared: its role and its service account'],
      ['create', 'stage: dual', 'dual: its role and its association and its service account'],
      ['annotate', 'stage: cutover', 'cutover: its role and its association and its annotation'],
      ['none', 'stage: pod-identity', 'pod-identity: its role and its association'],
    ] as const
  ).map(([manage, stage, what]): CompareCase => ({
    rule: 'workload-removed',
    when: `it is deleted at ${what.split(':')[0]!}, and its service account is ${manage}`,
    base: web(manage, stage),
    head: gone,
    path,
    message: new RegExp(`^workload "web" at ${what.replace(':', ' is removed from dev:')} would be destroyed$`),
    hint: RELEASE_FIRST,
  })),
  {
    rule: 'workload-removed',
    when: 'it leaves an environment at irsa, by its list of environments',
    base: web('create', `${LATER}, environments: [dev, prod]`),
    head: web('create', `${LATER}, environments: [prod]`),
    path: 'workloads.web',
    message: /^workload "web" at irsa is removed from dev: its role and its service account would be destroyed$/,
    hint: RELEASE_FIRST_IN_DEV,
  },
  {
    rule: 'workload-removed',
    when: 'it was adopted and never left irsa: an adopted role is destroyed with its entry all the same',
    base: web('none', `${LATER}, ${ADOPTED}`),
    head: gone,
    path,
    message: /^workload "web" at irsa is removed from dev: its role would be destroyed$/,
  },
  ...(
    [
      ['create', LATER, 'irsa', 'its service account would be destroyed'],
      ['annotate', LATER, 'irsa', 'its annotation would be destroyed'],
      ['none', LATER, 'irsa', 'its role would no longer trust that cluster'],
      ['create', 'stage: dual', 'dual', 'its association there and its service account would be destroyed'],
      ['annotate', 'stage: dual', 'dual', 'its association there and its annotation would be destroyed'],
      ['none', 'stage: dual', 'dual', 'its association there would be destroyed'],
    ] as const
  ).map(([manage, stage, at, what]): CompareCase => ({
    rule: 'workload-removed',
    when: `it leaves a cluster at ${at}, by its list of clusters, and its service account is ${manage}`,
    base: onBatch(manage, `${stage}, clusters: [main, batch]`),
    head: onBatch(manage, `${stage}, clusters: [main]`),
    path: 'workloads.web.clusters',
    message: new RegExp(`^workload "web" at ${at} is removed from cluster "batch" of dev: ${what}$`),
    hint: new RegExp(`^Restore the cluster in the entry until none of its pods runs there\\. ${ON_PURPOSE}`),
  })),
  {
    rule: 'workload-removed',
    when: 'its cluster is deleted at irsa',
    base: onBatch('create', LATER),
    head: { ...web('create', LATER), append: `    clusters: [main]\n${web('create', LATER).append ?? ''}` },
    path: 'environments.dev.clusters',
    message: /^workload "web" at irsa is removed from cluster "batch" of dev: its service account would be destroyed$/,
  },
  {
    rule: 'workload-removed',
    when: 'the removal of another workload is accepted',
    base: web('create', LATER),
    head: gone,
    allowedRemovals: ['api'],
    path,
    message: /^workload "web" at irsa is removed from dev/,
  },
  {
    rule: 'released-changed',
    when: 'the release changes stage and permissions too',
    base: web('create', 'stage: dual, permissions: { managedPolicies: [ReadOnlyAccess] }'),
    head: web('create', 'stage: cutover, released: true'),
    path: 'workloads.web',
    message: /^workload "web" is released in dev and changes stage and permissions$/,
    hint: /^Restore these fields until the release is applied:/,
  },
  {
    rule: 'released-changed',
    when: 'the release changes the service account too',
    base: web('create', LATER),
    head: web('none', `${LATER}, released: true`),
    path: 'workloads.web',
    message: /^workload "web" is released in dev and changes serviceAccount$/,
  },
  {
    rule: 'released-changed',
    when: 'the release changes the namespace too',
    base: web('none', LATER),
    head: inShop(web('none', `${LATER}, released: true`)),
    path: 'workloads.web',
    message: /^workload "web" is released in dev and changes namespace$/,
  },
  {
    rule: 'released-changed',
    when: 'the release leaves a cluster too',
    base: onBatch('none', 'stage: dual, clusters: [main, batch]'),
    head: onBatch('none', 'stage: dual, clusters: [main], released: true'),
    path: 'workloads.web',
    message: /^workload "web" is released in dev and changes clusters$/,
  },
  ...(
    [
      ['stage: prepared', 'stage'],
      [`stage: dual, ${GRANTS}`, 'permissions'],
      ['stage: dual, TARGETS', 'targets'],
      ['stage: prepared, sessionTags: false, role: { path: /x/ }', 'stage and sessionTags and role'],
    ] as const
  ).map(([fields, what]): CompareCase => ({
    rule: 'released-changed',
    when: `a workload that is released already changes ${what}`,
    base: web('create', `stage: dual, released: true${fields.includes('TARGETS') ? `, ${LEDGER}` : ''}`),
    head: web('create', `${fields.replace(', TARGETS', '')}, released: true`),
    path: 'workloads.web',
    message: new RegExp(`^workload "web" is released in dev and changes ${what}$`),
    hint: /^Restore these fields until the release is applied:/,
    ...(what.endsWith('role') && { also: ['role-replaced'] }),
  })),
  ...(['prepared', 'dual', 'cutover', 'pod-identity'] as const).map((stage): CompareCase => ({
    rule: 'released-changed',
    when: `a workload is released at ${stage}, and its pods use an agent that is not adopted`,
    base: web('create', `stage: ${stage}`),
    head: web('create', `stage: ${stage}, released: true`),
    path: 'environments.dev.clusters.main.agent',
    message:
      /^the agent of cluster "main" of dev serves the released workload "web", but podlift removes the agent with its last managed workload$/,
    hint: /^Write agent\.keep: true in the same change/,
    severity: 'warning',
  })),
  {
    rule: 'stage-skipped',
    when: 'a workload is no longer released, and goes past a stage',
    base: web('create', 'stage: dual, released: true'),
    head: web('create', 'stage: pod-identity'),
    path: 'workloads.web.stage',
    message: /^workload "web" goes from dual to pod-identity in dev, past cutover/,
    also: ['released-changed'],
  },
  {
    rule: 'released-changed',
    when: 'the workload is no longer released',
    base: web('create', 'stage: dual, released: true'),
    head: web('create', 'stage: dual'),
    path: 'workloads.web',
    message: /^workload "web" is no longer released in dev: .* the next apply fails because the role exists$/,
    hint: /^Write role\.adopt: true, found, and the tags and policies/,
    severity: 'warning',
  },
  {
    rule: 'adopted-ahead',
    when: 'a new entry has a wave at dual',
    base: gone,
    head: web('none', `wave: pilot, ${ADOPTED}`),
    path: 'workloads.web.wave',
    message: /^workload "web" is new in dev, adopts role legacy, and is at dual$/,
    hint: /^Write stage: irsa with because, .* write found: dual/,
  },
  {
    rule: 'adopted-ahead',
    when: 'a new entry has the stage pod-identity',
    base: gone,
    head: web('none', `stage: pod-identity, ${ADOPTED}`),
    path: 'workloads.web.stage',
    message: /^workload "web" is new in dev, adopts role legacy, and is at pod-identity$/,
    hint: /write found: pod-identity/,
  },
  {
    rule: 'adopted-ahead',
    when: 'the role was found at an earlier stage',
    base: gone,
    head: web('none', `stage: pod-identity, found: irsa, ${ADOPTED}`),
    path: 'workloads.web.stage',
    message: /^workload "web" is new in dev, adopts role legacy, and is at pod-identity, but found is irsa$/,
  },
  {
    rule: 'adopted-ahead',
    when: 'the role was found at a later stage',
    base: gone,
    head: web('none', `wave: pilot, found: cutover, ${ADOPTED}`),
    path: 'workloads.web.wave',
    message: /and is at dual, but found is cutover$/,
  },
  {
    rule: 'adopted-ahead',
    when: 'the whole environment is new',
    base: { replace: { [PROD]: '', ', prod: prepared': '' } },
    head: {
      append: `  web: { namespace: production, serviceAccount: web, environments: [prod], stage: dual, ${ADOPTED} }\n`,
    },
    path: 'workloads.web.stage',
    message: /^workload "web" is new in prod, adopts role legacy, and is at dual$/,
  },
  {
    rule: 'adopted-ahead',
    when: 'an entry is there already, but not in this environment',
    base: web('none', `environments: [prod], wave: pilot, ${ADOPTED}`),
    head: web('none', `environments: [dev, prod], wave: pilot, ${ADOPTED}`),
    path: 'workloads.web.wave',
    message: /^workload "web" is new in dev/,
  },
  {
    rule: 'adopted-ahead',
    when: 'a workload is no longer released, and is at a later stage than it was found',
    base: web('none', `stage: dual, released: true, ${ADOPTED}`),
    head: web('none', `stage: dual, ${ADOPTED}`),
    path: 'workloads.web.stage',
    message: /^workload "web" is new in dev, adopts role legacy, and is at dual$/,
    also: ['released-changed'],
  },
];

/** On the way from one version to another: what is released, accepted as a removal, or adopted where it stands. */
export const RELEASE_ACCEPTED: readonly Pick<CompareCase, 'when' | 'base' | 'head' | 'allowedRemovals'>[] = [
  {
    when: 'a workload that was released is deleted',
    base: web('create', 'stage: dual, released: true'),
    head: gone,
  },
  {
    when: 'a workload that was released leaves an environment',
    base: web('create', `${LATER}, environments: [dev, prod], overrides: { dev: { released: true } }`),
    head: web('create', `${LATER}, environments: [prod]`),
  },
  {
    when: 'an adopted workload that was released is deleted',
    base: web('annotate', `stage: dual, released: true, ${ADOPTED}`),
    head: gone,
  },
  {
    when: 'a workload is released at irsa',
    base: web('create', LATER),
    head: web('create', `${LATER}, released: true`),
  },
  {
    when: 'a workload is released past irsa, and the agent that its pods use is adopted',
    base: adoptedAgent(web('create', 'stage: dual')),
    head: adoptedAgent(web('create', 'stage: dual, released: true')),
  },
  {
    when: 'a workload is released past irsa, and the agent that its pods use is adopted in the same change',
    base: web('create', 'stage: dual'),
    head: adoptedAgent(web('create', 'stage: dual, released: true')),
  },
  {
    when: 'a workload is released past irsa, and no other workload needs the agent: it is forgotten too',
    base: apiAtIrsa(web('create', 'stage: dual')),
    head: apiAtIrsa(web('create', 'stage: dual, released: true')),
  },
  {
    when: 'a workload is released in one environment',
    base: web('create', `${LATER}, environments: [dev, prod]`),
    head: web('create', `${LATER}, environments: [dev, prod], overrides: { dev: { released: true } }`),
  },
  {
    when: 'a workload is released and leaves its wave at the same stage',
    base: adoptedAgent(web('create', 'wave: pilot')),
    head: adoptedAgent(web('create', 'stage: dual, released: true')),
  },
  {
    when: 'a released workload changes what no resource is made of',
    base: web('create', `${LATER}, released: true`),
    head: web('create', 'stage: irsa, because: never, released: true, clusters: [main]'),
  },
  {
    when: 'an entry that was released in dev leaves dev, and changes in prod',
    base: web('create', `${LATER}, environments: [dev, prod], overrides: { dev: { released: true } }`),
    head: web('create', `${LATER}, environments: [prod], ${GRANTS}`),
  },
  {
    when: 'the removal of a workload is accepted',
    base: web('create', 'stage: dual'),
    head: gone,
    allowedRemovals: ['web'],
  },
  {
    when: 'it is accepted that a workload leaves a cluster',
    base: onBatch('create', 'stage: dual, clusters: [main, batch]'),
    head: onBatch('create', 'stage: dual, clusters: [main]'),
    allowedRemovals: ['web'],
  },
  {
    when: 'a workload that was released is deleted, and a new entry adopts its role as it was found',
    base: web('none', `stage: dual, released: true, ${ADOPTED}`),
    head: renamed(web('none', `stage: dual, found: dual, ${ADOPTED}`)),
  },
  { when: 'a new entry adopts a role at irsa', base: gone, head: web('none', `${LATER}, ${ADOPTED}`) },
  {
    when: 'a new entry adopts a role at the stage that was found',
    base: gone,
    head: web('none', `stage: pod-identity, found: pod-identity, ${ADOPTED}`),
  },
  {
    when: 'a new entry adopts a role in a wave at the stage that was found',
    base: gone,
    head: web('none', `wave: pilot, found: dual, ${ADOPTED}`),
  },
  {
    when: 'an adopted workload advances, and found stays as it was',
    base: web('none', `stage: irsa, because: later, found: irsa, ${ADOPTED}`),
    head: web('none', `stage: prepared, found: irsa, ${ADOPTED}`),
  },
  {
    when: 'a whole new environment adopts at the stage that was found',
    base: { replace: { [PROD]: '', ', prod: prepared': '' } },
    head: {
      append: `  web: { namespace: production, serviceAccount: web, environments: [prod], stage: dual, found: dual, ${ADOPTED} }\n`,
    },
  },
];

/** The agent of the cluster of dev stays managed at every stage. */
function adoptedAgent({ replace, append = '' }: Change): Change {
  const agent = 'agent: { version: v1.3.4-eksbuild.1';
  return { replace: { ...replace, [agent]: `${agent}, adopt: true` }, append };
}

/** The workload `web` in another namespace. */
function inShop({ append = '', ...change }: Change): Change {
  return { ...change, append: append.replace('namespace: production', 'namespace: shop') };
}

/** The same workload under another key. */
function renamed({ append = '', ...change }: Change): Change {
  return { ...change, append: append.replace('  web:', '  shop:') };
}
