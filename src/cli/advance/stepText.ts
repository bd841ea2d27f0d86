import { EDIT_RULES } from '../../inventory/edit/obstacles';
import { listed } from '../../inventory/suggest';
import { formatFindings } from '../../inventory/formatFindings';
import { evidenceTable, gateReport, passedText, remedies } from '../gate/gateReport';
import { commandText, counted, type Paint, paintOf, remedyBlock, type ReportStyle } from '../report';
import type { Evidence } from '../../operations/gate/gate';
import { named } from '../../operations/remedies';
import type { Restart } from '../../operations/step/neededRestarts';
import type { NextSteps } from '../../operations/step/nextSteps';
import type { OwnersTurn } from '../../operations/step/ownersTurn';
import type { FileChange, KeptAgent } from '../../operations/step/editStage';
import type { StepReport } from '../../operations/step/takeStep';
import type { WayStep } from '../../operations/step/wayBack';

/** The result of `advance` or `rollback` for people; what to do next is at the end. */
export function stepText(report: StepReport, style: ReportStyle): string {
  const { colour } = style;
  const paint = paintOf(colour);
  const { wave, environment, direction, from, to, gate, change, next, problem, findings } = report;
  const { keeps = [] } = report;
  if (to === undefined) return gateReport({ wave, environment, direction, from, evidence: [], holds: false }, style);
  const title = paint.bold(`${wave} in ${environment}: ${from} → ${to}`);
  if (findings !== undefined) {
    return [
      title,
      '',
      formatFindings(findings, 'text', colour),
      '',
      `${paint.red('Nothing was written.')} ${findings.every(({ rule }) => EDITS.has(rule)) ? 'Change the file by hand first.' : 'The inventory would have these errors after the step.'}`,
    ].join('\n');
  }
  const parts: string[] = [];
  if (gate && !gate.holds) {
    parts.push(gateReport({ wave, environment, direction, from, to, ...gate }, style));
    if (report.dryRun && change) parts.push('', diffText(change, colour));
    if (report.dryRun) for (const kept of keeps) parts.push('', keptText(kept, paint), diffText(kept.change, colour));
    parts.push(...unneededLines(report));
    parts.push('', ...(problem ? problemLines(problem, paint) : refused(report, gate.evidence, paint)));
    return parts.join('\n');
  }
  parts.push(title);
  if (gate) {
    const rows = evidenceTable(gate.evidence, style);
    parts.push(rows === '' ? passedText(gate.evidence) : rows);
    // The restarts below are what is due after the step.
    const before = gate.evidence.filter(
      ({ accepted, remedyDue, warning }) => accepted === true || remedyDue === 'before-step' || warning === true,
    );
    if (before.length > 0) parts.push('', remedies(before, colour));
    if (change) parts.push(...acceptedLines(report, gate.evidence, paint), ...unneededLines(report));
  }
  if (change) parts.push('', diffText(change, colour));
  for (const kept of keeps) parts.push('', keptText(kept, paint), diffText(kept.change, colour));
  const { imports = [] } = report;
  if (imports.length > 0)
    parts.push(...section('The same edit removes these imports. The step removes what they import:', imports));
  if (problem) parts.push('', ...problemLines(problem, paint));
  if (report.dryRun)
    parts.push('', 'Nothing was written: this was a dry run. To take the step:', `  ${paint.cyan(commandOf(report))}`);
  if (report.dryRun && next) parts.push('', 'After that:');
  if (report.evidence !== undefined)
    parts.push(
      '',
      `The evidence of the step; commit it with the inventory:`,
      ...report.evidence.map((one) => `  ${one}`),
    );
  if (report.written && change) {
    const files = listed([...new Set([...keeps.map((one) => one.change.file), change.file])]);
    parts.push(
      '',
      `${paint.green(`${files} ${files === change.file ? 'is' : 'are'} written.`)} AWS does not change until you apply.`,
      '',
    );
  }
  if ((report.dryRun || report.written) && next) {
    parts.push(...whatNext(next, report.direction, paint));
    if (report.way !== undefined) parts.push(...wayText(report.way, paint, colour));
  }
  return parts.join('\n');
}

/** Rules for files that podlift does not edit. */
const EDITS: ReadonlySet<string> = new Set(Object.values(EDIT_RULES).map(({ name }) => name));

function problemLines({ message, hint }: NonNullable<StepReport['problem']>, paint: Paint): readonly string[] {
  return [`${paint.red('Nothing was written')}: ${message}.`, hint];
}

/** What the inventory records about checks that did not pass, and what it costs. */
function acceptedLines(
  { because, forced, accepted = [] }: StepReport,
  evidence: readonly Evidence[],
  paint: Paint,
): readonly string[] {
  if (because === undefined) return [];
  const blocking = evidence.filter((one) => one.accepted === true && one.blocksApply === true);
  const workloads = [...new Set(blocking.flatMap(({ workload }) => workload ?? []))];
  const checks = [...new Set(blocking.map(({ check }) => check))].join(', ');
  return [
    '',
    ...(blocking.length === 0
      ? []
      : [
          `${paint.bold(paint.red('Warning'))}: an apply of this environment takes the role from running pods of ${named(workloads, 12)}.`,
          `You accepted the check that says so (${checks}). Do not apply before you know why the check is wrong.`,
        ]),
    `${paint.yellow(forced === true ? 'Forced' : 'Accepted')}: ${accepted.length === 0 ? 'every check passes' : accepted.join(', ')}`,
    `The reason in the inventory: ${because}`,
  ];
}

/** What was to be accepted and passes. */
function unneededLines({ unneeded = [] }: StepReport): readonly string[] {
  return unneeded.length === 0
    ? []
    : ['', ...unneeded.map((one) => `Nothing to accept: ${one} passes. The inventory does not record it.`)];
}

/** The command that takes the step; with what is accepted and the reason. */
function commandOf({ wave, environment, direction, because, forced, accepted = [], goal }: StepReport): string {
  const command = direction === 'forward' ? 'advance' : 'rollback';
  const to = goal === undefined ? [] : ['--to', goal];
  const step = ['npx', 'podlift', command, wave, '--environment', environment, ...to];
  const waived = forced === true ? ['--force'] : accepted.flatMap((one) => ['--accept', one]);
  return commandText({ run: [...step, ...waived, ...(because === undefined ? [] : ['--because', because])] });
}

/**
 * How a step is taken although checks do not pass: by the names of these checks, or by force where one of them has no such name. Nothing is
 * proposed where an apply would take the role from running pods.
 */
function refused(report: StepReport, evidence: readonly Evidence[], paint: Paint): readonly string[] {
  if (report.dryRun) return ['Nothing was written: this was a dry run.'];
  const first = [
    ...(report.asked === false
      ? ['podlift asked neither AWS nor a cluster: these checks fail by the inventory alone.']
      : []),
    `${paint.red('Nothing was written.')} Fix the failed checks above and run the command again.`,
  ];
  if (evidence.some((one) => one.blocksApply === true && one.holds !== 'yes' && one.accepted !== true)) return first;
  // Who can log in needs no waiver: nothing is known of the pods yet.
  if (evidence.some((one) => one.noCredentials === true && one.accepted !== true)) return first;
  const { acceptable, because, ...step } = report;
  const reason = because === undefined ? ' --because "REASON"' : '';
  const again = { ...step, ...(because !== undefined && { because }) };
  if (acceptable !== undefined)
    return [
      ...first,
      'If you know that these checks are wrong for your pods, accept them by name. The inventory records them and the reason:',
      `  ${paint.cyan(`${commandOf({ ...again, accepted: acceptable })}${reason}`)}`,
    ];
  return [
    ...first,
    'Nobody can accept one of these checks by name. To take the step whatever the checks find; the inventory records all of them and the reason:',
    `  ${paint.cyan(`${commandOf({ ...again, forced: true, accepted: [] })}${reason}`)}`,
  ];
}

/** The steps that follow, until the stage of `--to`. */
function wayText(way: readonly WayStep[], paint: Paint, colour: boolean): readonly string[] {
  if (way.length === 0) return ['', 'This is the last step of the way.'];
  return [
    '',
    `Then ${way.length === 1 ? 'one step follows' : `${way.length} steps follow`}. Each checks first, and prints again what to do:`,
    ...way.flatMap(({ from, to, command, next, findings }) => [
      '',
      paint.bold(`${from} → ${to}`),
      remedyBlock(command, paint, ''),
      ...(findings === undefined
        ? []
        : ['The inventory does not allow this step yet:', formatFindings(findings, 'text', colour)]),
      ...(next === undefined ? [] : whatNext(next, 'back', paint)),
    ]),
  ];
}

/** What to do after a change of stages, in this order. */
export function whatNext(
  { apply, annotations, associations = [], outdated, restarts, owners = [] }: NextSteps,
  direction: StepReport['direction'],
  paint: Paint,
): readonly string[] {
  const before = restarts.filter(({ when }) => when === 'before');
  const after = restarts.filter(({ when }) => when === 'after');
  return [
    ...ownersText(`${paint.yellow('Before you apply')}, AWS must have these trust policies:`, 'before', owners, paint),
    ...restartText(
      `${paint.yellow('Before you apply')}, restart these pods. Otherwise they lose their credentials:`,
      before,
      paint,
    ),
    ...(before.length > 0 ? ['', 'When the old pods are gone:'] : []),
    ...(apply.length > 0 ? [remedyBlock(apply, paint, '  ')] : ['  no stack changes']),
    ...annotations.flatMap(({ workload, cluster, serviceAccount, steps }, index) => [
      ...(index === 0 ? ['', 'Change the annotation of these service accounts:'] : []),
      `  ${workload} on ${cluster} (${serviceAccount})`,
      remedyBlock(steps, paint, '    '),
    ]),
    ...associations.flatMap(({ workload, cluster, serviceAccount, steps }, index) => [
      ...(index === 0 ? ['', 'Another tool owns these associations. After the apply, let the tool change them:'] : []),
      `  ${workload} on ${cluster} (${serviceAccount})`,
      remedyBlock(steps, paint, '    '),
    ]),
    ...section('Delete these from the inventory. The step removes what they import:', outdated),
    ...restartText(
      direction === 'back'
        ? `${paint.yellow(afterTheApply(after, associations.length > 0))}. Then restart these pods at once. Otherwise they lose their credentials at the next refresh:`
        : `${afterTheApply(after, associations.length > 0)}. Then restart these pods. Until then they keep their old credentials:`,
      after,
      paint,
    ),
    ...(restarts.length === 0 ? ['', 'No pod has to be restarted for this step.'] : []),
    ...ownersText(
      `${paint.yellow('After the apply')}${after.length > 0 ? ' and the restarts' : ''}, and not before, the owners write:`,
      'after',
      owners,
      paint,
    ),
    ...ownersText('External roles:', 'never', owners, paint),
  ];
}

/** What the owners of external roles write at one time. */
function ownersText(
  title: string,
  when: OwnersTurn['when'],
  owners: readonly OwnersTurn[],
  paint: Paint,
): readonly string[] {
  const turns = owners.filter((one) => one.when === when);
  if (turns.length === 0) return [];
  return ['', title, ...turns.map(({ steps }) => remedyBlock(steps, paint, '  ')), ...(when === 'before' ? [''] : [])];
}

/** EKS sees the change of an association late: a pod that is restarted before keeps the old credentials for its life. */
function afterTheApply(restarts: readonly Restart[], byOwner: boolean): string {
  const seconds = Math.max(0, ...restarts.map(({ waitSeconds = 0 }) => waitSeconds));
  return `${byOwner ? 'After the change of the associations' : 'After the apply'}, wait ${seconds} seconds until EKS sees the change`;
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
}

function restartText(title: string, restarts: readonly Restart[], paint: Paint): readonly string[] {
  if (restarts.length === 0) return [];
  const lines = restarts.flatMap(({ workload, cluster, serviceAccount, reason, steps, check }) => [
    `  ${workload} on ${cluster} (${serviceAccount}): ${reason}`,
    ...(steps.length === 0 ? [] : [remedyBlock([...steps, ...check], paint, '    ')]),
  ]);
  const needed = restarts.some(({ steps }) => steps.length > 0);
  return ['', needed ? title : 'No pod has to be restarted:', ...lines];
}

/** Why the same edit keeps an agent. */
function keptText({ cluster, associations, unread }: KeptAgent, paint: Paint): string {
  const title = paint.yellow(`The agent of ${cluster} stays`);
  const names = associations.map(({ namespace, serviceAccount, id }) => `${namespace}/${serviceAccount} (${id})`);
  return unread === undefined
    ? `${title}: pods of others need it. ${counted(names.length, 'association')} on the cluster ${names.length === 1 ? 'is' : 'are'} not the inventory’s: ${named(names)}.`
    : `${title}: podlift could not read the associations of others on the cluster (${unread}).`;
}

/** A change of a file as a small diff: file and line, then the removed lines (`-`) and the new ones (`+`). */
export function diffText({ file, line, before, after }: FileChange, colour: boolean): string {
  const paint = paintOf(colour);
  const removed = before.map((text) => paint.red(`- ${text}`));
  const added = after.map((text) => paint.green(`+ ${text}`));
  return [paint.bold(`${file}:${line}`), ...removed, ...added].join('\n');
}
