/** What podlift's exit codes mean, the same for every command. */
export const EXIT = {
  ok: 0,
  /** The command ran and found something against what was asked. */
  findings: 1,
  /** Wrong usage, or something that the command needs is missing. */
  usage: 2,
  /** A defect of podlift. Source: `EX_SOFTWARE` of sysexits.h. */
  defect: 70,
} as const;
