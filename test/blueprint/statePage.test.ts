import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { locationText, stateLocation } from '../../src/blueprint/stateLocation';
import { BASE, checkMarked } from '../inventory/marked';

const STATE = '    state: { s3: { bucket: acme-tfstate, region: us-west-2 } }\n    tags';
const page = readFileSync('docs/STATE.md', 'utf8');

/** The rows of the table of backends: an example and its place. */
const ROWS = [...page.matchAll(/^\| `(\{ .+ \})`\s+\| `([^`]+)`\s+\|$/gm)].map(([, example = '', place = '']) => ({
  example,
  place,
}));

describe('the table of docs/STATE.md', () => {
  it.each(ROWS)('has a place that podlift computes: $example', ({ example, place }) => {
    const { loaded } = checkMarked({ 'inventory.yaml': BASE.replace(STATE, `    state: ${example}\n    tags`) });
    expect(loaded.findings).toEqual([]);
    const state = loaded.inventory?.environments.find(({ key }) => key === 'prod')?.state;
    expect(state).toEqual(parse(example));
    expect(locationText(stateLocation('prod-identity', { ...(state && { state }) }, undefined))).toBe(place);
  });

  it('has each backend, and its credentials', () => {
    const backends = ['s3', 'cloud', 'remote', 'http', 'gcs', 'azurerm', 'local'];
    expect([...new Set(ROWS.flatMap(({ example }) => Object.keys(parse(example) as object)))]).toEqual(backends);
    for (const backend of backends.slice(0, -1)) expect(page).toMatch(new RegExp(`^\\| .*\`${backend}\`.*\\| `, 'm'));
  });
});
