import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateRoleCommand, PutRolePolicyCommand, TagRoleCommand } from '@aws-sdk/client-iam';
import type { Ports } from '../../../src/estate/Ports';
import { loadInventory } from '../../../src/inventory/loadInventory';
import { CONTEXT, type Live, startLive } from '../../operations/gate/live/liveWorld';
import { COMMANDS, printed, type Printed, withoutFigures } from './commands';

const ISSUER = 'https://oidc.eks.us-west-2.amazonaws.com/id/AAAA1111AAAA1111AAAA1111AAAA1111';

/** The Terraform states are no part of an Estate: only a live comparison reads them. */
function withoutStates(text: string): string {
  return text
    .replace(/^Could not read the state of .*\n\n/m, '')
    .replace(/,\n *"readStates": true(?:,\n *"unreadStates": \[[^\]]*\])?/, '');
}

/** Two workloads of one wave; the second is not what stands in AWS. */
const INVENTORY = `version: 1
accounts: { apps: { id: "333333333333", deployRole: "arn:aws:iam::333333333333:role/podlift-deploy" } }
environments:
  prod:
    account: apps
    region: us-west-2
    tags: { team: payments }
    clusters:
      main:
        name: prod-main
        version: "1.33"
        oidc: { issuer: "${ISSUER}", provider: managed }
        agent: { version: v1.3.4-eksbuild.1 }
        kubernetes: { context: "${CONTEXT}" }
waves:
  pilot: { stages: { prod: dual } }
workloads:
  orders-api:
    wave: pilot
    namespace: production
    serviceAccount: orders-api
    permissions: { statements: [{ actions: [s3:GetObject], resources: ["arn:aws:s3:::acme/*"] }] }
  invoices:
    wave: pilot
    namespace: production
    serviceAccount: invoices
    permissions: { statements: [{ actions: [s3:GetObject], resources: ["arn:aws:s3:::acme-invoices/*"] }] }
`;

const none = (): Ports => {
  throw new Error('ports were made');
};
const same = (name: string) => name;

describe('an Estate that is saved from the sandbox, by the real SDK and the real kubectl', () => {
  const folder = mkdtempSync(join(tmpdir(), 'podlift-estate-'));
  const file = join(folder, 'inventory.yaml');
  let live: Live;
  beforeAll(async () => {
    writeFileSync(file, INVENTORY);
    const inventory = loadInventory(file).inventory!;
    live = await startLive(inventory);
    await live.apply(inventory);
    await live.settle();
    process.env.PODLIFT_INVENTORY = file;
    const RoleName = 'prod-invoices';
    const wide = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::acme-*' }],
    };
    await live
      .iam()
      .send(new PutRolePolicyCommand({ RoleName, PolicyName: 'by-hand', PolicyDocument: JSON.stringify(wide) }));
    await live.iam().send(new TagRoleCommand({ RoleName, Tags: [{ Key: 'owner', Value: 'somebody' }] }));
    await live.kubectl('create serviceaccount mailer');
    const trust = {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Federated: `arn:aws:iam::333333333333:oidc-provider/${ISSUER.slice(8)}` },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: { StringLike: { [`${ISSUER.slice(8)}:sub`]: 'system:serviceaccount:production:mail*' } },
        },
      ],
    };
    await live
      .iam()
      .send(new CreateRoleCommand({ RoleName: 'mailer', AssumeRolePolicyDocument: JSON.stringify(trust) }));
    await live.kubectl(
      'annotate serviceaccount mailer eks.amazonaws.com/role-arn=arn:aws:iam::333333333333:role/mailer',
    );
  });
  afterAll(async () => {
    await live.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What a command prints live, and the file that it saves. */
  const liveRun = async (
    command: string,
    format: 'text' | 'json',
    redact = false,
  ): Promise<Printed & { readonly saved: string }> => {
    const saved = join(folder, `${command}-${format}-${redact}.json`);
    return { ...(await printed(() => COMMANDS[command]!({ saveEstate: saved, redact }, format, same))), saved };
  };

  const cases = Object.keys(COMMANDS).flatMap((command) => [[command, 'text'] as const, [command, 'json'] as const]);
  it.each(cases)('%s prints the same from the file as live (%s)', async (command, format) => {
    const { saved, ...printedLive } = await liveRun(command, format);
    const own = await printed(() => COMMANDS[command]!({ estate: saved }, format, same, none));
    expect(withoutFigures(own.out)).toBe(withoutFigures(withoutStates(printedLive.out)));
    expect(own.exit).toBe(printedLive.exit);
    const told = (err: readonly string[]) => err.filter((line) => !line.startsWith('Estate of ')).map(withoutFigures);
    expect(told(own.err)).toEqual(told(printedLive.err));
  });

  /** Verdicts and counts of a command's JSON, without names. */
  const VERDICTS: Readonly<Record<string, (json: any) => unknown>> = {
    gate: ({ evidence, holds }) => [holds, evidence.map((one: any) => [one.check, one.holds])],
    doctor: ({ summary, diagnoses }) => [
      summary,
      diagnoses.map((one: any) => one.findings.map(({ check, state, follows }: any) => [check, state, follows])),
    ],
    drift: ({ differences }) => kindsOf(differences),
    status: ({ waves, outside, live }) => [
      waves.map(({ stage, since, workloads, next }: any) => [stage, since, workloads, next.kind]),
      outside.length,
      kindsOf(live.differences),
    ],
    discover: ({ workloads, left, waves, notes, first, blocked }) => [
      workloads.map(({ entry, notes: own }: any) => [entry.stage, Object.keys(entry), own.length]),
      left.map(({ reason, agrees }: any) => `${reason} ${agrees}`).toSorted(),
      [waves.length, notes.length, first.length, blocked],
    ],
  };
  const kindsOf = (differences: any) =>
    differences.map((one: any) => [one.kind, one.holds, one.missing?.length, one.extra?.length]);

  it.each(Object.keys(VERDICTS))('%s has the same results from a redacted pair', async (command) => {
    const { saved, out, exit, err } = await liveRun(command, 'json', true);
    const beside = `${saved}.inventory.yaml`;
    const text = `${readFileSync(saved, 'utf8')}\n${readFileSync(beside, 'utf8')}`;
    expect(text).not.toMatch(/orders|invoices|acme|pilot|payments|mailer|somebody|prod-main|333333333333|AAAA1111/);
    const words = err.join('\n').split('\n').at(-1)!.trim().split(' ');
    const [wave, environment, cluster] = ['gate', '--environment', '--cluster'].map(
      (word) => words[words.indexOf(word) + 1],
    );
    const names = (name: string) => ({ pilot: wave, prod: environment, main: cluster })[name] ?? name;
    process.env.PODLIFT_INVENTORY = beside;
    try {
      const own = await printed(() => COMMANDS[command]!({ estate: saved }, 'json', names, none));
      expect([own.exit, VERDICTS[command]!(JSON.parse(own.out))]).toEqual([exit, VERDICTS[command]!(JSON.parse(out))]);
    } finally {
      process.env.PODLIFT_INVENTORY = file;
    }
  });
});
