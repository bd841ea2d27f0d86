import { join } from 'node:path';
import { readForEdit } from '../../src/operations/inventoryFile/editableInventory';
import { planWalk, wavesIn } from '../../src/rehearsal/planWalk';
import { walkObstacles } from '../../src/rehearsal/walkObstacles';
import { folderOf, removeFolders } from '../inventory/fixtures';
import { BASE } from '../inventory/marked';

afterAll(removeFolders);

const SDK = '    sdk: { language: python, version: 1.34.60 }\n';
const IRSA = BASE.replace('{ stages: { dev: dual, prod: prepared } }', '{}');

function obstacles(text: string) {
  const read = readForEdit(join(folderOf({ 'inventory.yaml': text }), 'inventory.yaml'));
  const inventory = read.loaded.inventory!;
  const rehearsed = wavesIn(inventory, 'prod');
  const moves = planWalk({ waves: inventory.waves, environment: 'prod', rehearsed, to: 'pod-identity' });
  return walkObstacles(read, inventory, 'prod', moves).map(({ found, move }) => [
    move.wave,
    `${move.from} → ${move.to}`,
    found.replace(/^.*inventory\.yaml:\d+: /, ''),
  ]);
}

describe('the obstacles of a rehearsal', () => {
  it('are none where the inventory allows all steps forward and back', () => {
    expect(obstacles(IRSA + SDK)).toEqual([]);
  });

  it('are what a later step would find, each once', () => {
    const late = `${IRSA}${SDK}  web: { wave: late, namespace: shop, serviceAccount: web }\n`.replace(
      'waves:\n',
      'waves:\n  late: { after: pilot }\n',
    );
    expect(obstacles(late)).toEqual([
      ['late', 'irsa → prepared', 'sdk of web: the inventory does not declare the SDK of the image'],
    ]);
  });

  it('are the errors that the inventory would have, and the checks after them', () => {
    const text = `${IRSA}${SDK}  web: { wave: pilot, namespace: shop, serviceAccount: web }\n`.replaceAll(
      '        agent: { version: v1.3.4-eksbuild.1 }\n',
      '',
    );
    expect(obstacles(text)).toEqual([
      ['pilot', 'irsa → prepared', 'cluster "main" has neither agent nor autoMode, but workload "api" is at prepared'],
      ['pilot', 'irsa → prepared', 'sdk of web: the inventory does not declare the SDK of the image'],
    ]);
  });
});
