import type { Finding } from '../inventory/Finding';
import { formatFindings, plainFinding } from '../inventory/formatFindings';
import { colourWanted } from './colourWanted';
import { type JsonCommand, jsonOutput } from './jsonOutput';

/** How `validate` and `check` print findings. */
export type FindingsFormat = 'text' | 'json' | 'github';

/** Prints findings on stdout; prints nothing where there are none, except the JSON document. */
export function printFindings(command: JsonCommand, findings: readonly Finding[], format: FindingsFormat): void {
  if (format === 'json') console.log(jsonOutput(command, { findings: findings.map(plainFinding) }));
  else if (findings.length > 0) console.log(formatFindings(findings, format, colourWanted(process.stdout)));
}
