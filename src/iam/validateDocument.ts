import {
  at,
  type DocumentKind,
  type DocumentProblem,
  isObject,
  type JsonObject,
  ORDER,
  type OrderedProblem,
  shown,
  syntax,
} from './documentProblem';
import { validateStatement } from './validateStatement';

const ELEMENTS: readonly string[] = ['Version', 'Id', 'Statement'];

const VERSIONS: readonly unknown[] = ['2012-10-17', '2008-10-17'];

/**
 * Finds every reason for which IAM answers `MalformedPolicyDocument`, in the order in which IAM checks: IAM's answer is the first one.
 *
 * Not checked: whether actions, condition keys and principals exist, and the size of the document. A service that the list of services does not have
 * is no problem, unless it is another spelling of one in the list: see `judgeService` and `unknownServices`.
 * @param document the parsed JSON, of any shape
 * @returns none for a document that IAM takes
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function validateDocument(document: unknown, kind: DocumentKind): readonly DocumentProblem[] {
  const found = isObject(document)
    ? problemsOf(document, kind)
    : [syntax([], `The document is ${shown(document)}; wanted an object with Version and Statement`)];
  return [...found]
    .sort((one, other) => ORDER.indexOf(one.step) - ORDER.indexOf(other.step))
    .map(({ message, detail, path }) => ({ message, detail, path }));
}

function problemsOf(document: JsonObject, kind: DocumentKind): readonly OrderedProblem[] {
  const { Version, Statement } = document;
  const problems = [
    ...Object.keys(document)
      .filter((element) => !ELEMENTS.includes(element))
      .map((element) =>
        syntax([element], `The document has the element ${shown(element)}; wanted ${ELEMENTS.join(', ')}`),
      ),
    ...versionProblems(document, Version, kind),
    ...('Id' in document && typeof document.Id !== 'string'
      ? [syntax(['Id'], `Id is ${shown(document.Id)}; wanted a text`)]
      : []),
  ];
  if (Statement === undefined) return [...problems, syntax([], 'The document has no Statement')];
  const statements: readonly unknown[] = Array.isArray(Statement) ? Statement : [Statement];
  if (statements.length === 0)
    return [...problems, syntax(['Statement'], 'Statement is []; wanted at least one statement')];
  return [
    ...problems,
    ...statements.flatMap((statement, index) =>
      validateStatement(statement, kind, at(['Statement'], Statement, index)),
    ),
    ...validateSids(statements, Statement),
  ];
}

/**
 * A managed policy needs the current version. A trust policy, an inline policy and a session policy may have either version, or none.
 * Sources: wercker/step-s3sync #25, Meteor-Community-Packages/Meteor-CollectionFS #630 (managed policies);
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html (the default); message: moto/iam/policy_validation.py
 */
function versionProblems(document: JsonObject, version: unknown, kind: DocumentKind): readonly OrderedProblem[] {
  if ('Version' in document && !VERSIONS.includes(version))
    return [syntax(['Version'], `Version is ${shown(version)}; wanted "2012-10-17"`)];
  if (kind !== 'managed' || version === '2012-10-17') return [];
  return [
    {
      step: 'version',
      message: 'Policy document must be version 2012-10-17 or greater.',
      detail: `Version is ${shown(version)}; wanted "2012-10-17"`,
      path: 'Version' in document ? ['Version'] : [],
    },
  ];
}

function validateSids(statements: readonly unknown[], written: unknown): readonly OrderedProblem[] {
  const sids = statements.map((statement) => (isObject(statement) ? statement.Sid : undefined));
  return sids.flatMap((sid, index): readonly OrderedProblem[] => {
    if (typeof sid !== 'string' || sid === '' || sids.indexOf(sid) === index) return [];
    return [
      {
        step: 'sid',
        message: 'Statement IDs (SID) in a single policy must be unique.',
        detail: `${shown(sid)} occurs twice`,
        path: [...at(['Statement'], written, index), 'Sid'],
      },
    ];
  });
}
