import { parseOperator } from './conditions/operators';
import { oneLine } from './oneLine';
import type {
  DecidingCondition,
  Decision,
  FailedCondition,
  OpenCondition,
  StatementAnswer,
  StatementRef,
} from './Decision';

function nameOf({ policy, index, sid }: StatementRef): string {
  return oneLine(`${policy}, statement ${index}${sid === undefined ? '' : ` (${sid})`}`);
}

function quoted(values: readonly string[], word: 'or' | 'and'): string {
  return values.length === 0 ? 'nothing' : values.map((value) => JSON.stringify(value)).join(` ${word} `);
}

function explainWanted({ operator, wanted }: FailedCondition): string {
  const test = parseOperator(operator)?.test;
  if (test === 'Null') return wanted.includes('true') ? 'wanted it absent' : 'wanted it present';
  return `wanted ${test?.negated === true ? 'anything but ' : ''}${quoted(wanted, 'or')}`;
}

/** A condition as a policy writes it: `IpAddress aws:SourceIp: "203.0.113.0/24"`. */
function conditionText({ operator, key, wanted }: OpenCondition): string {
  return oneLine(`${operator} ${key}: ${quoted(wanted, 'or')}`);
}

/** A condition on which a decision depends, as a policy writes it, and what it does. */
function explainOpen(condition: DecidingCondition): string {
  const { of } = condition;
  return `${of.statement.Effect === 'Allow' ? 'allowed if' : 'denied if'} ${conditionText(condition)} (${nameOf(of)})`;
}

const MOST_CONDITIONS = 4;

/** On which conditions something depends, in one line: at most four of them, and the number of further ones. */
export function dependsText(dependsOn: readonly DecidingCondition[]): string {
  const texts = distinct(dependsOn.map(conditionText));
  const more = texts.length - MOST_CONDITIONS;
  return `depends on ${texts.slice(0, MOST_CONDITIONS).join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

/** What each condition does on which something depends, and in which statement it is: a line for each. */
export function explainConditions(dependsOn: readonly DecidingCondition[]): readonly string[] {
  return distinct(dependsOn.map(explainOpen)).map((line) => `  ${line}`);
}

function explainCondition(condition: FailedCondition): string {
  const { operator, key, found } = condition;
  const carried = found === undefined ? 'the request does not carry it' : `found ${quoted(found, 'and')}`;
  return oneLine(`${operator} ${key}: ${explainWanted(condition)}, ${carried}`);
}

const MISMATCHES: Readonly<Record<'principal' | 'action' | 'resource', string>> = {
  principal: 'does not name this caller',
  action: 'does not name this action',
  resource: 'does not name this resource',
};

function explainMiss(answer: StatementAnswer): string {
  if (answer.mismatch === undefined) {
    const conditions = (answer.openConditions ?? []).map((condition) => `\n    ${conditionText(condition)}`);
    return `  ${nameOf(answer)} would allow it under these conditions:${conditions.join('')}`;
  }
  if (answer.mismatch === 'condition') {
    const conditions = answer.failedConditions.map((condition) => `\n    ${explainCondition(condition)}`);
    return `  ${nameOf(answer)} would allow it, but not under these conditions:${conditions.join('')}`;
  }
  return `  ${nameOf(answer)} ${MISMATCHES[answer.mismatch]}: ${writtenText(answer)}`;
}

/** More characters of a statement's element are not shown. */
const MOST_SHOWN = 200;

/** The element of a statement that does not match, as the statement has it: `Action "sts:AssumeRole"`. */
function writtenText({ mismatch, statement }: StatementAnswer): string {
  const { Principal, NotPrincipal, Action, NotAction, Resource, NotResource } = statement;
  const elements =
    mismatch === 'principal'
      ? { Principal, NotPrincipal }
      : mismatch === 'action'
        ? { Action, NotAction }
        : { Resource, NotResource };
  const texts = Object.entries(elements).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name} ${JSON.stringify(value)}`],
  );
  const text = oneLine(texts.join(', ') || 'none');
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
}

/** The conditions of a statement that denied: all of them are true of the request. */
function explainDeny({ statement: { Condition = {} } }: StatementRef): string {
  const conditions = Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => ({ operator, key, wanted: [values].flat().map(String) })),
  );
  return conditions.length === 0
    ? '.'
    : `, since these conditions hold:${conditions.map((one) => `\n    ${conditionText(one)}`).join('')}`;
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}

const MOST_STATEMENTS = 4;

/**
 * The `Allow` statements that did not apply, in policies without one that applies. Statements where only a condition failed replace all
 * others.
 */
function nearestMisses({ statements }: Decision): readonly StatementAnswer[] {
  const speaking = new Set(statements.filter(({ applies }) => applies).map(({ policy }) => policy));
  const misses = statements.filter(({ policy, statement }) => statement.Effect === 'Allow' && !speaking.has(policy));
  const conditional = misses.filter(({ mismatch }) => mismatch === 'condition');
  return conditional.length > 0 ? conditional : misses;
}

/**
 * Explains a decision in a few lines: the statement that decided, or, if no statement allowed the request, the nearest `Allow` statements
 * and why they did not apply, with key, wanted and found values of each failed condition. A decision that depends on the request names the
 * conditions.
 * @returns text without a final line break; at most four statements, and the number of further ones
 */
export function explain(decision: Decision): string {
  const { action, allowed, decidedBy, dependsOn, reason } = decision;
  if (allowed) return `${action} is allowed${decidedBy === undefined ? '' : ` by ${nameOf(decidedBy)}`}.`;
  if (dependsOn !== undefined) return [`${action} depends on the request:`, ...explainConditions(dependsOn)].join('\n');
  if (decidedBy !== undefined) return `${action} is denied: ${reason} by ${nameOf(decidedBy)}${explainDeny(decidedBy)}`;
  const misses = nearestMisses(decision);
  const more = misses.length - MOST_STATEMENTS;
  return [
    `${action} is denied: ${reason}.`,
    ...misses.slice(0, MOST_STATEMENTS).map(explainMiss),
    ...(more > 0 ? [`  and ${more} more ${more === 1 ? 'statement that does' : 'statements that do'} not apply`] : []),
    ...(misses.length === 0 ? ['  No Allow statement applies to it.'] : []),
  ].join('\n');
}
