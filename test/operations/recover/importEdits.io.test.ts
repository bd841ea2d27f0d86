import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readForEdit } from '../../../src/operations/inventoryFile/editableInventory';
import { importEdit, type NewImport } from '../../../src/operations/recover/importEdits';
import type { ImportPath } from '../../../src/operations/recover/Recovery';

const BASE = `version: 1 # the shop
accounts: { apps: { id: "111111111111" } }
environments:
  prod:
    account: apps
    region: us-west-2
    clusters:
      main:
        name: prod-main
        version: "1.33"
        oidc: { issuer: "https://oidc.eks.us-west-2.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF" }
        agent:
          version: v1.3.4-eksbuild.1 # the agent
waves:
  pilot: { stages: { prod: dual } }
workloads:
  api: # the API
    wave: pilot
    namespace: shop
    serviceAccount: api
    permissions: { managedPolicies: [AmazonSSMReadOnlyAccess] }

  web:
    wave: pilot
    namespace: shop
    serviceAccount: web
`;

const ROLE = ['workloads', 'api', 'role', 'imports'];
const ADDED: readonly NewImport[] = [
  { path: [...ROLE, 'role'], value: true },
  { path: [...ROLE, 'managedPolicies'], item: 'arn:aws:iam::aws:policy/A', value: 'arn:aws:iam::aws:policy/A' },
  { path: [...ROLE, 'managedPolicies'], item: 'arn:aws:iam::aws:policy/B', value: 'arn:aws:iam::aws:policy/B' },
  { path: [...ROLE, 'associations', 'main'], value: 'a-1' },
  { path: ['environments', 'prod', 'clusters', 'main', 'agent', 'imports'], value: true },
  { path: ['workloads', 'web', 'overrides', 'prod', 'serviceAccount', 'imports'], item: 'main', value: 'main' },
];

/** The text of an inventory after an edit. */
function edited(text: string, removed: readonly ImportPath[], added: readonly NewImport[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'podlift-imports-'));
  try {
    const file = join(folder, 'inventory.yaml');
    writeFileSync(file, text);
    const edit = importEdit(readForEdit(file), removed, added);
    if ('refusal' in edit) return `refused: ${edit.refusal.message}`;
    const [changed] = [...edit.texts.values()];
    return changed ?? text;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('the edit of imports', () => {
  const written = edited(BASE, [], ADDED);

  it('adds entries as blocks, and keeps every comment', () => {
    expect(written).toBe(
      BASE.replace('# the agent\n', '# the agent\n          imports: true\n')
        .replace(
          '[AmazonSSMReadOnlyAccess] }\n',
          `[AmazonSSMReadOnlyAccess] }
    role:
      imports:
        role: true
        managedPolicies: ["arn:aws:iam::aws:policy/A", "arn:aws:iam::aws:policy/B"]
        associations: { main: a-1 }
`,
        )
        .replace(
          '    serviceAccount: web\n',
          '    serviceAccount: web\n    overrides:\n      prod:\n        serviceAccount:\n          imports: [main]\n',
        ),
    );
  });

  it('removes the same entries, and every map that is empty then', () => {
    expect(edited(written, ADDED, [])).toBe(BASE);
  });

  it('removes one item of a list', () => {
    const [, item] = ADDED;
    const text = edited(written, [item!], []);
    expect(text).not.toContain('policy/A');
    expect(text).toContain('policy/B');
  });

  it('replaces an id that is no longer the one of the association', () => {
    const path = [...ROLE, 'associations', 'main'];
    expect(edited(written, [{ path }], [{ path, value: 'a-2' }])).toContain('a-2');
    expect(edited(written, [{ path }], [{ path, value: 'a-2' }])).not.toContain('a-1');
  });

  it('adds nothing twice', () => {
    expect(edited(written, [], ADDED)).toBe(written);
  });

  it('is refused where an alias has the value', () => {
    const text = BASE.replace('role: ', 'role: ')
      .replace('    permissions:', '    role: &r { path: /x/ }\n    permissions:')
      .replace('    serviceAccount: web\n', '    serviceAccount: web\n    role: *r\n');
    expect(edited(text, [], [ADDED[0]!])).toMatch(/^refused: .*anchor/);
  });
});

const SEVERAL = BASE.replace(
  '    namespace: shop\n    serviceAccount: web\n',
  `    subjects:
      - { namespace: shop, serviceAccount: web } # the shop
      - namespace: shop
        serviceAccount: worker # runs at night
      - namespace: batch
        serviceAccount: { name: web, manage: create } # batch
    because: one team
    role: { imports: { associations: { main: a-1 } } } # found
`,
);
const WEB = ['workloads', 'web', 'role', 'imports', 'associations', 'main'];
const subject = (index: number) => ['workloads', 'web', 'subjects', String(index), 'serviceAccount', 'imports'];

describe('the edit of imports of several service accounts', () => {
  it('makes the id of the first subject a map, and keeps the comment', () => {
    expect(
      edited(
        SEVERAL,
        [],
        [
          { path: [...WEB, 'shop/worker'], value: 'a-2' },
          { path: [...WEB, 'batch/web'], value: 'a-3' },
        ],
      ),
    ).toBe(
      SEVERAL.replace(
        '{ main: a-1 } } } # found',
        '{ main: { shop/web: a-1, shop/worker: a-2, batch/web: a-3 } } } } # found',
      ),
    );
  });

  it('keeps the id of another subject in the map', () => {
    const map = SEVERAL.replace('{ main: a-1 }', '{ main: { shop/web: a-1 } }');
    expect(edited(map, [], [{ path: [...WEB, 'shop/worker'], value: 'a-2' }])).toBe(
      map.replace('{ shop/web: a-1 }', '{ shop/web: a-1, shop/worker: a-2 }'),
    );
    expect(edited(map, [{ path: [...WEB, 'shop/web'] }], [{ path: [...WEB, 'shop/web'], value: 'a-9' }])).toBe(
      map.replace(
        '    role: { imports: { associations: { main: { shop/web: a-1 } } } } # found',
        '    # found\n    role:\n      imports:\n        associations:\n          main: { shop/web: a-9 }',
      ),
    );
  });

  it('writes the imports of service accounts inside subjects, and removes them again', () => {
    const added = [0, 1, 2].map((index) => ({ path: subject(index), item: 'main', value: 'main' }));
    const text = edited(SEVERAL, [], added);
    expect(text).toBe(
      SEVERAL.replace('serviceAccount: web } # the shop', 'serviceAccount: { name: web, imports: [main] } } # the shop')
        .replace('serviceAccount: worker # runs', 'serviceAccount: { name: worker, imports: [main] } # runs')
        .replace('{ name: web, manage: create } # batch', '{ name: web, manage: create, "imports": ["main"] } # batch'),
    );
    expect(edited(text, [], added)).toBe(text);
    expect(edited(text, added, [])).toBe(
      SEVERAL.replace('serviceAccount: web }', 'serviceAccount: { name: web } }').replace(
        'serviceAccount: worker',
        'serviceAccount: { name: worker }',
      ),
    );
  });

  it('is refused where several environments share the list', () => {
    const path = ['workloads', 'web', 'overrides', 'prod', 'subjects', '1', 'serviceAccount', 'imports'];
    expect(edited(SEVERAL, [], [{ path, item: 'main', value: 'main' }])).toMatch(
      /^refused: podlift cannot write an import into the subjects of workload "web"/,
    );
  });
});
