import type { Remedy } from '../estate/Remedy';
import { shellLine } from '../inventory/shellWord';
import { listed } from '../inventory/suggest';
import type {
  AccessWay,
  Blocker,
  Survey,
  SurveyedAccount,
  SurveyedCluster,
  TrustKind,
} from '../operations/survey/Survey';
import type { Block, Cell, Page, PageTable, Section } from './Page';

/** What people call the ways to credentials. */
const ACCESS: Readonly<Record<AccessWay, string>> = {
  irsa: 'IRSA',
  'pod-identity': 'Pod Identity',
  both: 'IRSA and Pod Identity',
  variables: 'variables of IRSA, written by hand',
  keys: 'keys in the environment',
  'node-role': 'node role (may use)',
};

const TRUST_TONE: Readonly<Record<TrustKind, 'good' | 'warning' | 'bad' | 'quiet'>> = {
  tight: 'good',
  shared: 'warning',
  wildcard: 'warning',
  'cross-account': 'warning',
  open: 'bad',
  unknown: 'quiet',
};

/** The head of the first column of `accountsTable`. */
export const SURVEY_CSV_HEAD = 'cluster';

/** A survey as a page: what stands, what keeps service accounts from moving, the order of the waves, and what could not be read. */
export function surveyPage(survey: Survey): Page {
  const { at, clusters, serviceAccounts, unread, skipped } = survey;
  const ready = serviceAccounts.filter(isReady).length;
  const done = serviceAccounts.filter(isDone).length;
  const stopped = serviceAccounts.filter((one) => stops(one).length > 0).length;
  const couldNot = unread.length;
  return {
    title: 'podlift survey',
    facts: [
      { name: 'At', value: `${at.slice(0, 10)} ${at.slice(11, 16)} UTC` },
      { name: 'Clusters', value: String(clusters.length) },
      { name: 'Service accounts with access to AWS', value: String(serviceAccounts.length) },
      { name: 'Ready to move', value: { text: String(ready), tone: 'good' } },
      { name: 'Under way', value: String(serviceAccounts.filter(isUnderWay).length) },
      { name: 'On Pod Identity', value: String(done) },
      {
        name: 'Something must be fixed first',
        value: { text: String(stopped), ...(stopped > 0 && { tone: 'warning' }) },
      },
      { name: 'Could not be read', value: { text: String(couldNot), ...(couldNot > 0 && { tone: 'bad' }) } },
    ],
    sections: [
      ...(couldNot > 0 ? [unreadSection(survey)] : []),
      {
        id: 'clusters',
        title: 'Clusters',
        blocks: [{ kind: 'table', ...clustersTable(clusters) }, ...clusterNotes(clusters)],
      },
      wavesSection(survey),
      {
        id: 'service-accounts',
        title: 'Service accounts',
        lead: 'Each service account with access to AWS, and how its pods get credentials.',
        blocks: [{ kind: 'table', ...accountsTable(survey) }],
      },
      ...blockersSection(survey),
      ...(skipped.length === 0
        ? []
        : [
            {
              id: 'skipped',
              title: 'Not surveyed',
              blocks: [
                {
                  kind: 'list' as const,
                  items: skipped.map(({ account, context, reason }) => `${account ?? context ?? ''}: ${reason}`),
                },
              ],
            },
          ]),
    ],
  };
}

function stops({ blockers }: Pick<SurveyedAccount, 'blockers'>): readonly Blocker[] {
  return blockers.filter((one) => one.stops);
}

/** It has an entry in a wave that has not begun, and nothing keeps it. */
function isReady(one: SurveyedAccount): boolean {
  return one.wave !== undefined && one.stage === 'irsa' && stops(one).length === 0;
}

function isUnderWay({ wave, stage }: SurveyedAccount): boolean {
  return wave !== undefined && stage !== 'irsa';
}

function isDone({ stage, wave }: SurveyedAccount): boolean {
  return stage === 'pod-identity' && wave === undefined;
}

function clustersTable(clusters: readonly SurveyedCluster[]): PageTable {
  const count = (one: SurveyedCluster, ...ways: readonly AccessWay[]) =>
    one.facts === undefined ? '' : String(ways.reduce((sum, way) => sum + (one.counts[way] ?? 0), 0));
  return {
    caption: 'The clusters of the survey',
    columns: [
      { head: 'cluster' },
      { head: 'account' },
      { head: 'region' },
      { head: 'version' },
      { head: 'agent' },
      { head: 'nodes' },
      ...['IRSA', 'Pod Identity', 'keys', 'node role'].map((head) => ({ head, align: 'right' as const })),
    ],
    rows: clusters.map((one): readonly Cell[] => {
      const { facts } = one;
      if (facts === undefined)
        return [
          one.name,
          accountText(one),
          one.region,
          { text: 'could not be read', tone: 'bad' },
          ...Array<Cell>(6).fill(''),
        ];
      const nodes = Object.entries(facts.nodes).map(([compute, count]) => `${count} ${compute}`);
      return [
        ...[one.name, accountText(one), one.region, facts.version],
        facts.autoMode ? 'Auto Mode' : (facts.agent ?? { text: 'none', tone: 'warning' }),
        nodes.join(', '),
        count(one, 'irsa', 'both', 'variables'),
        ...[count(one, 'pod-identity'), count(one, 'keys'), count(one, 'node-role')],
      ];
    }),
    empty: 'No cluster.',
  };
}

function accountText({ account, accountName }: SurveyedCluster): string {
  return accountName === undefined ? account : `${accountName} (${account})`;
}

function clusterNotes(clusters: readonly SurveyedCluster[]): readonly Block[] {
  const items = clusters.flatMap(({ name, notes }) => notes.map((note) => `${name}: ${note}`));
  return items.length === 0 ? [] : [{ kind: 'details', summary: 'Notes', blocks: [{ kind: 'list', items }] }];
}

function wavesSection({ waves, serviceAccounts, inventory }: Survey): Section {
  const rest = serviceAccounts.filter(({ workload, wave }) => workload !== undefined && wave === undefined);
  const title = 'Proposed waves';
  if (Object.keys(inventory.workloads ?? {}).length === 0)
    return {
      id: 'waves',
      title,
      blocks: [{ kind: 'text', text: 'No role can be adopted as it is: see the service accounts.' }],
    };
  return {
    id: 'waves',
    title,
    lead: 'Each wave moves after the one before it. Rename and rearrange the waves in the inventory before the first step.',
    blocks: [
      {
        kind: 'table',
        caption: 'The proposed waves in their order',
        columns: [{ head: 'wave' }, { head: 'environment' }, { head: 'why' }, { head: 'workloads' }],
        rows: waves.map(({ key, environment, because, workloads }) => [
          key,
          environment,
          because,
          workloads.join(', '),
        ]),
        empty: 'No workload is at irsa and can move.',
      },
      ...(rest.length === 0
        ? []
        : [
            {
              kind: 'text' as const,
              text: `In the inventory, and in no wave: ${[...new Set(rest.map(({ workload }) => workload ?? ''))].join(', ')}.`,
            },
          ]),
      { kind: 'text', text: 'To write the inventory from a survey in JSON:' },
      { kind: 'commands', commands: ['npx podlift init --from survey.json'] },
    ],
  };
}

/** A row for each service account: what `--format csv` has. */
export function accountsTable({ serviceAccounts, clusters }: Survey): PageTable {
  const names = new Map(clusters.map(({ arn, name }) => [arn, name]));
  return {
    caption: 'Service accounts with access to AWS',
    columns: [
      { head: SURVEY_CSV_HEAD },
      { head: 'service account' },
      { head: 'next' },
      { head: 'access' },
      { head: 'role' },
      { head: 'trust' },
      { head: 'last used' },
      { head: 'pods', align: 'right' },
      { head: 'owners' },
      { head: 'compute' },
      { head: 'images' },
    ],
    rows: serviceAccounts.map((one) => [
      names.get(one.cluster) ?? one.cluster,
      `${one.namespace}/${one.name}`,
      nextCell(one),
      accessCell(one),
      one.role?.arn ?? '',
      trustCell(one),
      one.role === undefined
        ? ''
        : (one.role.lastUsed?.slice(0, 10) ?? (one.role.trust.includes('unknown') ? '' : 'not in 400 days')),
      String(one.pods),
      one.owners.map(({ kind, name }) => `${kind} ${name}`).join(', '),
      one.compute.join(', '),
      [...one.images.map(imageText), ...one.use.map((name) => `the catalogue has it: use: [${name}]`)].join(', '),
      nextCell(one),
    ]),
    empty: 'No service account with access to AWS was found.',
  };
}

function accessCell({ access, works, variables }: SurveyedAccount): Cell {
  const text = `${ACCESS[access]}${variables.length > 0 && access !== 'irsa' && access !== 'pod-identity' ? ` (${variables.join(', ')})` : ''}`;
  if (works === 'no') return { text: `${text}: the pods get no credentials`, tone: 'bad' };
  return access === 'keys' ? { text, tone: 'warning' } : text;
}

function trustCell({ role }: SurveyedAccount): Cell {
  if (role === undefined) return '';
  const tone = role.trust.map((kind) => TRUST_TONE[kind]).find((one) => one !== 'good') ?? 'good';
  return { text: role.trust.join(', '), tone };
}

function imageText({ image, since, tooOld }: SurveyedAccount['images'][number]): string {
  if (since === undefined) return tooOld ? `${image} (too old: no version supports it)` : image;
  return tooOld ? `${image} (too old: needs ${since})` : `${image} (from ${since})`;
}

function nextCell(one: SurveyedAccount): Cell {
  const [first] = stops(one);
  const address = 'blockers';
  if (first !== undefined)
    return {
      text: `fix first: ${stops(one)
        .map(({ rule }) => rule)
        .join(', ')}`,
      tone: 'warning',
      to: address,
    };
  if (isDone(one)) return { text: 'nothing: it is on Pod Identity', tone: 'quiet' };
  if (isUnderWay(one)) return `at ${one.stage ?? ''}: wave ${one.wave ?? ''}`;
  if (one.wave !== undefined)
    return one.blockers.length === 0
      ? { text: `ready: wave ${one.wave}`, tone: 'good' }
      : { text: `wave ${one.wave}, with care: ${one.blockers.map(({ rule }) => rule).join(', ')}`, to: address };
  if (one.access === 'node-role') return { text: 'give it a role of its own', tone: 'quiet' };
  if (one.role === undefined) return { text: 'give it a role of its own, then remove the variables', tone: 'warning' };
  return { text: 'no wave', tone: 'quiet' };
}

/** Blockers with the same rule, text and steps are shown once, with all service accounts that have them. */
function blockersSection({ serviceAccounts, clusters }: Survey): readonly Section[] {
  const names = new Map(clusters.map(({ arn, name }) => [arn, name]));
  const groups = new Map<string, { readonly blocker: Blocker; readonly of: string[] }>();
  for (const one of serviceAccounts)
    for (const blocker of one.blockers) {
      const key = JSON.stringify([blocker.rule, blocker.message, blocker.remedy]);
      const group = groups.get(key) ?? { blocker, of: [] };
      groups.set(key, group);
      group.of.push(`${one.namespace}/${one.name} on ${names.get(one.cluster) ?? one.cluster}`);
    }
  if (groups.size === 0) return [];
  const sorted = [...groups.values()].toSorted((a, b) => Number(b.blocker.stops) - Number(a.blocker.stops));
  return [
    {
      id: 'blockers',
      title: 'What to fix, and what to do with care',
      blocks: sorted.map(({ blocker: { rule, stops: isStop, message, remedy, snippet, docs }, of }): Block => ({
        kind: 'details',
        summary: `${isStop ? 'Fix first' : 'With care'}: ${rule}, ${listed(of, 8)}`,
        blocks: [
          { kind: 'text', text: message },
          ...remedyBlocks(remedy),
          ...(snippet === undefined ? [] : [snippetBlock(snippet)]),
          { kind: 'text', text: `See ${docs}.` },
        ],
      })),
    },
  ];
}

function snippetBlock(snippet: string): Block {
  const lines = snippet.split('\n').map((text) => ({ change: 'same' as const, text }));
  return { kind: 'diff', title: 'For the inventory', lines };
}

function unreadSection({ unread }: Survey): Section {
  return {
    id: 'unread',
    title: 'Could not be read',
    lead: 'The survey is not complete: what stands there is not in the tables below.',
    blocks: unread.map(({ account, region, context, what, message, remedy }): Block => ({
      kind: 'details',
      summary: [
        what,
        ...[account, region].filter((one) => one !== undefined),
        ...(context === undefined ? [] : [`context ${context}`]),
      ].join(', '),
      blocks: [{ kind: 'text', text: message }, ...remedyBlocks(remedy)],
    })),
  };
}

/** Steps as blocks: sentences as text, commands so that they can be pasted. Above a command that needs other credentials a line says whose. */
function remedyBlocks(remedy: Remedy): readonly Block[] {
  let account: string | undefined;
  return remedy.flatMap((step): readonly Block[] => {
    if ('say' in step) return [{ kind: 'text', text: step.say }];
    const changed = step.account !== undefined && step.account !== account;
    account = step.account ?? account;
    return [
      ...(changed ? [{ kind: 'text' as const, text: `With credentials of ${account ?? ''}:` }] : []),
      { kind: 'commands', commands: [shellLine(step.run)] },
    ];
  });
}
