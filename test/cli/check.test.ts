import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { check, type CheckOptions } from '../../cli/commands/check';
import { UsageError } from '../../cli/UsageError';
import { folderOf, removeFolders } from '../inventory/fixtures';
import { BASE } from '../inventory/marked';

afterAll(removeFolders);

const NOW = new Date('2026-11-20T12:00:00Z');

/** A repository whose `HEAD` has one inventory while another stands in the working tree. */
function repository(base: string | undefined, head: string): string {
  const folder = folderOf({ README: 'x', ...(base !== undefined && { 'inventory.yaml': base }) });
  const git = (...args: readonly string[]): void => {
    execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args]);
  };
  git('init', '-q');
  git('add', '-A');
  git('commit', '-q', '-m', 'base');
  writeFileSync(join(folder, 'inventory.yaml'), head);
  return folder;
}

function run(folder: string, options: Partial<CheckOptions> = {}): { exit: number; out: string; err: string } {
  const [out, err]: [string[], string[]] = [[], []];
  const spies = [
    jest.spyOn(console, 'log').mockImplementation((line: unknown) => void out.push(String(line))),
    jest.spyOn(console, 'error').mockImplementation((line: unknown) => void err.push(String(line))),
  ];
  process.env.PODLIFT_INVENTORY = join(folder, 'inventory.yaml');
  try {
    const exit = check({ base: 'HEAD', format: 'text', ...options }, NOW);
    return { exit, out: out.join('\n'), err: err.join('\n') };
  } finally {
    delete process.env.PODLIFT_INVENTORY;
    for (const spy of spies) spy.mockRestore();
  }
}

const JUMP = BASE.replace('prod: prepared', 'prod: cutover');

describe('podlift check', () => {
  it('exits 0 when nothing is wrong', () => {
    const { exit, out } = run(repository(BASE, BASE));
    expect(out).toMatch(/inventory\.yaml: no findings, compared with HEAD$/);
    expect(exit).toBe(0);
  });

  it('exits 1 on a jump, and says where it stands', () => {
    const { exit, out } = run(repository(BASE, JUMP));
    expect(out).toMatch(
      /inventory\.yaml:30:39 {2}error {2}wave "pilot" goes from prepared to cutover in prod, past dual {2}\[stage-skipped\]/,
    );
    expect(exit).toBe(1);
  });

  it('prints JSON and annotations for GitHub', () => {
    const folder = repository(BASE, JUMP);
    const findings = JSON.parse(run(folder, { format: 'json' }).out) as { rule: string }[];
    expect(findings.map(({ rule }) => rule)).toContain('stage-skipped');
    expect(run(folder, { format: 'github' }).out).toMatch(/^::error file=.*,line=30,col=39,title=stage-skipped::/);
    expect(JSON.parse(run(repository(BASE, BASE), { format: 'json' }).out)).toEqual([]);
  });

  it('exits 0 when only a warning is found', () => {
    const { exit, out } = run(repository(BASE, BASE.replace('prod: prepared', 'prod: dual')));
    expect(out).toContain('warning');
    expect(exit).toBe(0);
  });

  it('prints the findings of an inventory with errors and compares nothing', () => {
    const { exit, out, err } = run(repository(BASE, JUMP.replace('wave: pilot', 'wave: pilto')));
    expect(out).toContain('[unknown-wave]');
    expect(out).not.toContain('[stage-skipped]');
    expect(err).toContain('it is compared with HEAD when they are fixed');
    expect(exit).toBe(1);
  });

  it('exits 0 with a remark where the inventory is new', () => {
    const { exit, out, err } = run(repository(undefined, BASE), { format: 'json' });
    expect([exit, JSON.parse(out)]).toEqual([0, []]);
    expect(err).toContain('is not in HEAD: all of it is new');
  });

  it.each([
    ['an unknown revision', { base: 'nope' }, /git knows no commit "nope"/],
    ['an option', { base: '--help' }, /git knows no commit "--help"/],
  ])('refuses %s', (_what, options, message) => {
    const folder = repository(BASE, BASE);
    expect(() => run(folder, options)).toThrow(UsageError);
    expect(() => run(folder, options)).toThrow(message);
  });

  it('refuses a base with errors, and a folder without a repository', () => {
    expect(() => run(repository(JUMP.replace('wave: pilot', 'wave: pilto'), BASE))).toThrow(/at HEAD has errors/);
    const folder = repository(BASE, BASE);
    rmSync(join(folder, '.git'), { recursive: true });
    expect(() => run(folder)).toThrow(/is in no git repository/);
  });
});
