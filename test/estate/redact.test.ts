import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Estate } from '../../src/estate/Estate';
import { estateText, parseEstate } from '../../src/estate/estateFile';
import { placesOf } from '../../src/estate/places';
import type { Question } from '../../src/estate/questions';
import { readEstate } from '../../src/estate/readEstate';
import { redactPair, type RedactedPair } from '../../src/estate/redact/redactPair';
import type { Inventory } from '../../src/inventory/Inventory';
import { loadInventory } from '../../src/inventory/loadInventory';
import { readSources } from '../../src/inventory/reading/readSources';
import type { DiscoverRequest } from '../../src/operations/discover/askCluster';
import { discover, discoverQuestions } from '../../src/operations/discover/discover';
import { doctor, doctorQuestions } from '../../src/operations/doctor/doctor';
import { drift, driftQuestions } from '../../src/operations/drift/drift';
import { gate, gateQuestions } from '../../src/operations/gate/gate';
import { statusOf } from '../../src/operations/status/statusOf';
import { folderOf, removeFolders } from '../inventory/fixtures';
import { portsTo } from '../operations/agreedWorld';
import { inventoryText, type Names, NOW, secretWorld } from './secretInventory';

afterAll(removeFolders);

const SYLLABLES = ['ba', 'de', 'fi', 'go', 'ku', 'la', 'me', 'ni', 'po', 'ru', 'sa', 'te', 'vi', 'wo', 'zu'];

/**
 * Names that could be somebody's, and twelve-digit ids, each once.
 *
 * @param nested many names begin or end with another one, also in another case
 */
function namesOf(seed: number, nested: boolean): { readonly names: Names; readonly all: () => readonly string[] } {
  const given = new Map<string, string>();
  let state = seed;
  const next = (below: number) => (state = (state * 48271) % 2147483647) % below;
  const word = () => Array.from({ length: 3 + next(2) }, () => SYLLABLES[next(SYLLABLES.length)]).join('');
  const longer = (): string => {
    const words = [...given].filter(([key, one]) => !/^(account|hash)/.test(key) && one.length < 9);
    const [, base = word()] = words.length === 0 || next(3) === 0 ? [] : words[next(words.length)]!;
    return next(2) === 0 ? base + SYLLABLES[next(SYLLABLES.length)]! : SYLLABLES[next(SYLLABLES.length)]! + base;
  };
  const make = (what: string) => {
    if (what.startsWith('account')) return Array.from({ length: 12 }, () => 1 + next(9)).join('');
    return what.startsWith('hash')
      ? Array.from({ length: 32 }, () => '0123456789ABCDEF'[next(16)]).join('')
      : nested
        ? longer()
        : word();
  };
  const names = (what: string): string => {
    const known = given.get(what);
    if (known !== undefined) return known;
    let made = make(what);
    while ([...given.values()].some((one) => (nested ? one === made : one.includes(made) || made.includes(one))))
      made = make(what);
    given.set(what, made);
    return made;
  };
  return { names, all: () => [...given.values()] };
}

interface Case {
  readonly inventory: Inventory;
  readonly estate: Estate;
  readonly pair: RedactedPair;
  readonly redacted: Inventory;
  readonly secrets: readonly string[];
}

/** Reads all that gate, doctor, drift and discover ask, and redacts it. Names of odd seeds are parts of each other. */
async function caseOf(seed: number): Promise<Case> {
  const { names, all } = namesOf(seed, seed % 2 === 1);
  const folder = folderOf({ 'inventory.yaml': inventoryText(names) });
  const { inventory, findings } = loadInventory(join(folder, 'inventory.yaml'));
  if (inventory === undefined) throw new Error(findings.map(({ path, message }) => `${path}: ${message}`).join('\n'));
  const world = secretWorld(inventory, names);
  const environments = ['prod'];
  const questions = (estate: Estate): readonly Question[] => [
    ...steps(inventory).flatMap((request) => gateQuestions(inventory, request)(estate)),
    ...doctorQuestions(inventory, { environments })(estate),
    ...driftQuestions(inventory, { environments })(estate),
    ...clustersOf(inventory).flatMap((request) => discoverQuestions(inventory, request)(estate)),
  ];
  const estate = await readEstate(questions, portsTo(world), placesOf(inventory), { clock: () => NOW });
  const pair = redactPair(estate, readSources(join(folder, 'inventory.yaml')));
  if ('problem' in pair) throw new Error(pair.problem);
  writeFileSync(join(folder, 'redacted.yaml'), pair.inventory);
  const loaded = loadInventory(join(folder, 'redacted.yaml'));
  if (loaded.inventory === undefined) throw new Error(loaded.findings.map(({ message }) => message).join('\n'));
  return { inventory, estate, pair, redacted: loaded.inventory, secrets: all() };
}

function steps({ waves }: Inventory) {
  return waves.flatMap(({ key: wave }) =>
    (['forward', 'back'] as const).map((direction) => ({ wave, environment: 'prod', direction })),
  );
}

function clustersOf({ environments }: Inventory): readonly DiscoverRequest[] {
  return environments.flatMap((environment) => environment.clusters.map((cluster) => ({ environment, cluster })));
}

const SEEDS = [1, 7, 42, 1234, 99991];

describe('an Estate without names', () => {
  const cases = new Map<number, Case>();
  beforeAll(async () => {
    for (const seed of SEEDS) cases.set(seed, await caseOf(seed));
  });
  const of = (seed: number) => cases.get(seed)!;

  it.each(SEEDS)('has none of the names of the original, nor has its inventory (%i)', (seed) => {
    const { pair, secrets, estate } = of(seed);
    const output = `${estateText(pair.estate)}\n${pair.inventory}`.toLowerCase();
    expect(secrets.filter((name) => output.includes(name.toLowerCase()))).toEqual([]);
    const input = estateText(estate).toLowerCase();
    expect(secrets.filter((name) => input.includes(name.toLowerCase())).length).toBeGreaterThan(20);
    expect(output).not.toContain('203.0.113.77');
    expect(output).not.toContain('10-20-30');
  });

  it.each(SEEDS)('is an Estate, and its inventory has no finding that the original has not (%i)', (seed) => {
    const { pair } = of(seed);
    expect(parseEstate(estateText(pair.estate), 'estate.json')).toMatchObject({
      estate: { format: 'podlift.estate/1' },
    });
  });

  it.each(SEEDS)('gives the same gates (%i)', (seed) => {
    const { inventory, redacted, estate, pair } = of(seed);
    const verdicts = (result: ReturnType<typeof gate>) =>
      result.evidence.map(({ check, holds, remedy }) => [check, holds, remedy?.length]);
    const all = steps(inventory).map((request) => verdicts(gate(inventory, request, estate)));
    const own = steps(inventory).map((request) => {
      const names = { ...request, wave: pair.nameFor(request.wave), environment: pair.nameFor(request.environment) };
      return verdicts(gate(redacted, names, pair.estate));
    });
    expect(own).toEqual(all);
    expect(new Set(all.flat().map(([, holds]) => holds)).size).toBeGreaterThan(1);
  });

  it.each(SEEDS)('gives the same diagnoses (%i)', (seed) => {
    const { inventory, redacted, estate, pair } = of(seed);
    const states = (diagnoses: ReturnType<typeof doctor>) =>
      diagnoses.map(({ findings }) =>
        findings.map(({ check, state, pods, follows }) => [check, state, pods?.length, follows]),
      );
    const environments = (name: string) => ({ environments: [name] });
    expect(states(doctor(redacted, environments(pair.nameFor('prod')), pair.estate))).toEqual(
      states(doctor(inventory, environments('prod'), estate)),
    );
  });

  it.each(SEEDS)('gives the same differences (%i)', (seed) => {
    const { inventory, redacted, estate, pair } = of(seed);
    const kinds = ({ differences }: ReturnType<typeof drift>) =>
      differences.map(({ kind, holds, missing = [], extra = [] }) => [kind, holds, missing.length, extra.length]);
    const before = kinds(drift(inventory, { environments: ['prod'] }, estate));
    expect(kinds(drift(redacted, { environments: [pair.nameFor('prod')] }, pair.estate))).toEqual(before);
    expect(before.length).toBeGreaterThan(5);
  });

  it.each(SEEDS)('gives the same status (%i)', (seed) => {
    const { inventory, redacted, estate, pair } = of(seed);
    const shapeOf = ({ waves, outside }: ReturnType<typeof statusOf>) => [
      waves.map(({ stage, since, lasted, soak, workloads, next }) => [
        stage,
        since,
        lasted,
        soak,
        workloads,
        next.kind,
      ]),
      outside.map(({ stage, workloads }) => [stage, workloads.length]),
    ];
    expect(shapeOf(statusOf(redacted, new Date(pair.estate.at), [pair.nameFor('prod')]))).toEqual(
      shapeOf(statusOf(inventory, new Date(estate.at), ['prod'])),
    );
  });

  it.each(SEEDS)('gives the same proposals (%i)', (seed) => {
    const { inventory, redacted, estate, pair } = of(seed);
    const proposals = (of: Inventory, from: Estate) =>
      clustersOf(of).map((request) => {
        const { left, workloads, notes, first, waves, blocked } = discover(of, request, from);
        const reasons = left.map(({ reason, agrees, remedy }) => `${reason} ${agrees} ${remedy.length}`);
        const entries = workloads.map(
          ({ entry, weak }) => `${entry.stage} ${Object.keys(entry).join()} ${weak !== undefined}`,
        );
        return [reasons.toSorted(), entries.toSorted(), notes.length, first.length, waves.length, blocked?.rule];
      });
    const before = proposals(inventory, estate);
    expect(proposals(redacted, pair.estate)).toEqual(before);
    expect(before[0]!.slice(0, 2).map((all) => (all as readonly string[]).length)).toEqual([4, 1]);
  });

  it('has other names each time', async () => {
    const again = await caseOf(1);
    expect(again.pair.inventory).not.toBe(of(1).pair.inventory);
  });
});
