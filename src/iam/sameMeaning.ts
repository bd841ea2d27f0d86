import { atomsOf, type Parts, type PlacedAtom } from './meaning/atomsOf';
import { type Atom, covers } from './meaning/covers';
import { listOf } from './meaning/listOf';
import type { PolicyDocument, Statement } from './PolicyDocument';

/** How a document differs from the one that should stand in its place. */
export interface PolicyDifference {
  /** What should be said and is not: statements of the wanted document, narrowed to the part that is missing. */
  readonly missing: readonly Statement[];
  /** What is said and should not be: statements of the found document, narrowed to the part that is too many. */
  readonly extra: readonly Statement[];
}

/** More comparisons of atoms than this are not made; what they would have shown to be the same counts as different. */
const MOST_COMPARISONS = 2_000_000;

/**
 * Compares two documents of the same kind (trust or identity) by what they say. It makes no difference in which order statements
 * and values stand, whether one value is a list, what is said twice, how Sids read, how actions, condition operators and keys are
 * cased, how everyone is written, whether an account is named by its id or its root, whether a condition's value is a text, a number
 * or a truth value, and whether one statement was split into several.
 *
 * Statements are taken apart into atoms, one alternative of each element, and an atom is missing when no atom of the other document
 * covers it. Where nothing is missing and nothing extra, no request can be decided differently; where a difference is reported there
 * may still be none, since patterns and variables are compared only as far as that is certain.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
 */
export function policyDifference(found: PolicyDocument, wanted: PolicyDocument): PolicyDifference {
  const rootsAreIds = partitionsOfRoots(found, wanted) <= 1;
  const [there, should] = [found, wanted].map((document) => partsOf(document, rootsAreIds)) as [Parts[], Parts[]];
  return { missing: uncovered(should, there), extra: uncovered(there, should) };
}

/** Whether two documents of the same kind say the same; see {@link policyDifference}. Never true where a request could be decided differently. */
export function sameMeaning(one: PolicyDocument, other: PolicyDocument): boolean {
  const { missing, extra } = policyDifference(one, other);
  return missing.length === 0 && extra.length === 0;
}

function partsOf({ Version, Statement }: PolicyDocument, rootsAreIds: boolean): Parts[] {
  const variables = Version === '2012-10-17';
  return listOf(Statement).map((statement) => atomsOf(statement, { variables, rootsAreIds }));
}

/** A root's ARN has a partition, an id has none: they are the same name only where there is no doubt which partition is meant. */
function partitionsOfRoots(...documents: readonly PolicyDocument[]): number {
  const roots = JSON.stringify(documents).matchAll(/"arn:([\w-]+):iam::\d{12}:root"/g);
  return new Set([...roots].map(([, partition]) => partition)).size;
}

function uncovered(these: readonly Parts[], others: readonly Parts[]): Statement[] {
  const atoms = others.flatMap((parts) => parts.atoms.map(({ atom }) => atom));
  const known = new Set(atoms.map(({ key }) => key));
  const open = these.map((parts) => parts.atoms.filter(({ atom }) => !known.has(atom.key)));
  const comparable = open.reduce((sum, { length }) => sum + length, 0) * atoms.length <= MOST_COMPARISONS;
  const isCovered = (narrow: Atom) => comparable && atoms.some((wide) => covers(wide, narrow));
  return these.flatMap((parts, index) => {
    const left = (open[index] ?? []).filter(({ atom }) => !isCovered(atom));
    return left.length === 0 ? [] : [narrowedTo(parts, left)];
  });
}

/** The statement with what these atoms say, and nothing else; the whole statement where no single one says just that. */
function narrowedTo({ statement, axes }: Parts, atoms: readonly PlacedAtom[]): Statement {
  const kept = axes.map((_, axis) => new Set(atoms.flatMap(({ places }) => places[axis] ?? [])));
  if (kept.reduce((product, { size }) => product * size, 1) !== atoms.length) return statement;
  return axes.reduce(
    (narrowed, axis, index) =>
      kept[index] === undefined || kept[index].size === axis.alternatives.length
        ? narrowed
        : axis.narrowed(narrowed, kept[index]),
    statement,
  );
}
