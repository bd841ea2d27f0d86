import { parseOperator } from './conditions/operators';
import {
  at,
  type DocumentKind,
  isObject,
  type JsonObject,
  LEGACY,
  NO_VENDOR,
  type OrderedProblem,
  type Path,
  shown,
  SID_CHARACTERS,
  syntax,
  textsIn,
} from './documentProblem';
import { validatePrincipal } from './validatePrincipal';
import { isPolicyDate, resourceMistake } from './validateResource';

const STATEMENT_ELEMENTS: readonly string[] = [
  ...['Sid', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction'],
  ...['Resource', 'NotResource', 'Condition'],
];

const SID = /^[A-Za-z0-9]*$/;
const VENDOR = /^(?:\*|[A-Za-z0-9.-]+)$/;
const STS_ACTION = /^sts:/i;

/** An element with two forms, such as `Action` and `NotAction`: a statement must have exactly one of them. */
function validateEither(
  statement: JsonObject,
  element: 'Action' | 'Resource',
  path: Path,
  checkText: (text: string, path: Path) => readonly OrderedProblem[],
): readonly OrderedProblem[] {
  const forms = [element, `Not${element}`].filter((form) => form in statement);
  const empty = forms.filter((form) => Array.isArray(statement[form]) && statement[form].length === 0);
  const missing: OrderedProblem = {
    step: element === 'Action' ? 'no action' : 'no resource',
    message: `Policy statement must contain ${element.toLowerCase()}s.`,
    detail: forms.length === 0 ? `neither ${element} nor Not${element} is present` : `${empty.join()} is []`,
    path: [...path, ...empty],
  };
  const both = `both ${element} and Not${element} are present; remove one of them`;
  const problems = forms.flatMap((form) => {
    const value = statement[form];
    const texts = textsIn(value);
    const here = [...path, form];
    if (texts === undefined) return [syntax(here, `${form} is ${shown(value)}; wanted a text or a list of texts`)];
    return texts.flatMap((text, index) => checkText(text, at(here, value, index)));
  });
  return [
    ...(forms.length === 0 || empty.length > 0 ? [missing] : []),
    ...(forms.length > 1 ? [syntax(path, both)] : []),
    ...problems,
  ];
}

/** Source: getmoto/moto moto/iam/policy_validation.py. IAM takes any text after the colon. */
function validateAction(kind: DocumentKind, action: string, path: Path): readonly OrderedProblem[] {
  if (kind === 'trust' && !STS_ACTION.test(action))
    return [
      {
        step: 'trust',
        message: 'AssumeRole policy may only specify STS AssumeRole actions.',
        detail: `${shown(action)} is of another service`,
        path,
      },
    ];
  const [vendor = '', ...names] = action.split(':');
  const wrong = (message: string): readonly OrderedProblem[] => [
    { step: 'action', message, detail: `${shown(action)} is no action; wanted SERVICE:ACTION`, path },
  ];
  if (names.length === 0) return vendor === '*' ? [] : wrong(NO_VENDOR);
  if (names.length > 1) return wrong('Actions/Condition can contain only one colon.');
  return VENDOR.test(vendor) ? [] : wrong(`Vendor ${vendor} is not valid`);
}

function validateResource(resource: string, path: Path): readonly OrderedProblem[] {
  const message = resourceMistake(resource);
  if (message === undefined) return [];
  return [
    {
      step: message === LEGACY ? 'legacy' : 'resource',
      message,
      detail: `the resource is ${shown(resource)}; wanted arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE, in IAM and S3 with an empty REGION`,
      path,
    },
  ];
}

/** Source of the texts: reports of CreateRole and PutRolePolicy; for an identity policy versity/versitygw, which copies IAM. */
function validateElements(statement: JsonObject, kind: DocumentKind, path: Path): readonly OrderedProblem[] {
  const unknown = Object.keys(statement)
    .filter((element) => !STATEMENT_ELEMENTS.includes(element))
    .map((element) =>
      syntax(
        [...path, element],
        `the unknown element ${shown(element)}; a statement takes ${STATEMENT_ELEMENTS.join(', ')}`,
      ),
    );
  const prohibited = (kind === 'trust' ? ['NotPrincipal', 'Resource', 'NotResource'] : ['Principal', 'NotPrincipal'])
    .filter((element) => element in statement)
    .map((element): OrderedProblem => {
      const message =
        kind === 'trust' ? `Has prohibited field ${element}.` : 'Policy document should not specify a principal.';
      const which = kind === 'trust' ? 'a trust policy' : 'an identity policy';
      return { step: 'trust', message, detail: `${which} has no ${element}`, path: [...path, element] };
    });
  return [...unknown, ...prohibited];
}

function validateEffect({ Effect }: JsonObject, path: Path): readonly OrderedProblem[] {
  if (Effect === 'Allow' || Effect === 'Deny') return [];
  const detail = `Effect is ${shown(Effect)}; wanted "Allow" or "Deny"`;
  const here = Effect === undefined ? path : [...path, 'Effect'];
  return typeof Effect === 'string' && /^(allow|deny)$/i.test(Effect)
    ? [{ step: 'legacy', message: LEGACY, detail, path: here }]
    : [syntax(here, detail)];
}

function validateSid({ Sid }: JsonObject, path: Path): readonly OrderedProblem[] {
  if (typeof Sid !== 'string') return [syntax([...path, 'Sid'], `Sid is ${shown(Sid)}; wanted a text`)];
  if (SID.test(Sid)) return [];
  return [{ step: 'sid', message: SID_CHARACTERS, detail: `Sid is ${shown(Sid)}`, path: [...path, 'Sid'] }];
}

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html */
export function validateStatement(statement: unknown, kind: DocumentKind, path: Path): readonly OrderedProblem[] {
  if (!isObject(statement)) return [syntax(path, `the statement is ${shown(statement)}; wanted an object`)];
  return [
    ...validateElements(statement, kind, path),
    ...('Sid' in statement ? validateSid(statement, path) : []),
    ...validateEffect(statement, path),
    ...validateEither(statement, 'Action', path, (action, here) => validateAction(kind, action, here)),
    ...(kind === 'trust'
      ? validatePrincipal(statement, path)
      : validateEither(statement, 'Resource', path, validateResource)),
    ...('Condition' in statement ? validateCondition(statement.Condition, [...path, 'Condition']) : []),
  ];
}

function isValue(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function validateKey(operator: string, key: string, value: unknown, path: Path): readonly OrderedProblem[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (!values.every(isValue))
    return [
      syntax(path, `${operator} ${key} is ${shown(value)}; wanted a text, number or truth value, or a list of them`),
    ];
  const problems: OrderedProblem[] = [];
  if (!key.includes(':'))
    problems.push({ step: 'action', message: NO_VENDOR, detail: `${operator} has the key ${shown(key)}`, path });
  if (/^(ForA(ny|ll)Values?:)?Date/.test(operator))
    for (const [index, one] of values.entries())
      if (!isPolicyDate(String(one)))
        problems.push({
          step: 'legacy',
          message: LEGACY,
          detail: `${shown(one)} is no date; wanted one such as 2026-12-31T00:00:00Z, or seconds since 1970`,
          path: at(path, value, index),
        });
  return problems;
}

function validateOperator(operator: string, keys: unknown, path: Path): readonly OrderedProblem[] {
  if (!isObject(keys)) return [syntax(path, `${operator} is ${shown(keys)}; wanted an object of condition keys`)];
  const known =
    parseOperator(operator) === undefined
      ? [syntax(path, `${operator} is no condition operator such as StringEquals, ArnLike, Bool or Null`)]
      : [];
  return [
    ...known,
    ...Object.entries(keys).flatMap(([key, value]) => validateKey(operator, key, value, [...path, key])),
  ];
}

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html */
function validateCondition(condition: unknown, path: Path): readonly OrderedProblem[] {
  if (!isObject(condition)) return [syntax(path, `Condition is ${shown(condition)}; wanted an object of operators`)];
  return Object.entries(condition).flatMap(([operator, keys]) => validateOperator(operator, keys, [...path, operator]));
}
