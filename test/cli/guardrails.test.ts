import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { guardrails, type GuardrailsOptions } from '../../src/cli/commands/guardrails';
import { UsageError } from '../../src/cli/exit';
import { folderOf, removeFolders } from '../inventory/fixtures';

const INVENTORY = `version: 1
accounts:
  apps: { id: "333333333333" }
  data: { id: "444444444444" }
environments:
  prod:
    account: apps
    region: us-west-2
    state: { s3: { bucket: acme-tfstate, region: us-west-2 } }
    clusters:
      main:
        name: prod-main
        version: "1.33"
        oidc: { issuer: "https://oidc.eks.us-west-2.amazonaws.com/id/AAAA1111AAAA1111AAAA1111AAAA1111" }
        agent: { version: v1.3.4-eksbuild.1 }
workloads:
  api:
    stage: dual
    namespace: shop
    serviceAccount: api
    sdk: { language: python, version: 1.35.0 }
    permissions: { statements: [{ actions: [s3:GetObject], resources: ["arn:aws:s3:::a/*"] }] }
    targets: { lake: { account: data, permissions: { statements: [{ actions: [s3:GetObject], resources: ["arn:aws:s3:::lake/*"] }] } } }
`;
const FILES = ['access-administration.json', 'access-any-role.json', 'rcp.json', 'scp.json'];

beforeEach(() => {
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterEach(() => {
  jest.restoreAllMocks();
  delete process.env.PODLIFT_INVENTORY;
});
afterAll(removeFolders);

function run(options: Partial<GuardrailsOptions> = {}, text = INVENTORY): { exit: number; printed: string } {
  process.env.PODLIFT_INVENTORY = join(folderOf({ 'inventory.yaml': text }), 'inventory.yaml');
  const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
  const exit = guardrails({ format: 'text', ...options });
  const printed = log.mock.calls.flat().join('\n');
  log.mockRestore();
  return { exit, printed };
}

describe('podlift guardrails --out', () => {
  it('writes one file for each policy and check, and again over its own files', () => {
    const out = join(folderOf({}), 'new/folder');
    for (const time of ['first', 'second']) {
      const { exit, printed } = run({ out });
      expect([time, exit]).toEqual([time, 0]);
      expect(readdirSync(out).toSorted()).toEqual(FILES);
      expect(printed).toContain(`--content file://${out}/scp.json`);
    }
    for (const file of FILES) expect(JSON.parse(readFileSync(join(out, file), 'utf8'))).toBeDefined();
  });

  it('quotes the folder in the commands', () => {
    const out = join(folderOf({}), 'my folder');
    expect(run({ out }).printed).toContain(`--content 'file://${out}/scp.json'`);
  });

  it.each([...FILES])('writes no file where there is another %s', (file) => {
    const out = folderOf({ [file]: '{"Version":"2012-10-17","Statement":[]}' });
    expect(() => run({ out })).toThrow(UsageError);
    expect(readdirSync(out)).toEqual([file]);
  });

  it('refuses a folder that is a file', () => {
    const out = join(folderOf({ file: '' }), 'file');
    expect(() => run({ out })).toThrow(/--out .*file: the folder cannot be made/);
  });
});

describe('podlift guardrails', () => {
  it('prints the policies, how many paths stay open, and what they do not reach', () => {
    const { exit, printed } = run();
    expect(exit).toBe(0);
    expect(printed).toContain('All 10 promised paths stay open');
    expect(printed).toContain('"Sid":"PodliftNoSuchTag"');
    expect(printed).toContain('Roles and users of the management account');
    expect(printed).toContain('No inline policy of the inventory fails the access checks.');
  });

  it('names the roles whose inline policies fail a check, and the managed policies that it cannot see', () => {
    const wide = INVENTORY.replace(
      '{ statements: [{ actions: [s3:GetObject], resources: ["arn:aws:s3:::a/*"] }] }',
      '{ managedPolicies: [ReadOnlyAccess], statements: [{ because: yes, actions: ["iam:Put*"], resources: ["*"] }] }',
    );
    const { exit, printed } = run({}, wide);
    expect(exit).toBe(0);
    expect(printed).toContain(
      '- arn:aws:iam::333333333333:role/prod-api in prod: statement 1 of podlift fails administration: iam:PutGroupPolicy, iam:PutRolePermissionsBoundary, iam:PutRolePolicy and 2 more',
    );
    expect(printed).toContain('role/prod-api in prod: arn:aws:iam::aws:policy/ReadOnlyAccess');
  });

  it('names the roles that the service control policy does not let anyone tag', () => {
    const tagged = INVENTORY.replace(
      'region: us-west-2\n    state',
      'region: us-west-2\n    tags: { Eks-Cluster-Name: main }\n    state',
    );
    expect(run({}, tagged).printed).toContain('role/prod-api in prod: Eks-Cluster-Name');
  });

  it('gives 1 for an inventory with errors, and 2 for an unknown environment', () => {
    expect(run({}, INVENTORY.replace('account: apps', 'account: app')).exit).toBe(1);
    expect(() => run({ environment: 'pord' })).toThrow(UsageError);
  });
});
