import { printable } from '../printable';
import type { SurveyProgress } from '../../operations/discover/ClusterSurvey';

/** Milliseconds between two lines where the stream is no terminal. */
const EVERY = 10_000;

/** Shows how far a survey is, on one line of a terminal, else with a line now and then. */
export interface ProgressLine {
  readonly show: (progress: SurveyProgress) => void;
  /** Takes the line away. */
  readonly end: () => void;
}

export function progressLine(stream: NodeJS.WriteStream, now: () => number = Date.now): ProgressLine {
  let shown = '';
  let last = now();
  return {
    show: ({ done, total, what }) => {
      const text = `podlift discover: ${done} of ${total} answers, ${onOneLine(what)}`;
      if (stream.isTTY) {
        shown = text.slice(0, Math.max(20, stream.columns - 1));
        stream.write(`\r\u001b[2K${shown}`);
      } else if (now() - last >= EVERY) {
        last = now();
        stream.write(`podlift discover: ${done} of ${total} answers\n`);
      }
    },
    end: () => {
      if (shown !== '') stream.write('\r\u001b[2K');
    },
  };
}

/** An annotation may hold anything: no line break, colour or other control character of it gets to the terminal. */
function onOneLine(text: string): string {
  return printable(text).replace(/\p{Cc}/gu, '\ufffd');
}
