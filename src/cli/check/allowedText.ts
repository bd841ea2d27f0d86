import { noticeCommand } from '../../inventory/formatFindings';
import type { Grant, GrantKind } from '../../operations/review/Review';
import { counted, type ReportStyle, table } from '../report';

/** What a grant is, in the words of the table. */
const WORDS: Readonly<Record<GrantKind, string>> = {
  administrator: 'administrator access',
  assume: 'assume a role',
  denial: 'a Deny is gone',
  wildcard: 'wildcard',
  'managed-policy': 'managed policy, document unknown',
  actions: 'new actions',
  conditions: 'fewer conditions',
  resources: 'new resources',
};

/** The table of what a change allows: to whom, and on what. */
export function allowedTable(allowed: readonly Grant[], { width }: ReportStyle): string {
  const rows = allowed.map((grant) => {
    const [who, what, on] = cellsOf(grant);
    return [grant.environment, grant.workload, who, WORDS[grant.kind], what, on];
  });
  return `${title(allowed)}\n${table(['environment', 'workload', 'to whom', 'what', 'actions', 'on'], rows, width)}`;
}

/** The same as one notice of a GitHub workflow, a line for each grant. */
export function allowedNotice(allowed: readonly Grant[]): string {
  const lines = allowed.map((grant) => {
    const [who = '', what = '', on = ''] = cellsOf(grant).map((cell) => cell.replaceAll('\n', ', '));
    return `${grant.environment}, ${grant.workload}: ${who}: ${WORDS[grant.kind]}: ${what === '' ? '' : `${what} on `}${on}`;
  });
  return noticeCommand('What this change allows', [title(allowed), ...lines].join('\n'));
}

function title(allowed: readonly Grant[]): string {
  return `This change allows ${counted(allowed.length, 'thing')} that the base does not:`;
}

/** To whom, the actions, and the resources with the conditions of a grant. */
function cellsOf({ who, actions, resources, conditions = {} }: Grant): readonly [string, string, string] {
  const tests = Object.entries(conditions).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => `${key} ${operator} ${[values].flat().join(', ')}`),
  );
  const on = tests.length === 0 ? resources : [...resources, `if ${tests.join(' and ')}`];
  return [[who], actions, on].map((lines) => lines.map(onOneLine).join('\n')) as [string, string, string];
}

/** A text of the inventory can have line breaks, and a line of its own could look like another row. */
function onOneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}
