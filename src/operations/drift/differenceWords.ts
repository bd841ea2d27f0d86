import { listOf, type PolicyDocument, type Statement } from '../../iam/PolicyDocument';
import type { PolicyDifference } from '../../iam/sameMeaning';
import { elementsOf, nearest, type Near } from './elements';

/** How statements that are missing and too many belong together. */
export interface Changed {
  /** `one` should be said, and `other` is said in its place. */
  readonly pairs: readonly Near[];
  readonly missing: readonly Statement[];
  readonly extra: readonly Statement[];
}

/** A longer statement (characters of JSON) is told by what sets it apart, where another differs from it in little. */
const LONG = 160;

/** Pairs each missing statement with the one that stands in its place, where there is one. */
export function changed({ missing, extra }: PolicyDifference): Changed {
  const pairs: Near[] = [];
  const left = new Set(extra);
  for (const statement of missing) {
    const near = nearest(statement, [...left]);
    if (near === undefined) continue;
    pairs.push(near);
    left.delete(near.other);
  }
  const paired = new Set(pairs.map(({ one }) => one));
  return { pairs, missing: missing.filter((one) => !paired.has(one)), extra: [...left] };
}

/**
 * What a document should say and what it says instead: of a statement that differs in one or two elements these alone, else the
 * statement as JSON; `nothing` on a side that has nothing.
 */
export function differenceWords(
  difference: PolicyDifference,
  found: PolicyDocument,
  wanted: PolicyDocument,
): { readonly expected: string; readonly found: string } {
  const { pairs, missing, extra } = changed(difference);
  const lone = (statement: Statement, others: PolicyDocument): Sides => {
    const text = JSON.stringify(statement);
    const near = text.length > LONG ? nearest(statement, listOf(others.Statement)) : undefined;
    if (near === undefined) return [text, undefined];
    const [own, other] = sidesOf(near);
    const there = elementsOf(statement);
    return [near.labels.every((label) => there.has(label)) ? `${own} besides` : own, other];
  };
  const parts: readonly Sides[] = [
    ...pairs.map(sidesOf),
    ...missing.map((statement) => lone(statement, found)),
    ...extra.map((statement): Sides => {
      const [is, should] = lone(statement, wanted);
      return [should, is];
    }),
  ];
  const side = (index: 0 | 1) => [...new Set(parts.flatMap((part) => part[index] ?? []))].join(JOINED) || 'nothing';
  return { expected: side(0), found: side(1) };
}

const JOINED = '; ';

/** What stands on the wanted side and on the found one. */
type Sides = readonly [string | undefined, string | undefined];

function sidesOf({ one, other, labels }: Near): readonly [string, string] {
  const side = (statement: Statement) => {
    const elements = elementsOf(statement);
    return labels
      .map((label) => {
        const values = elements.get(label);
        return values === undefined ? `no ${label}` : `${label} ${values.join(', ')}`;
      })
      .join(', ');
  };
  return [side(one), side(other)];
}
