import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { advance } from '../../../src/cli/commands/advance';
import { rollback } from '../../../src/cli/commands/advance';
import { stepWorld } from '../../../src/cli/commands/advance';
import type { StepWorld } from '../../../src/operations/step/takeStep';
import { podPorts } from './podPorts';
import { UsageError } from '../../../src/cli/exit';
import { lockFile, lockInventory, type Lock } from '../../../src/operations/inventoryFile/lockInventory';
import { folderOf, removeFolders } from '../../inventory/fixtures';
import { AFTER, NOW, pod, run, TEXT, world } from './stepFixtures';

afterAll(removeFolders);

const FORCED = { force: true, because: 'ticket: 7' } as const;

describe('podlift advance', () => {
  it('writes the stage and the time when the gate holds, and says what comes next', async () => {
    const { exit, content, text, file } = await run(
      advance,
      {},
      world('yes', [pod('web-1', false), pod('web-2', false), pod('new-1', true)]),
    );
    expect(content).toBe(AFTER);
    expect(exit).toBe(0);
    expect(text).toContain(`${file}:32
-   pilot: { stages: { dev: dual, prod: prepared } } # now
+   pilot: { stages: { dev: dual, prod: { stage: dual, since: 2026-11-20T12:34:56Z } } } # now`);
    expect(text.slice(text.indexOf('  Compare with'))).toBe(`  Compare with the plan, then apply:
    npx cdktf plan prod-identity
    npx cdktf apply prod-identity

After the apply, wait 15 seconds until EKS sees the change. Then restart these pods. Until then they keep their old credentials:
  api on main (production/api): 2 of 3 running pods use web identity (IRSA)
      kubectl --context prod-main -n production rollout restart deployment/web
    Check the new pods. Each needs AWS_CONTAINER_CREDENTIALS_FULL_URI (column POD-IDENTITY), and <none> in the column IRSA:
      kubectl --context prod-main -n production get pods --field-selector spec.serviceAccountName=api -o 'custom-columns=POD:.metadata.name,IRSA:.spec.containers[*].env[?(@.name=="AWS_ROLE_ARN")].value,POD-IDENTITY:.spec.containers[*].env[?(@.name=="AWS_CONTAINER_CREDENTIALS_FULL_URI")].value'
    If a new pod does not, EKS did not see the change when it admitted the pod. Restart the pod once more.`);
  });

  it('says what is due before the step although the gate holds, in text and as data', async () => {
    const due = { remedy: [{ say: 'Remove the annotation in the chart.' }], remedyDue: 'before-step' } as const;
    const noted: StepWorld = {
      ...world(),
      judge: (...request) => {
        const result = world().judge(...request);
        return { ...result, evidence: result.evidence.map((one) => ({ ...one, ...due })) };
      },
    };
    const { exit, text } = await run(advance, {}, noted);
    expect(exit).toBe(0);
    expect(text).toContain(
      'Before the step:\n  agent-on-nodes of api on main\n    Remove the annotation in the chart.',
    );
    const { report } = await run(advance, { format: 'json' }, noted);
    expect(report.gate?.evidence).toMatchObject([due]);
  });

  it('writes nothing when the gate does not hold', async () => {
    for (const holds of ['no', 'unknown'] as const) {
      const { exit, content, text } = await run(advance, {}, world(holds));
      expect([exit, content]).toEqual([1, TEXT]);
      expect(text).toContain('wait for the agent');
      expect(text).toContain('Nothing was written.');
      expect(text).toMatch(
        /\n {2}npx podlift advance pilot --environment prod --accept agent-on-nodes:api:main --because "REASON"$/,
      );
    }
  });

  it('reports what fails by the inventory alone before it asks AWS; a dry run shows every check', async () => {
    const text = TEXT.replace('prod: prepared', 'prod: irsa').replace(/ {4}sdk: .*\n/, '');
    const silent: StepWorld = {
      ...world(),
      estate: () => {
        throw new Error('AWS was asked');
      },
    };
    const { exit, content, report } = await run(advance, { text, format: 'json' }, silent);
    expect([exit, content, report.asked]).toEqual([1, text, false]);
    expect(report.gate).toMatchObject({ holds: false, evidence: [{ check: 'sdk', workload: 'api', holds: 'no' }] });
    const { text: said } = await run(advance, { text }, silent);
    expect(said).toMatch(/does not declare the SDK[^]*podlift asked neither AWS nor a cluster[^]*Nothing was written/);
    await expect(run(advance, { text, dryRun: true }, silent)).rejects.toThrow('AWS was asked');
    await expect(run(advance, { text, ...FORCED }, silent)).rejects.toThrow('AWS was asked');
    // What is accepted is no reason to ask first: the rest fails by the inventory all the same.
    const other = { text, accept: ['agent'], because: 'ticket: 7' };
    const { exit: refused, text: again } = await run(advance, other, silent);
    expect(refused).toBe(1);
    expect(again).toMatch(/podlift asked neither AWS[^]*--accept agent --accept sdk:api --because 'ticket: 7'/);
    const accepted = { text, accept: ['sdk:api'], because: 'ticket: 7' };
    await expect(run(advance, accepted, silent)).rejects.toThrow('AWS was asked');
  });

  it('shows evidence and diff in a dry run, and writes nothing', async () => {
    const { exit, content, text } = await run(advance, { dryRun: true });
    expect([exit, content]).toEqual([0, TEXT]);
    expect(text).toMatch(/The check passed\.[\s\S]*\+ .*stage: dual[\s\S]*Nothing was written: this was a dry run/);
    const no = await run(advance, { dryRun: true }, world('no'));
    expect([no.exit, no.content]).toEqual([1, TEXT]);
    expect(no.text).toMatch(/\+ .*stage: dual/);
  });

  it.each(['no', 'unknown'] as const)(
    'shows and records each check that it overrides when it is forced (%s)',
    async (holds) => {
      const { exit, content, text, report } = await run(advance, FORCED, world(holds));
      expect(content).toBe(AFTER.replace('56Z }', '56Z, because: "ticket: 7", accepted: [agent-on-nodes:api:main] }'));
      expect([exit, report]).toEqual([0, {}]);
      expect(text).toContain(holds === 'no' ? 'FAIL, accepted' : 'not checked, accepted');
      expect(text).toContain('node ip-10-0-0-1 has no agent');
      expect(text).toContain('Forced: agent-on-nodes:api:main\nThe reason in the inventory: ticket: 7');
      const json = await run(advance, { ...FORCED, format: 'json', dryRun: true }, world(holds));
      expect(json.report).toMatchObject({
        forced: true,
        because: 'ticket: 7',
        accepted: ['agent-on-nodes:api:main'],
        gate: { holds: true, evidence: [{ holds, accepted: true }] },
      });
    },
  );

  it('records nothing as accepted when it is forced and every check passes', async () => {
    const { content, text } = await run(advance, FORCED);
    expect(content).toBe(AFTER.replace('56Z }', '56Z, because: "ticket: 7" }'));
    expect(text).toContain('Forced: every check passes');
  });

  it('names the real owners of the pods also when it is forced', async () => {
    const owned = (name: string, kind: string, owner: string) => ({
      ...pod(name, false),
      owner: { kind, name: owner },
    });
    const pods = [
      owned('web-1', 'Deployment', 'web'),
      owned('db-0', 'StatefulSet', 'db'),
      owned('log-x', 'DaemonSet', 'log'),
      owned('bare-x', 'ReplicaSet', 'bare'),
      owned('report-29000000-x', 'Job', 'report-29000000'),
    ];
    const { report } = await run(advance, { ...FORCED, format: 'json' }, world('yes', pods));
    const kubectl = ['kubectl', '--context', 'prod-main', '-n', 'production'];
    expect(report.next?.restarts[0]?.steps).toEqual([
      ...['deployment/web', 'statefulset/db', 'daemonset/log'].map((owner) => ({
        run: [...kubectl, 'rollout', 'restart', owner],
      })),
      { run: [...kubectl, 'delete', 'pod', 'bare-x'] },
      { say: expect.stringContaining('Job production/report-29000000: wait until it ends') },
    ]);
  });

  describe('that is forced while a cluster does not answer', () => {
    beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] }));
    afterEach(() => jest.useRealTimers());

    it('gives a silent cluster up after 15 s, with commands that are right for every kind of owner', async () => {
      let given: AbortSignal | undefined;
      const ports = podPorts();
      const silent: StepWorld = {
        ...world('unknown'),
        estate: stepWorld(
          () => ({
            ...ports,
            kubernetes: (environment, cluster, signal) => {
              given = signal;
              return { ...ports.kubernetes(environment, cluster), pods: () => new Promise(() => undefined) };
            },
          }),
          { source: {}, command: [], clock: () => NOW },
        ).estate,
      };
      const running = run(advance, FORCED, silent);
      await jest.advanceTimersByTimeAsync(14_999);
      expect(given?.aborted).toBe(false);
      await jest.advanceTimersByTimeAsync(1);
      expect(given?.aborted).toBe(true);
      const { exit, content, text } = await running;
      expect([exit, content]).toEqual([
        0,
        AFTER.replace('56Z }', '56Z, because: "ticket: 7", accepted: [agent-on-nodes:api:main] }'),
      ]);
      const kubectl = 'kubectl --context prod-main -n production';
      expect(text.slice(text.indexOf('  api on main')))
        .toBe(`  api on main (production/api): could not list its pods (no answer within 15 s): restart those that use web identity (IRSA)
    List the owners of pods. The command needs the verb list on deployments, statefulsets, daemonsets, jobs and cronjobs:
      ${kubectl} get deployments,statefulsets,daemonsets,jobs,cronjobs -o custom-columns=KIND:.kind,NAME:.metadata.name,SERVICEACCOUNT:.spec.template.spec.serviceAccountName,OF-ITS-JOBS:.spec.jobTemplate.spec.template.spec.serviceAccountName
    Restart each Deployment, StatefulSet and DaemonSet of the service account api. Take KIND and NAME from the list:
      ${kubectl} rollout restart KIND/NAME
    A Job ends by itself, and the next Job of a CronJob needs no restart. Delete every other pod of the service account. Take POD from this list:
      ${kubectl} get pods --field-selector spec.serviceAccountName=api
      ${kubectl} delete pod POD
    Check the new pods. Each needs AWS_CONTAINER_CREDENTIALS_FULL_URI (column POD-IDENTITY), and <none> in the column IRSA:
      ${kubectl} get pods --field-selector spec.serviceAccountName=api -o 'custom-columns=POD:.metadata.name,IRSA:.spec.containers[*].env[?(@.name=="AWS_ROLE_ARN")].value,POD-IDENTITY:.spec.containers[*].env[?(@.name=="AWS_CONTAINER_CREDENTIALS_FULL_URI")].value'
    If a new pod does not, EKS did not see the change when it admitted the pod. Restart the pod once more.`);
    });
  });

  it('warns of the pods that a forced last step takes the credentials from, before the commands that apply it', async () => {
    const text = TEXT.replace('dev: dual', 'dev: cutover');
    const forced = { text, environment: 'dev', force: true, because: 'no time' };
    const { text: said } = await run(advance, forced, world('yes', [pod('web-1', false)]));
    expect(said).toMatch(
      /Before you apply, restart these pods. Otherwise they lose their credentials:\n {2}api on main .*web identity[\s\S]*rollout restart[\s\S]*When the old pods are gone:\n {2}Compare with the plan, then apply:\n {4}npx cdktf plan/,
    );
    const { text: asked } = await run(advance, { text, environment: 'dev' }, world('yes', [pod('web-1', true)]));
    expect(asked).toMatch(/No pod has to be restarted:\n {2}api on main .*no running pod uses web identity/);
  });

  it.each([
    [{ force: true }, /give the reason/],
    [{ force: true, because: '  ' }, /give the reason/],
    [{ because: 'x' }, /--force/],
    [{ wave: 'pilto' }, /no wave "pilto": did you mean "pilot"/],
    [{ environment: 'prd' }, /did you mean "prod"/],
  ])('refuses %j', async (options, message) => {
    const tried = run(advance, options);
    await expect(tried).rejects.toThrow(UsageError);
    await expect(tried).rejects.toThrow(message);
  });

  it('has no step after the last stage, nor before the first', async () => {
    const last = TEXT.replace('dev: dual', 'dev: pod-identity');
    const forward = await run(advance, { text: last, environment: 'dev' });
    expect([forward.exit, forward.content]).toEqual([1, last]);
    expect(forward.text).toContain('pilot is at pod-identity in dev, the last stage');
    const back = await run(rollback, { wave: 'core', format: 'json' });
    expect([back.exit, back.content]).toEqual([1, TEXT]);
    expect(back.report.problem?.message).toBe('wave "core" in prod is already at irsa');
  });

  it('adds the stage of a wave that has none', async () => {
    const { content, exit } = await run(advance, { wave: 'core' });
    expect(exit).toBe(0);
    expect(content).toBe(
      TEXT.replace(
        '{ after: pilot }',
        '{ after: pilot, stages: { prod: { stage: prepared, since: 2026-11-20T12:34:56Z } } }',
      ),
    );
  });

  it('does not write an inventory that would not be sound: a wave ahead of the one before it', async () => {
    const text = TEXT.replace('core: { after: pilot }', 'core: { after: pilot, stages: { prod: prepared } }');
    const { exit, content, text: said } = await run(advance, { wave: 'core', text });
    expect([exit, content]).toEqual([1, text]);
    expect(said).toContain('[wave-order]');
    expect(said).toContain('The inventory would have these errors after the step.');
  });

  it('does not write where an alias would change too', async () => {
    const text = TEXT.replace('dev: dual, prod: prepared', 'dev: &now prepared, prod: prepared').replace(
      'core: {',
      'core: { stages: { dev: *now },',
    );
    const { exit, content, text: said } = await run(advance, { text, environment: 'dev' });
    expect([exit, content]).toEqual([1, text]);
    expect(said).toContain('[edit-anchor]');
    expect(said).toContain('Change the file by hand first.');
  });

  it('says what is wrong with an inventory that has errors, and stops', async () => {
    const text = TEXT.replace('wave: pilot', 'wave: pilto');
    const { exit, text: said } = await run(advance, { text });
    expect(exit).toBe(1);
    expect(said).toContain('[unknown-wave]');
  });

  it('writes into the file that has the wave, through links, and keeps its mode', async () => {
    const [before = '', workloads = ''] = TEXT.split(/^(?=workloads:)/m);
    const [accounts = '', waves = ''] = before.split(/^(?=waves:)/m);
    const folder = folderOf({
      'inventory.yaml': `${accounts}include: [teams/*.yaml]\n`,
      'real/w.yaml': waves,
      'real/x.yaml': workloads,
    });
    mkdirSync(join(folder, 'teams'));
    for (const name of ['w.yaml', 'x.yaml']) symlinkSync(`../real/${name}`, join(folder, 'teams', name));
    chmodSync(join(folder, 'real/w.yaml'), 0o640);
    const { exit, text } = await run(advance, { file: join(folder, 'inventory.yaml') });
    expect(text).toContain('real/w.yaml is written');
    expect(exit).toBe(0);
    expect(readFileSync(join(folder, 'real/w.yaml'), 'utf8')).toContain(
      'prod: { stage: dual, since: 2026-11-20T12:34:56Z }',
    );
    expect(readFileSync(join(folder, 'inventory.yaml'), 'utf8')).toBe(`${accounts}include: [teams/*.yaml]\n`);
  });

  it('does not write over a change that was made while it asked', async () => {
    const file = join(folderOf({ 'inventory.yaml': TEXT }), 'inventory.yaml');
    const where = world();
    const changed = TEXT.replace('# now', '# then');
    const { exit, content, text } = await run(
      advance,
      { file },
      {
        ...where,
        estate: (...asked) => {
          writeFileSync(file, changed);
          return where.estate(...asked);
        },
      },
    );
    expect([exit, content]).toEqual([1, changed]);
    expect(text).toMatch(/Nothing was written: .*inventory\.yaml changed while this command ran/);
  });

  it('is told who holds the inventory', async () => {
    const file = join(folderOf({ 'inventory.yaml': TEXT }), 'inventory.yaml');
    const lock = lockInventory(file) as Lock;
    const { exit, content, text } = await run(advance, { file });
    expect([exit, content]).toEqual([1, TEXT]);
    expect(text).toContain(`process ${process.pid} on ${hostname()}, since`);
    expect(text).toContain(lockFile(file));
    lock.release();
    expect((await run(advance, { file })).exit).toBe(0);
  });
});
