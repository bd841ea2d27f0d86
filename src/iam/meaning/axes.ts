import {
  type ConditionValue,
  listOf,
  oneOrList,
  type OneOrMany,
  type PrincipalElement,
  type Statement,
} from '../PolicyDocument';
import { type ParsedOperator, parseOperator } from '../conditions/operators';

/** One alternative of an element of a statement. Equal texts of one form mean the same. */
export interface Alternative {
  /** `is`: the element names this. `not`: it names everything else. `whole`: only its text can be compared. */
  readonly form: 'is' | 'not' | 'whole';
  readonly text: string;
}

/** One condition of a statement. */
export interface Clause {
  /** Set, operator, key and values: equal texts mean the same. */
  readonly text: string;
  /** For a comparison with one text or one glob without variables: `test` is everything except the value. */
  readonly glob?: { readonly test: string; readonly value: string; readonly literal: boolean };
}

/**
 * An element of a statement as a list of alternatives: the statement applies when one of them does. A statement is the product of its
 * axes. So lists, order, and merged or split statements make no difference.
 */
export interface Axis<A> {
  readonly alternatives: readonly A[];
  /** The statement with only these alternatives, by index. Absent for one alternative. */
  readonly narrowed?: (statement: Statement, kept: ReadonlySet<number | undefined>) => Statement;
}

/** The alternatives of a list, each text once. */
function onceEach<A extends { readonly text: string }, W>(
  written: readonly W[],
  read: (one: W) => A,
): readonly { readonly alternative: A; readonly written: W }[] {
  return [
    ...new Map(
      written.map((one) => {
        const alternative = read(one);
        return [alternative.text, { alternative, written: one }];
      }),
    ).values(),
  ];
}

/** The actions of a statement. `*:*` is `*`: every action has a service. */
export function actionAxis(statement: Statement): Axis<Alternative> {
  return listAxis(statement, 'Action', 'NotAction', (action) => {
    const text = withoutDoubleStars(action.toLowerCase());
    return text === '*:*' ? '*' : text;
  });
}

/** The resources of a statement; without an element, the resource that its policy is attached to. */
export function resourceAxis(statement: Statement, variables: boolean): Axis<Alternative> {
  return listAxis(statement, 'Resource', 'NotResource', (resource) => marked(withoutDoubleStars(resource), variables));
}

/** An element with a list of patterns, and its opposite. A statement with both or neither is compared by its text. */
function listAxis(
  statement: Statement,
  element: 'Action' | 'Resource',
  opposite: 'NotAction' | 'NotResource',
  textOf: (written: string) => string,
): Axis<Alternative> {
  const { [element]: is, [opposite]: not } = statement;
  if (is === undefined || not !== undefined) {
    const both = [is, not].map((values) => (values === undefined ? null : texts(values, textOf)));
    const form = is === undefined && not !== undefined ? 'not' : 'whole';
    return { alternatives: [{ form, text: JSON.stringify(both) }] };
  }
  const values = onceEach(listOf(is), (written) => ({ form: 'is' as const, text: textOf(written) }));
  return {
    alternatives: values.map(({ alternative }) => alternative),
    narrowed: (whole, kept) => ({
      ...whole,
      [element]: oneOrList(values.filter((_, index) => kept.has(index)).map(({ written }) => written)),
    }),
  };
}

function texts(values: OneOrMany<string>, textOf: (written: string) => string): readonly string[] {
  return [...new Set(listOf(values).map(textOf))].toSorted();
}

const ROOT = /^arn:[\w-]+:iam::(\d{12}):root$/;

/** Everyone: `"*"`, and `{"AWS": "*"}` with any other member. */
export const EVERYONE: Alternative = { form: 'is', text: 'everyone' };

interface Name {
  readonly member: string;
  readonly name: string;
}

/**
 * The principals of a statement.
 * @param rootsAreIds whether the root ARN and the id of an account are the same name, as within one partition
 */
export function principalAxis({ Principal, NotPrincipal }: Statement, rootsAreIds: boolean): Axis<Alternative> {
  if (Principal === undefined || NotPrincipal !== undefined) {
    const both = [Principal, NotPrincipal].map((element) =>
      element === undefined ? null : principalTexts(element, rootsAreIds),
    );
    return { alternatives: [{ form: 'whole', text: JSON.stringify(both) }] };
  }
  if (Principal === '*' || namesEveryone(Principal)) return { alternatives: [EVERYONE] };
  const names = onceEach(namesOf(Principal), (one) => ({ form: 'is' as const, text: nameText(one, rootsAreIds) }));
  return {
    alternatives: names.map(({ alternative }) => alternative),
    narrowed: (statement, kept) => ({
      ...statement,
      Principal: elementOf(names.filter((_, index) => kept.has(index)).map(({ written }) => written)),
    }),
  };
}

type Members = Exclude<PrincipalElement, '*'>;

function namesEveryone({ AWS }: Members): boolean {
  return listOf<string | undefined>(AWS).includes('*');
}

function namesOf(element: Members): readonly Name[] {
  return Object.entries<OneOrMany<string>>(element).flatMap(([member, names]) =>
    listOf(names).map((name) => ({ member, name })),
  );
}

function nameText({ member, name }: Name, rootsAreIds: boolean): string {
  return `${member} ${member === 'AWS' && rootsAreIds ? name.replace(ROOT, '$1') : name}`;
}

function principalTexts(element: PrincipalElement, rootsAreIds: boolean): readonly string[] {
  if (element === '*' || namesEveryone(element)) return [EVERYONE.text];
  return [...new Set(namesOf(element).map((name) => nameText(name, rootsAreIds)))].toSorted();
}

function elementOf(names: readonly Name[]): PrincipalElement {
  const members = [...new Set(names.map(({ member }) => member))];
  return Object.fromEntries(
    members.map((member) => [member, oneOrList(names.filter((one) => one.member === member).map(({ name }) => name))]),
  );
}

/** Operators with the same meaning, by their names in lower case. */
const ALIKE: Readonly<Record<string, string>> = { arnequals: 'arnlike', arnnotequals: 'arnnotlike' };

/** The operator with the same meaning for values without wildcards. */
const WITHOUT_GLOB: Readonly<Record<string, string>> = { stringlike: 'stringequals', stringnotlike: 'stringnotequals' };

/** Operators that are not case sensitive. */
const CASELESS: ReadonlySet<string> = new Set(['bool', 'null', 'stringequalsignorecase', 'stringnotequalsignorecase']);

const GLOBS: ReadonlySet<string> = new Set(['stringlike', 'stringnotlike', 'arnlike', 'arnnotlike']);

/** The conditions of a statement, one axis for each operator and key. All of them must be true. */
export function conditionAxes({ Condition = {} }: Statement, variables: boolean): readonly Axis<Clause>[] {
  return Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => conditionAxis(operator, key, values, variables)),
  );
}

function conditionAxis(
  operator: string,
  key: string,
  values: OneOrMany<ConditionValue>,
  variables: boolean,
): Axis<Clause> {
  const list = listOf(values);
  const parsed = parseOperator(operator);
  const clause = (some: readonly ConditionValue[]) => clauseOf(operator, parsed, key, some.map(String), variables);
  if (list.length === 0 || !isAnyOf(parsed)) return { alternatives: [clause(list)] };
  const each = onceEach(list, (value) => clause([value]));
  return {
    alternatives: each.map(({ alternative }) => alternative),
    narrowed: (statement, kept) => ({
      ...statement,
      Condition: {
        ...statement.Condition,
        [operator]: {
          ...statement.Condition?.[operator],
          [key]: oneOrList(each.filter((_, index) => kept.has(index)).map(({ written }) => written)),
        },
      },
    }),
  };
}

/** Whether one matching value makes the condition true: then each value is an alternative. */
function isAnyOf(parsed: ParsedOperator | undefined): boolean {
  if (parsed === undefined || parsed.set === 'ForAllValues') return false;
  return parsed.test === 'Null' || !parsed.test.negated;
}

function clauseOf(
  operator: string,
  parsed: ParsedOperator | undefined,
  key: string,
  values: readonly string[],
  variables: boolean,
): Clause {
  const written = operator.toLowerCase();
  const name = written.replace(/^for(?:all|any)values?:/, '').replace(/ifexists$/, '');
  const test = ALIKE[name] ?? name;
  const texts = [...new Set(values.map((value) => valueText(test, value, variables)))].toSorted();
  const plain = values.every((value) => !/[*?]/.test(value) && !mayVary(value));
  const asked = plain ? (WITHOUT_GLOB[test] ?? test) : test;
  // The other parts of the operator's name. A name that is not IAM's has no parts.
  const around = parsed === undefined ? [written] : [parsed.set, parsed.ifExists];
  const text = JSON.stringify([...around, asked, key.toLowerCase(), texts]);
  const [value] = texts;
  // A condition that one matching value makes true has one value here.
  const comparable = isAnyOf(parsed) && value !== undefined && !mayVary(value);
  if (!comparable || !(asked === 'stringequals' || asked === 'stringlike')) return { text };
  const glob = { test: JSON.stringify([...around, key.toLowerCase()]), value, literal: asked === 'stringequals' };
  return { text, glob };
}

function valueText(test: string, value: string, variables: boolean): string {
  if (mayVary(value)) return marked(value, variables);
  if (CASELESS.has(test)) return value.toLowerCase();
  return GLOBS.has(test) ? withoutDoubleStars(value) : value;
}

/** Whether a text may contain a policy variable. Such texts are not compared as patterns. */
export function mayVary(text: string): boolean {
  return text.includes('${');
}

/** A run of `*` is one `*`. A text with a variable stays unchanged: a `*` in it may belong to a name. */
function withoutDoubleStars(text: string): string {
  return mayVary(text) ? text : text.replace(/\*{2,}/g, '*');
}

/** A value with `${` has another meaning in a document whose version has no variables. */
function marked(text: string, variables: boolean): string {
  return mayVary(text) && !variables ? `no variable: ${text}` : text;
}
