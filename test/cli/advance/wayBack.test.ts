import { join } from 'node:path';
import { rollback } from '../../../src/cli/commands/advance';
import { UsageError } from '../../../src/cli/exit';
import { type Stage, STAGES } from '../../../src/inventory/Inventory';
import { folderOf, removeFolders } from '../../inventory/fixtures';
import { pod, run, TEXT, world } from './stepFixtures';

afterAll(removeFolders);

const at = (stage: string) => TEXT.replace('prod: prepared', `prod: ${stage}`);
const PODS = [pod('web-1', true)];

describe('podlift rollback --to', () => {
  it.each<[Stage, Stage]>(
    STAGES.flatMap((from) => STAGES.slice(0, STAGES.indexOf(from)).map((to): [Stage, Stage] => [from, to])),
  )('from %s to %s writes one step and lists the others', async (from, goal) => {
    const { exit, report, content } = await run(
      rollback,
      { text: at(from), to: goal, format: 'json' },
      world('yes', PODS),
    );
    const stages = STAGES.slice(STAGES.indexOf(goal), STAGES.indexOf(from) + 1).toReversed();
    expect(exit).toBe(0);
    expect(content).toContain(`prod: { stage: ${stages[1]!}, since`);
    expect(report).toMatchObject({ from, to: stages[1], goal, written: true });
    expect(report.way!.map((one) => [one.from, one.to])).toEqual(
      stages.slice(1, -1).map((stage, index) => [stage, stages[index + 2]]),
    );
    expect(report.way!.map(({ command }) => command)).toEqual(
      stages.slice(1, -1).map((_, index, all) => [
        {
          run: [
            ...['npx', 'podlift', 'rollback', 'pilot', '--environment', 'prod'],
            ...(index === all.length - 1 ? [] : ['--to', goal]),
          ],
        },
      ]),
    );
  });

  it('lists apply, restart and the next rollback of each step, and each restart once', async () => {
    const { text } = await run(rollback, { text: at('pod-identity'), to: 'irsa' }, world('yes', PODS));
    const rest = text.slice(text.indexOf('Then 3 steps follow'));
    const titles = rest.split('\n').filter((line) => /^\S+ → \S+$/.test(line));
    expect(titles).toEqual(['cutover → dual', 'dual → prepared', 'prepared → irsa']);
    const [, dual = '', prepared = '', irsa = ''] = rest.split(/^\S+ → \S+$/m);
    expect(dual).toContain('npx podlift rollback pilot --environment prod --to irsa\n');
    expect(dual).toContain('npx cdktf apply prod-identity prod-service-accounts-main');
    expect(dual).toContain('No pod has to be restarted');
    expect(prepared).toContain('npx podlift rollback pilot --environment prod --to irsa\n');
    expect(prepared).toContain('npx cdktf apply prod-identity\n');
    expect(prepared).toMatch(/After the apply, wait 15 seconds[^]*rollout restart deployment\/web/);
    expect(irsa).toContain('npx podlift rollback pilot --environment prod\n');
    expect(irsa).toContain('npx cdktf apply prod-targets-data prod-identity');
    expect(irsa).not.toContain('rollout restart');
  });

  it('lists the annotations that change by hand at their step', async () => {
    const text = TEXT.replace('dev: dual', 'dev: pod-identity');
    const { report } = await run(rollback, { text, environment: 'dev', to: 'prepared', format: 'json' });
    expect(report.next!.annotations).toEqual([]);
    expect(
      report.way!.map(({ to, next }) => [to, next!.annotations.map(({ serviceAccount }) => serviceAccount)]),
    ).toEqual([
      ['dual', ['production/api']],
      ['prepared', []],
    ]);
  });

  it('goes on from the next stage with the command that it lists', async () => {
    const file = join(folderOf({ 'inventory.yaml': at('pod-identity') }), 'inventory.yaml');
    for (const [stage, steps] of [
      ['cutover', 3],
      ['dual', 2],
      ['prepared', 1],
      ['irsa', 0],
    ] as const) {
      const { content, report } = await run(rollback, { file, to: 'irsa', format: 'json' }, world('yes', []));
      expect(content).toContain(`prod: { stage: ${stage}, since`);
      expect(report.way).toHaveLength(steps);
    }
  });

  it('ends the list at a step that the inventory does not allow', async () => {
    const text = at('dual').replace('core: { after: pilot }', 'core: { after: pilot, stages: { prod: prepared } }');
    const { exit, report, text: said } = await run(rollback, { text, to: 'irsa', format: 'json' });
    expect([exit, report.written]).toEqual([0, true]);
    expect(report.way).toMatchObject([{ to: 'irsa', findings: [{ rule: 'wave-order' }] }]);
    expect(said).not.toBe('');
    const { text: shown } = await run(rollback, { text, to: 'irsa' });
    expect(shown).toMatch(/The inventory does not allow this step yet:\n.*\[wave-order\]/s);
  });

  it('repeats --to in the command that a dry run prints', async () => {
    const { text } = await run(rollback, { text: at('cutover'), to: 'prepared', dryRun: true });
    expect(text).toContain('npx podlift rollback pilot --environment prod --to prepared\n');
  });

  it.each<[Stage, Stage, RegExp]>([
    [
      'prepared',
      'dual',
      /^--to dual: wave "pilot" is at prepared in prod, and a rollback goes to an earlier stage: irsa$/,
    ],
    ['irsa', 'cutover', /^--to cutover: wave "pilot" is at irsa in prod, and a rollback goes to an earlier stage$/],
  ])('from %s refuses the later stage %s', async (from, to, message) => {
    const tried = run(rollback, { text: at(from), to });
    await expect(tried).rejects.toThrow(UsageError);
    await expect(tried).rejects.toThrow(message);
  });

  it('has nothing to do at the stage itself', async () => {
    const { exit, content, report } = await run(rollback, { to: 'prepared', format: 'json' });
    expect([exit, content]).toEqual([1, TEXT]);
    expect(report.problem?.message).toBe('wave "pilot" in prod is already at prepared');
  });
});
