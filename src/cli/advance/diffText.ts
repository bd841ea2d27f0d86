import pico from 'picocolors';
import type { FileChange } from './StepReport';

/** A change of a file as a small diff: where, then the lines that go (`-`), come (`+`) and stay between them. */
export function diffText({ file, line, before, after }: FileChange, colour: boolean): string {
  const paint = pico.createColors(colour);
  const lines = aligned(before, after).map(({ mark, text }) => {
    const shown = `${mark} ${text}`;
    return mark === '-' ? paint.red(shown) : mark === '+' ? paint.green(shown) : shown;
  });
  return [paint.bold(`${file}:${line}`), ...lines].join('\n');
}

interface DiffLine {
  readonly mark: '-' | '+' | ' ';
  readonly text: string;
}

/** The longest common lines stay; what goes stands before what comes. A stage is a few lines, so that comparing all with all is fine. */
function aligned(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  const common = before.map(() => after.map(() => 0));
  const lengthAt = (i: number, j: number): number => common[i]?.[j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--) {
    const row = common[i] ?? [];
    for (let j = after.length - 1; j >= 0; j--) {
      row[j] = before[i] === after[j] ? lengthAt(i + 1, j + 1) + 1 : Math.max(lengthAt(i + 1, j), lengthAt(i, j + 1));
    }
  }
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [old = '', new_ = ''] = [before[i], after[j]];
    if (i < before.length && j < after.length && old === new_) {
      lines.push({ mark: ' ', text: old });
      i += 1;
      j += 1;
    } else if (i < before.length && (j >= after.length || lengthAt(i + 1, j) >= lengthAt(i, j + 1))) {
      lines.push({ mark: '-', text: old });
      i += 1;
    } else {
      lines.push({ mark: '+', text: new_ });
      j += 1;
    }
  }
  return lines;
}
