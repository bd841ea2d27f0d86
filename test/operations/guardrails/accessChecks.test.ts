import { iamActions } from '../../../src/inventory/iamCatalogue';
import { accessChecks, tooPermissive } from '../../../src/operations/guardrails/accessChecks';
import { compile } from '../../../src/blueprint/compile';
import { loadInventory } from '../../../src/inventory/loadInventory';
import type { Statement } from '../../../src/iam/PolicyDocument';
import { inventoryOfKinds } from '../../proof/proofFixtures';

const inventory = inventoryOfKinds();
const { roles, targetRoles } = compile(inventory, 'prod');
const all = [...roles, ...targetRoles];
const checks = accessChecks(all);

describe('the checks are ones that Access Analyzer takes', () => {
  it('every action exists', () => {
    const actions = checks.flatMap(({ access }) => access.actions);
    const unknown = actions.filter((action) => {
      const [service = '', name = ''] = action.split(':');
      return !iamActions(service).has(name.toLowerCase());
    });
    expect(unknown).toEqual([]);
    expect(new Set(actions).size).toBe(actions.length);
  });

  it('at most 100 actions and 100 resources in one list', () => {
    const many = Array.from({ length: 250 }, (_, index) => ({
      arn: `arn:aws:iam::${String(100_000_000_000 + index)}:role/x`,
    }));
    const lists = accessChecks(many).map(({ name, access: { actions, resources = [] } }) => {
      expect(actions.length).toBeLessThanOrEqual(100);
      return [name, resources.length];
    });
    expect(lists).toEqual([
      ['administration', 0],
      ['any-role', 100],
      ['any-role-2', 100],
      ['any-role-3', 50],
    ]);
  });
});

describe('roles that podlift compiles pass', () => {
  it('with targets by the app and by EKS', () => {
    expect(all.length).toBeGreaterThan(6);
    expect(all.flatMap((role) => tooPermissive(role, checks))).toEqual([]);
  });

  it.each(['inventory.yaml', 'test/inventory/fixtures/design.yaml'])('of %s', (file) => {
    const loaded = loadInventory(file).inventory!;
    for (const { key } of loaded.environments) {
      const blueprint = compile(loaded, key);
      const own = [...blueprint.roles, ...blueprint.targetRoles];
      expect(own.flatMap((role) => tooPermissive(role, accessChecks(own)))).toEqual([]);
    }
  });
});

describe('a role with too wide a statement fails', () => {
  const [role] = roles;
  const found = (statement: Partial<Statement>) =>
    tooPermissive(
      {
        ...role!,
        inlinePolicies: [
          {
            name: 'own',
            document: { Version: '2012-10-17', Statement: { Effect: 'Allow', Resource: '*', ...statement } },
          },
        ],
      },
      checks,
    ).map(({ check, policy }) => `${check} by ${policy}`);

  it.each<[string, Partial<Statement>, readonly string[]]>([
    ['everything', { Action: '*' }, ['administration by own', 'any-role by own']],
    ['all of IAM', { Action: 'iam:*' }, ['administration by own', 'any-role by own']],
    ['all but S3', { NotAction: 's3:*' }, ['administration by own', 'any-role by own']],
    ['associations', { Action: 'eks:*PodIdentityAssociation' }, ['administration by own']],
    [
      'a policy of one role',
      { Action: 'iam:PutRolePolicy', Resource: 'arn:aws:iam::1:role/x' },
      ['administration by own'],
    ],
    ['every role', { Action: 'sts:AssumeRole' }, ['any-role by own']],
    ['passing every role', { Action: 'iam:PassRole' }, ['any-role by own']],
    ['one role', { Action: 'sts:AssumeRole', Resource: 'arn:aws:iam::444444444444:role/ledger' }, []],
    ['passing one role', { Action: 'iam:PassRole', Resource: 'arn:aws:iam::333333333333:role/node' }, []],
    ['reading IAM', { Action: ['iam:Get*', 'iam:List*'] }, []],
    ['all of S3', { Action: 's3:*' }, []],
  ])('%s', (_, statement, expected) => {
    expect(found(statement)).toEqual(expected);
  });
});
