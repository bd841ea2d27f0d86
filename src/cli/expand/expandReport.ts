import type { AccountName, LeftAccount } from '../../comparison/expansion';
import { STAGE_TABLE } from '../../blueprint/stageTable';
import type { Finding } from '../../inventory/Finding';
import { formatFindings } from '../../inventory/formatFindings';
import { type Environment, type Inventory, patternText, subjectName } from '../../inventory/Inventory';
import { listReference } from '../../operations/expand/expandEdit';
import type { Expansions, UnreadCluster, WorkloadExpansion } from '../../operations/expand/expand';
import { importPaths } from '../../operations/recover/importPaths';
import { OWNER_NAME } from '../../operations/ownedAssociation/ownerRemedy';
import { type Advice, applyStacks, named, remedyOf, run, stacks } from '../../operations/remedies';
import { counted, type Paint, paintOf, remedyBlock, type ReportStyle, table } from '../report';

/** The result of `expand`, with what became of the inventory. */
export interface ExpandReport extends Expansions {
  /** `expanded` has other accounts than the clusters that answered. */
  readonly differs: boolean;
  /** The files that were written, as findings name them. */
  readonly written: readonly string[];
  /** What is gone was removed. */
  readonly pruned: boolean;
  /** Why the files cannot be edited. */
  readonly findings?: readonly Finding[];
  /** Why nothing was written. */
  readonly problem?: { readonly message: string; readonly hint: string };
}

/** A reader needs no more rows than these; `--format json` has all. */
const MOST_ROWS = 40;

/** The accounts by pattern for people: a table of what differs, what is left out, what could not be read, and what to do next. */
export function expandReport(
  report: ExpandReport,
  { write, prune }: { readonly write: boolean; readonly prune: boolean },
  inventory: Inventory,
  { colour, width }: ReportStyle,
): string {
  const paint = paintOf(colour);
  const { workloads, unread, environments } = report;
  if (workloads.length + unread.length === 0)
    return `No workload of ${environments.join(', ')} has service accounts by pattern.`;
  const rows = workloads.flatMap((one) => rowsOf(one, paint));
  const more = rows.length - MOST_ROWS;
  return [
    ...workloads.map(headline),
    ...(rows.length === 0
      ? []
      : [table(['workload', 'cluster', 'namespace', 'service account', 'what'], rows.slice(0, MOST_ROWS), width)]),
    ...(more > 0 ? [`${more} more: podlift expand --format json`] : []),
    ...leftText(workloads, inventory, paint),
    ...unread.map((one) => unreadText(one, paint)),
    ...whatNext(report, { write, prune }, inventory, paint),
  ].join('\n\n');
}

function headline({ workload, cluster, environment, patterns, kept, added, gone }: WorkloadExpansion): string {
  const admits = named(patterns.map(patternText));
  const numbers = `${kept.length} known, ${added.length} new, ${gone.length} gone`;
  return `${workload} on ${cluster} in ${environment} (${admits}): ${numbers}`;
}

function rowsOf({ workload, cluster, added, gone }: WorkloadExpansion, paint: Paint) {
  const row = ({ namespace, serviceAccount }: AccountName, what: string) => [
    workload,
    cluster,
    namespace,
    serviceAccount,
    { text: what, paint: what === 'new' ? paint.green : paint.yellow },
  ];
  return [...added.map((one) => row(one, 'new')), ...gone.map((one) => row(one, 'gone'))];
}

const OTHER_ROLE: Readonly<Record<Exclude<LeftAccount['why'], 'standing'>, string>> = {
  workload: 'belongs to workload',
  patterns: 'is also admitted by a pattern of workload',
  annotation: 'is annotated with another role,',
  association: 'has an association with another role,',
};

/** An account that stays out, with its place. */
interface LeftPlace extends LeftAccount {
  readonly environment: string;
  readonly workload: string;
  readonly cluster: string;
}

/** Accounts that a pattern admits and that stay out: an association would take their role from their pods, or cannot be created. */
function leftText(workloads: readonly WorkloadExpansion[], inventory: Inventory, paint: Paint): readonly string[] {
  const all = workloads.flatMap(({ environment, workload, cluster, left }) =>
    left.map((one) => ({ ...one, environment, workload, cluster })),
  );
  return [
    ...leftBlock(
      `${paint.yellow('Left out')}: an association would give these service accounts another role.`,
      all.flatMap((one) => (one.why === 'standing' ? [] : [`  ${placeText(one)} ${OTHER_ROLE[one.why]} ${one.of}`])),
    ),
    ...leftBlock(
      `${paint.yellow('Left out')}: these service accounts have an association with the role already, which podlift did not create. Their pods keep it, and an apply would fail. First find out who made it. If that owner leaves it to podlift, write both entries into the inventory:`,
      all.flatMap((one) => (one.why === 'standing' ? [entriesText(one, inventory)] : [])),
    ),
  ];
}

function leftBlock(headline: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return [];
  const more = lines.length - MOST_ROWS;
  return [
    [
      headline,
      ...lines.slice(0, MOST_ROWS),
      ...(more > 0 ? [`  ${more} more: podlift expand --format json`] : []),
    ].join('\n'),
  ];
}

function placeText({ namespace, serviceAccount: name, cluster }: LeftPlace): string {
  return `${subjectName({ namespace, name })} on ${cluster}`;
}

/** What the inventory needs for an association that stands: its name in `expanded`, and its id among the imports. */
function entriesText(one: LeftPlace, inventory: Inventory): string {
  const { namespace, serviceAccount, environment, workload, cluster, of } = one;
  const list = listReference(inventory, workload, { environment, cluster });
  const { path } = importPaths(inventory, environment).association(workload, cluster, of);
  return [
    `  ${placeText(one)}: ${of}`,
    `    expanded.${workload}.${list}: { namespace: ${namespace}, serviceAccount: ${serviceAccount} }`,
    `    ${path.join('.')}: { ${namespace}/${serviceAccount}: ${of} }`,
  ].join('\n');
}

function unreadText({ cluster, environment, found, remedy }: UnreadCluster, paint: Paint): string {
  const title = `${paint.red(`Could not read cluster ${cluster} in ${environment}`)}: ${found}.`;
  return [`${title} Its lists stay as they are.`, remedyBlock(remedy, paint, '  ')].join('\n');
}

/** How the associations of what was written come to be: by an apply, by another tool, or not yet. */
function associationSteps(
  workloads: readonly WorkloadExpansion[],
  environments: readonly Environment[],
  prune: boolean,
): readonly Advice[] {
  const changed = workloads.flatMap((one) => {
    const environment = environments.find(({ key }) => key === one.environment);
    const workload = environment?.workloads.find(({ key }) => key === one.workload);
    const isChanged = one.added.length + (prune ? one.gone.length : 0) > 0;
    return environment === undefined || workload === undefined || !isChanged ? [] : [{ environment, workload, one }];
  });
  const atStage = changed.filter(({ workload }) => STAGE_TABLE[workload.stage].association);
  const applied = atStage.filter(({ workload }) => workload.associationOwner === undefined);
  const names = environments
    .filter((environment) => applied.some((one) => one.environment === environment))
    .flatMap((environment) => stacks.identity(environment));
  const owned = atStage.flatMap(({ environment, workload, one }) => {
    const { associationOwner: owner } = workload;
    return owner === undefined ? [] : [{ environment, workload, owner, gone: prune && one.gone.length > 0 }];
  });
  const printed = new Map(owned.map((one) => [`${one.environment.key} ${one.workload.key}`, one]));
  const waiting = [...new Set(changed.filter((one) => !atStage.includes(one)).map(({ workload }) => workload))];
  return [
    ...(names.length > 0
      ? [applyStacks(names, 'Apply the associations. Until then the pods keep what they have:')]
      : []),
    ...[...printed.values()].flatMap(({ environment, workload, owner, gone }) => [
      `${OWNER_NAME[owner]} owns the associations of ${workload.key}. Print the objects, and apply the new ones through ${OWNER_NAME[owner]}:`,
      run`npx podlift association ${workload.key} --environment ${environment.key}`,
      ...(gone
        ? [`Remove the objects of those that are gone, and their associations, through ${OWNER_NAME[owner]}.`]
        : []),
    ]),
    ...waiting.map(({ key, stage }) => `${key} is at ${stage}, which has no associations: the step to dual adds them.`),
  ];
}

function whatNext(
  report: ExpandReport,
  { write, prune }: { readonly write: boolean; readonly prune: boolean },
  { environments }: Inventory,
  paint: Paint,
): readonly string[] {
  const { written, findings, problem, differs, workloads, unread } = report;
  if (findings !== undefined)
    return [
      `${formatFindings(findings, 'text')}\n\n${paint.red('Nothing was written.')} Fix the file, then run the command again.`,
    ];
  if (problem !== undefined) return [`${paint.red('Nothing was written')}: ${problem.message}.\n${problem.hint}`];
  const gone = workloads.reduce((sum, one) => sum + one.gone.length, 0);
  const only = report.environments.length === 1 ? ['--environment', report.environments[0] ?? ''] : [];
  const staying =
    gone > 0 && !(write && prune)
      ? [
          [
            `${counted(gone, 'service account')} that ${gone === 1 ? 'is' : 'are'} gone ${gone === 1 ? 'stays' : 'stay'} in expanded. To remove ${gone === 1 ? 'it' : 'them'}:`,
            remedyBlock(remedyOf(run`npx podlift expand ${only} --write --prune`), paint, '  '),
          ].join('\n'),
        ]
      : [];
  if (written.length > 0) {
    const done = paint.green(`${written.join(', ')} ${written.length === 1 ? 'is' : 'are'} written.`);
    const next = remedyOf(associationSteps(workloads, environments, prune));
    return [[done, remedyBlock(next, paint, '')].join('\n'), ...staying];
  }
  if (!differs) {
    const rest = workloads.some(({ left }) => left.length > 0) ? ' and that is not left out' : '';
    return unread.length > 0
      ? []
      : [paint.green(`expanded has every service account that the patterns admit${rest}, and no other.`)];
  }
  if (write) return [...staying, 'Nothing to write.'];
  const added = workloads.some((one) => one.added.length > 0);
  return [
    ...(added
      ? [
          remedyBlock(
            remedyOf('To write the new ones into the inventory:', run`npx podlift expand ${only} --write`),
            paint,
            '',
          ),
        ]
      : []),
    ...staying,
  ];
}
