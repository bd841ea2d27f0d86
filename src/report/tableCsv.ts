import { escaped, INVISIBLE } from '../inventory/printable';
import { cellText, type PageTable } from './Page';

/**
 * A table as CSV for a spreadsheet: a line of heads, then a line for each row, each with CRLF. A cell that a spreadsheet would take for a formula (IAM allows `=`, `+`, `-` and `@` at
 * the start of a role's name) gets an apostrophe before it.
 * Sources: https://www.rfc-editor.org/rfc/rfc4180, https://owasp.org/www-community/attacks/CSV_Injection
 */
export function tableCsv({ columns, rows }: PageTable): string {
  const lines = [columns.map(({ head }) => head), ...rows.map((row) => row.map(cellText))];
  return lines.map((line) => `${line.map(csvCell).join(',')}\r\n`).join('');
}

function csvCell(text: string): string {
  const visible = text.replace(INVISIBLE, (character) => (character === '\n' ? character : escaped(character)));
  const safe = /^[=+\-@\t\r]/.test(visible) ? `'${visible}` : visible;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
