/** What podlift's exit codes mean, the same for every command. */
export const EXIT = {
  ok: 0,
  /** The command ran and found something against what was asked. */
  findings: 1,
  /** Wrong usage, or something that the command needs is missing. */
  usage: 2,
} as const;
