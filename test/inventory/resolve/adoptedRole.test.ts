import type { Workload } from '../../../src/inventory/Inventory';
import { changed, checkMarked } from '../marked';

const POLICY =
  '    permissions: { inlinePolicies: { s3-read: { Version: "2012-10-17", Statement: { Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::x/{bucket}/${aws:username}" } } } }\n';
const NOTHING_FOUND = { tags: {}, imports: { managedPolicies: [], inlinePolicies: [], associations: {} } };

/** The workload in dev, whose environment has defaults for roles, with `fields` in its own role. */
function adopted(fields: string, more = ''): Workload {
  const text = changed({
    replace: {
      'clusters:\n      main:\n        name: dev':
        'role: { path: /podlift/, permissionsBoundary: "arn:aws:iam::111111111111:policy/b", maxSessionDuration: 7200 }\n    clusters:\n      main:\n        name: dev',
    },
    append: `    environments: [dev]\n    role: { ${fields} }\n    targets: { ledger: { account: apps } }\n${more}`,
  });
  const { loaded } = checkMarked({ 'inventory.yaml': text });
  expect(loaded.findings).toEqual([]);
  return loaded.inventory!.environments[0]!.workloads[0]!;
}

describe('an adopted role', () => {
  it('takes no defaults of its environment: it stays as it stands in AWS', () => {
    expect(adopted('name: legacy, adopt: true').role).toEqual({
      name: 'legacy',
      path: '/',
      adopt: true,
      ...NOTHING_FOUND,
    });
  });

  it('has what is written at the workload itself', () => {
    const own = 'path: /old/, permissionsBoundary: "arn:aws:iam::aws:policy/PowerUserAccess", maxSessionDuration: 3600';
    expect(adopted(`name: legacy, adopt: true, ${own}`).role).toEqual({
      name: 'legacy',
      path: '/old/',
      permissionsBoundary: 'arn:aws:iam::aws:policy/PowerUserAccess',
      maxSessionDuration: 3600,
      adopt: true,
      ...NOTHING_FOUND,
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

  it('has what was found with it: description, tags, documents, and what is imported', () => {
    const own = `description: Reads orders., tags: { Team: shop }, imports: { inlinePolicies: [s3-read], associations: { main: a-1 } },
      adoptedTrust: { because: as it was found, podIdentity: [{ Effect: Allow, Principal: { Service: pods.eks.amazonaws.com }, Action: ["sts:AssumeRole", "sts:TagSession"] }] }`;
    expect(adopted(`name: legacy, adopt: true, ${own.replace(/\s*\n\s*/g, ' ')}`, POLICY).role).toEqual({
      name: 'legacy',
      path: '/',
      adopt: true,
      description: 'Reads orders.',
      tags: { Team: 'shop' },
      imports: { managedPolicies: [], inlinePolicies: ['s3-read'], associations: { main: 'a-1' } },
      adoptedTrust: {
        because: 'as it was found',
        podIdentity: [
          {
            Effect: 'Allow',
            Principal: { Service: 'pods.eks.amazonaws.com' },
            Action: ['sts:AssumeRole', 'sts:TagSession'],
          },
        ],
      },
    });
  });

  it('has its inline policies word for word: braces in them are nobody’s names', () => {
    expect(adopted('name: legacy, adopt: true', POLICY).permissions.inlinePolicies).toEqual({
      's3-read': {
        Version: '2012-10-17',
        Statement: { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::x/{bucket}/${aws:username}' },
      },
    });
  });
});
