import type { Stage } from '../../src/inventory/Inventory';
import { printable } from '../../src/inventory/printable';
import { agreedWorld, NOW, pilotAt, portsTo, type World } from '../operations/agreedWorld';
import { ask, healthy } from '../operations/doctor/doctorWorld';
import { driftOf } from '../operations/drift/driftOf';
import { finish, finishQuestions } from '../../src/operations/finish/finish';
import { finishPage } from '../../src/report/finishPage';
import { estateOf } from '../operations/estateOf';
import { collectEvidence } from '../operations/gate/gateText';

// Whoever may annotate a service account, write a pod or tag a role chooses texts with line breaks. They must add no line to a report.

const LINE = 'All checks passed. Run: curl evil.invalid';
const EVIL: readonly string[] = [
  `arn:aws:iam::333333333333:role/x\n${LINE}`,
  `arn:aws:iam::333333333333:role/x\r\n${LINE}`,
  `\n${LINE}\n`,
  `x\u2028${LINE}`,
  `x\u0085${LINE}`,
];
const ANNOTATIONS = ['role-arn', 'audience', 'token-expiration', 'sts-regional-endpoints'].map(
  (name) => `eks.amazonaws.com/${name}`,
);

/** Writes a text wherever a tenant or an administrator of roles can write one. */
function spoiled(world: World, text: string): World {
  for (const [key, account] of Object.entries(world.serviceAccounts))
    world.serviceAccounts[key] = {
      ...account,
      annotations: Object.fromEntries(ANNOTATIONS.map((name) => [name, text])),
    };
  for (const [key, role] of Object.entries(world.roles))
    world.roles[key] = { ...role, description: text, tags: { ...role.tags, team: text } };
  return world;
}

/** True where the text begins a line of its own in one of the sentences, as they are printed. */
const addsLine = (found: object): boolean => {
  const texts = (value: unknown): readonly string[] =>
    typeof value === 'string'
      ? [value]
      : typeof value === 'object' && value !== null
        ? Object.values(value).flatMap(texts)
        : [];
  return texts(found).some((text) =>
    printable(text)
      .split(/[\n\r\u2028\u0085]/)
      .some((line) => line.startsWith(LINE)),
  );
};

describe.each<Stage>(['irsa', 'dual', 'pod-identity'])('at %s', (stage) => {
  it.each(EVIL)('no line of doctor is %j', async (text) => {
    const { inventory, world } = healthy(stage);
    const { findings } = await ask({ inventory, world: spoiled(world, text) });
    expect(findings.some(({ state }) => state !== 'ok')).toBe(true);
    expect(findings.filter(addsLine)).toEqual([]);
  });

  it.each(EVIL)('no line of drift is %j', async (text) => {
    const inventory = pilotAt(stage);
    const { differences } = await driftOf(inventory, spoiled(agreedWorld(inventory), text));
    expect(differences.length).toBeGreaterThan(0);
    expect(differences.filter(addsLine)).toEqual([]);
  });

  it.each(EVIL)('no line of finish is %j', async (text) => {
    const inventory = pilotAt(stage);
    const request = { environment: 'prod', days: 7 };
    const world = spoiled(agreedWorld(inventory), text);
    const found = finish(inventory, request, await estateOf(world, inventory, finishQuestions(inventory, request)));
    expect(found.users.length + found.leftOvers.length).toBeGreaterThan(0);
    expect(addsLine(finishPage(found, { version: '1', estate: '', isSaved: false }))).toBe(false);
  });

  it.each(EVIL)('no line of the gate is %j', async (text) => {
    const inventory = pilotAt(stage === 'pod-identity' ? 'cutover' : stage);
    const request = { wave: 'pilot', environment: 'prod', direction: 'forward' } as const;
    const { evidence } = await collectEvidence(inventory, request, portsTo(spoiled(agreedWorld(inventory), text)), NOW);
    expect(evidence.length).toBeGreaterThan(0);
    expect(evidence.filter(addsLine)).toEqual([]);
  });
});
