import type { Remedy } from '../estate/Remedy';
import { printableLine } from '../inventory/printable';
import { shellLine } from '../inventory/shellWord';
import { type Finish, moveCommand, type NotRead } from '../operations/finish/finish';
import type { LeftOver, LeftOverKind } from '../operations/finish/leftOvers';
import type { RoleLeft } from '../operations/finish/rolesLeft';
import type { Block, Cell, Fact, Page, PageTable, Section, Tone } from './Page';

/** What a certificate says of itself. */
export interface CertificateFacts {
  /** The version of podlift. */
  readonly version: string;
  /** Who ran the command. Absent: not known. */
  readonly by?: string | undefined;
  /** The SHA-256 of the Estate that was judged. */
  readonly estate: string;
  /** The answers are those of a saved Estate. */
  readonly isSaved: boolean;
}

/** The page of `podlift finish`: the certificate where nothing is left, else what is left, in the order in which it goes. */
export function finishPage(finish: Finish, facts: CertificateFacts): Page {
  return finish.finished ? certificate(finish, facts) : remaining(finish);
}

/** What `csv` has: a row for each thing that is left, and for all that was read. */
export function finishTable(finish: Finish): PageTable {
  const { notRead, users, stages, roles, leftOvers, kept, providers, accounts, clusters } = finish;
  return {
    caption: `What is left of IRSA in ${finish.environment}, and what was read`,
    columns: ['What', 'Where', 'Name', 'Role', 'State', 'Last used', 'Found'].map((head) => ({ head })),
    rows: [
      ...notRead.map((one) => ['not read', one.of, one.asked, '', one.reason, '', one.message]),
      ...[...users, ...leftOvers, ...kept].map((one) => [
        KINDS[one.kind],
        one.cluster,
        nameOf(one),
        one.role ?? '',
        STATES[one.state],
        '',
        (one.objects ?? []).join(' '),
      ]),
      ...stages.map((one) => [
        'stage',
        one.environment,
        one.wave ?? '',
        '',
        one.stage,
        '',
        `${one.workloads} workloads`,
      ]),
      ...roles.map((one) => [
        'role',
        one.account,
        one.name,
        one.arn,
        ROLE_STATES[one.state],
        one.lastUsed ?? '',
        subjectsText(one),
      ]),
      ...providers.map((one) => ['provider', one.account, one.arn, '', one.state, '', one.cluster]),
      ...accounts.map((one) => ['account', one.key, one.account, '', 'read', '', `${one.roles} roles`]),
      ...clusters.map((one) => [
        'cluster',
        one.cluster,
        one.name,
        '',
        one.exists ? 'read' : 'gone',
        '',
        one.issuer ?? '',
      ]),
    ],
    empty: 'Nothing.',
  };
}

const KINDS: Readonly<Record<LeftOverKind, string>> = {
  pods: 'pods on web identity',
  token: 'pods with a token for STS',
  annotation: 'annotation',
  variables: 'variables of web identity in a pod template',
  addon: 'add-on with a role for IRSA',
};
const STATES: Readonly<Record<LeftOver['state'], string>> = { uses: 'in use', left: 'left over', kept: 'kept' };
const ROLE_STATES: Readonly<Record<RoleLeft['state'], string>> = {
  'in-use': 'in use',
  'not-known': 'not known',
  removable: 'no use seen',
};

function nameOf({ namespace, name }: LeftOver): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** Whose tokens a role admits. */
function subjectsText({ subjects, anySubject, clusters }: RoleLeft): string {
  const who = [...(anySubject ? ['every service account'] : []), ...subjects.map((one) => one.replace(SUBJECT, ''))];
  return printableLine(`${who.join(', ')} on ${clusters.join(', ')}`);
}

const SUBJECT = /^system:serviceaccount:/;

function remaining(finish: Finish): Page {
  const { environment, when, notRead, users, stages, roles, leftOvers } = finish;
  const counts: readonly (readonly [string, number])[] = [
    ['Could not be read', notRead.length],
    ['In use', users.length],
    ['Stages before pod-identity', stages.length],
    ['Roles that trust the provider', roles.length],
    ['Left over on the clusters', leftOvers.length],
  ];
  const sections = [
    notReadSection(notRead),
    usersSection(users),
    stagesSection(finish),
    rolesSection(finish),
    leftOversSection(leftOvers),
    providersSection(finish),
  ].flatMap((one) => one ?? []);
  return {
    title: `podlift finish: ${environment} is not finished`,
    facts: [
      { name: 'Environment', value: environment },
      { name: 'Read', value: when },
      ...counts
        .filter(([, count]) => count > 0)
        .map(([name, count]): Fact => ({ name, value: { text: String(count), tone: 'bad' } })),
    ],
    sections: sections.map((section, index) => ({ ...section, title: `${index + 1}. ${section.title}` })),
  };
}

function notReadSection(notRead: readonly NotRead[]): Section | undefined {
  if (notRead.length === 0) return undefined;
  return {
    id: 'not-read',
    title: 'Read what could not be read',
    lead: 'Without these answers nobody knows whether something still uses the provider. There is no certificate until then.',
    blocks: notRead.flatMap((one) => [
      heading(`${one.of}: ${one.asked}: ${one.message}`, 'bad'),
      ...remedyBlocks(one.remedy),
    ]),
  };
}

function usersSection(users: readonly LeftOver[]): Section | undefined {
  if (users.length === 0) return undefined;
  return {
    id: 'in-use',
    title: 'Move what still uses the provider',
    lead: 'These get credentials through the provider now, or their next pods would. They lose them when the trust goes.',
    blocks: users.flatMap(leftOverBlocks),
  };
}

function leftOversSection(leftOvers: readonly LeftOver[]): Section | undefined {
  if (leftOvers.length === 0) return undefined;
  return {
    id: 'left-over',
    title: 'Remove what is left over on the clusters',
    blocks: leftOvers.flatMap(leftOverBlocks),
  };
}

function leftOverBlocks(one: LeftOver): readonly Block[] {
  const role = one.role === undefined ? '' : `, role ${one.role}`;
  const objects = one.objects === undefined || one.objects.length === 0 ? '' : ` (${shortened(one.objects)})`;
  const workload = one.workload === undefined ? '' : `, workload ${one.workload} at ${one.stage ?? ''}`;
  const what = `${nameOf(one)} on ${one.cluster}: ${KINDS[one.kind]}${objects}${role}${workload}`;
  return [heading(what, one.state === 'uses' ? 'bad' : 'warning'), ...remedyBlocks(one.remedy)];
}

function shortened(names: readonly string[], most = 5): string {
  const more = names.length - most;
  return `${names.slice(0, most).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function stagesSection({ stages }: Finish): Section | undefined {
  if (stages.length === 0) return undefined;
  const environments = [...new Set(stages.map(({ environment }) => environment))];
  return {
    id: 'stages',
    title: 'Take the waves to pod-identity',
    blocks: [
      {
        kind: 'table',
        caption: 'Stages before pod-identity',
        columns: [{ head: 'Environment' }, { head: 'Wave' }, { head: 'Stage' }, { head: 'Workloads', align: 'right' }],
        rows: stages.map(({ environment, wave, stage, workloads }) => [
          environment,
          wave ?? 'in no wave',
          stage,
          String(workloads),
        ]),
        empty: 'None.',
      },
      ...environments.flatMap((environment) => remedyBlocks(moveCommand({ environment }))),
    ],
  };
}

function rolesSection({ roles, sessionsSince }: Finish): Section | undefined {
  if (roles.length === 0) return undefined;
  return {
    id: 'roles',
    title: 'Remove the provider from trust policies',
    lead:
      sessionsSince === undefined
        ? 'Every role that an evaluation of its trust policy gives to tokens of the clusters.'
        : `Every role that an evaluation of its trust policy gives to tokens of the clusters. Sessions are those of CloudTrail since ${sessionsSince}.`,
    blocks: [rolesTable(roles), ...roles.flatMap(roleBlocks)],
  };
}

function rolesTable(roles: readonly RoleLeft[]): Block {
  return {
    kind: 'table',
    caption: 'Roles that trust the provider',
    columns: ['Role', 'Account', 'Admits', 'Last used', 'Last session through the provider', 'State'].map((head) => ({
      head,
    })),
    rows: roles.map((one): readonly Cell[] => [
      one.name,
      one.account,
      subjectsText(one),
      one.lastUsed ?? 'never seen',
      one.sessions === undefined ? 'not known' : (one.sessions.last ?? 'none'),
      { text: ROLE_STATES[one.state], tone: one.state === 'removable' ? 'warning' : 'bad' },
    ]),
    empty: 'None.',
  };
}

function roleBlocks(one: RoleLeft): readonly Block[] {
  const of = [
    ...(one.workload === undefined ? [] : [`workload ${one.workload} in ${one.environment ?? ''}`]),
    ...(one.owner === undefined ? [] : [one.owner]),
  ];
  const name = `${one.name} in ${one.account}${of.length === 0 ? '' : ` (${of.join(', ')})`}`;
  return [
    heading(`${name}: ${ROLE_STATES[one.state]}`, one.state === 'removable' ? 'warning' : 'bad'),
    ...remedyBlocks(one.remedy),
  ];
}

/** While something is left, no command removes a provider. */
function providersSection({ providers, environment }: Finish): Section {
  return {
    id: 'providers',
    title: 'Then the provider can go',
    lead: 'Change nothing here yet. Once nothing is left, the same command prints how each provider goes, and writes the certificate.',
    blocks: [
      providersTable(providers),
      ...remedyBlocks([{ run: ['npx', 'podlift', 'finish', '--environment', environment, '--out', 'certificate.md'] }]),
    ],
  };
}

function providersTable(providers: Finish['providers']): Block {
  return {
    kind: 'table',
    caption: 'OIDC providers',
    columns: ['Account', 'Cluster', 'Provider', 'State'].map((head) => ({ head })),
    rows: providers.map(({ account, cluster, arn, state }) => [
      account,
      cluster,
      arn,
      { exists: 'exists', gone: 'does not exist', unknown: 'not known' }[state],
    ]),
    empty: 'None.',
  };
}

function certificate(finish: Finish, { version, by, estate, isSaved }: CertificateFacts): Page {
  const { environment, when, accounts, clusters, providers, kept } = finish;
  const standing = providers.filter(({ state }) => state === 'exists');
  return {
    title: `podlift finish: certificate of ${environment}`,
    facts: [
      { name: 'Result', value: { text: 'Nothing uses or trusts the OIDC provider of a cluster', tone: 'good' } },
      { name: 'Environment', value: environment },
      { name: isSaved ? 'Read (saved Estate)' : 'Read', value: when },
      ...(by === undefined ? [] : [{ name: 'By', value: by }]),
      { name: 'podlift', value: version },
      { name: 'SHA-256 of the Estate', value: estate },
    ],
    sections: [
      {
        id: 'read',
        title: 'What was read',
        lead: 'All accounts of the inventory and all clusters of the environment. Another account can have a provider of its own for the same issuer: this page says nothing about accounts that it does not list.',
        blocks: [
          {
            kind: 'table',
            caption: 'Accounts',
            columns: [{ head: 'Account' }, { head: 'Name' }, { head: 'Roles', align: 'right' }, { head: 'Read' }],
            rows: accounts.map(({ account, key, roles, at }) => [account, key, String(roles), at]),
            empty: 'None.',
          },
          {
            kind: 'table',
            caption: 'Clusters',
            columns: [
              { head: 'Cluster' },
              { head: 'Issuer' },
              ...['Service accounts', 'Pods', 'Pod templates'].map((head) => ({ head, align: 'right' as const })),
            ],
            rows: clusters.map((one) => [
              one.exists ? one.name : `${one.name} (EKS has no such cluster)`,
              one.issuer ?? '',
              ...[one.serviceAccounts, one.pods, one.templates].map(String),
            ]),
            empty: 'None.',
          },
        ],
      },
      {
        id: 'method',
        title: 'How it was judged',
        blocks: [
          {
            kind: 'list',
            items: [
              'Roles: iam:GetAccountAuthorizationDetails and iam:ListRoles in each account. Each trust policy was evaluated, with its Deny statements, for tokens of each cluster with any subject and any audience. No role gives a session.',
              'Service accounts: none has the annotation of IRSA, but those below that add-ons keep.',
              'Pods and pod templates: none has the variables of web identity, or a token for STS.',
              'EKS add-ons: none uses a role by IRSA.',
              'Workloads of the inventory: all are at pod-identity.',
            ],
          },
        ],
      },
      ...(kept.length === 0
        ? []
        : [
            {
              id: 'kept',
              title: 'What add-ons keep',
              lead: 'The associations of the add-ons are what EKS uses.',
              blocks: [
                {
                  kind: 'list' as const,
                  items: kept.map((one) =>
                    printableLine(`${nameOf(one)} on ${one.cluster}: ${KINDS[one.kind]}, role ${one.role ?? ''}`),
                  ),
                },
              ],
            },
          ]),
      {
        id: 'providers',
        title: standing.length === 0 ? 'The providers are gone' : 'The providers can go',
        blocks: [
          providersTable(providers),
          ...standing.flatMap(({ arn, remedy }) => [heading(arn), ...remedyBlocks(remedy)]),
        ],
      },
    ],
  };
}

/** Names of clusters and accounts can have line breaks: none begins a line of its own. */
function heading(name: string, tone?: Tone): Block {
  const text = printableLine(name);
  return { kind: 'list', items: [tone === undefined ? text : { text, tone }] };
}

/** A remedy as blocks: sentences, and commands that can be pasted. */
function remedyBlocks(remedy: Remedy): readonly Block[] {
  const blocks: Block[] = [];
  let account: string | undefined;
  for (const step of remedy) {
    if ('say' in step) {
      const place = step.file === undefined ? '' : ` (${step.file}:${step.line ?? 1})`;
      blocks.push({ kind: 'text', text: `${step.say}${place}` });
      continue;
    }
    if (step.account !== undefined && step.account !== account)
      blocks.push({ kind: 'text', text: `With credentials of ${step.account}:` });
    account = step.account ?? account;
    const last = blocks.at(-1);
    const command = shellLine(step.run);
    if (last?.kind === 'commands') blocks[blocks.length - 1] = { ...last, commands: [...last.commands, command] };
    else blocks.push({ kind: 'commands', commands: [command] });
  }
  return blocks;
}
