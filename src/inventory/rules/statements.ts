// What the rules look for in the statements of permissions.

import type { Statement } from '../../iam/PolicyDocument';
import type { Segments } from '../Finding';
import { action as actionFormat } from '../formats/awsFormats';
import { fits } from '../formats/Format';
import type { HeldStatement, Holder, Model } from '../resolve/Model';

/** The pairs of elements of which a policy statement does not have exactly one, each with the words for it. */
export function* pairedWrongly<T extends string>(
  statement: Readonly<Partial<Record<T, unknown>>>,
  pairs: readonly (readonly [T, T])[],
): Generator<{ readonly has: string; readonly oneOf: string }> {
  for (const [one, other] of pairs) {
    const [first, second] = [statement[one] !== undefined, statement[other] !== undefined];
    if (first === second)
      yield { has: first ? `both ${one} and ${other}` : `neither ${one} nor ${other}`, oneOf: `${one} and ${other}` };
  }
}

/** The actions with the right format, except `*`. */
export function* actionsOf({ statement, at }: HeldStatement) {
  for (const [index, action] of statement.actions.entries()) {
    if (action === '*' || !fits(actionFormat, action)) continue;
    const [service = '', name = ''] = action.split(':');
    yield { action, service, name, path: () => at('actions', index) };
  }
}

/** The condition keys with their values. */
export function* conditionsOf({ statement, at }: HeldStatement) {
  for (const [operator, keys] of Object.entries(statement.conditions ?? {}))
    for (const [key, value] of Object.entries(keys))
      yield { operator, key, value, path: (...rest: Segments) => at('conditions', operator, key, ...rest) };
}

/** The resources and the values of conditions. */
export function* textsOf(held: HeldStatement): Generator<{ readonly text: string; readonly path: () => Segments }> {
  for (const [index, text] of held.statement.resources.entries())
    yield { text, path: () => held.at('resources', index) };
  for (const { value, path } of conditionsOf(held)) {
    if (typeof value === 'string') yield { text: value, path };
    else for (const [index, text] of value.entries()) yield { text, path: () => path(index) };
  }
}

/** A principal tag or request tag that a statement uses, as a condition key or as a policy variable. */
interface TagUse {
  /** As written: `aws:PrincipalTag/kubernetes-namespace`. */
  readonly key: string;
  readonly kind: string;
  readonly tag: string;
  readonly path: Segments;
  readonly at?: 'key';
}

const KEY = /^aws:(principal|request)tag\/(.+)$/i;
const VARIABLE = /\$\{\s*(aws:(?:principal|request)tag\/[^{},]+)(?:,[^{}]*)?\}/gi;

/** The tags that a statement uses. */
export function* tagUses(held: HeldStatement): Generator<TagUse> {
  for (const { key, path } of conditionsOf(held)) yield* tagUse(key, path, 'key');
  for (const { text, path } of textsOf(held))
    if (text.includes('${')) for (const [, key = ''] of text.matchAll(VARIABLE)) yield* tagUse(key.trimEnd(), path);
}

function* tagUse(key: string, path: () => Segments, at?: 'key'): Generator<TagUse> {
  const [, kind, tag] = KEY.exec(key) ?? [];
  if (kind !== undefined && tag !== undefined)
    yield { key, kind: kind.toLowerCase(), tag, path: path(), ...(at && { at }) };
}

/** A statement as a policy has it, of `statements` or of `inlinePolicies`. */
export interface PolicyStatement {
  readonly holder: Holder;
  readonly statement: Statement;
  /** The path of one of its parts, named as in a policy: `Resource`, 0. */
  readonly path: (part: Segments) => Segments;
  /** Why the inventory has it, where it says so. */
  readonly because?: string;
}

const WRITTEN: ReadonlyMap<unknown, string> = new Map([
  ['Condition', 'conditions'],
  ['Action', 'actions'],
]);

/** The statements of all roles, also those of documents. */
export function* policyStatements({ holders, statements }: Model): Generator<PolicyStatement> {
  for (const { holder, statement, at } of statements) {
    const { effect = 'Allow', actions, resources, conditions, because } = statement;
    yield {
      holder,
      statement: {
        Effect: effect,
        Action: actions,
        Resource: resources,
        ...(conditions !== undefined && { Condition: conditions }),
      },
      path: ([element, ...rest]) => at(WRITTEN.get(element) ?? 'resources', ...rest),
      ...(because !== undefined && { because }),
    };
  }
  for (const holder of holders)
    for (const [name, { Statement: all }] of Object.entries(holder.permissions.inlinePolicies)) {
      const several = Array.isArray(all);
      for (const [index, statement] of [all].flat().entries())
        yield {
          holder,
          statement,
          path: (part) =>
            holder.placed.at(
              ...holder.field,
              'inlinePolicies',
              name,
              'Statement',
              ...(several ? [index] : []),
              ...part,
            ),
        };
    }
}

/** The path of a value of `Action` or `Resource`, which stands alone or in a list. */
export function partOf(statement: Statement, element: 'Action' | 'Resource', value: string): Segments {
  const all = statement[element];
  return Array.isArray(all) ? [element, (all as readonly string[]).indexOf(value)] : [element];
}
