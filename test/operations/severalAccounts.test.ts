import { STAGES, type Stage, type Subject } from '../../src/inventory/Inventory';
import { doctorText } from '../../src/cli/doctor/doctorText';
import { evidenceTable, remedies } from '../../src/cli/gate/gateReport';
import { placesOf } from '../../src/estate/places';
import { neededRestarts } from '../../src/operations/step/neededRestarts';
import { annotationsByHand } from '../../src/operations/step/annotationsByHand';
import { evidenceDocument } from '../../src/operations/step/evidenceDocument';
import { compile } from '../../src/blueprint/compile';
import { gate, gateQuestions } from '../../src/operations/gate/gate';
import { stepOf } from '../../src/operations/gate/Step';
import { settle } from '../../src/estate/ask';
import { recover, recoverQuestions } from '../../src/operations/recover/recover';
import type { StackStates } from '../../src/operations/recover/Recovery';
import { agentPod, agreedWorld, irsaPod, NOW, pilotAt, podIdentityPod, type World } from './agreedWorld';
import { diagnosesOf } from './doctor/doctorWorld';
import { estateOf } from './estateOf';

// A workload of three service accounts, two of them with the same name; one of them has a problem.

const subject = (namespace: string, name: string, isFirst = false): Subject => ({
  namespace,
  name,
  manage: 'create',
  clusters: ['main'],
  isFirst,
});
const SUBJECTS = [
  subject('production', 'orders-api', true),
  subject('production', 'orders-worker'),
  subject('batch', 'orders-api'),
];
const SECOND = 'production/orders-worker';
const THIRD = 'batch/orders-api';

function severalAt(stage: Stage, subjects: readonly Subject[] = SUBJECTS) {
  const inventory = pilotAt(stage, { workload: { subjects } });
  const world = agreedWorld(inventory);
  const podFor = stage === 'irsa' || stage === 'prepared' ? irsaPod : podIdentityPod;
  const pods = SUBJECTS.map(({ namespace, name }) =>
    podFor({}, { namespace, name: `${name}-pod`, serviceAccount: name, owner: { kind: 'Deployment', name } }),
  );
  return {
    inventory,
    world: {
      ...world,
      pods: [...pods, agentPod('node-1')],
      associations: world.associations.map((one, index) => ({ ...one, id: `a-${index + 1}` })),
    },
  };
}

async function gateAt(stage: Stage, change: (world: World) => void, direction: 'forward' | 'back' = 'forward') {
  const { inventory, world } = severalAt(stage);
  change(world);
  const request = { wave: 'pilot', environment: 'prod', direction } as const;
  const estate = await estateOf(world, inventory, gateQuestions(inventory, request));
  return gate(inventory, request, estate).evidence;
}

const isOf = (name: string) => (one: { namespace: string; serviceAccount: string }) =>
  `${one.namespace}/${one.serviceAccount}` === name;

describe('the gate of a workload with three service accounts', () => {
  it.each(STAGES.slice(0, -1))('holds at %s, with evidence of each service account', async (stage) => {
    const evidence = await gateAt(stage, () => undefined);
    expect(evidence.filter(({ holds }) => holds !== 'yes')).toEqual([]);
    const names = evidence
      .filter(({ check }) => check === 'pod-credentials')
      .map(({ serviceAccount }) => serviceAccount);
    expect(names).toEqual(stage === 'irsa' ? names : ['production/orders-api', SECOND, THIRD]);
    expect(evidence.filter(({ check }) => check === 'role')).toMatchObject([{ workload: 'orders-api' }]);
    for (const check of ['role', 'permissions', 'sdk', 'cluster', 'soak'])
      for (const one of evidence.filter((each) => each.check === check))
        expect(one).not.toHaveProperty('serviceAccount');
  });

  it.each<[string, Stage, string, (world: World) => void, string]>([
    [
      'the annotation of one is gone',
      'prepared',
      'annotation',
      (world) => (world.serviceAccounts[THIRD] = { ...world.serviceAccounts[THIRD]!, annotations: {} }),
      THIRD,
    ],
    [
      'the association of one is gone',
      'dual',
      'association',
      (world) => (world.associations = world.associations.filter((one) => !isOf(SECOND)(one))),
      SECOND,
    ],
    [
      'the pod of one was not restarted',
      'dual',
      'pod-credentials',
      (world) => {
        const at = world.pods.findIndex(isOf(THIRD));
        const { namespace, name, serviceAccount, owner } = world.pods[at]!;
        world.pods[at] = irsaPod({}, { namespace, name, serviceAccount, ...(owner && { owner }) });
      },
      THIRD,
    ],
    [
      'one never used the role',
      'dual',
      'role-used',
      (world) => (world.events = world.events.filter(({ pod }) => pod === undefined || !isOf(SECOND)(pod))),
      SECOND,
    ],
    [
      'one has no service account',
      'irsa',
      'annotation',
      (world) => {
        const { [SECOND]: _, ...others } = world.serviceAccounts;
        world.serviceAccounts = others;
      },
      SECOND,
    ],
  ])('fails and names it: %s', async (_what, stage, check, change, name) => {
    const evidence = await gateAt(stage, change);
    const failed = evidence.filter(({ holds }) => holds !== 'yes');
    expect(failed.map((one) => one.serviceAccount)).toEqual(failed.map(() => name));
    expect(failed.map((one) => one.check)).toContain(check);
    const style = { colour: false, width: 300 };
    expect(evidenceTable(evidence, style)).toContain(`orders-api (${name})`);
    expect(remedies(evidence, false)).toContain(`${check} of orders-api (${name}) on main`);
  });

  it('writes the service account into the evidence for people', async () => {
    const evidence = await gateAt('prepared', () => undefined);
    const taken = { environment: 'prod', wave: 'pilot', from: 'prepared', to: 'dual' } as const;
    const change = { file: 'inventory.yaml', line: 1, before: [], after: [] };
    const text = evidenceDocument({ ...taken, gate: { evidence }, change }, NOW.toISOString(), { aws: {} }, '{}');
    expect(text).toContain(`| passed | pod-credentials | orders-api (${THIRD}) | main |`);
  });
});

describe('the doctor of a workload with three service accounts', () => {
  it('has a diagnosis of each, and finds nothing where everything agrees', async () => {
    const diagnoses = await diagnosesOf(severalAt('dual'));
    expect(diagnoses.map((one) => one.serviceAccount)).toEqual(['production/orders-api', SECOND, THIRD]);
    expect(diagnoses.flatMap(({ findings }) => findings.filter(({ state }) => state !== 'ok'))).toEqual([]);
  });

  it('names the one that has a problem', async () => {
    const one = severalAt('dual');
    one.world.associations = one.world.associations.filter((association) => !isOf(THIRD)(association));
    const diagnoses = await diagnosesOf(one);
    const problems = diagnoses.flatMap(({ findings }) => findings).filter(({ state }) => state === 'problem');
    expect(new Set(problems.map(({ serviceAccount }) => serviceAccount))).toEqual(new Set([THIRD]));
    const text = doctorText(diagnoses, placesOf(one.inventory), { colour: false, width: 200 });
    expect(text).toMatch(/^✗ orders-api \(batch\/orders-api\) on prod\/main: dual/m);
    expect(text).toMatch(/3 service accounts on their clusters: 1 with problems, 2 healthy/);
  });
});

describe('after a step of a workload with three service accounts', () => {
  it('the pods of each are restarted', async () => {
    const { inventory, world } = severalAt('prepared');
    const { step } = stepOf(inventory, { wave: 'pilot', environment: 'prod', direction: 'forward' });
    const asked = neededRestarts(step);
    const estate = await estateOf(world, inventory, () => asked.questions);
    expect(settle(asked, estate).value.map((one) => `${one.serviceAccount}: ${one.reason}`)).toEqual([
      'production/orders-api: 1 of 1 running pods use web identity (IRSA)',
      `${SECOND}: 1 of 1 running pods use web identity (IRSA)`,
      `${THIRD}: 1 of 1 running pods use web identity (IRSA)`,
    ]);
  });

  it('the annotation of each account that Terraform does not manage is changed by hand', async () => {
    const byHand = SUBJECTS.map((one): Subject => ({ ...one, manage: 'none' }));
    const { inventory, world } = severalAt('dual', byHand);
    const after = severalAt('cutover', byHand).inventory;
    const asked = annotationsByHand(compile(inventory, 'prod'), compile(after, 'prod'), after.environments[0]!);
    const estate = await estateOf(world, inventory, () => asked.questions);
    expect(settle(asked, estate).value.map(({ serviceAccount }) => serviceAccount)).toEqual([
      'production/orders-api',
      SECOND,
      THIRD,
    ]);
  });
});

it('recovers the association of one service account, and restarts the pods of no other one', async () => {
  const { inventory, world } = severalAt('prepared');
  const left = severalAt('dual').world.associations.filter(isOf(SECOND));
  world.associations = left;
  world.pods = severalAt('dual').world.pods;
  const states: StackStates = new Map(
    ['prod-identity', 'prod-service-accounts-main'].map((stack) => [stack, { ok: true }]),
  );
  const request = { environments: ['prod'] };
  const estate = await estateOf(world, inventory, recoverQuestions(inventory, request, states));
  const unwanted = recover(inventory, request, states, estate).resources.filter(({ what }) => what === 'unwanted');
  expect(unwanted.map(({ where }) => where)).toEqual([`${SECOND} on prod-main`]);
  const commands = unwanted.flatMap(({ remedy }) =>
    remedy.flatMap((step) => ('run' in step ? [step.run.join(' ')] : [])),
  );
  expect(commands.filter((one) => one.includes('rollout restart'))).toEqual([
    expect.stringContaining('-n production rollout restart deployment/orders-worker') as string,
  ]);
});

it('recovers each association by its service account, and forgets an id that the state has, in both forms', async () => {
  const { inventory, world } = severalAt('dual');
  const [environment] = inventory.environments;
  const [workload] = environment!.workloads;
  const imports = { managedPolicies: [], inlinePolicies: [], associations: { main: 'a-1' } };
  const written = {
    ...inventory,
    environments: [{ ...environment!, workloads: [{ ...workload!, role: { ...workload!.role, imports } }] }],
  };
  const state = {
    lineage: 'l',
    serial: 1,
    roleArns: [],
    resources: [{ type: 'aws_eks_pod_identity_association', attributes: { association_id: 'a-1' } }],
  };
  const states: StackStates = new Map([
    ['prod-identity', { ok: true, content: state }],
    ['prod-service-accounts-main', { ok: true }],
  ]);
  const request = { environments: ['prod'] };
  const estate = await estateOf(world, written, recoverQuestions(written, request, states));
  const { resources, dead } = recover(written, request, states, estate);
  const path = ['workloads', 'orders-api', 'role', 'imports', 'associations', 'main'];
  expect(resources.flatMap(({ kind, entry }) => (kind === 'association' ? [entry] : []))).toEqual([
    { path: [...path, SECOND], value: 'a-2' },
    { path: [...path, THIRD], value: 'a-3' },
  ]);
  expect(dead).toEqual([{ environment: 'prod', path, why: 'in-state' }]);
});
