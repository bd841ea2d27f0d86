import fc from 'fast-check';
import { isMap, Lexer, parseDocument } from 'yaml';
import { type NewStage, setStage } from '../../../src/inventory/edit/setStage';
import { type Stage, STAGES } from '../../../src/inventory/Inventory';
import { ENVIRONMENTS, inventoryTexts, WAVES } from './inventoryTexts';

interface Step {
  readonly wave: string;
  readonly environment: string;
  readonly back: boolean;
  readonly because: string | null;
  readonly accepted: readonly string[] | null;
}

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    wave: fc.constantFrom(...WAVES),
    environment: fc.constantFrom(...ENVIRONMENTS),
    back: fc.boolean(),
    because: fc.option(fc.string({ minLength: 1, unit: 'grapheme' }), { freq: 3 }),
    accepted: fc.option(
      fc.array(fc.constantFrom('soak', 'pod-credentials:api:main', 'agent::main', 'role:123', 'sdk:on'), {
        minLength: 1,
        maxLength: 4,
      }),
      { freq: 3 },
    ),
  }),
  { minLength: 1, maxLength: 8 },
);

type Data = Record<string, Record<string, any>>;

const dataOf = (text: string): Data => parseDocument(text.replace('\uFEFF', '')).toJS() as Data;

function stageIn(data: Data, { wave, environment }: Step): Stage {
  const written: any = data.waves![wave].stages?.[environment] ?? 'irsa';
  return (typeof written === 'string' ? written : written.stage) as Stage;
}

/** All comments of a text, in order. */
function comments(text: string): readonly string[] {
  const found: string[] = [];
  let before = '';
  for (const lexeme of new Lexer().lex(text)) {
    if (lexeme.startsWith('#') && before !== '\u001f') found.push(lexeme.trimEnd());
    before = lexeme;
  }
  return found;
}

/** What stands before a wave's entry and after it, from the next key on, and what is written at its other environments. */
function surroundings(text: string, { wave, environment }: Step): readonly string[] {
  const root: any = parseDocument(text).contents;
  const waves: any = root.get('waves').items;
  const index: number = waves.findIndex(({ key }: any) => key.value === wave);
  const next = waves[index + 1] ?? root.items.find(({ key }: any) => key.value === 'workloads');
  const stages = waves[index].value.get('stages');
  const others = isMap(stages) ? stages.items.filter(({ key }: any) => key.value !== environment) : [];
  return [
    text.slice(0, waves[index].key.range[0]),
    next ? text.slice(next.key.range[0]) : '',
    ...others.map(({ key, value }: any) => text.slice(key.range[0], value.range[1]).trimEnd()),
  ];
}

describe('a walk through the stages', () => {
  it('changes one stage at a time and nothing else', () => {
    let edits = 0;
    fc.assert(
      fc.property(inventoryTexts, steps, (start, walk) => {
        let text = start;
        for (const step of walk) {
          const data = dataOf(text);
          const from = stageIn(data, step);
          const stage = STAGES[STAGES.indexOf(from) + (step.back ? -1 : 1)];
          if (stage === undefined) continue;
          const written: NewStage = {
            stage,
            since: '2026-11-20T08:30:00Z',
            ...(step.because !== null && { because: step.because }),
            ...(step.accepted !== null && { accepted: step.accepted }),
          };
          const { wave, environment } = step;
          const result = setStage({ file: 'inventory.yaml', text }, { wave, environment, from, ...written, stage });
          if ('refusal' in result) throw new Error(result.refusal.message);
          const after = result.edit.text;

          const expected = structuredClone(data);
          (expected.waves![wave].stages ??= {})[environment] = written;
          expect(dataOf(after)).toEqual(expected);
          const [before, now] = [text, after].map((each) => each.replace('\uFEFF', '')) as [string, string];
          expect(surroundings(now, step)).toEqual(surroundings(before, step));
          expect(comments(now)).toEqual(comments(before));
          expect(after.startsWith('\uFEFF')).toBe(text.startsWith('\uFEFF'));
          if (text.includes('\r\n')) expect(after).not.toMatch(/[^\r]\n/);
          else expect(after).not.toContain('\r');
          expect(after.endsWith('\n')).toBe(text.endsWith('\n'));

          const { line, before: old, after: new_ } = result.edit.changes;
          const lines = before.split(/\r?\n/);
          expect(lines.splice(line - 1, old.length, ...new_)).toEqual(old);
          expect(lines).toEqual(now.split(/\r?\n/));
          text = after;
          edits += 1;
        }
      }),
      { numRuns: 200 },
    );
    expect(edits).toBeGreaterThan(200);
  });

  it('comes back to a text that says the same when it goes there and back', () => {
    const text = 'waves:\n  pilot: { stages: { prod: { stage: dual, since: 2026-01-01T00:00:00Z } } } # x\n';
    const at = { wave: 'pilot', environment: 'prod', since: '2026-01-01T00:00:00Z' };
    const there = setStage({ file: 'f', text }, { ...at, from: 'dual', stage: 'cutover', because: 'no: why' });
    if ('refusal' in there) throw new Error(there.refusal.message);
    const back = setStage({ file: 'f', text: there.edit.text }, { ...at, from: 'cutover', stage: 'dual' });
    expect(back).toMatchObject({ edit: { text } });
  });
});
