import { createHash } from 'node:crypto';
import { stringify } from 'yaml';
import { version } from '../../../package.json';
import type { Stage } from '../../inventory/Inventory';
import { printableLine } from '../../inventory/printable';
import { type Evidence, type GateResult, whoOf } from '../gate/gate';
import type { FileChange, KeptAgent } from './editStage';

/** The first line of an evidence document's data. */
export const EVIDENCE_FORMAT = 'podlift.evidence/1';

/** One step of a wave in an environment; `environment` and `wave` are keys. */
export interface StepName {
  readonly environment: string;
  readonly wave: string;
  readonly from: Stage;
  readonly to: Stage;
}

/** Who took a step, as far as that machine knows. */
export interface Taker {
  /** `Jo Doe <jo@example.com>`, from the settings of git. */
  readonly git?: string;
  /** The user of the operating system, and the host: `jo@laptop`. */
  readonly user?: string;
  /** The ARNs that AWS gave to the credentials of each account that was read, by the account's key. */
  readonly aws: Readonly<Record<string, string>>;
}

/** The data at the beginning of a document. */
export interface EvidenceHead extends StepName {
  readonly format: typeof EVIDENCE_FORMAT;
  /** `since` of the new stage: the time of the Estate, from AWS's answers. */
  readonly at: string;
  readonly by: Taker;
  readonly podlift: string;
  /** The name of the Estate's file beside the document, and the SHA-256 of its content. */
  readonly estate: string;
  readonly sha256: string;
  readonly forced: boolean;
  readonly accepted: readonly string[];
  readonly because?: string;
}

/** What the name of an evidence file ends with, without the ending of its kind. */
export function nameOfStep({ environment, wave, from, to }: StepName): string {
  return `${environment}-${wave}-${from}-${to}`;
}

/**
 * The name of the evidence of a step, without the ending: `2026-11-14T090000Z-prod-pilot-dual-cutover`. Names have no colon: Windows refuses it.
 *
 * @param since ISO 8601 in UTC with whole seconds
 */
export function evidenceName(step: StepName, since: string): string {
  return `${since.replaceAll(':', '')}-${nameOfStep(step)}`;
}

/** A step that is taken. */
export interface TakenStep extends StepName {
  readonly because?: string;
  readonly forced?: true;
  readonly accepted?: readonly string[];
  readonly gate: Pick<GateResult, 'evidence'>;
  readonly change: FileChange;
  readonly keeps?: readonly KeptAgent[];
}

/**
 * The evidence of a step for people and for `check --require-evidence`, as Markdown: who, when, what was asked and answered, what was accepted, and the
 * change of the inventory. Its data is at its beginning, as YAML.
 *
 * @param estate the text of the file beside it
 */
export function evidenceDocument(taken: TakenStep, since: string, by: Taker, estate: string): string {
  const { environment, wave, from, to, because, forced = false, accepted = [], gate, change, keeps = [] } = taken;
  const step = { environment, wave, from, to };
  const head: EvidenceHead = {
    format: EVIDENCE_FORMAT,
    ...step,
    at: since,
    by,
    podlift: version,
    estate: `${evidenceName(step, since)}.json`,
    sha256: sha256(estate),
    forced,
    accepted,
    ...(because !== undefined && { because }),
  };
  const aws = Object.entries(by.aws).map(([account, arn]) => `${account}: ${arn}`);
  return [
    '---',
    stringify(head, { lineWidth: 0 }).trimEnd(),
    '---',
    '',
    `# Wave ${cell(wave)} in ${cell(environment)}: ${from} → ${to}`,
    '',
    'podlift wrote this file when it wrote the stage into the inventory. AWS changes when the stacks are applied.',
    '',
    ...table(
      ['', ''],
      [
        ['when', `${since} (the time of the newest answer)`],
        ['who', [by.git, by.user].filter((part) => part !== undefined).join(', ') || 'not known'],
        ['with the credentials', aws.length === 0 ? 'not known' : aws.join(', ')],
        ['all answers', head.estate],
        ['result', resultText(gate.evidence, forced)],
      ],
    ),
    '',
    '## Accepted',
    '',
    ...(because === undefined
      ? ['Nothing was accepted: every check passed.']
      : [
          `Reason: ${cell(because)}`,
          '',
          ...(accepted.length === 0 ? ['Every check passed.'] : accepted.map((one) => `- ${cell(one)}`)),
        ]),
    '',
    '## Questions and answers',
    '',
    ...table(
      ['result', 'check', 'workload', 'cluster', 'found', 'question', 'asked of', 'when'],
      gate.evidence.map((one) => [
        RESULTS[one.holds] +
          (one.warning === true ? ', with a warning' : '') +
          (one.accepted === true ? ', accepted' : ''),
        one.check,
        whoOf(one) ?? '',
        one.cluster ?? '',
        one.found,
        one.asked,
        one.of,
        one.when,
      ]),
    ),
    '',
    '## Change of the inventory',
    '',
    ...[...keeps.map((kept) => kept.change), change].flatMap((one) => [...diff(one), '']),
  ].join('\n');
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

const RESULTS = { yes: 'passed', no: 'FAILED', unknown: 'not checked' } as const;

function resultText(evidence: readonly Evidence[], forced: boolean): string {
  const accepted = evidence.filter((one) => one.accepted === true).length;
  const passed = `${evidence.length - accepted} of ${evidence.length} checks passed`;
  return accepted === 0 ? passed : `${passed}, ${accepted} ${forced ? 'overridden by force' : 'accepted'}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map((row) => line(row.map(cell)))];
}

/** A text from outside in a cell or a line of Markdown: with a mark in it, it could show what podlift did not write. */
function cell(text: string): string {
  return text
    .split('\n')
    .map((line) =>
      printableLine(line)
        .replaceAll('&', '&amp;')
        .replaceAll('<', '&lt;')
        .replaceAll('>', '&gt;')
        .replace(/[\\`*_[\]|~!#]/g, String.raw`\$&`),
    )
    .join('<br>');
}

/** The changed lines in a fence that is longer than each of theirs. */
function diff({ file, line, before, after }: FileChange): readonly string[] {
  const lines = [...before.map((text) => `-${text}`), ...after.map((text) => `+${text}`)].map(printableLine);
  const longest = Math.max(2, ...lines.flatMap((text) => [...text.matchAll(/`+/g)].map(([ticks]) => ticks.length)));
  const fence = '`'.repeat(longest + 1);
  return [`${cell(file)}, line ${line}:`, '', `${fence}diff`, ...lines, fence];
}
