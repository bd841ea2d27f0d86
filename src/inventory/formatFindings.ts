import type { Finding } from './Finding';
import { oneLine } from '../iam/oneLine';
import { coloured, measurable } from './printable';

/**
 * Findings as text, without a line break at the end.
 * - `text`: errors before warnings, grouped by file, with a hint under each finding and a summary at the end; `colour` (default false) adds
 *   colours. Print it with `printable`.
 * - `github`: workflow commands, one a line; '' without findings.
 *   Source of the escaping: actions/toolkit `packages/core/src/command.ts` (`escapeData`, `escapeProperty`).
 */
export function formatFindings(findings: readonly Finding[], format: 'text' | 'github', colour = false): string {
  return format === 'github' ? findings.map(workflowCommand).join('\n') : groupedText(findings, colour);
}

/** The fields of a finding in JSON output, in their order. */
export function plainFinding({ severity, rule, path, file, line, column, message, hint }: Finding): Finding {
  return { severity, rule, path, file, line, column, message, hint };
}

function workflowCommand({ severity, rule, file, line, column, message, hint }: Finding): string {
  const properties = `file=${escapeProperty(file)},line=${line},col=${column},title=${escapeProperty(rule)}`;
  return `::${severity} ${properties}::${escapeData(`${oneLine(message)}\n${hint}`)}`;
}

/** A workflow command of GitHub that shows a text beside the annotations of findings. */
export function noticeCommand(title: string, text: string): string {
  return `::notice title=${escapeProperty(title)}::${escapeData(text)}`;
}

function escapeData(text: string): string {
  return measurable(text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A'));
}

function escapeProperty(text: string): string {
  return escapeData(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}

const ANSI = { error: 31, warning: 33, dim: 2, bold: 1 } as const;

function groupedText(findings: readonly Finding[], colour: boolean): string {
  const paint = (style: keyof typeof ANSI, text: string): string => (colour ? coloured(text, ANSI[style], 0) : text);
  const lines: string[] = [];
  const of = (wanted: Finding['severity']) => findings.filter(({ severity }) => severity === wanted);
  const groups = [of('error'), of('warning')].flatMap((these) =>
    [...new Set(these.map(({ file }) => file))].map((name) => these.filter(({ file }) => file === name)),
  );
  for (const group of groups) {
    for (const { file, line, column, severity, message, rule, hint } of group) {
      lines.push(
        `${paint('bold', `${oneLine(file)}:${line}:${column}`)}  ${paint(severity, severity)}  ${oneLine(message)}  ${paint('dim', `[${oneLine(rule)}]`)}`,
      );
      lines.push(`    ${hint.replaceAll('\n', '\n    ')}`);
    }
    lines.push('');
  }
  return [...lines, summary(findings)].join('\n');
}

function summary(findings: readonly Finding[]): string {
  if (findings.length === 0) return 'no findings';
  const errors = findings.filter((finding) => finding.severity === 'error').length;
  return `${count(errors, 'error')}, ${count(findings.length - errors, 'warning')}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
