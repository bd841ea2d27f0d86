import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PolicyDocument } from '../../src/iam/PolicyDocument';
import { sameMeaning } from '../../src/iam/sameMeaning';
import { type Stage, STAGES } from '../../src/inventory/Inventory';
import { initialise, plan } from '../../src/runners/stackCommands';
import { terraformProject, type TerraformProject } from './terraformProject';

// The owner's part by the real AWS CLI and the real Terraform, with what podlift's command line prints.

const EXAMPLE = readFileSync('examples/external-role.yaml', 'utf8');
/** What could be lost between podlift and HCL: variables of IAM, templates, escapes, everybody, a denial. */
const HARD = `
        - Effect: Deny
          NotPrincipal: { AWS: ["arn:aws:iam::333333333333:role/on-call", "arn:aws:iam::333333333333:root"] }
          NotAction: [sts:AssumeRoleWithWebIdentity, sts:AssumeRole, sts:TagSession]
          Condition:
            StringNotLike: { "aws:PrincipalTag/team": ["\${aws:username}", '$\${*}', '%{ if }', '%%{x}', 'a"b\\c'] }
            Bool: { "aws:SecureTransport": true }
        - Sid: Everyone
          Effect: Deny
          Principal: "*"
          Action: sts:SetSourceIdentity
    permissions:`;

let project: TerraformProject;
beforeAll(async () => {
  project = await terraformProject(EXAMPLE);
});
afterAll(async () => {
  await project.close();
});

/** The sandbox answers in this process: a synchronous child would wait for itself. */
async function run(file: string, ...words: string[]): Promise<{ code: number; stdout: string }> {
  return runAs({}, file, ...words);
}
async function runAs(credentials: Readonly<Record<string, string>>, file: string, ...words: string[]) {
  try {
    const env = { ...process.env, ...project.environment, ...credentials };
    const { stdout } = await promisify(execFile)(file, words, { env });
    return { code: 0, stdout };
  } catch (error) {
    const { code, stdout } = error as { code: number; stdout: string };
    return { code, stdout };
  }
}
const podlift = (...words: string[]) => run(process.execPath, 'src/cli/podlift.js', ...words);
const trust = async (stage: Stage, ...more: string[]) =>
  (await podlift('trust', 'ledger-reader', '-e', 'prod', '--stage', stage, ...more)).stdout;

interface GateReport {
  readonly evidence: readonly { readonly check: string; readonly holds: string; readonly remedy?: readonly object[] }[];
}
/** The open results of the check of the trust policy before the next step. */
async function openTrust(): Promise<GateReport['evidence']> {
  const { stdout } = await podlift('gate', 'pilot', '-e', 'prod', '--format', 'json');
  const { evidence } = JSON.parse(stdout) as GateReport;
  return evidence.filter(({ check, holds }) => check === 'trust' && holds !== 'yes');
}

describe('a role that stays in its own Terraform', () => {
  it('is in no plan: the real Terraform plans the agent, the association and the target role', async () => {
    project.synth(readFileSync(project.file, 'utf8').replace('{ prod: irsa }', '{ prod: dual }'));
    const stack = project.stack('prod-identity');
    await initialise(stack);
    const { changes } = await plan(stack);
    const types = changes.map(({ address }) => address.split('.')[0]).toSorted();
    expect(types).toEqual(['aws_eks_addon', 'aws_eks_pod_identity_association']);
    project.synth(readFileSync(project.file, 'utf8').replace('{ prod: dual }', '{ prod: irsa }'));
  }, 300_000);

  it('has its trust policy written by the owner with the AWS CLI, before the gate lets the wave on', async () => {
    const before = await openTrust();
    expect(JSON.stringify(before)).toContain('"--stage","prepared"');
    const written = await run(
      'aws',
      ...['iam', 'update-assume-role-policy', '--role-name', 'ledger-reader'],
      ...['--policy-document', await trust('prepared')],
    );
    expect(written.code).toBe(0);
    // The owner of the target role, in another account, has a turn too.
    const [ofTarget, ...others] = await openTrust();
    expect(others).toEqual([]);
    expect(JSON.stringify(ofTarget?.remedy)).toContain('"--target","books","--stage","prepared"');
    const byTeam = await runAs(
      { AWS_ACCESS_KEY_ID: project.sandbox.accessKeyId('444444444444') },
      'aws',
      ...['iam', 'update-assume-role-policy', '--role-name', 'finance-books'],
      ...['--policy-document', await trust('prepared', '--target', 'books')],
    );
    expect(byTeam.code).toBe(0);
    expect(await openTrust()).toEqual([]);
  }, 300_000);

  it('has a trust policy in HCL that the real Terraform renders to the same document, at each stage', async () => {
    writeFileSync(project.file, EXAMPLE.replace('\n    permissions:', HARD));
    const folder = join(project.stack('prod-identity').folder, '..', 'owner');
    mkdirSync(folder, { recursive: true });
    const names: string[] = STAGES.map((stage) => stage.replace('-', '_'));
    const texts = await Promise.all(STAGES.map((stage) => trust(stage, '--format', 'hcl')));
    const all = texts.map((text, index) => text.replaceAll('ledger_reader_trust', names[index]!));
    names.push('books');
    all.push(
      (await trust('dual', '--format', 'hcl', '--target', 'books')).replace('ledger_reader_books_trust', 'books'),
    );
    const outputs = names.map((name) => `output "${name}" {\n  value = data.aws_iam_policy_document.${name}.json\n}`);
    const provider = 'provider "aws" {\n  region = "us-west-2"\n}\n';
    const required =
      'terraform {\n  required_providers {\n    aws = {\n      source = "hashicorp/aws"\n    }\n  }\n}\n';
    writeFileSync(join(folder, 'main.tf'), [required, provider, ...all, ...outputs].join('\n\n') + '\n');
    writeFileSync(join(folder, 'one.tf.txt'), `${texts[2]!}\n`);
    const { binary, environment } = project.stack('prod-identity');
    await initialise({ binary, folder, environment });
    const terraform = async (...words: string[]) => {
      const { stdout } = await promisify(execFile)(binary, [`-chdir=${folder}`, ...words], {
        env: { ...process.env, ...environment },
      });
      return stdout;
    };
    await terraform('apply', '-auto-approve', '-input=false');
    const rendered = JSON.parse(await terraform('output', '-json')) as Record<string, { value: string }>;
    for (const [index, stage] of STAGES.entries()) {
      const found = JSON.parse(rendered[names[index]!]!.value) as PolicyDocument;
      const wanted = JSON.parse(await trust(stage)) as PolicyDocument;
      expect({ stage, same: sameMeaning(found, wanted) }).toEqual({ stage, same: true });
    }
    const ofTarget = JSON.parse(rendered.books!.value) as PolicyDocument;
    expect(sameMeaning(ofTarget, JSON.parse(await trust('dual', '--target', 'books')) as PolicyDocument)).toBe(true);
    // As `terraform fmt` would write it: a paste leaves no difference.
    const formatted = execFileSync(binary, ['fmt', '-'], { input: texts[2]! + '\n', encoding: 'utf8' });
    expect(formatted).toBe(`${texts[2]!}\n`);
  }, 300_000);
});
