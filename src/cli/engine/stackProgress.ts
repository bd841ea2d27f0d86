import { printableLine } from '../../inventory/printable';

/** One line a stack while several are worked on. */
export interface StackProgress {
  /** What is done with a stack now. */
  readonly say: (stack: string, doing: string) => void;
  /** The last line of a stack. */
  readonly finish: (stack: string, result: string) => void;
  /** Removes the lines of stacks that are not finished. */
  readonly end: () => void;
}

/** Where the lines go: a terminal, a pipe or a file. */
type Stream = Pick<NodeJS.WriteStream, 'isTTY' | 'columns'> & { readonly write: (text: string) => unknown };

/** How often the seconds of a line change, in milliseconds. */
const EVERY = 1000;

/**
 * The progress of stacks. On a terminal each stack that is worked on has a line that changes, below the last lines of those that are finished. In a pipe each stack has its
 * last line alone.
 */
export function stackProgress(stream: Stream = process.stderr, now: () => number = Date.now): StackProgress {
  const begun = new Map<string, number>();
  const running = new Map<string, string>();
  let shown = 0;
  const clear = (): void => {
    if (shown > 0) stream.write(`\u001b[${shown}A\u001b[J`);
    shown = 0;
  };
  const draw = (): void => {
    if (!stream.isTTY) return;
    clear();
    const width = stream.columns > 0 ? Math.max(20, stream.columns - 1) : 79;
    for (const [stack, doing] of running)
      stream.write(`${printableLine(`${stack}: ${doing}${since(stack)}`).slice(0, width)}\n`);
    shown = running.size;
  };
  const since = (stack: string): string => {
    const seconds = Math.floor((now() - (begun.get(stack) ?? now())) / 1000);
    return seconds > 0 ? ` (${seconds} s)` : '';
  };
  const timer = setInterval(draw, EVERY);
  timer.unref();
  return {
    say: (stack, doing) => {
      if (!begun.has(stack)) begun.set(stack, now());
      running.set(stack, doing);
      draw();
    },
    finish: (stack, result) => {
      clear();
      const text = `${printableLine(`${stack}: ${result}${since(stack)}`)}\n`;
      running.delete(stack);
      begun.delete(stack);
      stream.write(text);
      draw();
    },
    end: () => {
      clearInterval(timer);
      clear();
    },
  };
}
