import type { ReadProgress } from '../estate/readEstate';
import { printable } from './printable';

/** Milliseconds between two lines where the stream is no terminal. */
const EVERY = 10_000;

/** Shows how far a command has read AWS and the clusters: on one line of a terminal, else with a line every ten seconds. */
export interface ProgressLine {
  readonly show: (progress: Omit<ReadProgress, 'system'>) => void;
  /** Removes the line. */
  readonly end: () => void;
}

export function progressLine(
  command: string,
  stream: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'> & { readonly write: (text: string) => unknown },
  now: () => number = Date.now,
): ProgressLine {
  let shown = '';
  let last = now();
  return {
    show: ({ done, total, what }) => {
      const answers = `podlift ${command}: ${done} of ${total} answers`;
      if (stream.isTTY) {
        shown = `${answers}, ${onOneLine(what)}`.slice(0, Math.max(20, stream.columns - 1));
        stream.write(`\r\u001b[2K${shown}`);
      } else if (now() - last >= EVERY) {
        last = now();
        stream.write(`${answers}\n`);
      }
    },
    end: () => {
      if (shown !== '') stream.write('\r\u001b[2K');
    },
  };
}

/** An annotation can have any text: none of its line breaks, colours or other control characters gets to the terminal. */
function onOneLine(text: string): string {
  return printable(text).replace(/\p{Cc}/gu, '\ufffd');
}
