import { advance, rollback } from '../../../src/cli/commands/advance';
import type { Stage } from '../../../src/inventory/Inventory';
import { removeFolders } from '../../inventory/fixtures';
import { run, TEXT, world } from './stepFixtures';

afterAll(removeFolders);

/** The wave at a stage, with a role that stays with its owner. */
const textAt = (stage: Stage) =>
  `${TEXT.replace('prod: prepared', `prod: ${stage}`)}    role: { manage: external, name: api-irsa, path: /shop/ }\n`;
const ROLE = 'arn:aws:iam::222222222222:role/shop/api-irsa';

describe('a step of a workload whose role is external', () => {
  it.each([
    ['irsa', advance, 'before', 'prepared'],
    ['prepared', advance, 'never', 'dual'],
    ['dual', advance, 'never', 'cutover'],
    ['cutover', advance, 'after', 'pod-identity'],
    ['pod-identity', rollback, 'before', 'cutover'],
    ['cutover', rollback, 'never', 'dual'],
    ['dual', rollback, 'never', 'prepared'],
    ['prepared', rollback, 'after', 'irsa'],
  ] as const)(
    'from %s by %p: the owner writes %s the apply, and the command is there',
    async (stage, step, when, to) => {
      const options = { text: textAt(stage), force: true, because: 'a test' };
      const { report } = await run(step, { ...options, format: 'json' }, world());
      const [turn, ...others] = report.next!.owners!;
      expect(others).toEqual([]);
      expect(turn).toMatchObject({ workload: 'api', role: ROLE, when, stage: to });
      const command = turn!.steps.flatMap((one) => ('run' in one ? [one.run.join(' ')] : []));
      expect(command).toEqual([expect.stringMatching(new RegExp(` trust api --environment prod --stage ${to}$`))]);

      const { text } = await run(step, options, world());
      const position = (pattern: RegExp) => text.search(pattern);
      expect(position(/trust api --environment prod --stage/)).toBeGreaterThan(0);
      if (when === 'never') expect(text).toMatch(/The owner of role api-irsa has nothing to write/);
      if (when === 'before')
        expect(position(/AWS must have these trust policies/)).toBeLessThan(position(/cdktf apply|no stack changes/));
      if (when === 'after')
        expect(position(/and not before, the owners write/)).toBeGreaterThan(position(/cdktf apply|no stack changes/));
    },
  );

  it('lists what the owners write on the whole way back', async () => {
    const { report } = await run(rollback, { text: textAt('pod-identity'), to: 'irsa', dryRun: true, format: 'json' });
    const whole = [report.next, ...report.way!.map(({ next }) => next)].map((next) => next!.owners![0]!.when);
    expect(whole).toEqual(['before', 'never', 'never', 'after']);
  });

  it('says nothing of owners where podlift manages the role', async () => {
    const { report } = await run(advance, { format: 'json' });
    expect(report.next).not.toHaveProperty('owners');
  });
});

describe('a step of a workload with a target role that its owner writes', () => {
  const withTarget = (stage: Stage) =>
    TEXT.replace('prod: prepared', `prod: ${stage}`).replace(
      'lake: { account: data,',
      'lake: { account: data, role: { manage: external, name: "{environment}-lake" },',
    );

  it.each([
    ['irsa', advance, 'before', 'prepared'],
    ['prepared', advance, 'never', 'dual'],
    ['cutover', advance, 'after', 'pod-identity'],
    ['pod-identity', rollback, 'before', 'cutover'],
    ['prepared', rollback, 'after', 'irsa'],
  ] as const)('from %s by %p: the owner writes %s the apply', async (stage, step, when, to) => {
    const options = { text: withTarget(stage), force: true, because: 'a test' };
    const { report } = await run(step, { ...options, format: 'json' }, world());
    const [turn, ...others] = report.next!.owners!;
    expect(others).toEqual([]);
    expect(turn).toMatchObject({ workload: 'api', target: 'lake', when, stage: to });
    expect(turn!.role).toMatch(/:role\/prod-lake$/);

    const { text } = await run(step, options, world());
    const command = `trust api --environment prod --target lake --stage ${to}`;
    expect(text).toContain(command);
    const apply = text.search(/cdktf apply|no stack changes/);
    if (when === 'before') expect(text.indexOf(command)).toBeLessThan(apply);
    if (when === 'after') expect(text.indexOf(command)).toBeGreaterThan(apply);
  });
});
