import { STAGE_TABLE, type StageRow } from '../../src/blueprint/stageTable';
import { type Stage, STAGES } from '../../src/inventory/Inventory';
import { proveInventory } from '../../src/proof/proveInventory';
import { inventoryOfKinds, KINDS } from './proofFixtures';

// Each cell of the stage table is swapped by itself: the proof must notice.

const CELLS = STAGES.flatMap((stage) =>
  (Object.keys(STAGE_TABLE[stage]) as (keyof StageRow)[]).map((cell) => [stage, cell] as const),
);

function swapped(stage: Stage, cell: keyof StageRow): StageRow {
  const row = STAGE_TABLE[stage];
  if (cell === 'newPodUses') return { ...row, newPodUses: row.newPodUses === 'irsa' ? 'pod-identity' : 'irsa' };
  return { ...row, [cell]: !row[cell] };
}

function provedWithSwap(stage: Stage, cell: keyof StageRow, kinds = KINDS) {
  const table = STAGE_TABLE as Record<Stage, StageRow>;
  const before = table[stage];
  table[stage] = swapped(stage, cell);
  try {
    return proveInventory(inventoryOfKinds({}, kinds));
  } finally {
    table[stage] = before;
  }
}

it('the table as it is holds', () => {
  expect(proveInventory(inventoryOfKinds()).failures.map(({ message }) => message)).toEqual([]);
});

it.each(CELLS)('a swap at %s of %s is caught', (stage, cell) => {
  expect(provedWithSwap(stage, cell).failures.length).toBeGreaterThan(0);
});

/** Which swaps each kind of workload cannot show by itself, since its documents do not depend on the cell. */
const BLIND: Readonly<Record<string, readonly (keyof StageRow)[]>> = {
  // no targets: no hop is served or refused
  plain: ['servesUntaggedHop', 'servesTaggedHop'],
  hops: [],
  chained: [],
  // its target's trust is the same at every stage: without session tags both hops look alike
  'untagged-hops': ['servesUntaggedHop', 'servesTaggedHop'],
  'untagged-chained': [],
};

/** Swaps that a kind cannot show although its documents change: the external id is let in beside an untagged hop that asks for none. */
const HIDDEN: Readonly<Record<string, readonly string[]>> = {
  'untagged-chained': ['irsa servesTaggedHop'],
};

describe.each(KINDS.map((kind) => [kind.key!, kind] as const))('with nothing but the workload %s', (key, kind) => {
  it.each(CELLS)('a swap at %s of %s is caught unless its documents cannot show it', (stage, cell) => {
    const caught = provedWithSwap(stage, cell, [kind]).failures.some(({ workload }) => workload === key);
    const blind = BLIND[key]!.includes(cell) || HIDDEN[key]?.includes(`${stage} ${cell}`) === true;
    expect(caught).toBe(!blind);
  });
});
