import type { DocumentKind } from './document/DocumentKind';
import { isObject, shown } from './document/DocumentKind';
import { validateStatement } from './document/validateStatement';

const ELEMENTS: Readonly<Record<DocumentKind, readonly string[]>> = {
  trust: ['Version', 'Id', 'Statement'],
  identity: ['Version', 'Statement'],
};

const VERSIONS: readonly unknown[] = ['2012-10-17', '2008-10-17'];

function validateSids(statements: readonly unknown[]): readonly string[] {
  const sids = statements.map((statement) => (isObject(statement) ? statement.Sid : undefined));
  const twice = sids.filter((sid, index) => typeof sid === 'string' && sid !== '' && sids.indexOf(sid) < index);
  return [...new Set(twice)].map(
    (sid) => `Statement IDs (SID) in a single policy must be unique: ${shown(sid)} is there twice`,
  );
}

/**
 * Finds everything for which IAM answers `MalformedPolicyDocument`, all at once.
 *
 * Not checked: whether actions, condition keys, services and principals exist, and the size of the document.
 * @param document the parsed JSON, of whatever shape
 * @param kind a role's trust policy, or a policy of an identity
 * @returns messages that name the statement (counted from 0), the value that stood there and what would be allowed; none
 *   when the document is well formed
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function validateDocument(document: unknown, kind: DocumentKind): readonly string[] {
  if (!isObject(document)) return [`The document is ${shown(document)}; wanted an object with Version and Statement`];
  const unknown = Object.keys(document).filter((element) => !ELEMENTS[kind].includes(element));
  const { Version, Statement } = document;
  const messages = [
    ...unknown.map((element) => `The document has the element ${shown(element)}; wanted ${ELEMENTS[kind].join(', ')}`),
    ...('Version' in document && !VERSIONS.includes(Version)
      ? [`Version is ${shown(Version)}; wanted "2012-10-17" or "2008-10-17"`]
      : []),
    ...('Id' in document && typeof document.Id !== 'string' ? [`Id is ${shown(document.Id)}; wanted a text`] : []),
  ];
  if (Statement === undefined) return [...messages, 'Missing required field Statement'];
  const statements: readonly unknown[] = Array.isArray(Statement) ? Statement : [Statement];
  if (statements.length === 0) return [...messages, 'Statement is []; wanted at least one statement'];
  return [
    ...messages,
    ...statements.flatMap((statement, index) =>
      validateStatement(statement, kind).map((message) => `Statement ${index}: ${message}`),
    ),
    ...validateSids(statements),
  ];
}
