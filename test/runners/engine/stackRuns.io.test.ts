import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stackRuns, type StackRoot } from '../../../src/runners/engine/stackRuns';
import type { PlannedChange, TerraformDiagnostic } from '../../../src/runners/stackCommands';
import { type FakeStack, fakeTerraform } from './fakeTerraform';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'podlift-stacks-'))));
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const rootOf = (name: string, providers: object = { aws: { version: '>= 5' } }): StackRoot => {
  mkdirSync(join(folder, name), { recursive: true });
  return {
    name,
    files: new Map([['main.tf.json', JSON.stringify({ terraform: { required_providers: providers } })]]),
  };
};
const create = (address: string): PlannedChange => ({ address, type: address.split('.')[0]!, action: 'create' });
const ROLE = create('aws_iam_role.api');
const ASSOCIATION = create('aws_eks_pod_identity_association.api');
const TRUST: TerraformDiagnostic = {
  summary: 'creating EKS Pod Identity Association ()',
  detail: 'InvalidParameterException: Trust policy of the role provided is invalid.',
};
const DENIED: TerraformDiagnostic = { summary: 'AccessDenied', detail: 'not authorized' };

/** A run with a clock that only sleeping moves. */
function runOf(stacks: Record<string, FakeStack>, variables: Record<string, string> = {}) {
  const terraform = fakeTerraform(join(folder, 'bin'), stacks);
  let now = 0;
  const slept: number[] = [];
  const runs = stackRuns({
    binary: terraform.binary,
    folder,
    variables: { ...process.env, ...variables },
    say: () => undefined,
    time: {
      now: () => now,
      sleep: (milliseconds) => {
        now += milliseconds;
        slept.push(milliseconds);
        return Promise.resolve();
      },
    },
  });
  return { runs, terraform, waited: () => slept.reduce((sum, one) => sum + one, 0) };
}

describe('several stacks', () => {
  it('are initialised one after the other, since Terraform does not lock its plugin cache', async () => {
    const { runs, terraform } = runOf({});
    await Promise.all(['a', 'b', 'c'].map((name) => runs.plan(rootOf(name))));
    const inits = terraform.calls().filter((line) => line.endsWith(' init'));
    expect(inits).toEqual(['a', 'b', 'c'].flatMap((name) => [`begin ${name} init`, `end ${name} init`]));
  });

  it('begin with the lock file of a stack with the same providers, and keep their own', async () => {
    const { runs } = runOf({});
    await runs.initialise(rootOf('a'));
    await runs.initialise(rootOf('b'));
    await runs.initialise(rootOf('c', { kubernetes: {} }));
    await runs.initialise(rootOf('a'));
    const lockOf = (name: string) => readFileSync(join(folder, name, '.terraform.lock.hcl'), 'utf8').split('\n');
    expect(lockOf('a')).toEqual(['# a', '# a', '']);
    expect(lockOf('b')).toEqual(['# a', '# b', '']);
    expect(lockOf('c')).toEqual(['# c', '']);
  });

  it('begin with the lock file that PODLIFT_PROVIDER_LOCK names', async () => {
    const lock = join(folder, 'lock.hcl');
    writeFileSync(lock, '# mine\n');
    const { runs } = runOf({}, { PODLIFT_PROVIDER_LOCK: lock });
    await runs.initialise(rootOf('a'));
    expect(readFileSync(join(folder, 'a', '.terraform.lock.hcl'), 'utf8')).toBe('# mine\n# a\n');
  });

  it('have their own folders in a data folder outside of the roots', async () => {
    const data = join(folder, 'data');
    const { runs } = runOf({}, { TF_DATA_DIR: data });
    for (const name of ['a', 'b']) {
      mkdirSync(join(data, name), { recursive: true });
      writeFileSync(join(data, name, 'terraform.tfstate'), 'the record of another backend');
    }
    await runs.initialise(rootOf('a'));
    expect(['a', 'b'].map((name) => existsSync(join(data, name, 'terraform.tfstate')))).toEqual([false, true]);
  });

  it('initialise the others after one that failed', async () => {
    const { runs } = runOf({ a: { initFails: 'no such provider' } });
    const results = await Promise.allSettled(['a', 'b'].map((name) => runs.plan(rootOf(name))));
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  });
});

describe('the plan of a stack', () => {
  it('says whether it changes anything', async () => {
    const { runs } = runOf({ a: { changes: [ROLE] } });
    expect(await runs.plan(rootOf('a'))).toEqual({
      changesAnything: true,
      changes: [ROLE],
      counts: { import: 0, add: 1, change: 0, destroy: 0 },
    });
    expect(await runs.plan(rootOf('b'))).toMatchObject({ changesAnything: false, changes: [] });
  });

  it('fails with the words of Terraform alone', async () => {
    const { runs } = runOf({ a: { planFails: DENIED } });
    await expect(runs.plan(rootOf('a'))).rejects.toMatchObject({ said: 'Error: AccessDenied\n  not authorized' });
  });
});

describe('an apply for which EKS does not see the new trust policy yet', () => {
  const stack = (times: number, more: Partial<FakeStack> = {}): Record<string, FakeStack> => ({
    a: { changes: [ROLE, ASSOCIATION], applyFails: { [ASSOCIATION.address]: { with: TRUST, times } }, ...more },
  });
  const applied = async (stacks: Record<string, FakeStack>) => {
    const run = runOf(stacks);
    const { changes } = await run.runs.plan(rootOf('a'));
    const result = await run.runs.apply('a', changes).then(
      () => 'applied',
      (error: unknown) => error,
    );
    return { ...run, result, applies: run.terraform.calls().filter((line) => line === 'begin a apply').length };
  };

  it('is tried again with the rest of the plan, until EKS sees it', async () => {
    const { result, applies, waited, terraform } = await applied(stack(3));
    expect(result).toBe('applied');
    expect(applies).toBe(4);
    expect(waited()).toBe(30_000);
    expect(terraform.calls().filter((line) => line === 'begin a plan')).toHaveLength(4);
  });

  it('fails after two minutes', async () => {
    const { result, waited } = await applied(stack(1000));
    expect(result).toMatchObject({ said: expect.stringContaining('Trust policy of the role provided is invalid') });
    expect(waited()).toBe(120_000);
  });

  it('is not tried again where another error came too', async () => {
    const fails = { [ASSOCIATION.address]: { with: TRUST, times: 1 }, [ROLE.address]: { with: DENIED, times: 1 } };
    const { result, applies, waited } = await applied(stack(1, { applyFails: fails }));
    expect(result).toMatchObject({ said: expect.stringContaining('AccessDenied') });
    expect([applies, waited()]).toEqual([1, 0]);
  });

  it('is not applied where the plan of the rest has a change that nobody has seen', async () => {
    const { result, applies } = await applied(
      stack(1, { later: [{ ...ROLE, action: 'replace', address: 'aws_iam_role.other' }] }),
    );
    expect(result).toMatchObject({ said: expect.stringContaining('replace aws_iam_role.other') });
    expect(applies).toBe(1);
  });
});
