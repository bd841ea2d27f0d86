import { checkedWith, ONE_CLUSTER } from './checked';
import { estateOf, foundOf } from './foundOf';
import { CARRIED } from './shapes';

// A role is adopted when its documents can be carried, whatever their spelling.

it.each(CARRIED)('adopts $of as it is', (shape) => {
  const { proposal, findings, edit } = checkedWith(ONE_CLUSTER, estateOf(foundOf([shape])));
  expect([findings, proposal.left]).toEqual([[], []]);
  expect(proposal.workloads).toHaveLength(1);
  expect(edit!.text).toContain(`name: ${shape.role.name}`);
});

it('keeps an account at irsa whose trust policy has a condition that Pod Identity may not meet', () => {
  const shapes = CARRIED.filter(({ of }) => of === 'carried/vpc');
  const { entry } = checkedWith(ONE_CLUSTER, estateOf(foundOf(shapes))).proposal.workloads[0]!;
  expect(entry).toMatchObject({ stage: 'irsa', because: expect.stringContaining('aws:SourceVpc') });
  expect(entry.role!.adoptedTrust!.oidc).toHaveLength(1);
});
