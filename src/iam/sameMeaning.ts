import { type Atom, atomsOf, covers, type Parts, type IndexedAtom } from './meaning/atomsOf';
import { listOf, type PolicyDocument, type Statement } from './PolicyDocument';

/** The difference between a found and a wanted document. */
export interface PolicyDifference {
  /** Statements of the wanted document, narrowed to the missing part. */
  readonly missing: readonly Statement[];
  /** Statements of the found document, narrowed to the extra part. */
  readonly extra: readonly Statement[];
}

/** The largest number of atom comparisons. Beyond it, atoms that are not equal count as different. */
const MOST_COMPARISONS = 2_000_000;

/**
 * Compares two documents of the same kind (trust or identity) by meaning. These make no difference: the order of statements and
 * values, one value or a list of one, repetitions, Sids, the case of actions, condition operators and keys, the way to write everyone,
 * an account's id or its root, a text, number or truth value as condition value, and one statement split into several.
 *
 * It splits statements into atoms, one alternative of each element. An atom is missing if no atom of the other document covers it.
 * Without a difference no request can be decided differently. A reported difference may have no effect, since patterns and variables
 * are compared only where the result is certain.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
 */
export function policyDifference(found: PolicyDocument, wanted: PolicyDocument): PolicyDifference {
  return { missing: notCovered([wanted], [found]), extra: notCovered([found], [wanted]) };
}

/** The statements of some documents, narrowed to what no statement of the others covers; see {@link policyDifference}. */
export function notCovered(these: readonly PolicyDocument[], others: readonly PolicyDocument[]): readonly Statement[] {
  const rootsAreIds = partitionsOfRoots(...these, ...others) <= 1;
  const parts = (documents: readonly PolicyDocument[]) =>
    documents.flatMap((document) => partsOf(document, rootsAreIds));
  return uncovered(parts(these), parts(others));
}

/** Whether two documents of the same kind have the same meaning; see {@link policyDifference}. */
export function sameMeaning(one: PolicyDocument, other: PolicyDocument): boolean {
  const { missing, extra } = policyDifference(one, other);
  return missing.length === 0 && extra.length === 0;
}

function partsOf({ Version, Statement }: PolicyDocument, rootsAreIds: boolean): Parts[] {
  const variables = Version === '2012-10-17';
  return listOf(Statement).map((statement) => atomsOf(statement, { variables, rootsAreIds }));
}

/** A root ARN has a partition and an id has none: they are the same name only if all roots are in one partition. */
function partitionsOfRoots(...documents: readonly PolicyDocument[]): number {
  const roots = JSON.stringify(documents).matchAll(/"arn:([\w-]+):iam::\d{12}:root"/g);
  return new Set([...roots].map(([, partition]) => partition)).size;
}

function uncovered(these: readonly Parts[], others: readonly Parts[]): Statement[] {
  const atoms = others.flatMap((parts) => parts.atoms.map(({ atom }) => atom));
  const known = new Set(atoms.map(({ key }) => key));
  const open = these.map((parts) => ({ parts, left: parts.atoms.filter(({ atom }) => !known.has(atom.key)) }));
  const comparable = open.reduce((sum, { left }) => sum + left.length, 0) * atoms.length <= MOST_COMPARISONS;
  const isCovered = (narrow: Atom) => comparable && atoms.some((wide) => covers(wide, narrow));
  return open.flatMap(({ parts, left }) => {
    const apart = left.filter(({ atom }) => !isCovered(atom));
    return apart.length === 0 ? [] : [narrowedTo(parts, apart)];
  });
}

/** The statement narrowed to these atoms; the whole statement where one statement cannot express them. */
function narrowedTo({ statement, axes }: Parts, atoms: readonly IndexedAtom[]): Statement {
  const parts = axes.map((axis, at) => ({ axis, kept: new Set(atoms.map(({ indexes }) => indexes[at])) }));
  if (parts.reduce((product, { kept }) => product * kept.size, 1) !== atoms.length) return statement;
  return parts
    .filter(({ axis, kept }) => kept.size !== axis.alternatives.length)
    .reduce((narrowed, { axis, kept }) => axis.narrowed?.(narrowed, kept) ?? narrowed, statement);
}
