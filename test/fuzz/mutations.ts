import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The seeds of a target: the files of its folder below `test/fuzz/corpus`, in the order of their names. */
export function corpus(name: string): readonly string[] {
  const folder = join(__dirname, 'corpus', name);
  return readdirSync(folder)
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8'));
}

/** One change of a text. The numbers are fractions of its length, so that they fit every text. */
type Change = (text: string) => string;

const place = fc.double({ min: 0, max: 1, noNaN: true });
const at = (text: string, fraction: number): number => Math.floor(fraction * text.length);
const short = fc.integer({ min: 1, max: 80 });

function lineAt(text: string, fraction: number): readonly [number, number] {
  const offset = at(text, fraction);
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  return [start, end < 0 ? text.length : end + 1];
}

/** Changes that keep most of a text: pieces and lines removed, doubled, moved, indented, and words inserted. */
function changes(words: readonly string[], others: readonly string[]): fc.Arbitrary<Change> {
  const inserted = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...words) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...words), fc.nat(300)).map(([word, n]) => word.repeat(n)) },
  );
  return fc.oneof(
    fc.tuple(place, inserted).map(
      ([where, word]): Change =>
        (text) =>
          text.slice(0, at(text, where)) + word + text.slice(at(text, where)),
    ),
    fc.tuple(place, short, inserted).map(
      ([where, length, word]): Change =>
        (text) =>
          text.slice(0, at(text, where)) + word + text.slice(at(text, where) + length),
    ),
    fc.tuple(place, short).map(
      ([where, length]): Change =>
        (text) =>
          text.slice(0, at(text, where)) + text.slice(at(text, where) + length),
    ),
    place.map((where): Change => (text) => {
      const [start, end] = lineAt(text, where);
      return text.slice(0, start) + text.slice(end);
    }),
    fc.tuple(place, place).map(([from, to]): Change => (text) => {
      const [start, end] = lineAt(text, from);
      const [target] = lineAt(text, to);
      return text.slice(0, target) + text.slice(start, end) + text.slice(target);
    }),
    fc.tuple(place, fc.integer({ min: -3, max: 4 })).map(([where, indent]): Change => (text) => {
      const [start] = lineAt(text, where);
      return indent < 0
        ? text.slice(0, start) + text.slice(start).replace(new RegExp(`^ {1,${-indent}}`), '')
        : text.slice(0, start) + ' '.repeat(indent) + text.slice(start);
    }),
    fc.tuple(fc.constantFrom(...others), place, place, place).map(
      ([other, from, length, to]): Change =>
        (text) =>
          text.slice(0, at(text, to)) +
          other.slice(at(other, from), at(other, from) + Math.floor(length * 400)) +
          text.slice(at(text, to)),
    ),
  );
}

/** The seeds with up to eight changes. `words` are the pieces that mean something to the reader of the text. */
export function mutated(seeds: readonly string[], words: readonly string[]): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...seeds), fc.array(changes(words, seeds), { maxLength: 8 }))
    .map(([seed, all]) => all.reduce((text, change) => change(text), seed));
}
