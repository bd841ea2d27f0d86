import type { Remedy } from '../../estate/Remedy';
import type { PlacedEntry } from '../../inventory/edit/addEntries';
import { EDIT_RULES } from '../../inventory/edit/obstacles';
import type { Finding } from '../../inventory/Finding';
import { formatFindings } from '../../inventory/formatFindings';
import { identityStackName } from '../../inventory/stackNames';
import { listed } from '../../inventory/suggest';
import { LEFT_REASONS, type LeftOut, type LeftReason } from '../../operations/discover/LeftOut';
import type { Proposal, ProposedWorkload } from '../../operations/discover/Proposal';
import { applyStacks, run } from '../../operations/remedies';
import { counted, groupsOf, type Paint, paintOf, remedyBlock } from '../report';

/** The result of `discover`. */
export interface DiscoverReport extends Proposal {
  /** The cluster's name in EKS. */
  readonly clusterName: string;
  /**
   * How many questions were asked, how many calls to AWS they took, retries included (absent: not counted), and how long. Absent: an Estate was read from
   * a file.
   */
  readonly asked?: {
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

/** What discover found, for people: what to do first, what is added, what is left out and why, notes, and the next step. */
export function reportText(report: DiscoverReport, colour: boolean): string {
  const paint = paintOf(colour);
  const { environment, clusterKey, clusterName, asked, blocked, first, left, workloads, findings, problem } = report;
  const agreeing = left.filter(({ agrees }) => agrees).length;
  const others = left.filter(({ agrees }) => !agrees);
  const name = paint.bold(`discover: cluster ${clusterKey} (${clusterName}) of ${environment}`);
  const steps = first.flatMap((one) => [
    one.message,
    remedyBlock(one.remedy, paint, '  '),
    ...snippetLines(one.snippet),
  ]);
  const parts = [
    asked === undefined ? name : `${name}\n${askedText(asked)}`,
    ...(blocked
      ? [
          section(`${paint.red('Nothing can be proposed')}: ${blocked.message}.`, [
            remedyBlock(blocked.remedy, paint, ''),
          ]),
        ]
      : [
          section(paint.red('First, before the next plan:'), steps),
          // What the entry of the cluster lacks holds up everything on the cluster.
          ...leftText(['cluster-entry'], others, paint),
          findings.length === 0 && problem === undefined && addedText(report, paint),
          weakText(workloads, paint),
          handOverText(workloads, paint),
          agreeing > 0 && `${counted(agreeing, 'service account')} in the inventory already.`,
          ...leftText(REASONS, others, paint),
          others.length > 0 && 'After a fix, run discover again.',
          section(paint.bold('Notes:'), notesOf(report)),
          report.written && section(paint.bold('Next:'), [remedyBlock(nextSteps(environment), paint, '')]),
        ]),
  ];
  return parts.filter((part) => part !== false).join('\n\n');
}

/** Why nothing can be written, the last text that is printed; nothing where that is not so. */
export function failureText({ findings, problem }: DiscoverReport, colour: boolean): string | undefined {
  const paint = paintOf(colour);
  if (problem !== undefined) return `${paint.red('Nothing was written')}: ${problem.message}.\n${problem.hint}`;
  if (findings.length === 0) return undefined;
  const edits: ReadonlySet<string> = new Set(Object.values(EDIT_RULES).map(({ name }) => name));
  const reason = findings.every(({ rule }) => edits.has(rule))
    ? 'Change the file by hand first:'
    : 'The inventory would have errors with these entries:';
  return `${paint.red('Nothing was written.')} ${reason}\n${formatFindings(findings, 'text', colour)}`;
}

function askedText({ aws, clusters, calls, milliseconds }: NonNullable<DiscoverReport['asked']>): string {
  const made = calls === undefined ? '' : ` (${counted(calls, 'call')})`;
  return `${counted(aws, 'question')} to AWS${made}, ${clusters} to the cluster, in ${(milliseconds / 1000).toFixed(1)} s`;
}

const MOST_SHOWN = 30;

function addedText({ file = '', places, written, write, workloads }: DiscoverReport, paint: Paint): string | false {
  if (places.length === 0) return 'There is nothing to add.';
  const byPath = new Map(workloads.map((workload) => [`workloads.${workload.key}`, workload]));
  const lines = places.slice(0, MOST_SHOWN).map(({ path, line }) => {
    const workload = byPath.get(path);
    return `${String(line).padStart(5)}  ${path}${workload ? paint.dim(`  ${workloadText(workload)}`) : ''}`;
  });
  const more = places.length - MOST_SHOWN;
  const rest = more > 0 ? [`       and ${more} more; --format json has them all`] : [];
  const planned = write ? `For ${file}` : `Would be added to ${file} (with --write)`;
  const title = written ? paint.green(`Added to ${file}`) : planned;
  return section(`${title}: ${counted(places.length, 'entry', 'entries')}, by line`, [...lines, ...rest]);
}

function workloadText({ entry: { wave, stage }, roleArn }: ProposedWorkload): string {
  const where = wave === undefined ? (stage === 'irsa' ? 'stays at irsa' : 'pod-identity') : `wave ${wave}`;
  return `${where}, role ${roleArn.slice(roleArn.lastIndexOf('/') + 1)}`;
}

function weakText(workloads: readonly ProposedWorkload[], paint: Paint): string | false {
  const weak = workloads.flatMap(({ key, weak: text }) => (text === undefined ? [] : [{ name: key, text }]));
  const title = 'Others can assume these roles too. The entries keep that (role.adoptedTrust, role.keepTrust):';
  const stricter =
    'Without adoptedTrust, podlift writes its own statements, which are stricter. A statement that you remove from keepTrust is removed from the role, and its callers lose the role.';
  return weak.length > 0 && section(paint.yellow(title), [...linesBy(weak), stricter]);
}

/** How each owner lets go of what the entries adopt; what is the same for several is said once. */
function handOverText(workloads: readonly ProposedWorkload[], paint: Paint): string | false {
  const owned = workloads.flatMap(({ key, owners = [] }) => owners.map((owner) => ({ key, owner })));
  const groups = groupsOf(owned, ({ owner }) => owner.tool);
  return section(
    paint.yellow(
      'Hand-over: other tools own these resources. Before a wave moves to prepared, each must let go of its own:',
    ),
    groups.flatMap((these) =>
      these.flatMap(({ key, owner }, index) => [
        `${key}: ${owner.of} belongs to ${owner.name}`,
        ...(index === 0 || owner.tool === 'terraform'
          ? [remedyBlock(owner.handOver, paint, '  ')]
          : [`  The same steps as for ${these[0]?.key ?? ''}, with its own names; --format json has them.`]),
      ]),
    ),
  );
}

const REASONS = (Object.keys(LEFT_REASONS) as LeftReason[]).filter((reason) => reason !== 'cluster-entry');

/** A section for each reason; what is to be done is said once for all that share it. */
function leftText(reasons: readonly LeftReason[], left: readonly LeftOut[], paint: Paint): readonly (string | false)[] {
  return reasons.map((reason) => {
    const these = left.filter((one) => one.reason === reason);
    const cases = groupsOf(these, (one) => JSON.stringify([one.remedy, one.snippet]));
    return section(
      `${paint.yellow(`left out: ${reason}`)} (${these.length}), see ${these[0]?.docs ?? ''}`,
      cases.flatMap((same) => [
        ...linesBy(
          same.map((one) => ({
            name: `${one.namespace}/${one.serviceAccount}`,
            text: one.message.replaceAll('\n', '\n    '),
          })),
        ),
        remedyBlock(same[0]?.remedy ?? [], paint, '  '),
        ...snippetLines(same[0]?.snippet),
      ]),
    );
  });
}

function notesOf({ notes, workloads, edits }: DiscoverReport): readonly string[] {
  const about = [
    ...workloads.map(({ key, notes: these }) => ({ key, these })),
    ...edits.map((one) => ({ key: one.workload, these: one.notes })),
  ].flatMap(({ key, these }) => these.map((text) => ({ name: key, text })));
  const noSdk = workloads.filter(({ entry }) => entry.sdk === undefined).length;
  const all = [
    ...notes,
    ...linesBy(about),
    noSdk > 0 &&
      `${counted(noSdk, 'entry', 'entries')} without sdk: a cluster does not show the SDK. Write it before the wave moves to prepared.`,
    workloads.some(({ entry }) => entry.role?.adopt === true) &&
      'podlift does not change these service accounts (manage: none). At cutover, remove the annotation where the service accounts are created, or set manage: annotate.',
  ];
  return all.filter((note) => note !== false);
}

function nextSteps(environment: string): Remedy {
  const plan = 'The plan shows imports, and tags that are added. If it shows anything else, do not apply it:';
  return [run`npx podlift prove --environment ${environment}`, ...applyStacks([identityStackName(environment)], plan)];
}

function snippetLines(snippet: string | undefined): readonly string[] {
  return snippet === undefined ? [] : ['', ...snippet.split('\n').map((line) => `    ${line}`)];
}

/** A title with lines below it; nothing without lines. */
function section(title: string, lines: readonly string[]): string | false {
  return lines.length > 0 && `${title}\n${lines.join('\n').replace(/^(?=.)/gm, '  ')}`;
}

/** A line for each text, with the names that have it. */
function linesBy(all: readonly { readonly name: string; readonly text: string }[]): readonly string[] {
  return groupsOf(all, ({ text }) => text).map((these) => {
    const names = these.map(({ name }) => name);
    return `${listed(names, 5)}: ${these[0]?.text ?? ''}`;
  });
}
