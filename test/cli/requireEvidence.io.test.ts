import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { advance, rollback, stepWorld, type StepOptions } from '../../src/cli/commands/advance';
import { check } from '../../src/cli/commands/check';
import { loadInventory } from '../../src/inventory/loadInventory';
import { folderOf, removeFolders } from '../inventory/fixtures';
import { agreedWorld, podOf, portsTo, type World } from '../operations/agreedWorld';
import { PILOT } from './commandLine';

afterAll(removeFolders);

// The gate judges twice: before the step on what the world answers, and in `check` on the Estate of the evidence.

const NOW = new Date('2026-11-21T12:00:00Z');
const INVENTORY = PILOT.replace('version: 1\n', 'version: 1\nevidence: audit\n');

interface Found {
  readonly exit: number;
  readonly rules: readonly string[];
  readonly messages: string;
}

/** A repository whose only commit has an inventory. */
class Repository {
  readonly folder = folderOf({});
  readonly file = join(this.folder, 'inventory.yaml');
  readonly audit = join(this.folder, 'audit');

  constructor(inventory: string) {
    writeFileSync(this.file, inventory);
    this.git('init', '-q');
    this.commit();
  }

  git(...words: readonly string[]): void {
    execFileSync('git', ['-C', this.folder, '-c', 'user.name=a', '-c', 'user.email=a@b.c', ...words]);
  }

  commit(): void {
    this.git('add', '-A');
    execFileSync(
      'git',
      ['-C', this.folder, '-c', 'user.name=a', '-c', 'user.email=a@b.c', 'commit', '-qm', 'change', '--allow-empty'],
      {
        env: { ...process.env, GIT_COMMITTER_DATE: '2026-11-20T00:00:00Z' },
      },
    );
  }

  edit(from: string | RegExp, to: string, file: string = this.file): void {
    writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
  }

  /** Takes a step with the real gate, in a world that agrees with the inventory before it was changed. */
  async step(
    command: typeof advance,
    options: Partial<StepOptions> = {},
    change: (world: World) => void = () => undefined,
    now = NOW,
  ): Promise<number> {
    return this.in(async () => {
      const agreed = agreedWorld(loadInventory(this.file).inventory!);
      change(agreed);
      const world = stepWorld(() => portsTo(agreed), { source: {}, command: [], clock: () => now });
      return command('pilot', { environment: 'prod', format: 'json', ...options }, world);
    });
  }

  check(requireEvidence = true): Found {
    const printed: string[] = [];
    const log = jest.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
    const error = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    process.env.PODLIFT_INVENTORY = this.file;
    try {
      const exit = check({ base: 'HEAD', format: 'json', requireEvidence }, new Date('2026-11-22T00:00:00Z'));
      const { findings } = JSON.parse(printed.join('\n')) as { findings: { rule: string; message: string }[] };
      return {
        exit,
        rules: findings.map(({ rule }) => rule),
        messages: findings.map(({ message }) => message).join('\n'),
      };
    } finally {
      delete process.env.PODLIFT_INVENTORY;
      for (const spy of [log, error]) spy.mockRestore();
    }
  }

  private async in<T>(run: () => Promise<T>): Promise<T> {
    const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
    process.env.PODLIFT_INVENTORY = this.file;
    try {
      return await run();
    } finally {
      delete process.env.PODLIFT_INVENTORY;
      log.mockRestore();
    }
  }

  /** The one file of the evidence with this ending. */
  evidence(ending: 'md' | 'json'): string {
    return join(
      this.audit,
      readdirSync(this.audit).find((name) => name.endsWith(`.${ending}`))!,
    );
  }
}

const RIGHT: Found = { exit: 0, rules: [], messages: '' };

describe('podlift check --require-evidence', () => {
  it('accepts a step forward and a step back with their evidence, committed or not', async () => {
    for (const command of [advance, rollback]) {
      const repository = new Repository(INVENTORY);
      expect(await repository.step(command)).toBe(0);
      expect(repository.check()).toEqual(RIGHT);
    }
  });

  it('says nothing where no stage moves, and without the option', () => {
    const still = new Repository(INVENTORY);
    still.edit('acme/*', 'acme/orders/*');
    expect(still.check().rules).not.toContain('evidence-missing');
    const typed = new Repository(INVENTORY);
    typed.edit('prod: dual', 'prod: { stage: cutover, since: 2026-11-21T12:00:00Z }');
    expect(typed.check(false)).toEqual(RIGHT);
  });

  it.each([
    ['prepared', 'dual'],
    ['dual', 'cutover'],
    ['cutover', 'pod-identity'],
    ['dual', 'prepared'],
    ['prepared', 'irsa'],
  ])('fails for a stage that was typed in: %s → %s', (from, to) => {
    const repository = new Repository(INVENTORY.replace('prod: dual', `prod: ${from}`));
    repository.edit(`prod: ${from}`, `prod: { stage: ${to}, since: 2026-11-21T12:00:00Z }`);
    const { exit, rules, messages } = repository.check();
    expect([exit, rules]).toEqual([1, ['evidence-missing']]);
    expect(messages).toBe(
      `wave "pilot" goes from ${from} to ${to} in prod, and the change has no evidence of this step`,
    );
  });

  it('fails for the entry of a stage that was removed', () => {
    const repository = new Repository(INVENTORY.replace('prod: dual', 'prod: prepared'));
    repository.edit('{ stages: { prod: prepared } }', '{}');
    expect(repository.check().rules).toContain('evidence-missing');
  });

  it('fails for a workload that moves without its wave', () => {
    const other = INVENTORY.replace('{ prod: dual } }', '{ prod: dual } }\n  next: { stages: { prod: cutover } }');
    const repository = new Repository(other);
    repository.edit('wave: pilot', 'wave: next');
    const { rules, messages } = repository.check();
    expect(rules).toContain('evidence-missing');
    expect(messages).toContain('workload "orders-api" goes from dual to cutover in prod without a step of its wave');
  });

  it('takes only evidence that is new in the change', async () => {
    const repository = new Repository(INVENTORY);
    await repository.step(advance);
    const stage = readFileSync(repository.file, 'utf8');
    writeFileSync(repository.file, INVENTORY);
    repository.commit();
    writeFileSync(repository.file, stage);
    expect(repository.check().rules).toEqual(['evidence-missing']);
  });

  it('takes no evidence that git ignores, and none behind a link', async () => {
    const ignored = new Repository(INVENTORY);
    await ignored.step(advance);
    writeFileSync(join(ignored.folder, '.gitignore'), 'audit\n');
    expect(ignored.check().rules).toEqual(['evidence-missing']);
    const linked = new Repository(INVENTORY);
    await linked.step(advance);
    const document = linked.evidence('md');
    const outside = join(folderOf({}), 'x.md');
    renameSync(document, outside);
    symlinkSync(outside, document);
    expect(linked.check().rules).toEqual(['evidence-missing']);
  });

  it('finds evidence in any folder, and says which evidence is not valid and why', async () => {
    const repository = new Repository(INVENTORY);
    await repository.step(advance);
    mkdirSync(join(repository.folder, 'board'));
    for (const ending of ['md', 'json'] as const) {
      const file = repository.evidence(ending);
      renameSync(file, file.replace('/audit/', '/board/'));
    }
    expect(repository.check()).toEqual(RIGHT);
  });

  it.each<[string, (one: Repository) => void, RegExp]>([
    [
      'another time than since',
      (one) => {
        one.edit('since: 2026-11-21T12:00:00Z', 'since: 2026-11-21T13:00:00Z');
      },
      /since is 2026-11-21T13:00:00Z, and the evidence is of 2026-11-21T12:00:00Z/,
    ],
    [
      'no since',
      (one) => {
        one.edit(/\{ stage: cutover, since: [^ ]+ \}/, 'cutover');
      },
      /since is missing, and the evidence is of/,
    ],
    [
      'an Estate that is gone',
      (one) => {
        rmSync(one.evidence('json'));
      },
      /the Estate .*\.json is not beside it/,
    ],
    [
      'an Estate that was changed',
      (one) => {
        appendFileSync(one.evidence('json'), ' ');
      },
      /was changed after the step/,
    ],
    [
      'data of another step',
      (one) => {
        one.edit('wave: pilot', 'wave: other', one.evidence('md'));
      },
      /its data is of another step than its name/,
    ],
    [
      'no data',
      (one) => {
        writeFileSync(one.evidence('md'), '# Step\n');
      },
      /its first lines are not the data/,
    ],
    [
      'something accepted that the inventory does not record',
      (one) => {
        one.edit('accepted: []', 'accepted: [association]', one.evidence('md'));
      },
      /it accepts association, and the inventory nothing/,
    ],
  ])('fails for evidence with %s', async (_what, change, message) => {
    const repository = new Repository(INVENTORY);
    await repository.step(advance);
    change(repository);
    const { exit, rules, messages } = repository.check();
    expect([exit, rules]).toEqual([1, expect.arrayContaining(['evidence-invalid']) as string[]]);
    expect(messages).toMatch(message);
  });

  const oldPod = (world: World): void => void (world.pods = [...world.pods, podOf({ name: 'orders-api-old' })]);

  it('accepts evidence of a check that was accepted by name, and of a forced step', async () => {
    const accepted = new Repository(INVENTORY);
    const accept = ['pod-credentials:orders-api:main'];
    expect(await accepted.step(advance, { accept, because: 'late' }, oldPod)).toBe(0);
    expect(accepted.check()).toEqual(RIGHT);
    const forced = new Repository(INVENTORY);
    expect(
      await forced.step(advance, { force: true, because: 'incident' }, (world) => {
        oldPod(world);
        world.issuer = 'https://oidc.eks.us-west-2.amazonaws.com/id/OTHER';
      }),
    ).toBe(0);
    expect(forced.check()).toEqual(RIGHT);
  });

  it('fails where the gate does not hold on the Estate, and nobody accepted it', async () => {
    const repository = new Repository(INVENTORY);
    await repository.step(advance, { accept: ['pod-credentials'], because: 'late' }, oldPod);
    repository.edit(', accepted: [pod-credentials]', '');
    repository.edit(/accepted:\n {2}- pod-credentials/, 'accepted: []', repository.evidence('md'));
    const { rules, messages } = repository.check();
    expect(rules).toEqual(['evidence-invalid']);
    expect(messages).toMatch(/the gate does not hold on its Estate: pod-credentials:orders-api:main$/);
  });

  it('asks for the evidence of each step where a change has several', async () => {
    const repository = new Repository(INVENTORY.replace('prod: dual', 'prod: prepared'));
    await repository.step(advance, { force: true, because: 'x' });
    await repository.step(advance, { force: true, because: 'x' }, undefined, new Date('2026-11-21T14:00:00Z'));
    expect(repository.check().rules).toEqual(['stage-skipped']);
    rmSync(join(repository.audit, '2026-11-21T120000Z-prod-pilot-prepared-dual.md'));
    const { rules, messages } = repository.check();
    expect(rules).toEqual(['stage-skipped', 'evidence-missing']);
    expect(messages).toContain('goes from prepared to dual in prod, and the change has no evidence');
  });

  it('says nothing of an inventory that is new', () => {
    const repository = new Repository(INVENTORY);
    repository.git('mv', 'inventory.yaml', 'other.yaml');
    repository.git('rm', '-q', '--cached', 'other.yaml');
    repository.git('commit', '-qm', 'gone');
    writeFileSync(repository.file, INVENTORY);
    rmSync(join(repository.folder, 'other.yaml'));
    expect(repository.check().rules).not.toContain('evidence-missing');
  });
});
