import pico from 'picocolors';
import type { Remedy } from '../../estate/Remedy';
import type { PlacedEntry } from '../../inventory/edit/addEntries';
import { EDIT_RULES } from '../../inventory/edit/editRules';
import { type Plain, sectionsText } from '../../inventory/edit/entryLines';
import { withEntries } from '../../inventory/edit/withEntries';
import type { Finding } from '../../inventory/Finding';
import { formatFindings } from '../../inventory/formatFindings';
import { identityStackName } from '../../inventory/stackNames';
import { listed } from '../../inventory/suggest';
import { LEFT_REASONS, type LeftOut, type LeftReason } from '../../operations/discover/LeftOut';
import { entriesOf, type Proposal, type ProposedWorkload } from '../../operations/discover/Proposal';
import { applyStacks, run, say } from '../../operations/remedies';
import { remedyLines } from '../remedyText';

/** The result of `discover`. */
export interface DiscoverReport extends Proposal {
  /** The cluster's name in EKS. */
  readonly clusterName: string;
  /** How many questions were asked, how many calls to AWS they took, retries included (absent: not counted), and how long. */
  readonly asked: {
    readonly aws: number;
    readonly clusters: number;
    readonly calls?: number;
    readonly milliseconds: number;
  };
  readonly write: boolean;
  readonly written: boolean;
  /** The file that the entries are for, and where they are in it, or would be. */
  readonly file?: string;
  readonly places: readonly PlacedEntry[];
  /** Why the entries cannot be written. */
  readonly findings: readonly Finding[];
  /** Why they were not written, where that is none of the findings. */
  readonly problem?: { readonly message: string; readonly hint: string };
  /** Writing the file failed. */
  readonly failed?: boolean;
}

/** The entries of a proposal as YAML, ready to be pasted into an inventory; empty where there are none. */
export function proposalText(proposal: Proposal): string {
  return sectionsText(withEntries({}, entriesOf(proposal)) as Readonly<Record<string, Plain>>);
}

type Paint = ReturnType<typeof pico.createColors>;

/** What discover found, for people: what to do first, what is added, what is left out and why, notes, and the next step. */
export function reportText(report: DiscoverReport, colour: boolean): string {
  const paint = pico.createColors(colour);
  const { environment, clusterKey, clusterName, blocked, first, left, workloads, findings, problem } = report;
  const title = `${paint.bold(`discover: cluster ${clusterKey} (${clusterName}) of ${environment}`)}\n${askedText(report)}`;
  if (blocked)
    return `${title}\n\n${paint.red('Nothing can be proposed')}: ${blocked.message}.\n\n${remedyAt(2, blocked.remedy, paint)}`;
  const steps = first.map(
    ({ message, remedy, snippet }) => `  ${message}\n${remedyAt(4, remedy, paint)}\n\n${at(6, snippet)}`,
  );
  // What the entry of the cluster lacks holds up everything on the cluster.
  const holdsAll = ({ reason }: LeftOut) => reason === 'cluster-entry';
  return [
    title,
    ...(first.length > 0 ? [[paint.red('First, before the next plan:'), ...steps].join('\n')] : []),
    ...leftText(left.filter(holdsAll), paint),
    ...(findings.length === 0 && problem === undefined ? [addedText(report, paint)] : []),
    ...weakText(workloads, paint),
    ...leftText(
      left.filter((one) => !holdsAll(one)),
      paint,
    ),
    ...notesText(report, paint),
    ...(report.written ? [nextText(environment, paint)] : []),
  ].join('\n\n');
}

/** Why nothing can be written, the last text that is printed; nothing where that is not so. */
export function failureText({ findings, problem }: DiscoverReport, colour: boolean): string | undefined {
  const paint = pico.createColors(colour);
  if (problem !== undefined) return `${paint.red('Nothing was written')}: ${problem.message}.\n${problem.hint}`;
  if (findings.length === 0) return undefined;
  const edits: ReadonlySet<string> = new Set(Object.values(EDIT_RULES).map(({ name }) => name));
  const reason = findings.every(({ rule }) => edits.has(rule))
    ? 'Change the file by hand first:'
    : 'The inventory would have errors with these entries:';
  return `${paint.red('Nothing was written.')} ${reason}\n${formatFindings(findings, 'text', colour)}`;
}

function askedText({ asked: { aws, clusters, calls, milliseconds } }: DiscoverReport): string {
  const made = calls === undefined ? '' : ` (${counted(calls, 'call')})`;
  return `${counted(aws, 'question')} to AWS${made}, ${clusters} to the cluster, in ${(milliseconds / 1000).toFixed(1)} s`;
}

const MOST_SHOWN = 30;

function addedText({ file = '', places, written, write, workloads }: DiscoverReport, paint: Paint): string {
  if (places.length === 0) return 'There is nothing to add.';
  const byPath = new Map(workloads.map((workload) => [`workloads.${workload.key}`, workload]));
  const lines = places.slice(0, MOST_SHOWN).map(({ path, line }) => {
    const workload = byPath.get(path);
    return `  ${String(line).padStart(5)}  ${path}${workload ? paint.dim(`  ${workloadText(workload)}`) : ''}`;
  });
  const more = places.length - MOST_SHOWN;
  const planned = write ? `For ${file}` : `Would be added to ${file} (with --write)`;
  return [
    `${written ? paint.green(`Added to ${file}`) : planned}: ${counted(places.length, 'entry', 'entries')}, by line`,
    ...lines,
    ...(more > 0 ? [`         and ${more} more; --format json has them all`] : []),
  ].join('\n');
}

function workloadText({ entry: { wave, stage }, roleArn }: ProposedWorkload): string {
  const where = wave === undefined ? (stage === 'irsa' ? 'stays at irsa' : stage) : `wave ${wave}`;
  return `${where ?? ''}, role ${roleArn.slice(roleArn.lastIndexOf('/') + 1)}`;
}

function weakText(workloads: readonly ProposedWorkload[], paint: Paint): readonly string[] {
  const weak = workloads.filter((one) => one.weak !== undefined);
  if (weak.length === 0) return [];
  const lines = [...groupBy(weak, (one) => one.weak ?? '')].map(
    ([who, these]) =>
      `  ${listed(
        these.map(({ key }) => key),
        5,
      )}: ${who}`,
  );
  return [
    [
      paint.yellow(
        'Others can assume these roles too. The entries keep the statements (role.adoptedTrust, role.keepTrust):',
      ),
      ...lines,
      '  Without adoptedTrust, podlift writes its own statements, which are stricter. A statement that you remove from keepTrust is removed from the role.',
    ].join('\n'),
  ];
}

/** Cases that say the same are shown once. */
function leftText(left: readonly LeftOut[], paint: Paint): readonly string[] {
  const agreeing = left.filter(({ agrees }) => agrees).length;
  const byReason = groupBy(
    left.filter(({ agrees }) => !agrees),
    ({ reason }) => reason,
  );
  const parts = (Object.keys(LEFT_REASONS) as LeftReason[]).flatMap((reason) => {
    const these = byReason.get(reason) ?? [];
    const [one] = these;
    if (one === undefined) return [];
    const cases = [
      ...groupBy(these, ({ message, remedy, snippet }) => JSON.stringify([message, remedy, snippet])).values(),
    ];
    return [
      [
        `${paint.yellow(`left out: ${reason}`)} (${these.length}). ${LEFT_REASONS[reason]}`,
        ...cases.flatMap((same) => caseLines(same, paint)),
        `  Documentation: ${one.docs}`,
      ].join('\n'),
    ];
  });
  return [...(agreeing > 0 ? [`${counted(agreeing, 'service account')} in the inventory already.`] : []), ...parts];
}

function caseLines(same: readonly LeftOut[], paint: Paint): readonly string[] {
  const [{ message, remedy, snippet } = { message: '', remedy: [], snippet: undefined }] = same;
  const names = same.map(({ namespace, serviceAccount }) => `${namespace}/${serviceAccount}`);
  return [
    `  ${listed(names, 5)}: ${message}`,
    remedyAt(4, remedy, paint),
    ...(snippet === undefined ? [] : ['', at(6, snippet), '']),
  ];
}

function notesText({ notes, workloads }: DiscoverReport, paint: Paint): readonly string[] {
  const about = groupBy(
    workloads.flatMap(({ key, notes: these }) => these.map((text) => ({ text, key }))),
    ({ text }) => text,
  );
  const noSdk = workloads.filter(({ entry }) => entry.sdk === undefined).length;
  const lines = [
    ...notes,
    ...[...about].map(
      ([text, these]) =>
        `${listed(
          these.map(({ key }) => key),
          5,
        )}: ${text}`,
    ),
    ...(noSdk > 0
      ? [
          `${counted(noSdk, 'entry', 'entries')} without sdk: a cluster does not state it, and the gate into prepared needs it.`,
        ]
      : []),
    ...(workloads.length > 0
      ? [
          'podlift does not change these service accounts (manage: none). At cutover, remove the annotation where the service accounts are created, or set manage: annotate.',
        ]
      : []),
  ];
  return lines.length === 0 ? [] : [[paint.bold('Notes:'), ...lines.map((line) => `  ${line}`)].join('\n')];
}

function nextText(environment: string, paint: Paint): string {
  const remedy = [
    run('npx', 'podlift', 'prove', '--environment', environment),
    ...applyStacks([identityStackName(environment)]).slice(1),
    say('The plan shows imports, and tags that are added. If it shows anything else, do not apply it.'),
  ];
  return `${paint.bold('Next:')}\n${remedyAt(2, remedy, paint)}`;
}

function remedyAt(indent: number, remedy: Remedy, paint: Paint): string {
  const lines = remedyLines(remedy).map(({ text, command }) => (command ? paint.cyan(text) : text));
  return at(indent, lines.join('\n'));
}

function at(indent: number, text: string): string {
  return text.replace(/^(?=.)/gm, ' '.repeat(indent));
}

function groupBy<T>(all: readonly T[], keyOf: (one: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groups.get(keyOf(one)) ?? [];
    group.push(one);
    groups.set(keyOf(one), group);
  }
  return groups;
}

function counted(count: number, noun: string, many = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : many}`;
}
