/** On a stream that is no terminal so much time passes at least between two lines, in milliseconds. */
const BETWEEN_LINES = 10_000;

/** What progress is written to. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly write: (text: string) => unknown;
}

/**
 * Shows how far a long look has come: on a terminal in one line that is wiped at the end, elsewhere as plain lines, the first after ten
 * seconds, so that a quick one prints none. `now` is in milliseconds.
 */
export function progress(
  stream: ProgressStream,
  now: () => number = Date.now,
): { readonly report: (done: number, all: number) => void; readonly end: () => void } {
  let last = now();
  const text = (done: number, all: number) => `podlift doctor: ${done} of ${all} workloads on their clusters`;
  return {
    report: (done, all) => {
      if (stream.isTTY === true) {
        stream.write(`\r\u001B[K${text(done, all)} …`);
        return;
      }
      if (now() - last < BETWEEN_LINES) return;
      last = now();
      stream.write(`${text(done, all)}\n`);
    },
    end: () => {
      if (stream.isTTY === true) stream.write('\r\u001B[K');
    },
  };
}
