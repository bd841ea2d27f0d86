import type { Statement } from '../iam/PolicyDocument';
import type { DocumentMismatch } from './Mismatch';

/** The elements of a statement, by name: `Principal AWS`, `StringEquals aws:SourceAccount`. */
type Elements = ReadonlyMap<string, readonly string[]>;

/** Two statements that differ in so little that the rest need not be shown. */
export interface StatementPair {
  readonly wanted: Statement;
  readonly found: Statement;
  /** The names of the elements in which they differ. */
  readonly elements: readonly string[];
}

/** The statements of a mismatch: those that stand in place of others, and the rest. */
export interface PairedStatements extends DocumentMismatch {
  readonly pairs: readonly StatementPair[];
}

/** Statements that differ in more elements than this have nothing to do with each other. */
const MOST_DIFFERING = 2;

/** Pairs each missing statement with the one that stands in its place, where there is one. */
export function pairStatements({ missing, extra }: DocumentMismatch): PairedStatements {
  const left = new Set(extra);
  const pairs = missing.flatMap((wanted) => {
    const pair = mostSimilar(wanted, [...left]);
    if (pair === undefined) return [];
    left.delete(pair.found);
    return [pair];
  });
  const paired = new Set(pairs.map(({ wanted }) => wanted));
  return { pairs, missing: missing.filter((one) => !paired.has(one)), extra: [...left] };
}

/** A statement with the one of some others that differs least from it, if both share at least as many elements as differ. */
export function mostSimilar(wanted: Statement, others: readonly Statement[]): StatementPair | undefined {
  return others
    .map((found) => ({ wanted, found, elements: differingElements(wanted, found) }))
    .filter(({ elements }) => elements.length > 0)
    .toSorted((a, b) => a.elements.length - b.elements.length)[0];
}

/** The elements in which similar statements differ; none for others. */
function differingElements(one: Statement, other: Statement): readonly string[] {
  if (one.Effect !== other.Effect) return [];
  const [here, there] = [elementsOf(one), elementsOf(other)];
  const all = [...new Set([...here.keys(), ...there.keys()])];
  const differing = all.filter((name) => here.get(name)?.join('\n') !== there.get(name)?.join('\n'));
  const isSimilar = differing.length <= MOST_DIFFERING && all.length >= 2 * differing.length;
  return isSimilar ? differing : [];
}

/** The elements of a statement, apart from its Sid, which means nothing, and its effect. */
export function elementsOf({ Condition, ...statement }: Statement): Elements {
  const elements = Object.entries<unknown>({ ...statement, ...Condition }).filter(([name]) => !LEFT_ASIDE.has(name));
  return new Map(
    elements.flatMap(([name, value]) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.entries(value as Readonly<Record<string, unknown>>).map(
            ([member, values]) => [`${name} ${member}`, textsOf(values)] as const,
          )
        : [[name, textsOf(value)] as const],
    ),
  );
}

const LEFT_ASIDE: ReadonlySet<string> = new Set(['Sid', 'Effect']);

function textsOf(values: unknown): readonly string[] {
  return [values].flat().map(String).toSorted();
}
