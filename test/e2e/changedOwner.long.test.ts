import { initialise, plan, planAndApply } from '../../src/runners/stackCommands';
import { INVENTORY } from './rehearseWave';
import { terraformProject } from './terraformProject';

// A role and a target role change hands on a live state with the real Terraform: podlift made them, gives them away, and takes them again.

const OWN = INVENTORY.replace('{ dev: irsa }', '{ dev: dual }').replace(
  'ledger: { account: data,',
  'ledger: { account: data, role: { name: ledger },',
);
const owned = (by: string) =>
  OWN.replace('role: { name: ledger }', `role: { name: ledger, ${by} }`).replace(
    '    sdk:',
    `    role: { name: dev-api, ${by} }\n    sdk:`,
  );
const STACKS = ['dev-targets-data', 'dev-identity'];

it('a role goes to its owner and comes back, and Terraform destroys and replaces nothing', async () => {
  const project = await terraformProject(OWN);
  try {
    const stacks = STACKS.map((name) => project.stack(name));
    project.synth(OWN);
    for (const stack of stacks) {
      await initialise(stack);
      await planAndApply(stack);
    }
    const planned = async (inventory: string) => {
      project.synth(inventory);
      const plans = [];
      for (const stack of stacks) {
        await initialise(stack);
        plans.push(await plan(stack));
      }
      return plans.map(({ counts, changes }) => ({
        ...counts,
        roles: changes.filter(({ type }) => type.startsWith('aws_iam')),
      }));
    };
    const nothing = { add: 0, change: 0, destroy: 0, import: 0, roles: [] };
    const external = owned('manage: external');
    expect(await planned(external)).toEqual([nothing, nothing]);
    for (const stack of stacks) await planAndApply(stack);
    expect(await planned(external)).toEqual([nothing, nothing]);

    // The policies that are there are written again: Terraform does not know them any more, and PutRolePolicy changes nothing.
    const taken = await planned(owned('adopt: true'));
    expect(taken.map(({ destroy }) => destroy)).toEqual([0, 0]);
    expect(taken.map(({ import: imported }) => imported)).toEqual([1, 1]);
    expect(
      taken.flatMap(({ roles }) => roles.filter(({ type, action }) => type === 'aws_iam_role' && action !== 'update')),
    ).toEqual([]);
    for (const stack of stacks) await planAndApply(stack);
    expect(await planned(owned('adopt: true'))).toEqual([nothing, nothing]);
  } finally {
    await project.close();
  }
}, 600_000);
