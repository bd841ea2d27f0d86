import { printable } from '../inventory/printable';
import { asStarted } from './started';

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

/** Something that podlift needs and does not find as it should be. The message, one line, is all that a person is shown of it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * Says on stderr what ended podlift and gives the exit code: one line for a person's mistake; for anything else what it was, and the
 * trace only where `PODLIFT_DEBUG` is set.
 */
export function reportFailure(error: unknown, env: NodeJS.ProcessEnv = process.env): number {
  const message = error instanceof Error ? error.message : String(error);
  const debug = (env.PODLIFT_DEBUG ?? '') !== '';
  const trace = debug && error instanceof Error ? `\n${error.stack ?? ''}` : '';
  if (error instanceof UsageError) {
    process.stderr.write(printable(asStarted(`podlift: ${message}${trace}\n`)));
    return EXIT.usage;
  }
  const hint = debug ? trace : '; PODLIFT_DEBUG=1 shows where';
  process.stderr.write(printable(`podlift: unexpected error: ${message.split('\n')[0] ?? ''}${hint}\n`));
  return EXIT.defect;
}
