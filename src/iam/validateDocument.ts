import { parseArn } from './Arn';
import { parseOperator } from './conditions/operators';

/** A role's trust policy, or a policy of an identity (inline, managed, boundary or session). */
type DocumentKind = 'trust' | 'identity';

/** A JSON object with unknown members. */
type JsonObject = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The texts of a value that is one text or a list of texts.
 * @returns undefined for another value, an empty list, or a list with another value in it
 */
function textsIn(value: unknown): readonly string[] | undefined {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.length > 0 && list.every((one) => typeof one === 'string') ? list : undefined;
}

/** A JSON value for a message, cut at 80 characters. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) return 'nothing';
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

const ELEMENTS: Readonly<Record<DocumentKind, readonly string[]>> = {
  trust: ['Version', 'Id', 'Statement'],
  identity: ['Version', 'Statement'],
};

const VERSIONS: readonly unknown[] = ['2012-10-17', '2008-10-17'];

function validateSids(statements: readonly unknown[]): readonly string[] {
  const sids = statements.map((statement) => (isObject(statement) ? statement.Sid : undefined));
  const twice = sids.filter((sid, index) => typeof sid === 'string' && sid !== '' && sids.indexOf(sid) < index);
  return [...new Set(twice)].map(
    (sid) => `Statement IDs (SID) in a single policy must be unique: ${shown(sid)} occurs twice`,
  );
}

/**
 * Finds every reason for which IAM answers `MalformedPolicyDocument`.
 *
 * Not checked: whether actions, condition keys, services and principals exist, and the size of the document.
 * @param document the parsed JSON, of any shape
 * @param kind a role's trust policy, or a policy of an identity
 * @returns messages with the statement (counted from 0), the value, and what is allowed; none for a well-formed document
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

const STATEMENT_ELEMENTS: readonly string[] = [
  ...['Sid', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction'],
  ...['Resource', 'NotResource', 'Condition'],
];

/** Elements that a kind of document must not have. */
const PROHIBITED: Readonly<Record<DocumentKind, readonly string[]>> = {
  trust: ['NotPrincipal', 'Resource', 'NotResource'],
  identity: ['Principal', 'NotPrincipal'],
};

const SID = /^[A-Za-z0-9]*$/;
const ACTION = /^(?:\*|[A-Za-z0-9-]+):[A-Za-z0-9*?]+$/;
const RESOURCE = /^arn:[^:]+:[^:]+/;
const STS_ACTION = /^sts:/i;

/** An element with two forms, such as `Action` and `NotAction`: a statement must have exactly one of them. */
function validateEither(
  statement: JsonObject,
  element: 'Action' | 'Resource',
  checkText: (text: string) => readonly string[],
): readonly string[] {
  const forms = [element, `Not${element}`].filter((form) => form in statement);
  if (forms.length === 0)
    return [`Policy statement must contain ${element.toLowerCase()}s: neither ${element} nor Not${element} is present`];
  const both = forms.length > 1 ? [`has both ${element} and Not${element}; remove one of them`] : [];
  const messages = forms.flatMap((form) => {
    const texts = textsIn(statement[form]);
    if (texts === undefined) return [`${form} is ${shown(statement[form])}; wanted a text or a list of texts`];
    return texts.flatMap(checkText).map((message) => `${form}: ${message}`);
  });
  return [...both, ...messages];
}

function validateAction(kind: DocumentKind, action: string): readonly string[] {
  if (kind === 'trust' && !STS_ACTION.test(action))
    return [`AssumeRole policy may only specify STS AssumeRole actions, not ${shown(action)}`];
  return action === '*' || ACTION.test(action)
    ? []
    : [`Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc., unlike ${shown(action)}`];
}

function validateResource(resource: string): readonly string[] {
  // IAM completes an incomplete ARN with `*`.
  return resource === '*' || RESOURCE.test(resource) ? [] : [`Resource ${resource} must be in ARN format or "*"`];
}

function validateSid(sid: unknown): readonly string[] {
  return typeof sid === 'string' && SID.test(sid)
    ? []
    : [`Statement IDs (SID) must be alpha-numeric, A-Z, a-z and 0-9, unlike ${shown(sid)}`];
}

function validateElements(statement: JsonObject, kind: DocumentKind): readonly string[] {
  const unknown = Object.keys(statement).filter((element) => !STATEMENT_ELEMENTS.includes(element));
  const prohibited = PROHIBITED[kind].filter((element) => element in statement);
  return [
    ...unknown.map(
      (element) => `has the unknown element ${shown(element)}; a statement takes ${STATEMENT_ELEMENTS.join(', ')}`,
    ),
    ...prohibited.map((element) => `Has prohibited field ${element}: ${KIND_NAMES[kind]} must not have it`),
  ];
}

const KIND_NAMES: Readonly<Record<DocumentKind, string>> = {
  trust: 'a trust policy',
  identity: 'an identity policy',
};

/**
 * Checks one statement of a document.
 * @returns messages without the position of the statement; none for a well-formed statement
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
function validateStatement(statement: unknown, kind: DocumentKind): readonly string[] {
  if (!isObject(statement)) return [`is ${shown(statement)}; wanted an object`];
  const { Sid, Effect, Condition } = statement;
  const effect =
    Effect === 'Allow' || Effect === 'Deny' ? [] : [`Effect is ${shown(Effect)}; wanted "Allow" or "Deny"`];
  const principal = (): readonly string[] =>
    'Principal' in statement ? validatePrincipal(statement.Principal) : ['Missing required field Principal'];
  return [
    ...validateElements(statement, kind),
    ...('Sid' in statement ? validateSid(Sid) : []),
    ...effect,
    ...validateEither(statement, 'Action', (action) => validateAction(kind, action)),
    ...(kind === 'trust' ? principal() : validateEither(statement, 'Resource', validateResource)),
    ...('Condition' in statement ? validateCondition(Condition) : []),
  ];
}

const ACCOUNT = /^\d{12}$/;
const PARTITION = /^aws(-[a-z]+)*$/;
const NAME = '[\\w+=,.@-]+';
const PATH = '(?:[\\x21-\\x7e]+/)?';

/** Allowed resource parts of an ARN under `AWS`, by service. */
const AWS_RESOURCES: Readonly<Record<string, RegExp>> = {
  iam: new RegExp(`^(?:root|(?:role|user)/${PATH}${NAME})$`),
  sts: new RegExp(`^(?:assumed-role/${NAME}/${NAME}|federated-user/${NAME}|self)$`),
};

const PROVIDER = /^(?:oidc-provider\/.+|saml-provider\/.+)$/;

/**
 * Providers that have a host name instead of an ARN.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-federated-web-identity
 */
const WELL_KNOWN_PROVIDERS: readonly string[] = [
  'cognito-identity.amazonaws.com',
  'www.amazon.com',
  'graph.facebook.com',
  'accounts.google.com',
];

const SERVICE =
  /^[a-z0-9][a-z0-9-]*(?:\.[a-z0-9][a-z0-9-]*)*\.(?:amazonaws\.com|amazonaws\.com\.cn|amazon\.com|aws\.internal)$/;

function isArnOf(name: string, resources: Readonly<Record<string, RegExp>>): boolean {
  const arn = parseArn(name);
  if (arn?.region !== '' || !PARTITION.test(arn.partition) || !ACCOUNT.test(arn.account)) return false;
  // IAM allows no wildcard for a part of a name or ARN.
  return !/[*?]/.test(name) && (resources[arn.service]?.test(arn.resource) ?? false);
}

interface PrincipalRule {
  readonly accepts: (name: string) => boolean;
  readonly wanted: string;
}

/** The allowed names under each member of a trust policy's principal. */
const TRUST_PRINCIPALS: Readonly<Record<string, PrincipalRule>> = {
  AWS: {
    accepts: (name) => name === '*' || ACCOUNT.test(name) || isArnOf(name, AWS_RESOURCES),
    wanted: '"*", a 12-digit account id, or the whole ARN of an account root, role, user or session',
  },
  Service: { accepts: (name) => SERVICE.test(name), wanted: 'a service name such as "pods.eks.amazonaws.com"' },
  Federated: {
    accepts: (name) => WELL_KNOWN_PROVIDERS.includes(name) || isArnOf(name, { iam: PROVIDER }),
    wanted: 'the whole ARN of an OIDC or SAML provider',
  },
};

function validateNames(type: string, value: unknown): readonly string[] {
  const rule = TRUST_PRINCIPALS[type];
  if (rule === undefined)
    return [`Principal has the type ${shown(type)}; a trust policy takes ${Object.keys(TRUST_PRINCIPALS).join(', ')}`];
  const names = textsIn(value);
  if (names === undefined) return [`Principal.${type} is ${shown(value)}; wanted a text or a list of texts`];
  return names
    .filter((name) => !rule.accepts(name))
    .map((name) => `Invalid principal in policy: ${JSON.stringify(type)}:${shown(name)}; wanted ${rule.wanted}`);
}

/**
 * Checks the `Principal` of a trust policy's statement.
 * @returns messages; none if it is well formed
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
function validatePrincipal(principal: unknown): readonly string[] {
  if (principal === '*') return [];
  if (!isObject(principal) || Object.keys(principal).length === 0)
    return [`Principal is ${shown(principal)}; wanted "*" or an object such as {"Service": "pods.eks.amazonaws.com"}`];
  return Object.entries(principal).flatMap(([type, value]) => validateNames(type, value));
}

function isValue(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function validateKey(operator: string, key: string, value: unknown): readonly string[] {
  const messages: string[] = [];
  const at = `Condition.${operator}`;
  if (!key.includes(':'))
    messages.push(`${at} has the key ${shown(key)}; condition keys are prefaced by a vendor, e.g. aws:SourceAccount`);
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (!values.every(isValue))
    messages.push(`${at}.${key} is ${shown(value)}; wanted a text, number or truth value, or a list of them`);
  return messages;
}

function validateOperator(operator: string, keys: unknown): readonly string[] {
  const known =
    parseOperator(operator) === undefined
      ? [`Invalid Condition type : ${operator}; see the operators StringEquals, ArnLike, Bool, Null and so on`]
      : [];
  if (!isObject(keys)) return [...known, `Condition.${operator} is ${shown(keys)}; wanted an object of condition keys`];
  return [...known, ...Object.entries(keys).flatMap(([key, value]) => validateKey(operator, key, value))];
}

/**
 * Checks the `Condition` of a statement.
 * @returns messages; none if it is well formed
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
function validateCondition(condition: unknown): readonly string[] {
  if (!isObject(condition)) return [`Condition is ${shown(condition)}; wanted an object of condition operators`];
  return Object.entries(condition).flatMap(([operator, keys]) => validateOperator(operator, keys));
}
