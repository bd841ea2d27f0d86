import { type ParsedOperator, parseOperator } from '../conditions/parseOperator';
import type { ConditionValue, OneOrMany, Statement } from '../PolicyDocument';
import { type Axis, type Clause, onceEach } from './Axis';
import { listOf, oneOrList } from './listOf';
import { marked, mayVary, withoutDoubleStars } from './wildcards';

/** Operators that ask the same, by their names in lower case. */
const ALIKE: Readonly<Record<string, string>> = { arnequals: 'arnlike', arnnotequals: 'arnnotlike' };

/** What an operator that takes globs asks of values without any. */
const WITHOUT_GLOB: Readonly<Record<string, string>> = { stringlike: 'stringequals', stringnotlike: 'stringnotequals' };

/** Operators that do not count letter case. */
const CASELESS: ReadonlySet<string> = new Set(['bool', 'null', 'stringequalsignorecase', 'stringnotequalsignorecase']);

const GLOBS: ReadonlySet<string> = new Set(['stringlike', 'stringnotlike', 'arnlike', 'arnnotlike']);

/** The conditions of a statement, one axis for each operator and key; all of them must hold. */
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
  if (list.length === 0 || !isAnyOf(parsed))
    return { alternatives: [clause(list)], narrowed: (statement) => statement };
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

/** Whether the condition holds as soon as it does for one of its values: then each value is a condition of its own. */
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
  const plain = WITHOUT_GLOB[test] !== undefined && values.every((value) => !/[*?]/.test(value) && !mayVary(value));
  const asked = plain ? (WITHOUT_GLOB[test] ?? test) : test;
  // The parts that an operator's name has besides its test; a name that IAM does not know is its own.
  const around = parsed === undefined ? [written] : [parsed.set ?? '', parsed.ifExists];
  const text = JSON.stringify([...around, asked, key.toLowerCase(), texts]);
  const [value] = texts;
  const comparable = isAnyOf(parsed) && value !== undefined && texts.length === 1 && !mayVary(value);
  if (!comparable || !(asked === 'stringequals' || asked === 'stringlike')) return { text };
  const glob = { test: JSON.stringify([...around, key.toLowerCase()]), value, literal: asked === 'stringequals' };
  return { text, glob };
}

function valueText(test: string, value: string, variables: boolean): string {
  if (mayVary(value)) return marked(value, variables);
  if (CASELESS.has(test)) return value.toLowerCase();
  return GLOBS.has(test) ? withoutDoubleStars(value) : value;
}
