import type { Remedy, RemedyStep } from '../estate/Remedy';
import { shellWord } from '../estate/shellWord';

/** A line of a remedy: a sentence, or a command that can be pasted into a shell. */
export interface RemedyLine {
  readonly text: string;
  readonly command: boolean;
}

/** The lines of a remedy. Commands are quoted for a POSIX shell; above one that needs other credentials a line says whose. */
export function remedyLines(remedy: Remedy): readonly RemedyLine[] {
  let account: string | undefined;
  return remedy.flatMap((step): readonly RemedyLine[] => {
    if ('say' in step) return step.say.split('\n').map((text) => ({ text, command: false }));
    const changed = step.account !== undefined && step.account !== account;
    account = step.account ?? account;
    return [
      ...(changed ? [{ text: `With credentials of ${account ?? ''}:`, command: false }] : []),
      { text: commandText(step), command: true },
    ];
  });
}

/** A command as a line for a POSIX shell. */
export function commandText({ run }: Extract<RemedyStep, { readonly run: readonly string[] }>): string {
  return run.map(shellWord).join(' ');
}

/** A remedy as lines of text. */
export function remedyText(remedy: Remedy): string {
  return remedyLines(remedy)
    .map(({ text }) => text)
    .join('\n');
}
