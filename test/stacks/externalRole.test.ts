import type { Stage } from '../../src/inventory/Inventory';
import { environmentOf, NO_IMPORTS, roleSettingsOf, targetOf, workloadOf } from '../blueprint/inventoryOf';
import { resources, synthesized } from './synthesized';

const POLICY = 'arn:aws:iam::333333333333:policy/read';
const permissions = {
  managedPolicies: [POLICY],
  statements: [{ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::acme/*'] }],
  inlinePolicies: {},
};

function stacksOf(role: Parameters<typeof roleSettingsOf>[0], stage: Stage = 'dual', targets = [targetOf()]) {
  const workload = workloadOf({ stage, permissions, targets, role: roleSettingsOf({ name: 'ledger-irsa', ...role }) });
  return synthesized([environmentOf({ workloads: [workload] })]);
}

const external = stacksOf({ manage: 'external' });
const stack = external['prod-identity']!;

describe('the stack of a workload whose role is external', () => {
  it.each(['aws_iam_role', 'aws_iam_role_policy', 'aws_iam_role_policy_attachment'])('has no %s', (type) => {
    expect(resources(stack, type)).toEqual([]);
  });

  it('has the agent and the association, which names the role', () => {
    expect(resources(stack, 'aws_eks_addon')).toHaveLength(1);
    expect(resources(stack, 'aws_eks_pod_identity_association')).toMatchObject([
      { role_arn: 'arn:aws:iam::333333333333:role/ledger-irsa', service_account: 'orders-api' },
    ]);
  });

  it('imports nothing of the role, and an association of which the inventory has the id', () => {
    expect(stack.import).toBeUndefined();
    const imports = { ...NO_IMPORTS, associations: { main: 'a-1' } };
    const found = stacksOf({ manage: 'external', imports })['prod-identity']!.import!;
    expect(found.map(({ id }) => id)).toEqual(['prod-main,a-1']);
  });

  it('forgets what podlift had of the role before, at the addresses that it had, and destroys nothing', () => {
    const before = stacksOf({ adopt: true })['prod-identity']!;
    const types = ['aws_iam_role', 'aws_iam_role_policy', 'aws_iam_role_policy_attachment'];
    const addresses = types.flatMap((type) => Object.keys(before.resource[type]!).map((name) => `${type}.${name}`));
    const forgotten = stack.removed!.filter(({ from }) => types.includes(from.split('.')[0]!));
    expect(forgotten.map(({ from }) => from).toSorted()).toEqual(addresses.toSorted());
    expect(forgotten.every(({ lifecycle }) => JSON.stringify(lifecycle) === '{"destroy":false}')).toBe(true);
  });

  it('keeps the address of the association where podlift takes the role or leaves it', () => {
    const names = (one: typeof stack) => Object.keys(one.resource.aws_eks_pod_identity_association!);
    expect(names(stack)).toEqual(names(stacksOf({ adopt: true })['prod-identity']!));
  });

  it('waits only for the agent: there is no address of a role to wait for', () => {
    const [association] = resources(stack, 'aws_eks_pod_identity_association');
    expect(association.depends_on).toEqual([expect.stringMatching(/^aws_eks_addon\./)]);
  });

  it('writes target roles as ever, which trust the external role', () => {
    const [target] = resources(external['prod-targets-data-prod'], 'aws_iam_role');
    expect(target.assume_role_policy).toContain('arn:aws:iam::333333333333:role/ledger-irsa');
  });
});
