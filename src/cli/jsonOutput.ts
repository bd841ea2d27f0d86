/** Every command with `--format json`; `docs/json.md` describes the documents. */
export const JSON_COMMANDS = [
  'validate',
  'check',
  'prove',
  'discover',
  'status',
  'drift',
  'doctor',
  'gate',
  'advance',
  'rollback',
] as const;

export type JsonCommand = (typeof JSON_COMMANDS)[number];

/** The document that a command prints with `--format json`: `format` first, then the fields in their order; without a newline at the end. */
export function jsonOutput(command: JsonCommand, fields: object): string {
  return JSON.stringify({ format: `podlift.${command}/1`, ...fields }, null, 2);
}
