import { type DocumentProblem, LEGACY, SID_CHARACTERS } from '../../../iam/documentProblem';
import { SERVICES_DATE, unknownServices } from '../../../iam/servicePrincipals';
import { validateDocument } from '../../../iam/validateDocument';
import type { Segments } from '../../Finding';
import { resource as resourceFormat } from '../../formats/awsFormats';
import type { KeptStatement } from '../../Inventory';
import type { Model, PlacedWorkload } from '../../resolve/Model';
import type { Rule, RuleFinding } from '../Rule';

/**
 * The sandbox refuses documents by the same function. A document that podlift keeps as it was found gets a warning: AWS has it, and refuses it only
 * when it is written again.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export const malformedPolicy: Rule = {
  name: 'malformed-policy',
  severities: ['error', 'warning'],
  what: 'AWS accepts each policy document: no region in ARNs of IAM and S3, no missing colon in ARNs, dates in ISO 8601, principals that exist. In imported inline policies, and for unknown services, a finding is a warning.',
  example:
    'AWS refuses this policy: Resource arn:aws:s3:us-west-2:111111111111:data can not contain region information.',
  *check(model) {
    yield* ownStatements(model);
    for (const placed of model.placed) yield* trustStatements(placed);
    for (const { placed, field, permissions } of model.holders) {
      for (const [name, document] of Object.entries(permissions.inlinePolicies)) {
        const isImported = placed.workload.role.imports.inlinePolicies.includes(name);
        for (const problem of validateDocument(document, 'identity')) {
          if (isFound(problem, IDENTITY_ELEMENTS)) continue;
          const finding = refused(problem, placed.at(...field, 'inlinePolicies', name, ...problem.path));
          yield isImported ? { ...finding, severity: 'warning' } : finding;
        }
      }
    }
  },
};

/** The statements in the inventory's own form. Other rules judge their actions, operators and keys. */
function* ownStatements({ statements }: Model): Generator<RuleFinding> {
  for (const { statement, at } of statements) {
    // An unknown {name} has a finding already.
    const Resource = statement.resources.map((text) => (/(^|[^$])\{/.test(text) ? '*' : text));
    const document = {
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: '*', Resource, Condition: statement.conditions ?? {} },
    };
    for (const problem of validateDocument(document, 'identity')) {
      const [, element, ...rest] = problem.path;
      const resource = typeof rest[0] === 'number' ? Resource[rest[0]] : undefined;
      // The rule `resource` has a finding for a text that is no complete ARN.
      if (element === 'Resource' && resource !== undefined && resourceFormat.pattern.test(resource))
        yield refused(problem, at('resources', ...rest));
      if (element === 'Condition' && problem.message === LEGACY) yield refused(problem, at('conditions', ...rest));
    }
  }
}

function* trustStatements({ workload, at }: PlacedWorkload): Generator<RuleFinding> {
  const { keepTrust = [], adoptedTrust } = workload.role;
  const lists: readonly (readonly [Segments, typeof keepTrust])[] = [
    [['keepTrust'], keepTrust],
    [['adoptedTrust', 'oidc'], adoptedTrust?.oidc ?? []],
    [['adoptedTrust', 'podIdentity'], adoptedTrust?.podIdentity ?? []],
  ];
  for (const [field, kept] of lists) {
    if (kept.length === 0) continue;
    const Statement = kept.map(({ because: _, ...statement }) => statement);
    const document = { Version: '2012-10-17', Statement };
    for (const problem of validateDocument(document, 'trust')) {
      if (isFound(problem, TRUST_ELEMENTS)) continue;
      const [, index] = problem.path;
      const isProved = isRefusedByProof(kept[Number(index)], problem) && adoptedTrust?.because === undefined;
      const finding = refused(problem, at('role', ...field, ...problem.path.slice(1)));
      yield isProved ? { ...finding, severity: 'warning' } : finding;
    }
    for (const { name, path } of unknownServices(document))
      yield {
        severity: 'warning',
        path: at('role', ...field, ...path.slice(1)),
        message: `AWS may refuse this policy: the service "${name}" is not in podlift's list of ${SERVICES_DATE}`,
        hint: 'Check the name in the guide of the service. If AWS accepts the name, nothing is to be done.',
      };
  }
}

/**
 * The proof refuses a statement that lets callers in by a wildcard, and says which callers these are. A warning is enough there: an error would hide
 * what the proof says. With `because` the proof accepts the statement, and AWS does not.
 */
function isRefusedByProof(statement: KeptStatement | undefined, { path }: DocumentProblem): boolean {
  if (statement?.Effect !== 'Allow' || statement.because !== undefined) return false;
  const value = path
    .slice(2)
    .reduce<unknown>((whole, part) => (whole as Readonly<Record<string, unknown>>)[part], statement);
  return typeof value === 'string' && /[*?]/.test(value);
}

const TRUST_ELEMENTS: readonly unknown[] = ['Sid', 'Effect', 'Principal', 'Action', 'NotAction', 'Condition'];
const IDENTITY_ELEMENTS = [...TRUST_ELEMENTS.filter((one) => one !== 'Principal'), 'Resource', 'NotResource'];

/**
 * Other rules have a finding: `kept-trust` and `inline-policy` for a statement without one of a pair of elements, or with both; `unknown-key` and
 * `adopted-trust` for an element that the statement cannot have; the schema for a `Sid` with other characters.
 */
function isFound({ path, message }: DocumentProblem, elements: readonly unknown[]): boolean {
  if (message === SID_CHARACTERS) return true;
  const [top, ...rest] = path;
  if (top !== 'Statement') return false;
  const [element] = typeof rest[0] === 'number' ? rest.slice(1) : rest;
  return element === undefined || !elements.includes(element);
}

function refused({ message, detail, path }: DocumentProblem, at: Segments): RuleFinding {
  return {
    path: at,
    message: `AWS refuses this policy: ${message.replace(/\.$/, '')} (${detail})`,
    hint: 'Correct the value. Otherwise the apply fails with MalformedPolicyDocument.',
    ...(path.at(-2) === 'Condition' && { at: 'key' }),
  };
}
