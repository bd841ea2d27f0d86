import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Blueprint } from '../../src/blueprint/Blueprint';
import { askPods, gotAll } from '../../src/rehearsal/askPods';
import { loadInventory } from '../../src/inventory/loadInventory';
import { initialise, type Plan, plan, planAndApply } from '../../src/runners/stackCommands';
import { APPS, CLUSTER, INVENTORY, LEFT, MOVABLE, SEED } from './leftByOthers';
import { changedAttributes, kubeconfigFor, run } from './estateProject';
import { terraformProject, type TerraformProject } from './terraformProject';

const CLUSTER_ARN = `arn:aws:eks:${CLUSTER.region}:${APPS}:cluster/${CLUSTER.name}`;

/** Tests of a cluster that tools and people left: what of it can move is discovered and imported, and then moved to Pod Identity if `moved`. */
export function takeOver({ moved }: { readonly moved: boolean }): void {
  let project: TerraformProject;
  let environment: Readonly<Record<string, string | undefined>>;
  beforeAll(async () => {
    project = await terraformProject(INVENTORY, SEED);
    writeFileSync(project.file, INVENTORY);
    const kubeconfig = join(project.file, '..', 'kubeconfig');
    writeFileSync(kubeconfig, kubeconfigFor(project.sandbox, [CLUSTER]));
    environment = { ...project.environment, KUBECONFIG: kubeconfig };
  });
  afterAll(() => project.close());

  const podlift = (...words: string[]) => run(['src/cli/podlift.js', ...words], environment);
  const stack = () => project.stack('prod-identity');
  const synth = (): readonly Blueprint[] => project.synth(readFileSync(project.file, 'utf8'));
  const others = () => untouched(project);
  let before: unknown;

  it('is discovered: what can move is proposed, what cannot is said', async () => {
    before = others();
    const shown = await podlift('discover', '--environment', 'prod', '--cluster', CLUSTER.name);
    expect(shown.code).toBe(0);
    expect(readFileSync(project.file, 'utf8')).toBe(INVENTORY);
    for (const name of LEFT) expect(shown.stderr).toContain(name);

    const { code, stderr } = await podlift('discover', '--environment', 'prod', '--cluster', CLUSTER.name, '--write');
    expect([code, stderr]).toEqual([0, expect.not.stringMatching(/error/i)]);
    const text = readFileSync(project.file, 'utf8');
    expect(text).toContain('} # production');
    const { inventory, findings } = loadInventory(project.file);
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    const stages = inventory!.environments[0]!.workloads.map(({ key, stage }) => [key, stage]);
    expect(Object.fromEntries(stages)).toEqual(MOVABLE);
  });

  it('is imported by the first plan, which adds, destroys and rewrites nothing', async () => {
    synth();
    await initialise(stack());
    const first = await plan(stack());
    expect(first.counts).toMatchObject({ add: 0, destroy: 0 });
    expect(first.counts.import).toBeGreaterThan(Object.keys(MOVABLE).length);
    // What changes are tags: documents, settings and associations stay as they are.
    const shown = await run([], environment, stack().binary, ['show', '-json', 'plan.bin'], stack().folder);
    expect(changedAttributes(shown.stdout)).toEqual(['tags', 'tags_all']);
  });

  it('is applied, and then nothing is left to change: import blocks are harmless', async () => {
    await planAndApply(stack());
    const second = await plan(stack());
    expect([second.changes, second.counts]).toEqual([[], { add: 0, change: 0, destroy: 0, import: 0 }]);
    expect(others()).toEqual(before);
  });

  if (!moved) return;

  it('is discovered again without a proposal', async () => {
    const text = readFileSync(project.file, 'utf8');
    const { code } = await podlift('discover', '--environment', 'prod', '--cluster', 'prod-main', '--write');
    expect(code).toBe(0);
    expect(readFileSync(project.file, 'utf8')).toBe(text);
  });

  it('moves to Pod Identity, stage by stage, and nothing is replaced or lost', async () => {
    const unfinished = () =>
      loadInventory(project.file).inventory!.waves.filter(({ stages }) => stages.prod?.stage !== 'pod-identity');
    while (unfinished().length > 0) {
      for (const { key } of unfinished()) {
        const { code, stderr } = await podlift(
          ...['advance', key, '--environment', 'prod', '--force', '--because', 'a test without evidence'],
        );
        expect([code, stderr]).toEqual([0, expect.anything()]);
      }
      const blueprints = synth();
      const { changes }: Plan = await planAndApply(stack());
      expect(changes.filter(({ action }) => action === 'replace' || action === 'delete')).toEqual([]);
      await project.serviceAccounts(blueprints);
      const answers = await askPods(project.sandbox, blueprints);
      expect(answers.filter((answer) => !gotAll(answer))).toEqual([]);
    }
    const { inventory } = loadInventory(project.file);
    expect(new Set(inventory!.environments[0]!.workloads.map(({ stage }) => stage))).toEqual(new Set(['pod-identity']));
    expect(others()).toEqual(before);
    expect((await plan(stack())).changes).toEqual([]);
    const { code, stdout } = await podlift('drift', '--environment', 'prod');
    expect([code, stdout]).toEqual([0, expect.stringContaining('No differences')]);
  });

  it('keeps its pull secrets, and nobody else’s trust', () => {
    const world = JSON.parse(project.sandbox.save());
    const { roles } = world.accounts[APPS];
    const billing = JSON.stringify(Object.values<any>(roles).find(({ name }) => name === 'billing-irsa'));
    expect(billing).toContain('token.actions.githubusercontent.com');
    expect(billing).toContain('CCCC3333');
    expect(billing).not.toContain('id/AAAA1111');
    expect(JSON.stringify(world.clusters[CLUSTER_ARN])).toContain('"imagePullSecrets":[{"name":"registry"}]');
  });
}

/** What podlift has no business with: roles, associations and service accounts that were left out. */
function untouched(project: TerraformProject): unknown {
  const world = JSON.parse(project.sandbox.save());
  const mine = /elsewhere|selfish|EBS_CSI|nobodys|podlift-deploy/;
  return Object.values<any>(world.accounts).map(({ roles, oidcProviders }) => ({
    roles: Object.values<any>(roles)
      .filter(({ name }) => mine.test(name))
      .map((role) => ({ ...role, lastUsed: undefined })),
    oidcProviders,
  }));
}
