import { compile } from '../../src/blueprint/compile';
import type { Role } from '../../src/blueprint/Blueprint';
import { askPods, gotAll } from '../../src/rehearsal/askPods';
import { podTable } from '../../src/cli/commands/demo';
import { sandboxSeed } from '../../src/rehearsal/sandboxSeed';
import type { Statement } from '../../src/iam/PolicyDocument';
import type { Workload } from '../../src/inventory/Inventory';
import type { SeedRole } from '../../src/sandbox/Seed';
import { startSandbox } from '../../src/sandbox/startSandbox';
import { environmentOf, inventoryOf, targetOf, workloadOf } from '../blueprint/inventoryOf';

/** What pods answer when AWS holds the roles as they were compiled, or as `sabotage` left them. */
async function answersOf(workload: Workload, sabotage: (role: SeedRole) => SeedRole = (role) => role) {
  const inventory = inventoryOf(environmentOf({ workloads: [workload] }));
  const blueprint = compile(inventory, 'prod');
  const roleIn = (account: string, role: Role): SeedRole =>
    sabotage({
      account,
      name: role.name,
      trust: role.trust,
      ...(role.inline === undefined ? {} : { inline: { podlift: role.inline } }),
    });
  const seed = sandboxSeed(inventory, [blueprint]);
  const sandbox = await startSandbox({
    seed: {
      ...seed,
      roles: [
        ...blueprint.roles.map((role) => roleIn(blueprint.account.id, role)),
        ...blueprint.targetRoles.map((role) => roleIn(role.account.id, role)),
      ],
    },
  });
  try {
    for (const { region, clusterName, namespace, name, annotations } of blueprint.serviceAccounts) {
      const cluster = { account: blueprint.account.id, region, name: clusterName };
      sandbox.kubernetes.setServiceAccount({ cluster, namespace, name, annotations });
    }
    return await askPods(sandbox, [blueprint]);
  } finally {
    await sandbox.stop();
  }
}

const atIrsa = workloadOf({ stage: 'irsa', targets: [targetOf()] });

describe('asking the pods of an inventory', () => {
  it('finds every path of a sound one', async () => {
    const answers = await answersOf(atIrsa);
    expect(answers).toMatchObject([{ uses: 'irsa', source: { ok: true }, targets: [{ target: 'ledger' }] }]);
    expect(answers.every(gotAll)).toBe(true);
  });

  it.each([
    [
      'the source role trusts another service account',
      (role: SeedRole) =>
        withTrust(role, 'system:serviceaccount:production:orders-api', 'system:serviceaccount:production:other'),
      /source role: .*AccessDenied/,
      /system:serviceaccount:production:other/,
    ],
    [
      'the target role trusts another role',
      (role: SeedRole) => withTrust(role, 'role/prod-orders-api', 'role/prod-somebody'),
      /ledger: .*AccessDenied/,
      /role\/prod-somebody/,
    ],
    [
      'the source role may not assume its target',
      (role: SeedRole) => ({ ...role, inline: {} }),
      /ledger: .*AccessDenied/,
      /sts:AssumeRole/,
    ],
  ])('says where it ends when %s, and which statement stood in the way', async (_what, sabotage, where, statement) => {
    const answers = await answersOf(atIrsa, sabotage);
    expect(answers.some(gotAll)).toBe(false);
    const table = podTable(answers, { colour: false, width: 200 });
    expect(table).toMatch(where);
    expect(table).toMatch(statement);
  });

  it('does not take a pod without its association for one on Pod Identity', async () => {
    const answers = await answersOf(workloadOf({ stage: 'pod-identity' }));
    expect(answers).toMatchObject([{ uses: 'nothing', asPromised: false, source: { ok: false } }]);
    expect(podTable(answers, { colour: false, width: 200 })).toContain(
      'a new pod uses nothing, which differs from its stage',
    );
  });
});

function withTrust(role: SeedRole, from: string, to: string): SeedRole {
  const Statement = JSON.parse(JSON.stringify(role.trust.Statement).replaceAll(from, to)) as Statement[];
  return { ...role, trust: { ...role.trust, Statement } };
}
