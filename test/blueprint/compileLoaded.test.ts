import { compile } from '../../src/blueprint/compile';
import { compileLoaded } from '../../src/blueprint/compileLoaded';
import type { Finding, Problem } from '../../src/inventory/Finding';
import { environmentOf, inventoryOf, roleSettingsOf, workloadOf } from './inventoryOf';

const place = { file: 'inventory.yaml', line: 7, column: 3 };
const locate = (problem: Problem): Finding => ({ ...problem, ...place });
const files = [place.file];
const MISTAKE = locate({ severity: 'error', rule: 'shape', path: 'waves', message: 'is wrong', hint: 'Correct it.' });

const twoEnvironments = inventoryOf(environmentOf(), environmentOf({ key: 'dev' }));
const longName = inventoryOf(
  environmentOf({ workloads: [workloadOf({ role: roleSettingsOf({ name: 'n'.repeat(65) }) })] }),
);

describe('compiling what was loaded', () => {
  it('gives the blueprint of each environment, and no findings where nothing is wrong', () => {
    const { blueprints, findings } = compileLoaded({ inventory: twoEnvironments, findings: [], files, locate });
    expect(blueprints).toEqual([compile(twoEnvironments, 'prod'), compile(twoEnvironments, 'dev')]);
    expect(findings).toEqual([]);
  });

  it('prefers the inventory to its sound part', () => {
    const loaded = { inventory: twoEnvironments, sound: longName, findings: [], files, locate };
    expect(compileLoaded(loaded).blueprints.map(({ environment }) => environment)).toEqual(['prod', 'dev']);
  });

  it('compiles the sound part of an inventory with errors, and adds the findings of its quotas with their place', () => {
    const { blueprints, findings } = compileLoaded({ sound: longName, findings: [MISTAKE], files, locate });
    expect(blueprints).toEqual([compile(longName, 'prod')]);
    expect(findings).toEqual([
      MISTAKE,
      expect.objectContaining({ rule: 'quota', path: 'workloads.orders-api.role.name', ...place }),
    ]);
  });

  it('gives only the findings where a file could not be read', () => {
    expect(compileLoaded({ findings: [MISTAKE], files, locate })).toEqual({ blueprints: [], findings: [MISTAKE] });
  });
});
