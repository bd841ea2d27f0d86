import { STAGES } from '../../../src/inventory/Inventory';
import { remedyText } from '../../../src/cli/report';
import { placesOf } from '../../../src/estate/places';
import { readEstate } from '../../../src/estate/readEstate';
import { doctor, doctorQuestions } from '../../../src/operations/doctor/doctor';
import { targetOf } from '../../blueprint/inventoryOf';
import { podIdentityPod } from '../agreedWorld';
import { portsTo } from '../portsTo';
import { ask, diagnosesOf, healthy, notes } from './doctorWorld';

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

  it('names for every finding who was asked, the command that inspects it, and the reason, and a remedy unless it passes', async () => {
    const broken = healthy('dual');
    broken.world.unanswered = { role: 'denied', networkPolicies: 'timeout' };
    broken.world.associations = [];
    for (const { of, asked, inspect, explains, remedy, state } of (await ask(broken)).findings) {
      expect(of).toMatch(/^(apps-prod|kubectl|inventory)/);
      expect(asked).toMatch(/^(iam:|eks:|get |workloads\.)/);
      expect(remedyText([inspect!])).toMatch(/^(aws|kubectl) /);
      expect(explains).toMatch(/\.$/);
      expect(remedy === undefined).toBe(state === 'ok');
    }
  });

  it('does not repeat as a remedy the command that inspects', async () => {
    const one = healthy('dual', { undeclaredSdk: true });
    one.world.nodes = [{ name: 'node-1', os: 'linux' }];
    const warnings = (await ask(one)).findings.filter(({ state }) => state === 'warning');
    expect(warnings.map(({ check }) => check)).toEqual(['node-role', 'sdk']);
    for (const { inspect, remedy } of warnings) expect(remedy).not.toContainEqual(inspect);
    expect(remedyText([warnings[0]!.inspect!])).toMatch(
      /^aws ec2 describe-instances .*--filters Name=private-dns-name,Values=node-1 /,
    );
  });

  it('asks each question once for a hundred workloads of a cluster, with lists of the whole cluster', async () => {
    const { inventory, world } = healthy('dual');
    const [environment] = inventory.environments;
    const [workload] = environment!.workloads;
    const many = Array.from({ length: 100 }, (_, index) => ({
      ...workload!,
      key: `w${index}`,
      subjects: [{ ...workload!.subjects[0]!, namespace: `n${index % 7}` }],
      role: { ...workload!.role, name: `prod-w${index}` },
    }));
    for (const namespace of new Set(many.map(({ subjects }) => subjects[0]!.namespace)))
      world.pods.push(podIdentityPod({}, { namespace }));
    const done: number[] = [];
    const large = { ...inventory, environments: [{ ...environment!, workloads: many }] };
    const request = { environments: ['prod'] };
    const estate = await readEstate(doctorQuestions(large, request), portsTo(world), placesOf(large), {
      onProgress: (progress) => done.push(progress.done / progress.total),
    });
    const diagnoses = doctor(large, request, estate);
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
    const many = Array.from({ length: 12 }, (_, index) => ({
      ...workload!,
      key: `w${index}`,
      subjects: [{ ...workload!.subjects[0]!, namespace: index === 0 ? 'production' : `n${index}` }],
    }));
    world.unanswered = { allPods: 'denied', serviceAccounts: 'denied' };
    const diagnoses = await diagnosesOf({
      inventory: { ...inventory, environments: [{ ...environment!, workloads: many }] },
      world,
    });
    expect(notes(diagnoses[0]!)).toEqual([]);
    expect(diagnoses.flatMap(notes).filter((note) => note.includes('unknown'))).toEqual([]);
    const asked = (method: string) => world.asked.filter((one) => one.split(' ')[0] === method).length;
    // The 13th namespace is that of the agent.
    expect([asked('allPods'), asked('pods'), asked('serviceAccounts'), asked('serviceAccount')]).toEqual([
      1, 13, 1, 12,
    ]);
  });
});
