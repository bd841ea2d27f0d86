import { readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { engineProject, type EngineProject, type EngineDocument, locksIn, results } from './engineProject';

const inventory = (stage: string) => `version: 1
accounts:
  apps: { id: "111111111111" }
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
  pilot: { stages: { dev: ${stage} } }
workloads:
  orders-api:
    wave: pilot
    namespace: production
    serviceAccount: orders-api
    sdk: { language: python, version: 1.34.60 }
    permissions: { statements: [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::acme/*"] }] }
`;

/** An interrupt cancels the request that is on its way: AWS creates the resource, and Terraform does not see the answer. */
describe('what exists and is in no state', () => {
  let project: EngineProject;
  beforeAll(async () => {
    project = await engineProject(inventory('prepared'));
  });
  afterAll(() => project.close());
  const json = (...words: readonly string[]) => project.podlift([...words, '--format', 'json']);

  /** Interrupts an apply while AWS handles a request. */
  async function interruptedAt(actions: readonly string[], ...words: readonly string[]): Promise<void> {
    const { sandbox, states } = project;
    sandbox.faults.set(actions.map((action) => ({ kind: 'hang', action, ms: 15_000 })));
    const before = sandbox.calls().length;
    const asked = () =>
      sandbox
        .calls()
        .slice(before)
        .map(({ action }) => action);
    const run = await project.podlift(['apply', ...words, '--format', 'json'], {
      watch: (pid) => {
        if (!actions.every((action) => asked().includes(action))) return false;
        process.kill(pid, 'SIGINT');
        return true;
      },
    });
    sandbox.faults.clear();
    expect([run.status, results(run), locksIn(states)]).toEqual([1, ['dev-identity: failed'], []]);
    expect(run.stderr).toContain('context canceled');
  }
  /** The actions of the plan that was applied, with the types of the resources. */
  const done = ({ stdout }: { readonly stdout: string }) =>
    (JSON.parse(stdout) as EngineDocument).stacks.flatMap(({ changes }) =>
      changes.map(({ action, address }) => `${action} ${address.split('.')[0]!}`),
    );

  it('a role and an agent: --resume imports them and creates the rest', async () => {
    await interruptedAt(['CreateRole', 'CreateAddon']);
    const rest = await json('apply', '--resume');
    expect([rest.status, results(rest)]).toEqual([0, ['dev-identity: applied']]);
    expect(done(rest)).toEqual(['update aws_eks_addon', 'import aws_iam_role', 'create aws_iam_role_policy']);
    expect(rest.stderr).toContain(
      'This run imports them:\n  role arn:aws:iam::111111111111:role/dev-orders-api\n  agent on dev-main\n',
    );
    expect((await json('plan', '--detailed-exitcode')).status).toBe(0);
  });

  it('an association, of saved plans: --resume imports it, and nothing that the plans did not have', async () => {
    project.write(inventory('dual'));
    const plans = join(project.folder, 'plans');
    expect((await json('plan', '--out', plans)).status).toBe(0);
    await interruptedAt(['CreatePodIdentityAssociation'], '--plan', plans);
    const rest = await json('apply', '--resume', '--plan', plans);
    expect([rest.status, results(rest)]).toEqual([0, ['dev-identity: applied']]);
    expect(done(rest)).toEqual(['import aws_eks_pod_identity_association']);
    expect((await json('plan', '--detailed-exitcode')).status).toBe(0);
  });

  it('a stack whose state is gone is not planned as new: the finding says how to get the state', async () => {
    const { states } = project;
    for (const name of readdirSync(states)) renameSync(join(states, name), join(states, '..', name));
    const lost = await project.podlift(['plan', '--detailed-exitcode']);
    expect([lost.status, lost.stdout]).toEqual([1, expect.stringMatching(/│ dev-identity .* failed /)]);
    expect(lost.stderr).toContain(
      'The state has no resource of this stack, and AWS has 4 of its resources already, with the tag podlift:environment: dev:',
    );
    expect(lost.stderr).toContain('association of production/orders-api on dev-main');
    expect(lost.stderr).toMatch(/^ {2}\S.* state move --environment dev --base REV$/m);
    expect(lost.stderr).toMatch(/^ {2}\S.* recover --environment dev --write$/m);
    const apply = await json('apply');
    expect([apply.status, results(apply)]).toEqual([1, ['dev-identity: failed']]);

    expect((await project.podlift(['recover', '--write', '--environment', 'dev'])).status).toBe(1);
    const found = await json('apply');
    expect([found.status, results(found)]).toEqual([0, ['dev-identity: applied']]);
    expect(done(found).filter((one) => one.startsWith('create'))).toEqual([]);
    expect(JSON.parse(found.stdout)).toMatchObject({ stacks: [{ import: 4, destroy: 0 }] });
  });
});
