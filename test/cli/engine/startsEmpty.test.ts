import { startsEmpty } from '../../../src/cli/engine/unrecorded';
import type { ChangeAction } from '../../../src/runners/stackCommands';

const root = (resource: object | undefined) => ({
  name: 'prod-identity',
  dependencies: [],
  files: new Map([['main.tf.json', JSON.stringify({ resource, output: { inventory: {} } })]]),
});
const TWO = { aws_iam_role: { api: {} }, aws_eks_addon: { agent: {} } };
const plan = (imported: number, ...actions: readonly ChangeAction[]) => ({
  counts: { import: imported, add: 0, change: 0, destroy: 0 },
  changes: actions.map((action, index) => ({ action, address: `aws_iam_role.r${index}`, type: 'aws_iam_role' })),
});

describe('a plan that finds an empty state', () => {
  it.each<[string, object | undefined, ReturnType<typeof plan>, boolean]>([
    ['creates everything', TWO, plan(0, 'create', 'create'), true],
    ['creates one and imports the other', TWO, plan(1, 'create', 'import'), true],
    ['creates one and imports the other with a change', TWO, plan(1, 'create', 'update'), true],
  ])('%s', (_, resource, one, expected) => {
    expect(startsEmpty(root(resource), one)).toBe(expected);
  });

  it.each<[string, object | undefined, ReturnType<typeof plan>]>([
    ['creates one of two', TWO, plan(0, 'create')],
    ['changes one and creates the other', TWO, plan(0, 'create', 'update')],
    ['replaces one', TWO, plan(0, 'create', 'replace')],
    ['imports everything, as after a recovery', TWO, plan(2, 'import', 'update')],
    ['has no resource', undefined, plan(0)],
    ['only destroys', undefined, plan(0, 'delete')],
  ])('is not one that %s', (_, resource, one) => {
    expect(startsEmpty(root(resource), one)).toBe(false);
  });
});
