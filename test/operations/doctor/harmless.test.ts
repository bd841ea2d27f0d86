import { ask, healthy, notes } from './doctorWorld';
import { HARMLESS } from './harmlessCases';

describe('what looks broken and is not', () => {
  it.each(HARMLESS)('$name, at $stage: nothing is found', async ({ stage, break: make }) => {
    const one = healthy(stage);
    make(one.world);
    expect(notes(await ask(one))).toEqual([]);
  });
});
