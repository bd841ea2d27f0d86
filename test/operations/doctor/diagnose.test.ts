import { STAGES } from '../../../src/inventory/Inventory';
import { diagnose } from '../../../src/operations/doctor/diagnose';
import { targetOf } from '../../blueprint/inventoryOf';
import { portsTo } from '../portsTo';
import { ask, healthy, notes } from './doctorWorld';

const TARGETS = [targetOf(), targetOf({ key: 'audit', via: 'association', role: { name: 'audit', path: '/' } })];

describe('the doctor', () => {
  it.each(STAGES)('finds nothing at %s where everything agrees', async (stage) => {
    const diagnosis = await ask(healthy(stage));
    expect(notes(diagnosis)).toEqual([]);
    expect(diagnosis.findings.length).toBeGreaterThan(8);
  });

  it.each(STAGES)('finds nothing at %s with a target that the app assumes', async (stage) => {
    expect(notes(await ask(healthy(stage, { targets: [targetOf()] })))).toEqual([]);
  });

  it.each(STAGES)('finds nothing at %s with a target of the association, with tags and without', async (stage) => {
    const targets = [TARGETS[1]!];
    expect(notes(await ask(healthy(stage, { targets })))).toEqual([]);
    expect(notes(await ask(healthy(stage, { targets, workload: { sessionTags: false } })))).toEqual([]);
  });

  it.each(STAGES)('finds nothing at %s on Auto Mode', async (stage) => {
    expect(notes(await ask(healthy(stage, { cluster: { autoMode: true } })))).toEqual([]);
  });

  it('says of every finding who was asked, what shows it and why it matters, and what to do unless it is well', async () => {
    const broken = healthy('dual');
    broken.world.unanswered = { role: 'denied', networkPolicies: 'timeout' };
    broken.world.associations = [];
    for (const { of, shows, explains, mends, state } of (await ask(broken)).findings) {
      expect(of).toMatch(/^(apps-prod|kubectl|inventory)/);
      expect(shows).toMatch(/^(aws|kubectl) /);
      expect(explains).toMatch(/\.$/);
      expect(mends === undefined).toBe(state === 'ok');
    }
  });

  it('does not say as what mends it what it says as what shows it', async () => {
    const one = healthy('dual', { undeclaredSdk: true });
    one.world.nodes = [{ name: 'node-1', os: 'linux' }];
    const warnings = (await ask(one)).findings.filter(({ state }) => state === 'warning');
    expect(warnings.map(({ check }) => check)).toEqual(['node-role', 'sdk']);
    for (const { shows, mends } of warnings) expect(mends).not.toContain(shows.split(' -o ')[0]);
    expect(warnings[0]?.shows).toMatch(
      /^aws ec2 describe-instances .*"\$\(kubectl --context \S+ get nodes --field-selector metadata\.name=node-1 -o /,
    );
  });

  it('asks each question once for a hundred workloads of a cluster, with lists of the whole cluster', async () => {
    const { inventory, world } = healthy('dual');
    const [environment] = inventory.environments;
    const [workload] = environment!.workloads;
    const many = Array.from({ length: 100 }, (_, index) => ({
      ...workload!,
      key: `w${index}`,
      namespace: `n${index % 7}`,
      role: { ...workload!.role, name: `prod-w${index}` },
    }));
    const done: number[] = [];
    const diagnoses = await diagnose(
      { ...inventory, environments: [{ ...environment!, workloads: many }] },
      { environments: ['prod'] },
      portsTo(world),
      (count, all) => done.push(count / all),
    );
    expect(diagnoses.map((one) => one.workload)).toEqual(many.map(({ key }) => key));
    expect(done.at(-1)).toBe(1);
    const asked = (method: string) =>
      world.asked.filter((one) => one.startsWith(`${method} `) || one === method).length;
    expect([asked('allPods'), asked('serviceAccounts'), asked('nodes'), asked('addon')]).toEqual([1, 1, 1, 1]);
    expect([asked('pods'), asked('serviceAccount'), asked('networkPolicies')]).toEqual([0, 0, 7]);
  });

  it('asks for each where the list of the whole cluster is denied', async () => {
    const { inventory, world } = healthy('dual');
    const [environment] = inventory.environments;
    const [workload] = environment!.workloads;
    const many = Array.from({ length: 12 }, (_, index) => ({ ...workload!, key: `w${index}` }));
    world.unanswered = { allPods: 'denied', serviceAccounts: 'denied' };
    const diagnoses = await diagnose(
      { ...inventory, environments: [{ ...environment!, workloads: many }] },
      { environments: ['prod'] },
      portsTo(world),
    );
    expect(diagnoses.map(notes).flat()).toEqual([]);
  });
});
