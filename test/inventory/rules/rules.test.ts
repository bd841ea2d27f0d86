import { FORMATS } from '../../../src/inventory/formats/formats';
import { RULES } from '../../../src/inventory/rules/rules';
import { SHAPE_RULES } from '../../../src/inventory/schema/shapeIssues';
import { BASE, changed, checkMarked, type Change } from '../marked';
import { CASES } from './cases';

describe('the rules', () => {
  it('find nothing in the base of the cases', () => {
    const { loaded } = checkMarked({ 'inventory.yaml': BASE });
    expect(loaded.findings).toEqual([]);
    expect(loaded.inventory?.environments.map(({ workloads }) => workloads.length)).toEqual([1, 1]);
  });

  it.each(CASES.map((testCase) => [testCase.rule, testCase.when, testCase] as const))(
    '%s: %s',
    (rule, _when, testCase) => {
      const { loaded, place } = checkMarked({ 'inventory.yaml': changed(testCase satisfies Change) });
      expect(loaded.findings).toEqual([
        {
          severity: testCase.severity ?? 'error',
          rule,
          path: testCase.path,
          ...place,
          message: expect.stringMatching(testCase.message),
          hint: expect.stringMatching(testCase.hint ?? /\S{3}/),
        },
      ]);
      expect(Object.keys(place)).toEqual(['file', 'line', 'column']);
      expect(loaded.inventory === undefined).toBe((testCase.severity ?? 'error') === 'error');
    },
  );

  it('have a case each', () => {
    const all = [...RULES, ...Object.values(SHAPE_RULES), ...FORMATS.values()].map(({ name }) => name);
    const tried = new Set(CASES.map(({ rule }) => rule));
    expect(all.filter((name) => !tried.has(name))).toEqual([]);
  });

  it('have names of their own, in kebab-case', () => {
    const all = [...RULES, ...Object.values(SHAPE_RULES), ...FORMATS.values()].map(({ name }) => name);
    expect(new Set(all).size).toBe(all.length);
    expect(all.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name))).toEqual([]);
  });
});
