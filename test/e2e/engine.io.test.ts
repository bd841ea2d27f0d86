import { appendFileSync, cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type EngineDocument, engineProject, type EngineProject, locksIn, results } from './engineProject';

/** Two accounts, two waves: `orders-api` has a role in the account of the lake. */
const inventory = (
  stages: { readonly pilot: string; readonly later: string },
  {
    web = 'web',
    reads = 's3:GetObject',
    own = 's3:GetObject',
  }: { readonly web?: string; readonly reads?: string; readonly own?: string } = {},
) => `version: 1
accounts:
  apps: { id: "111111111111" }
  data: { id: "444444444444", deployRole: "arn:aws:iam::444444444444:role/podlift-deploy" }
environments:
  dev:
    account: apps
    region: us-west-2
    clusters:
      main:
        name: dev-main
        version: "1.33"
        oidc: { issuer: "https://oidc.eks.us-west-2.amazonaws.com/id/AAAA1111AAAA1111AAAA1111AAAA1111" }
        agent: { version: v1.3.4-eksbuild.1 }
waves:
  pilot: { stages: { dev: ${stages.pilot} } }
  later: { stages: { dev: ${stages.later} } }
workloads:
  orders-api:
    wave: pilot
    namespace: production
    serviceAccount: orders-api
    sdk: { language: python, version: 1.34.60 }
    permissions: { statements: [{ actions: [${own}], resources: ["arn:aws:s3:::acme/*"] }] }
    targets:
      lake: { account: data, permissions: { statements: [{ actions: [${reads}], resources: ["arn:aws:s3:::lake/*"] }] } }
  ${web}:
    wave: later
    namespace: production
    serviceAccount: web
    sdk: { language: python, version: 1.34.60 }
    permissions: { statements: [{ actions: [s3:GetObject], resources: ["arn:aws:s3:::web/*"] }] }
`;

const BEGIN = { pilot: 'irsa', later: 'irsa' } as const;

function documentOf({ stdout }: { readonly stdout: string }): EngineDocument {
  return JSON.parse(stdout) as EngineDocument;
}

describe('plan and apply with the real Terraform', () => {
  let project: EngineProject;
  beforeAll(async () => {
    project = await engineProject(inventory(BEGIN));
  });
  afterEach(() => {
    project.sandbox.faults.clear();
  });
  afterAll(() => project.close());
  const json = (...words: readonly string[]) => project.podlift([...words, '--format', 'json']);

  it('plan shows the changes of each stack, and gives 2 with --detailed-exitcode', async () => {
    const { status, stdout, stderr } = await project.podlift(['plan', '--detailed-exitcode']);
    expect([status, stderr]).toEqual([2, expect.stringMatching(/^dev-identity: planned: add 4/m)]);
    expect(stdout).toMatch(/^ {2} {2}\+ aws_iam_role\.workloads_orders-api_role_\w+$/m);
    expect(stdout).toMatch(/│ dev-identity +│ +0 │ +4 │ +0 │ +0 │ +[\d.]+ │ planned +│/);
    expect(stdout).toMatch(/│ dev-targets-data +│ +0 │ +2 │ +0 │ +0 │ +[\d.]+ │ planned +│/);
  });

  it('a stack that fails does not stop another one; --resume applies what is left, and nothing again', async () => {
    project.sandbox.faults.set([{ kind: 'denied', service: 'iam', action: 'CreateRole', account: '444444444444' }]);
    const first = await json('apply');
    expect([first.status, results(first)]).toEqual([1, ['dev-identity: applied', 'dev-targets-data: failed']]);
    expect(first.stderr).toContain('is not authorized to perform: iam:CreateRole');
    expect(first.stderr).toMatch(/^ {2}node .*podlift\.js apply --resume$/m);

    project.sandbox.faults.clear();
    const second = await json('apply', '--resume');
    expect([second.status, results(second)]).toEqual([0, ['dev-identity: earlier', 'dev-targets-data: applied']]);
    const third = await project.podlift(['apply', '--resume']);
    expect([third.status, third.stderr]).toEqual([2, expect.stringContaining('--resume: no apply of this inventory')]);
  });

  it('a plan after the apply has no changes', async () => {
    const run = await json('plan', '--detailed-exitcode');
    expect([run.status, results(run)]).toEqual([0, ['dev-identity: unchanged', 'dev-targets-data: unchanged']]);
  });

  it('tries again where EKS does not see a trust policy that the same apply has changed', async () => {
    project.write(inventory({ ...BEGIN, pilot: 'dual' }));
    project.sandbox.faults.set([{ kind: 'late', service: 'iam', ms: 6000 }]);
    const { status, stdout, stderr } = await json('apply', 'dev-identity');
    expect([status, stderr]).toEqual([0, expect.not.stringContaining('Trust policy')]);
    const [stack] = documentOf({ stdout }).stacks;
    expect(stack).toMatchObject({ result: 'applied', add: 2, change: 1, destroy: 0 });
    const asked = project.sandbox.calls().filter(({ action }) => action === 'CreatePodIdentityAssociation');
    expect(asked.length).toBeGreaterThan(1);
  });

  it('a wave means its whole stacks: changes of another wave in them need --with-others', async () => {
    project.write(inventory({ pilot: 'dual', later: 'prepared' }));
    const refused = await json('apply', '--wave', 'pilot');
    expect([refused.status, documentOf(refused).others.map(({ workload }) => workload)]).toEqual([1, ['web']]);
    expect(refused.stderr).toContain('1 pending change in these stacks is not of the wave, and needs --with-others');
    expect(results(refused)).toEqual(['dev-identity: planned', 'dev-targets-data: planned']);

    const later = await json('plan', '--wave', 'later');
    expect(results(later)).toEqual(['dev-identity: planned']);
    const applied = await json('apply', '--wave', 'pilot', '--with-others');
    expect([applied.status, results(applied)]).toEqual([0, ['dev-identity: applied', 'dev-targets-data: applied']]);
  });

  it('a rollback to prepared removes the association without a flag', async () => {
    project.write(inventory({ pilot: 'prepared', later: 'dual' }));
    const { status, stdout } = await json('apply', 'dev-identity');
    const { stacks, losses } = documentOf({ stdout });
    expect([status, losses, stacks[0]!.destroy]).toEqual([0, [], 1]);
  });

  it('saved plans are applied in another clone at another path, as they are', async () => {
    project.write(inventory({ pilot: 'prepared', later: 'dual' }, { reads: 's3:ListBucket' }));
    const plans = join(project.folder, 'plans');
    expect((await json('plan', '--out', plans)).status).toBe(0);
    expect(readdirSync(plans).sort()).toEqual([
      'dev-identity.lock.hcl',
      'dev-identity.tfplan',
      'dev-targets-data.lock.hcl',
      'dev-targets-data.tfplan',
      'manifest.json',
    ]);
    const clone = project.clone('team/repository');

    const tampered = join(clone, 'tampered');
    cpSync(plans, tampered, { recursive: true });
    appendFileSync(join(tampered, 'dev-targets-data.tfplan'), ' ');
    const refused = await project.podlift(['apply', '--plan', tampered], { cwd: clone });
    expect([refused.status, refused.stderr]).toEqual([
      1,
      expect.stringContaining('dev-targets-data.tfplan is missing, or not the one of the manifest.'),
    ]);

    const file = join(clone, 'inventory.yaml');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, `${text}\n`);
    const changed = await project.podlift(['apply', '--plan', plans], { cwd: clone });
    expect([changed.status, changed.stderr]).toEqual([
      1,
      expect.stringContaining('The inventory is not the one of the plans: inventory.yaml differs.'),
    ]);

    writeFileSync(file, text);
    const applied = await project.podlift(['apply', '--plan', plans, '--format', 'json'], { cwd: clone });
    expect([applied.status, results(applied)]).toEqual([0, ['dev-identity: unchanged', 'dev-targets-data: applied']]);
    expect((await json('plan', '--detailed-exitcode')).status).toBe(0);
    const stale = await project.podlift(['apply', '--plan', plans], { cwd: clone });
    expect([stale.status, stale.stderr]).toEqual([1, expect.stringContaining('Saved plan is stale')]);
  });

  it('a role and the association of a workload at dual need --allow-destroy', async () => {
    project.write(inventory({ pilot: 'prepared', later: 'dual' }, { web: 'site', reads: 's3:ListBucket' }));
    const refused = await json('apply', 'dev-identity');
    expect([refused.status, documentOf(refused).losses.map(({ kind, action }) => `${action} ${kind}`)]).toEqual([
      1,
      ['delete association', 'delete role'],
    ]);
    expect(refused.stderr).toContain('need --allow-destroy');
    expect((await json('plan', 'dev-identity')).status).toBe(0);
  });

  it('on SIGINT Terraform releases its lock and begins nothing more, and --resume goes on', async () => {
    const { sandbox, states } = project;
    project.write(inventory({ pilot: 'dual', later: 'dual' }, { reads: 's3:ListBucket', own: 's3:PutObject' }));
    sandbox.faults.set([{ kind: 'hang', service: 'iam', action: 'PutRolePolicy', ms: 15_000 }]);
    const asked = () => sandbox.calls().filter(({ action }) => action === 'PutRolePolicy').length;
    const before = asked();
    let locks: readonly string[] = [];
    const interrupted = await project.podlift(['apply', 'dev-identity', '--format', 'json'], {
      // The policy is written, and its answer is on the way; the association comes after it.
      watch: (pid) => {
        if (asked() === before) return false;
        locks = locksIn(states);
        process.kill(pid, 'SIGINT');
        return true;
      },
    });
    expect(locks).toEqual(['.dev-identity.tfstate.lock.info']);
    expect(interrupted.stderr).toContain('podlift: interrupted: Terraform ends what it has begun');
    expect(locksIn(states)).toEqual([]);
    expect([interrupted.status, results(interrupted)]).toEqual([1, ['dev-identity: failed']]);

    sandbox.faults.clear();
    const rest = await json('apply', '--resume');
    expect([rest.status, results(rest)]).toEqual([0, ['dev-identity: applied']]);
    expect((await json('plan', 'dev-identity', '--detailed-exitcode')).status).toBe(0);
  });
});
