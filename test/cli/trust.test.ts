import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { trust, type TrustOptions } from '../../src/cli/commands/trust';
import type { PolicyDocument } from '../../src/iam/PolicyDocument';
import { STAGES } from '../../src/inventory/Inventory';
import { folderOf, removeFolders } from '../inventory/fixtures';

afterAll(removeFolders);

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
        oidc: { issuer: "https://oidc.eks.us-west-2.amazonaws.com/id/AAAA" }
        agent: { version: v1.3.4-eksbuild.1 }
waves:
  pilot: { stages: { prod: irsa } }
workloads:
  ledger-reader:
    wave: pilot
    namespace: finance
    serviceAccount: ledger-reader
    sdk: { language: python, version: 1.34.60 }
    role:
      manage: external
      name: ledger-irsa
      keepTrust:
        - Effect: Deny
          NotPrincipal: { AWS: ["arn:aws:iam::333333333333:role/on-call"] }
          Action: sts:AssumeRole
          Condition: { StringNotEquals: { "aws:SourceIdentity": "\${aws:username}" }, Bool: { "aws:SecureTransport": true } }
          because: the on-call role reads it
    targets:
      ledger: { account: data, permissions: { managedPolicies: [ReadOnlyAccess] } }
`;

/** What the command prints, and its exit code. */
function printed(options: Partial<TrustOptions> = {}, workload = 'ledger-reader', inventory = INVENTORY): string {
  const folder = folderOf({});
  const file = join(folder, 'inventory.yaml');
  writeFileSync(file, inventory);
  process.env.PODLIFT_INVENTORY = file;
  const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
  try {
    expect(trust(workload, { format: 'json', ...options })).toBe(0);
    expect(log).toHaveBeenCalledTimes(1);
    return String(log.mock.calls[0]![0]);
  } finally {
    log.mockRestore();
    delete process.env.PODLIFT_INVENTORY;
  }
}

interface Printed {
  readonly Version: string;
  readonly Statement: readonly { readonly Effect: string; readonly Principal?: Record<string, string> }[];
}
const documentAt = (options: Partial<TrustOptions>) => JSON.parse(printed(options)) as Printed;
const kinds = ({ Statement }: Printed) =>
  Statement.map(({ Effect, Principal }) => (Effect === 'Deny' ? 'kept' : Object.keys(Principal!).join()));

describe('podlift trust', () => {
  it.each([
    ['irsa', ['Federated', 'kept']],
    ['prepared', ['Federated', 'Service', 'kept']],
    ['dual', ['Federated', 'Service', 'kept']],
    ['cutover', ['Federated', 'Service', 'kept']],
    ['pod-identity', ['Service', 'kept']],
  ] as const)('prints the trust policy of the stage %s, with the statements of keepTrust', (stage, expected) => {
    expect(kinds(documentAt({ stage }))).toEqual(expected);
  });

  it('prints the stage of the inventory without --stage', () => {
    expect(printed()).toBe(printed({ stage: 'irsa' }));
  });

  it('prints nothing of podlift’s own: AWS refuses a statement with a key `because`', () => {
    expect(printed({ stage: 'dual' })).not.toContain('because');
  });

  it('prints the trust policy of a target role', () => {
    expect(printed({ target: 'ledger', stage: 'dual' })).toContain('arn:aws:iam::333333333333:role/ledger-irsa');
  });

  it.each(STAGES)('prints for CloudFormation at %s what it prints as JSON', (stage) => {
    const text = printed({ stage, format: 'cloudformation' });
    expect(parse(text)).toEqual({ AssumeRolePolicyDocument: documentAt({ stage }) });
    // YAML 1.1, which CloudFormation reads, takes an unquoted one for a date.
    expect(text).toContain('Version: "2012-10-17"');
  });

  it('names a data source after the workload and its target, and escapes the variables of IAM', () => {
    expect(printed({ format: 'hcl' })).toContain('data "aws_iam_policy_document" "ledger_reader_trust" {');
    expect(printed({ format: 'hcl', target: 'ledger' })).toContain('"ledger_reader_ledger_trust"');
    expect(printed({ format: 'hcl' })).toContain('["$${aws:username}"]');
  });

  it.each(['2008-10-17', 'none'])('keeps the version (%s) and the Id that the owner’s document has', (version) => {
    const own = INVENTORY.replace(
      '      keepTrust:',
      `      adoptedTrust: { version: ${version}, id: mine }\n      keepTrust:`,
    );
    const hcl = printed({ format: 'hcl' }, 'ledger-reader', own);
    expect(hcl).toMatch(/trust" \{\n {2}version {3}= "2008-10-17"\n {2}policy_id = "mine"\n\n {2}statement \{/);
    const { Version, Id } = JSON.parse(printed({}, 'ledger-reader', own)) as PolicyDocument;
    expect([Version ?? 'none', Id]).toEqual([version, 'mine']);
  });

  it.each([
    [{}, 'ledger-raeder', /no workload "ledger-raeder": did you mean "ledger-reader"\?/],
    [{ environment: 'prd' }, 'ledger-reader', /--environment is "prd": did you mean "prod"\?/],
    [{ target: 'ledgr' }, 'ledger-reader', /no target "ledgr" in prod: did you mean "ledger"\? targets: ledger/],
  ] as const)('knows no %j of %s', (options, workload, message) => {
    expect(() => printed(options, workload)).toThrow(message);
  });
});
