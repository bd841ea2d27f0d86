import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { inventoryIn, run, useFolder } from '../commandLine';

const PAGE = readFileSync('docs/ESTATE.md', 'utf8');
const COMMANDS = PAGE.split('\n')
  .filter((line) => line.startsWith('npx podlift '))
  .map((line) => line.split(' ').slice(2));
const INVENTORY = `version: 1
accounts: { apps: { id: "333333333333" } }
environments:
  prod:
    account: apps
    region: us-west-2
    clusters:
      prod-main:
        name: prod-main
        version: "1.33"
        autoMode: true
        oidc: { issuer: "https://oidc.eks.us-west-2.amazonaws.com/id/AAAA1111" }
waves: { pilot: { stages: {} } }
workloads:
  orders-api: { wave: pilot, namespace: shop, serviceAccount: api, permissions: { managedPolicies: [ReadOnlyAccess] } }
`;
const EMPTY = { format: 'podlift.estate/1', at: '2026-11-21T12:00:00.000Z', accounts: {}, clusters: {} };

const folder = useFolder();
const podlift = (words: readonly string[]) =>
  run([resolve('src/cli/podlift.js'), ...words], inventoryIn(folder, INVENTORY), folder.path);
const path = (name: string) => join(folder.path, name);

describe('docs/ESTATE.md', () => {
  it('has commands', () => {
    expect(COMMANDS.length).toBeGreaterThan(7);
  });

  it.each(COMMANDS.map((words) => [words.join(' '), words] as const))(
    'podlift %s works, with an Estate instead of AWS',
    (_, words) => {
      const saves = words.includes('--save-estate');
      const given = words.includes('--estate') ? [] : ['--estate', 'given.json'];
      for (const name of ['given.json', ...(saves && given.length > 0 ? [] : ['estate.json'])])
        writeFileSync(path(name), JSON.stringify(EMPTY));
      const { status, stderr, stdout } = podlift([...words, ...given]);
      expect(`${stdout}\n${stderr}`).toContain('not in the Estate');
      expect(status).toBe(1);
      const saved = words[words.indexOf('--save-estate') + 1]!;
      if (saves) expect(existsSync(path(saved))).toBe(true);
      if (words.includes('--redact')) {
        const told = stderr
          .split('\n')
          .filter((line) => line !== '' && !line.startsWith('Estate of 2026-11-21T12:00:00.000Z'));
        expect(told.slice(0, 2)).toEqual([`Its inventory: ${saved}.inventory.yaml`, 'The same command on both:']);
        expect(told[2]).toMatch(
          new RegExp(
            `^  PODLIFT_INVENTORY=${saved}.inventory.yaml node \\S+podlift\\.js gate \\w{5} --environment \\w{4} --estate ${saved}$`,
          ),
        );
      }
    },
    30_000,
  );
});
