import type { Estate } from '../../src/estate/Estate';
import { answerOf, pathOf, type Question } from '../../src/estate/questions';
import { type Inventory, STAGES } from '../../src/inventory/Inventory';
import { discover, discoverQuestions } from '../../src/operations/discover/discover';
import { doctor, doctorQuestions } from '../../src/operations/doctor/doctor';
import { drift, driftQuestions } from '../../src/operations/drift/drift';
import { gate, gateQuestions } from '../../src/operations/gate/gate';
import { agreedWorld, pilotAt, type World } from './agreedWorld';
import { estateOf } from './estateOf';
import { AGENT_FAULTS } from './doctor/agentFaults';
import { CLUSTER_FAULTS } from './doctor/clusterFaults';
import { healthy } from './doctor/doctorWorld';
import { HOP_FAULTS } from './doctor/hopFaults';
import { POD_FAULTS } from './doctor/podFaults';
import { ROLE_FAULTS } from './doctor/roleFaults';
import { CLUSTER_CASES } from './drift/clusterCases';
import { ROLE_CASES } from './drift/roleCases';
import { BACK_CASES } from './gate/backCases';
import { CUTOVER_CASES } from './gate/cutoverCases';
import { DUAL_CASES } from './gate/dualCases';
import { IRSA_CASES } from './gate/irsaCases';
import { PREPARED_CASES } from './gate/preparedCases';

// A check reads nothing that it did not declare: what it says of an Estate with everything is what it says of one that has its own questions alone.

const ENVIRONMENTS = { environments: ['prod'] };

/** Every engine: what it asks, and what it says. */
function enginesFor(inventory: Inventory) {
  const [environment] = inventory.environments;
  const [cluster] = environment!.clusters;
  const steps = (['forward', 'back'] as const).map((direction) => ({ wave: 'pilot', environment: 'prod', direction }));
  return [
    ...steps.map((request) => ({
      name: `gate ${request.direction}`,
      questions: gateQuestions(inventory, request),
      judge: (estate: Estate): unknown => gate(inventory, request, estate),
    })),
    {
      name: 'doctor',
      questions: doctorQuestions(inventory, ENVIRONMENTS),
      judge: (estate: Estate): unknown => doctor(inventory, ENVIRONMENTS, estate),
    },
    {
      name: 'drift',
      questions: driftQuestions(inventory, ENVIRONMENTS),
      judge: (estate: Estate): unknown => drift(inventory, ENVIRONMENTS, estate),
    },
    {
      name: 'discover',
      questions: discoverQuestions(inventory, { environment: environment!, cluster: cluster! }),
      judge: (estate: Estate): unknown => discover(inventory, { environment: environment!, cluster: cluster! }, estate),
    },
  ];
}

/** What an Estate has of the questions that are declared, follow-ups included, and nothing else. */
function restricted(estate: Estate, questions: (estate: Estate) => readonly Question[]): Estate {
  const own: Estate = { format: estate.format, at: estate.at, accounts: {}, clusters: {} };
  const known = new Set<string>();
  for (;;) {
    // A span of time can be asked again from an earlier start.
    const keyOf = (question: Question) => [...pathOf(question), 'since' in question ? question.since : ''].join('\n');
    const fresh = questions(own).filter((question) => !known.has(keyOf(question)));
    if (fresh.length === 0) return own;
    for (const question of fresh) {
      known.add(keyOf(question));
      put(own, question, estate);
    }
  }
}

function put(own: Estate, question: Question, estate: Estate): void {
  const answer = answerOf(estate, question);
  if (!answer.ok && answer.why === 'not-asked') throw new Error(`the Estate lacks ${pathOf(question).join(' ')}`);
  const value = answer.ok ? (answer.value ?? null) : undefined;
  const part = answer.ok
    ? { at: answer.at, value: 'since' in question ? { since: question.since, events: value } : value }
    : { at: answer.at, [answer.why]: true, message: answer.message };
  const path = pathOf(question);
  let here = own as unknown as Record<string, unknown>;
  for (const key of path.slice(0, -1)) here = (here[key] ??= {}) as Record<string, unknown>;
  here[path.at(-1)!] = part;
}

async function expectDeclared(inventory: Inventory, world: World, which = /./): Promise<void> {
  const engines = enginesFor(inventory).filter(({ name }) => which.test(name));
  const everything = (estate: Estate) => engines.flatMap(({ questions }) => questions(estate));
  const estate = await estateOf(world, inventory, everything);
  for (const { name, questions, judge } of engines)
    expect([name, judge(restricted(estate, questions))]).toEqual([name, judge(estate)]);
}

const GATE_CASES = [...IRSA_CASES, ...PREPARED_CASES, ...DUAL_CASES, ...CUTOVER_CASES, ...BACK_CASES];

describe.each(STAGES)('at %s, no engine reads what it did not ask', (stage) => {
  it('where everything agrees', () => expectDeclared(pilotAt(stage), agreedWorld(pilotAt(stage))));

  it.each(GATE_CASES)('$check: $title', async ({ setting, change }) => {
    const inventory = pilotAt(stage, setting);
    const world = agreedWorld(inventory);
    change?.(world);
    await expectDeclared(inventory, world, /^gate|doctor/);
  });
});

it.each([...AGENT_FAULTS, ...CLUSTER_FAULTS, ...HOP_FAULTS, ...POD_FAULTS, ...ROLE_FAULTS])(
  'no engine reads what it did not ask: $name',
  async ({ stage, setting, break: make }) => {
    const { inventory, world } = healthy(stage, setting);
    make(world);
    await expectDeclared(inventory, world);
  },
);

it.each([...ROLE_CASES, ...CLUSTER_CASES])(
  'no engine reads what it did not ask: $kind: $title',
  async ({ stage = 'dual', setting = {}, change }) => {
    const inventory = pilotAt(stage, setting);
    const world = agreedWorld(inventory);
    change(world);
    await expectDeclared(inventory, world);
  },
);
