import type { DiffLine } from './Page';

/**
 * The lines of a text before and after a change, with those that were removed and added: a longest common subsequence. Removed lines stand before added ones.
 * It takes time and memory for each pair of lines: a trust policy has at most some hundred.
 */
export function diffLines(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  const width = after.length + 1;
  const lengths = new Uint32Array((before.length + 1) * width);
  const at = (row: number, column: number) => lengths[row * width + column] ?? 0;
  for (let row = before.length - 1; row >= 0; row -= 1)
    for (let column = after.length - 1; column >= 0; column -= 1)
      lengths[row * width + column] =
        before[row] === after[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
  const lines: DiffLine[] = [];
  let [row, column] = [0, 0];
  while (row < before.length || column < after.length) {
    const [old, new_] = [before[row], after[column]];
    if (old !== undefined && old === new_) {
      lines.push({ change: 'same', text: old });
      row += 1;
      column += 1;
    } else if (old !== undefined && (new_ === undefined || at(row + 1, column) >= at(row, column + 1))) {
      lines.push({ change: 'removed', text: old });
      row += 1;
    } else if (new_ !== undefined) {
      lines.push({ change: 'added', text: new_ });
      column += 1;
    }
  }
  return lines;
}
