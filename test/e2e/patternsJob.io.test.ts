import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { contextOf } from '../../src/estate/places';
import { loadInventory } from '../../src/inventory/loadInventory';
import type { SandboxSeed } from '../../src/sandbox/Seed';
import { type EstateProject, estateProject, run } from './estateProject';

// The job of docs/PATTERNS.md, step by step, in a repository with a remote. Its `npm ci` and `gh` are played.

const ACCOUNT = '111111111111';
const ISSUER = 'https://oidc.eks.us-west-2.amazonaws.com/id/D1D1D1D1D1D1D1D1D1D1D1D1D1D1D1D1';
const EXAMPLE = 'examples/patterns/inventory.yaml';
const SEED: SandboxSeed = {
  ambientAccount: ACCOUNT,
  roles: [],
  clusters: [
    {
      ...{ account: ACCOUNT, region: 'us-west-2', name: 'dev-main', version: '1.33', issuer: ISSUER },
      serviceAccounts: ['pr-1', 'pr-2', 'pr-4'].map((namespace) => ({ namespace, name: 'app' })),
    },
  ],
};

interface Step {
  readonly run?: string;
}
const [, workflow = ''] = /^## In CI\n+```yaml\n(.*?)^```/ms.exec(readFileSync('docs/PATTERNS.md', 'utf8')) ?? [];
const { jobs } = parse(workflow) as { jobs: { expand: { steps: readonly Step[] } } };
const steps = jobs.expand.steps.flatMap((step) => step.run ?? []);
const kubeconfigStep = steps.find((step) => step.includes('update-kubeconfig')) ?? '';

let folder: string;
let project: EstateProject;
let environment: Readonly<Record<string, string | undefined>>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'podlift-job-'));
  project = await estateProject(readFileSync(EXAMPLE, 'utf8').replace('include: [expanded.yaml]\n', ''), SEED);
  mkdirSync(join(folder, 'bin'));
  command('npm', '');
  command('npx', `shift; exec "${process.execPath}" "${resolve('src/cli/podlift.js')}" "$@"`);
  command('gh', `echo "$@" >> "${join(folder, 'gh.txt')}"`);
  const who = { GIT_AUTHOR_NAME: 'ci', GIT_AUTHOR_EMAIL: 'ci@example.com' };
  environment = {
    ...project.environment,
    ...who,
    GIT_COMMITTER_NAME: 'ci',
    GIT_COMMITTER_EMAIL: 'ci@example.com',
    PODLIFT_INVENTORY: undefined,
    PATH: `${join(folder, 'bin')}:${process.env.PATH ?? ''}`,
  };
});
afterAll(async () => {
  await project.close();
  rmSync(folder, { recursive: true, force: true });
});

function command(name: string, body: string): void {
  const file = join(folder, 'bin', name);
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o755);
}

/** GitHub runs each step by `bash -e`. Source: https://docs.github.com/en/actions/reference/workflow-syntax-for-github-actions#jobsjob_idstepsshell */
const shell = (text: string, more: Readonly<Record<string, string>> = {}) =>
  run(
    [],
    { ...environment, ...more },
    'bash',
    ['-e', '-c', text.replaceAll('${{ github.run_id }}', '7')],
    repository(),
  );
const repository = () => join(folder, 'repository');

/** Runs all steps of the job but the one that needs the endpoint of EKS; stops at the first that fails. */
async function job(): Promise<string> {
  let printed = '';
  for (const step of steps.filter((one) => one !== kubeconfigStep)) {
    const { code, stdout, stderr } = await shell(step);
    printed += stdout + stderr;
    if (code !== 0) throw new Error(`${step}\n${printed}`);
  }
  return printed;
}

describe('the job of docs/PATTERNS.md', () => {
  beforeAll(async () => {
    mkdirSync(repository());
    for (const name of ['inventory.yaml', 'expanded.yaml'])
      writeFileSync(join(repository(), name), readFileSync(`examples/patterns/${name}`, 'utf8'));
    const { code, stderr } = await shell(
      'git init -qb main && git add . && git commit -qm first && git init -q --bare ../remote.git && git remote add origin ../remote.git && git push -q origin main',
    );
    expect({ code, stderr }).toMatchObject({ code: 0 });
  });

  it('writes the context that podlift uses for the cluster of the example', async () => {
    const file = join(folder, 'config');
    const { code, stderr } = await shell(kubeconfigStep, { KUBECONFIG: file, AWS_REGION: 'us-west-2' });
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const { contexts } = parse(readFileSync(file, 'utf8')) as { contexts: readonly { name: string }[] };
    const [cluster] = loadInventory(EXAMPLE).inventory!.environments[0]!.clusters;
    expect(contexts.map(({ name }) => name)).toEqual([contextOf(cluster!)]);
  });

  it('opens a pull request with the new names, and nothing else', async () => {
    await job();
    const { stdout } = await shell('git show --format=%s origin/expand-7');
    expect(stdout).toContain('expand: service accounts of dev');
    expect(stdout.split('\n').filter((line) => /^[+-] /.test(line))).toEqual([
      '+      - { namespace: pr-4, serviceAccount: app }',
    ]);
    expect(readFileSync(join(folder, 'gh.txt'), 'utf8')).toBe('pr create --fill\n');
  });

  it('opens none where nothing is new', async () => {
    await job();
    expect(readFileSync(join(folder, 'gh.txt'), 'utf8')).toBe('pr create --fill\n');
  });

  it('ends before the pull request where the cluster gives no answer', async () => {
    project.sandbox.kubernetes.limit({ account: ACCOUNT, region: 'us-west-2', name: 'dev-main' }, []);
    await expect(job()).rejects.toThrow(/Could not read cluster main in dev/);
    project.sandbox.kubernetes.limit({ account: ACCOUNT, region: 'us-west-2', name: 'dev-main' });
  });
});
