import pico from 'picocolors';
import { EDIT_RULES } from '../../inventory/edit/editRules';
import { identityStackName } from '../../inventory/stackNames';
import { LEFT_REASONS, type LeftReason } from '../../operations/discover/leftReasons';
import type { FirstStep, LeftOut, ProposedWorkload } from '../../operations/discover/Proposal';
import { applyCommands } from '../../operations/evidence/applyCommands';
import { named } from '../../operations/checks/named';
import { formatFindings } from '../../inventory/formatFindings';
import type { DiscoverReport } from './DiscoverReport';

type Paint = ReturnType<typeof pico.createColors>;

/** What discover found, for people: what is added, what was left out and why, what to know, what to do next. */
export function reportText(report: DiscoverReport, colour: boolean): string {
  const paint = pico.createColors(colour);
  const { environment, clusterKey, clusterName, blocked, findings, problem } = report;
  const title = `${paint.bold(`discover: cluster ${clusterKey} (${clusterName}) of ${environment}`)}\n${askedText(report)}`;
  if (blocked)
    return [title, `${paint.red('Nothing can be proposed')}: ${blocked.message}.`, indented(blocked.hint)].join('\n\n');
  return [
    title,
    ...firstText(report.first, paint),
    ...leftText(report.left.filter(isOfCluster), paint),
    ...(findings.length === 0 && problem === undefined ? [addedText(report, paint)] : []),
    ...weakText(report.workloads, paint),
    ...leftText(
      report.left.filter((one) => !isOfCluster(one)),
      paint,
    ),
    ...notesText(report, paint),
    ...(report.written ? [nextText(report, paint)] : []),
  ].join('\n\n');
}

/** Why nothing can be written, the last thing that is printed; nothing where that is not so. */
export function failureText({ findings, problem }: DiscoverReport, colour: boolean): string | undefined {
  const paint = pico.createColors(colour);
  if (problem !== undefined) return `${paint.red('Nothing was written')}: ${problem.message}.\n${problem.hint}`;
  if (findings.length === 0) return undefined;
  const why = WHY[findings.every(({ rule }) => EDITS.has(rule)) ? 'edit' : 'unsound'];
  return `${paint.red('Nothing was written.')} ${why}\n${formatFindings(findings, 'text', colour)}`;
}

/** What holds up everything that is on the cluster. */
function isOfCluster({ reason }: LeftOut): boolean {
  return reason === 'cluster-entry';
}

function firstText(first: readonly FirstStep[], paint: Paint): readonly string[] {
  if (first.length === 0) return [];
  const steps = first.flatMap(({ message, hint, snippet }) => [
    `  ${message}`,
    indented(hint, 4),
    '',
    indented(snippet, 6),
  ]);
  return [[paint.red('First, before the next plan:'), ...steps].join('\n')];
}

const WHY = {
  edit: 'The file has to be changed by hand first:',
  unsound: 'The inventory would not be sound with these entries:',
} as const;

const EDITS: ReadonlySet<string> = new Set(Object.values(EDIT_RULES).map(({ name }) => name));

function askedText({ asked: { aws, clusters, calls, milliseconds } }: DiscoverReport): string {
  const made = calls === undefined ? '' : ` (${counted(calls, 'call')})`;
  return `${counted(aws, 'question')} to AWS${made}, ${clusters} to the cluster, in ${(milliseconds / 1000).toFixed(1)} s`;
}

const MOST_SHOWN = 30;

function addedText({ file, places, written, write, workloads }: DiscoverReport, paint: Paint): string {
  if (places.length === 0) return 'There is nothing to add.';
  const entries = new Map(workloads.map((workload) => [`workloads.${workload.key}`, workload]));
  const lines = places.slice(0, MOST_SHOWN).map(({ path, line }) => {
    const workload = entries.get(path);
    return `  ${String(line).padStart(5)}  ${path}${workload ? paint.dim(`  ${nature(workload)}`) : ''}`;
  });
  const more = places.length - MOST_SHOWN;
  const verb = written
    ? paint.green(`Added to ${file ?? ''}`)
    : write
      ? `For ${file ?? ''}`
      : `Would be added to ${file ?? ''} (--write does it)`;
  return [
    `${verb}: ${counted(places.length, 'entry', 'entries')}, by line`,
    ...lines,
    ...(more > 0 ? [`         and ${more} more; --format json has them all`] : []),
  ].join('\n');
}

function nature({ entry, roleArn }: ProposedWorkload): string {
  const where =
    entry.wave === undefined
      ? entry.stage === undefined
        ? 'pod-identity'
        : `stays at ${entry.stage}`
      : `wave ${entry.wave}`;
  return `${where}, role ${roleArn.slice(roleArn.lastIndexOf('/') + 1)}`;
}

function weakText(workloads: readonly ProposedWorkload[], paint: Paint): readonly string[] {
  const weak = grouped(
    workloads.flatMap(({ key, weak: whom }) => (whom === undefined ? [] : [{ text: whom, name: key }])),
  );
  if (weak.length === 0) return [];
  return [
    [
      paint.yellow(
        'Trusts that let in more than their workload, kept as they were found (role.adoptedTrust, role.keepTrust):',
      ),
      ...weak.map(({ text, names }) => `  ${named(names)}: ${text}`),
      '  Take adoptedTrust out of an entry, and podlift writes its own statements, which are stricter; a statement of keepTrust that you take out goes.',
    ].join('\n'),
  ];
}

function leftText(left: readonly LeftOut[], paint: Paint): readonly string[] {
  const there = left.filter(({ agrees }) => agrees).length;
  const parts = (Object.keys(LEFT_REASONS) as LeftReason[]).flatMap((reason) => {
    const these = left.filter((one) => one.reason === reason && !one.agrees);
    if (these.length === 0) return [];
    return [`${paint.yellow(`left out: ${reason}`)} (${these.length}). ${LEFT_REASONS[reason]}\n${casesText(these)}`];
  });
  return [...(there > 0 ? [`${counted(there, 'service account')} in the inventory already.`] : []), ...parts];
}

/** Cases that say the same are shown once. */
function casesText(left: readonly LeftOut[]): string {
  const cases = new Map<string, LeftOut[]>();
  for (const one of left) {
    const id = `${one.message}\n${one.hint}\n${one.snippet ?? ''}`;
    cases.set(id, [...(cases.get(id) ?? []), one]);
  }
  return [...cases.values()]
    .map((same) => {
      const [first] = same;
      const names = same.map(({ namespace, serviceAccount }) => `${namespace}/${serviceAccount}`);
      const snippet = first?.snippet === undefined ? [] : ['', indented(first.snippet, 6)];
      return [`  ${named(names)}: ${first?.message ?? ''}`, indented(first?.hint ?? '', 4), ...snippet].join('\n');
    })
    .join('\n');
}

function notesText({ notes, workloads }: DiscoverReport, paint: Paint): readonly string[] {
  const about = grouped(workloads.flatMap(({ key, notes: these }) => these.map((text) => ({ text, name: key }))));
  const noSdk = workloads.filter(({ entry }) => entry.sdk === undefined).length;
  const lines = [
    ...notes,
    ...about.map(({ text, names }) => `${named(names)}: ${text}`),
    ...(noSdk > 0
      ? [
          `${counted(noSdk, 'entry', 'entries')} without sdk: nothing in a cluster states it, and the gate into prepared asks for it.`,
        ]
      : []),
    ...(workloads.length > 0
      ? [
          'podlift does not change service accounts here (manage: none). At cutover, remove the annotation where they are created, or set manage: annotate.',
        ]
      : []),
  ];
  return lines.length === 0 ? [] : [[paint.bold('To know:'), ...lines.map((line) => `  ${line}`)].join('\n')];
}

function nextText({ environment }: DiscoverReport, paint: Paint): string {
  return [
    paint.bold('Next:'),
    ...[`npx podlift prove --environment ${environment}`, ...applyCommands([identityStackName(environment)])].map(
      (command) => `  ${paint.cyan(command)}`,
    ),
    '  The plan shows imports, and tags that are added; whatever else it shows, do not apply it.',
  ].join('\n');
}

function grouped(
  items: readonly { text: string; name: string }[],
): readonly { text: string; names: readonly string[] }[] {
  const groups = new Map<string, string[]>();
  for (const { text, name } of items) groups.set(text, [...(groups.get(text) ?? []), name]);
  return [...groups].map(([text, names]) => ({ text, names }));
}

function indented(text: string, by = 2): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? '' : ' '.repeat(by) + line))
    .join('\n');
}

function counted(count: number, noun: string, many = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : many}`;
}
