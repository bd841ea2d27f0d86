import type { OneOrMany, Statement } from '../PolicyDocument';
import { type Alternative, type Axis, onceEach } from './Axis';
import { listOf, oneOrList } from './listOf';
import { marked, withoutDoubleStars } from './wildcards';

/** What actions a statement speaks of. `*:*` is `*`: every action has a service. */
export function actionAxis(statement: Statement): Axis<Alternative> {
  return listAxis(statement, 'Action', 'NotAction', (action) => {
    const text = withoutDoubleStars(action.toLowerCase());
    return text === '*:*' ? '*' : text;
  });
}

/** What resources a statement speaks of; without either element, of the one that its policy is attached to. */
export function resourceAxis(statement: Statement, variables: boolean): Axis<Alternative> {
  return listAxis(statement, 'Resource', 'NotResource', (resource) => marked(withoutDoubleStars(resource), variables));
}

/** An element that is a list of patterns, and its opposite; a statement that has both, or neither, is known by its text alone. */
function listAxis(
  statement: Statement,
  element: 'Action' | 'Resource',
  opposite: 'NotAction' | 'NotResource',
  textOf: (written: string) => string,
): Axis<Alternative> {
  const { [element]: is, [opposite]: not } = statement;
  if (is === undefined || not !== undefined) {
    const both = [is, not].map((values) => (values === undefined ? 'none' : texts(values, textOf)));
    const form = is === undefined && not !== undefined ? 'not' : 'whole';
    return { alternatives: [{ form, text: JSON.stringify(both) }], narrowed: (whole) => whole };
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
