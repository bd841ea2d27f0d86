import { rollback } from '../../../src/cli/commands/advance';
import { removeFolders } from '../../inventory/fixtures';
import { pod, run, TEXT, world } from './stepFixtures';

afterAll(removeFolders);

describe('podlift rollback', () => {
  it('goes one stage back, renews the time, removes an old reason, and names the pods', async () => {
    const text = TEXT.replace('dev: dual', 'dev: { stage: dual, since: 2026-01-01T00:00:00Z, because: late }');
    const { exit, content, report } = await run(
      rollback,
      { text, environment: 'dev', format: 'json' },
      world('yes', [pod('web-1', true)]),
    );
    expect(exit).toBe(0);
    expect(content).toBe(TEXT.replace('dev: dual', 'dev: { stage: prepared, since: 2026-11-20T12:34:56Z }'));
    expect(report).toMatchObject({
      direction: 'back',
      from: 'dual',
      to: 'prepared',
      written: true,
      next: { restarts: [{ steps: [{ run: expect.arrayContaining(['rollout', 'restart', 'deployment/web']) }] }] },
    });
  });

  it('says how to find the pods where a cluster does not answer', async () => {
    const { text } = await run(rollback, { environment: 'dev' }, world('yes', 'down'));
    expect(text).toContain('could not list its pods (no route): restart those that use Pod Identity');
    expect(text).toContain(
      '--context arn:aws:eks:us-west-2:111111111111:cluster/dev-main -n production get deployments,',
    );
  });

  it('removes what the inventory imports and the step takes away, in the same edit', async () => {
    const text = TEXT.replace(
      '    wave: pilot\n',
      '    wave: pilot\n    role: { adopt: true, imports: { associations: { main: a-1 } } }\n',
    );
    const { report, content } = await run(rollback, { text, environment: 'dev', format: 'json' });
    expect(report.imports).toEqual(['workloads.api.role.imports.associations.main']);
    expect(report.next!.outdated).toEqual([]);
    expect(content).toContain('    role: { adopt: true }\n');
    const { text: said } = await run(rollback, { text, environment: 'dev' });
    expect(said).toMatch(/removes these imports.*\n\s+workloads\.api\.role\.imports\.associations\.main/);
  });

  it.each(['cutover', 'pod-identity'])('lists the stack of the service accounts from %s', async (stage) => {
    const { report } = await run(rollback, {
      text: TEXT.replace('prod: prepared', `prod: ${stage}`),
      format: 'json',
    });
    expect(report.next!.stacks).toContain('prod-service-accounts-main');
  });

  it('names annotations that Terraform does not manage', async () => {
    const text = TEXT.replace('dev: dual', 'dev: cutover');
    const { report } = await run(rollback, { text, environment: 'dev', format: 'json' });
    expect(report.next).toMatchObject({
      stacks: [],
      apply: [],
      byHand: [
        'service account production/api on cluster main: set the annotation eks.amazonaws.com/role-arn: arn:aws:iam::111111111111:role/dev-api',
      ],
      restarts: [],
    });
    const managed = TEXT.replace('prod: prepared', 'prod: cutover');
    const { report: prod } = await run(rollback, { text: managed, format: 'json' });
    expect(prod.next).toMatchObject({
      stacks: ['prod-identity', 'prod-service-accounts-main'],
      byHand: [],
    });
  });
});
