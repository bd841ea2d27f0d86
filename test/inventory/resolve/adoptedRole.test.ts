import type { Workload } from '../../../inventory/Inventory';
import { changed, checkMarked } from '../marked';

/** The workload in dev, whose environment has defaults for roles, with `fields` in its own role. */
function adopted(fields: string): Workload {
  const text = changed({
    replace: {
      'clusters:\n      main:\n        name: dev':
        'role: { path: /podlift/, permissionsBoundary: "arn:aws:iam::111111111111:policy/b", maxSessionDuration: 7200 }\n    clusters:\n      main:\n        name: dev',
    },
    append: `    environments: [dev]\n    role: { ${fields} }\n    targets: { ledger: { account: apps } }\n`,
  });
  const { loaded } = checkMarked({ 'inventory.yaml': text });
  expect(loaded.findings).toEqual([]);
  return loaded.inventory!.environments[0]!.workloads[0]!;
}

describe('an adopted role', () => {
  it('takes no defaults of its environment: it stays as it stands in AWS', () => {
    expect(adopted('name: legacy, adopt: true').role).toEqual({ name: 'legacy', path: '/', adopt: true });
  });

  it('has what is written at the workload itself', () => {
    const own = 'path: /old/, permissionsBoundary: "arn:aws:iam::aws:policy/PowerUserAccess", maxSessionDuration: 3600';
    expect(adopted(`name: legacy, adopt: true, ${own}`).role).toEqual({
      name: 'legacy',
      path: '/old/',
      permissionsBoundary: 'arn:aws:iam::aws:policy/PowerUserAccess',
      maxSessionDuration: 3600,
      adopt: true,
    });
  });

  it('leaves the defaults to the targets, which podlift builds', () => {
    expect(adopted('name: legacy, adopt: true').targets[0]!.role).toMatchObject({
      path: '/podlift/',
      maxSessionDuration: 7200,
    });
  });

  it('has them again once it is not adopted', () => {
    expect(adopted('name: legacy').role).toMatchObject({ path: '/podlift/', maxSessionDuration: 7200, adopt: false });
  });
});
