import type { Decision, FailedCondition, StatementAnswer, StatementRef } from './Decision';

function nameOf({ policy, index, sid }: StatementRef): string {
  return `${policy}, statement ${index}${sid === undefined ? '' : ` (${sid})`}`;
}

function quoted(values: readonly string[], word: 'or' | 'and'): string {
  return values.length === 0 ? 'nothing' : values.map((value) => JSON.stringify(value)).join(` ${word} `);
}

function explainCondition({ operator, key, wanted, found }: FailedCondition): string {
  const carried = found === undefined ? 'the request does not carry it' : `found ${quoted(found, 'and')}`;
  return `${operator} ${key}: wanted ${quoted(wanted, 'or')}, ${carried}`;
}

const SPEAKS_OF_ANOTHER: Readonly<Record<'principal' | 'action' | 'resource', string>> = {
  principal: 'does not name this caller',
  action: 'does not name this action',
  resource: 'does not name this resource',
};

function explainMiss(answer: StatementAnswer): string {
  if (answer.mismatch === undefined || answer.mismatch === 'condition') {
    const conditions = answer.failedConditions.map((condition) => `\n    ${explainCondition(condition)}`);
    return `  ${nameOf(answer)} would allow it, but not under these conditions:${conditions.join('')}`;
  }
  return `  ${nameOf(answer)} ${SPEAKS_OF_ANOTHER[answer.mismatch]}`;
}

/**
 * Says in a few lines why a request was allowed or denied: the statement that decided, or, where none allowed it, each
 * `Allow` that came to nothing and why, with key, wanted and found for each failing condition.
 * @returns text without a line break at its end
 */
export function explain(decision: Decision): string {
  const { action, allowed, decidedBy, reason } = decision;
  if (allowed) return `${action} is allowed${decidedBy === undefined ? '' : ` by ${nameOf(decidedBy)}`}.`;
  if (decidedBy !== undefined) return `${action} is denied: ${reason} by ${nameOf(decidedBy)}.`;
  const misses = decision.statements.filter(({ applies, statement }) => !applies && statement.Effect === 'Allow');
  // What missed by a condition only is what an operator looks for.
  const nearest = [
    ...misses.filter(({ mismatch }) => mismatch === 'condition'),
    ...misses.filter(({ mismatch }) => mismatch !== 'condition'),
  ];
  const none = decision.statements.length === 0 ? ['  There is no policy that speaks of it.'] : [];
  return [`${action} is denied: ${reason}.`, ...nearest.map(explainMiss), ...none].join('\n');
}
