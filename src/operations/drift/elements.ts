import type { ConditionBlock, OneOrMany, PrincipalElement, Statement } from '../../iam/PolicyDocument';

/** An element of a statement, by how it is called: `Principal AWS`, `StringEquals aws:SourceAccount`. */
export type Elements = ReadonlyMap<string, readonly string[]>;

/** Two statements that differ in so little that the rest need not be shown. */
export interface Near {
  readonly one: Statement;
  readonly other: Statement;
  /** The names of the elements in which they differ. */
  readonly labels: readonly string[];
}

/** In more elements than this two statements are two things. */
const MOST_DIFFERING = 2;

/** The elements of a statement; its Sid says nothing, and its effect is not one that may differ. */
export function elementsOf(statement: Statement): Elements {
  const { Principal, NotPrincipal, Action, NotAction, Resource, NotResource, Condition } = statement;
  return new Map([
    ...principals('Principal', Principal),
    ...principals('NotPrincipal', NotPrincipal),
    ...Object.entries({ Action, NotAction, Resource, NotResource }).flatMap(([label, values]) =>
      values === undefined ? [] : [entry(label, values)],
    ),
    ...conditions(Condition),
  ]);
}

/** The one of these that a statement differs from least, where it shares at least as much with it as it differs in. */
export function nearest(one: Statement, others: readonly Statement[]): Near | undefined {
  return others
    .flatMap((other): readonly Near[] => {
      const near = nearTo(one, other);
      return near === undefined ? [] : [near];
    })
    .toSorted((a, b) => a.labels.length - b.labels.length)[0];
}

function nearTo(one: Statement, other: Statement): Near | undefined {
  if (one.Effect !== other.Effect) return undefined;
  const [here, there] = [elementsOf(one), elementsOf(other)];
  const all = [...new Set([...here.keys(), ...there.keys()])];
  const labels = all.filter((label) => here.get(label)?.join('\n') !== there.get(label)?.join('\n'));
  const shared = all.length - labels.length;
  return labels.length === 0 || labels.length > MOST_DIFFERING || shared < labels.length
    ? undefined
    : { one, other, labels };
}

type Entry = readonly [string, readonly string[]];

function principals(label: string, element: PrincipalElement | undefined): readonly Entry[] {
  if (element === undefined) return [];
  if (element === '*') return [entry(label, '*')];
  return Object.entries<OneOrMany<string>>(element).map(([member, values]) => entry(`${label} ${member}`, values));
}

function conditions(block: ConditionBlock | undefined): readonly Entry[] {
  return Object.entries(block ?? {}).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => entry(`${operator} ${key}`, values)),
  );
}

function entry(label: string, values: OneOrMany<string | number | boolean>): Entry {
  return [label, [values].flat().map(String).toSorted()];
}
