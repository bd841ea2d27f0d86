import type { DocumentKind, JsonObject } from './DocumentKind';
import { isObject, shown, textsIn } from './DocumentKind';
import { validateCondition } from './validateCondition';
import { validatePrincipal } from './validatePrincipal';

const ELEMENTS: readonly string[] = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
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

/** The elements that a statement has in one of two forms, such as `Action` and `NotAction`: exactly one must stand. */
function validateEither(
  statement: JsonObject,
  element: 'Action' | 'Resource',
  checkText: (text: string) => readonly string[],
): readonly string[] {
  const forms = [element, `Not${element}`].filter((form) => form in statement);
  if (forms.length === 0)
    return [`Policy statement must contain ${element.toLowerCase()}s: neither ${element} nor Not${element} is there`];
  const both = forms.length > 1 ? [`has both ${element} and Not${element}; one of them must go`] : [];
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
  // An incomplete ARN is one too: IAM completes it with `*`.
  return resource === '*' || RESOURCE.test(resource) ? [] : [`Resource ${resource} must be in ARN format or "*"`];
}

function validateSid(sid: unknown): readonly string[] {
  return typeof sid === 'string' && SID.test(sid)
    ? []
    : [`Statement IDs (SID) must be alpha-numeric, A-Z, a-z and 0-9, unlike ${shown(sid)}`];
}

function validateElements(statement: JsonObject, kind: DocumentKind): readonly string[] {
  const unknown = Object.keys(statement).filter((element) => !ELEMENTS.includes(element));
  const prohibited = PROHIBITED[kind].filter((element) => element in statement);
  return [
    ...unknown.map((element) => `has the unknown element ${shown(element)}; a statement takes ${ELEMENTS.join(', ')}`),
    ...prohibited.map((element) => `Has prohibited field ${element}: it has no place in ${KIND_NAMES[kind]}`),
  ];
}

const KIND_NAMES: Readonly<Record<DocumentKind, string>> = {
  trust: 'a trust policy',
  identity: 'an identity policy',
};

/**
 * Checks one statement of a document.
 * @returns messages, none when it is well formed; they do not say which statement it was
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function validateStatement(statement: unknown, kind: DocumentKind): readonly string[] {
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
