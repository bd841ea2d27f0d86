import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { addEntries } from '../../../src/inventory/edit/addEntries';
import { setStage, sinceText } from '../../../src/inventory/edit/setStage';
import { unwritable } from '../../../src/inventory/edit/unwritable';
import { parseSource } from '../../../src/inventory/source/parseSource';
import { STAGES } from '../../../src/inventory/Inventory';
import { inventoryTexts } from '../../inventory/edit/inventoryTexts';
import { corpus, mutated } from '../mutations';
import { inTime, mustHold, type Target } from '../Target';
import { YAML_WORDS } from '../words';

const FILE = 'fuzz.yaml';
const names = fc.oneof(
  fc.constantFrom('pilot', 'web', 'core', 'dev', 'prod', '7', 'shop', 'api'),
  fc.string({ unit: 'binary', maxLength: 8 }),
);
const keys = fc.oneof(names, fc.constantFrom(...YAML_WORDS));
const plain = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(...YAML_WORDS, 1, true),
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), tie('value'), { maxKeys: 3 }),
  ),
})).value as fc.Arbitrary<never>;

/** An edit of any text is a finding or a text that parses to the wanted data; it never throws for data that can be written. */
export const edit: Target = {
  name: 'edit',
  property: () =>
    fc.asyncProperty(
      fc.oneof(mutated(corpus('inventory'), YAML_WORDS), inventoryTexts),
      fc.tuple(
        names,
        names,
        fc.constantFrom(...STAGES),
        fc.constantFrom(...STAGES),
        fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }),
      ),
      fc.uniqueArray(fc.tuple(fc.constantFrom('workloads', 'waves', 'environments', 'accounts'), keys, plain), {
        minLength: 1,
        maxLength: 3,
        selector: ([section, key]) => `${section} ${key}`,
      }),
      (text, [wave, environment, from, stage, time], entries) =>
        inTime(() => {
          const request = { wave, environment, from, stage, since: sinceText(time) };
          const staged = setStage({ file: FILE, text }, request);
          if ('edit' in staged) parses(staged.edit.text);
          const wanted = entries
            .map(([section, key, value]) => ({ into: [section], key, value }))
            // What podlift does not write is left out before, with this reason.
            .filter(({ key, value }) => unwritable(key, value) === undefined);
          const added = addEntries({ file: FILE, text }, wanted);
          if (!('edit' in added)) return;
          const data = parses(added.edit.text);
          for (const { into, key, value } of wanted)
            mustHold(
              isDeepStrictEqual(plainOf(data[into[0] ?? '']?.[key]), plainOf(value)),
              `${key} has another value`,
            );
        }),
    ),
};

const plainOf = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

function parses(text: string): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  const { source, findings } = parseSource(text.replace(/^\uFEFF+/, ''), FILE);
  mustHold(
    findings.length === 0 && source !== undefined,
    `the edited text has a mistake: ${findings[0]?.message ?? ''}`,
  );
  return source?.data as never;
}
