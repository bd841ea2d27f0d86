import { environmentOf, targetOf, workloadOf } from '../blueprint/inventoryOf';
import { synthesized } from './synthesized';

const POLICY = 'arn:aws:iam::444444444444:policy/read';
const stackWith = (role: Partial<ReturnType<typeof targetOf>['role']>, imports = {}) =>
  synthesized([
    environmentOf({
      workloads: [
        workloadOf({
          stage: 'dual',
          targets: [
            targetOf({
              role: { name: 'ledger', path: '/', ...role },
              permissions: { ...targetOf().permissions, managedPolicies: [POLICY] },
              ...imports,
            }),
          ],
        }),
      ],
    }),
  ])['prod-targets-data-prod']!;
const rolesOf = ({ resource }: ReturnType<typeof stackWith>) =>
  Object.values((resource.aws_iam_role ?? {}) as Record<string, Record<string, unknown>>);

describe('the stack of a target role that exists', () => {
  it('imports an adopted role with the policies that the entry lists, and never replaces it', () => {
    const stack = stackWith(
      { adopt: true, tags: { team: 'data' } },
      { imports: { managedPolicies: [POLICY], inlinePolicies: [] } },
    );
    expect(rolesOf(stack)).toMatchObject([
      {
        name: 'ledger',
        lifecycle: { prevent_destroy: true },
        tags: { team: 'data', 'podlift:workload': 'orders-api' },
      },
    ]);
    expect((stack as { import?: { id: string }[] }).import?.map(({ id }) => id).sort()).toEqual([
      'ledger',
      `ledger/${POLICY}`,
    ]);
  });

  it('keeps the statements of the trust policy beside its own', () => {
    const kept = {
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::444444444444:role/on-call' },
      Action: 'sts:AssumeRole',
    } as const;
    const [role] = rolesOf(stackWith({ adopt: true, keepTrust: [{ ...kept, because: 'people on call' }] }));
    const { Statement } = JSON.parse(role!.assume_role_policy as string) as { Statement: unknown[] };
    expect(Statement).toHaveLength(3);
    expect(Statement.at(-1)).toEqual(kept);
  });

  it('has nothing of an external role, and forgets what podlift managed before', () => {
    const managed = stackWith({});
    const { resource, removed = [], ...stack } = stackWith({ manage: 'external' });
    expect(rolesOf(managed)).toHaveLength(1);
    // A stack without a resource has no map of them.
    expect(Object.keys((resource as object | undefined) ?? {}).filter((type) => type.startsWith('aws_iam'))).toEqual(
      [],
    );
    expect((stack as { import?: unknown }).import).toBeUndefined();
    expect(removed.map(({ from }) => from.split('.')[0]).sort()).toEqual([
      'aws_iam_role',
      'aws_iam_role_policy',
      'aws_iam_role_policy_attachment',
    ]);
    for (const { lifecycle } of removed) expect(lifecycle).toEqual({ destroy: false });
  });
});
