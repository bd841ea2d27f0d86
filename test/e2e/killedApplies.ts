import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Blueprint } from '../../src/blueprint/Blueprint';
import { askRoles, rolesOf } from '../../src/rehearsal/askPods';
import { clusterRef } from '../../src/rehearsal/applyServiceAccounts';
import { examine } from '../../src/cli/examine';
import { type Stage, STAGES } from '../../src/inventory/Inventory';
import { sandboxKubernetes } from '../../src/rehearsal/sandboxEnvironment';
import { initialise } from '../../src/runners/stackCommands';
import type { Pod } from '../../src/sandbox/startSandbox';
import { terraformProject, type TerraformProject } from './terraformProject';

// Applies are killed at random points. Afterwards only commands of docs/RECOVERY.md run, and everything must agree again.

/** What runs when the signal comes, and which process gets it. */
export const VICTIMS = ['terraform', 'cdktf alone', 'terraform of cdktf', 'cdktf and its children', 'podlift'] as const;
export type Victim = (typeof VICTIMS)[number];

const STACKS = ['prod-targets-apps', 'prod-identity'];
const WALK: readonly Stage[] = ['irsa', 'prepared', 'dual', 'prepared', 'dual', 'cutover', 'dual', 'prepared'];

/** Numbers between 0 and 1 that a seed determines. Source: mulberry32, https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
export function randomOf(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = a;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const inventory = (stage: Stage, extra: string | undefined) => `version: 1
accounts: { apps: { id: "111111111111" } }
environments:
  prod:
    account: apps
    region: us-west-2
    clusters:
      main:
        name: prod-main
        version: "1.33"
        oidc: { issuer: "https://oidc.eks.us-west-2.amazonaws.com/id/AAAA1111AAAA1111AAAA1111AAAA1111", provider: managed }
        agent: { version: v1.3.4-eksbuild.1 }
        addons:
          aws-ebs-csi-driver: { version: v1.40.0-eksbuild.1, serviceAccounts: { ebs-csi-controller-sa: ebs-csi } }
      batch:
        name: prod-batch
        version: "1.33"
        region: eu-west-1
        oidc: { issuer: "https://oidc.eks.eu-west-1.amazonaws.com/id/BBBB1111AAAA1111AAAA1111AAAA1111", provider: managed }
        agent:
          version: v1.3.4-eksbuild.1 # the agent of the batch cluster
waves:
  pilot: { stages: { prod: { stage: ${stage}, since: 2026-11-01T00:00:00Z } } }
workloads:
  orders-api: # the API of the shop
    wave: pilot
    namespace: shop
    serviceAccount: { name: orders-api, manage: annotate }
    permissions:
      managedPolicies: [AmazonSSMReadOnlyAccess]
      statements: [{ actions: [s3:GetObject], resources: ["arn:aws:s3:::acme-orders/*"] }]
    targets:
      ledger:
        account: apps
        permissions:
          statements:
            - actions: [dynamodb:Query]
              resources: ["arn:aws:dynamodb:us-west-2:111111111111:table/ledger"]
  web:
    wave: pilot
    namespace: shop
    serviceAccount: { name: web, manage: annotate }
    permissions: { managedPolicies: [AmazonSSMReadOnlyAccess] }
  ebs-csi:
    wave: pilot
    namespace: kube-system
    clusters: [main]
    serviceAccount: ebs-csi-controller-sa
    permissions: { managedPolicies: [service-role/AmazonEBSCSIDriverPolicy] }
${
  extra === undefined
    ? ''
    : `  ${extra}:
    wave: pilot
    namespace: shop
    serviceAccount: { name: ${extra}, manage: annotate }
    permissions:
      managedPolicies: [AmazonSSMReadOnlyAccess]
      statements: [{ actions: [s3:GetObject], resources: ["arn:aws:s3:::acme-${extra}/*"] }]
`
}`;

/** What the kills of one project did. */
export interface KillCounts {
  kills: number;
  /** Kills after at least one request that changed AWS. */
  midway: number;
  /** Kills after which resources were in no state. */
  orphaned: number;
  /** Resources that were in no state. */
  resources: number;
  /** Resources that the inventory did not have at its stage any more. */
  unwanted: number;
  /** Local states that were empty or no JSON, and were restored from their backup. */
  damaged: number;
  byVictim: Record<Victim, { kills: number; orphaned: number }>;
}

export function noKills(): KillCounts {
  const byVictim = Object.fromEntries(VICTIMS.map((one) => [one, { kills: 0, orphaned: 0 }]));
  return {
    ...{ kills: 0, midway: 0, orphaned: 0, resources: 0, unwanted: 0, damaged: 0 },
    byVictim: byVictim as KillCounts['byVictim'],
  };
}

interface Recovery {
  readonly resources: readonly {
    readonly kind: string;
    readonly what: string;
    readonly where: string;
    readonly found: string;
    readonly remedy: readonly { readonly run?: readonly string[] }[];
  }[];
  readonly dead: readonly unknown[];
  readonly findings?: readonly unknown[];
  readonly problem?: unknown;
}

interface Done {
  readonly code: number | null;
  readonly stdout: string;
  readonly output: string;
}

/**
 * Kills `kills` applies of one new project, each time followed by the documented recovery. Throws where something does not agree afterwards: a plan that is not
 * empty, a resource in no state, a pod without credentials. `say` gets a line for each kill.
 */
export async function killApplies(
  kills: number,
  random: () => number,
  counts: KillCounts,
  say: (line: string) => void,
): Promise<void> {
  let extras = 0;
  let extra: string | undefined;
  let at = 0;
  const first = WALK[Math.floor(random() * 3)] ?? 'irsa';
  at = WALK.indexOf(first);
  const project = await terraformProject(inventory(first, undefined));
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;
  try {
    const { inventory: loaded } = examine(project.file);
    if (loaded === undefined) throw new Error('the inventory has errors');
    const folder = dirname(project.file);
    const environment = { ...project.environment, ...sandboxKubernetes(project.sandbox, loaded, folder) };
    // As AWS, the sandbox takes a while to answer what creates something.
    project.sandbox.faults.set([
      { kind: 'hang', ms: 120, service: 'eks' },
      { kind: 'hang', ms: 60, service: 'iam' },
    ]);
    project.synth(inventory(first, undefined));
    for (const stack of STACKS) await initialise(project.stack(stack));

    let pods: readonly RunningPod[] = [];
    const world: KilledWorld = { project, environment, folder };
    for (let n = 0; n < kills; n += 1) {
      const victim = pick(VICTIMS);
      const from = WALK[at % WALK.length];
      // The first apply of a project creates everything.
      if (n >= 1) {
        const what = random();
        if (what < 0.25) {
          extras += 1;
          extra = extra === undefined ? `extra-${extras}` : undefined;
        } else at += 1;
      }
      const stage = WALK[at % WALK.length] ?? 'irsa';
      const blueprints = project.synth(inventory(stage, extra));
      await project.serviceAccounts(blueprints);
      const before = project.sandbox.calls().length;
      const after = 1 + Math.floor(random() * 14);
      const delay = Math.floor(random() * 200);
      const ended = await killed(world, victim, pick(STACKS.slice(1)), { after, delay, late: random() < 0.15, random });
      const changed = project.sandbox
        .calls()
        .slice(before)
        .filter(({ action }) => isChange(action)).length;
      counts.kills += 1;
      counts.byVictim[victim].kills += 1;
      if (changed > 0) counts.midway += 1;
      const isBack = STAGES.indexOf(stage) < STAGES.indexOf(from ?? stage);
      const asked = await askRunning(world, blueprints, pods, isBack);

      // Now and then the operator first goes back, or on, before anything is recovered.
      let recovered = blueprints;
      let wentBack = '';
      if (n >= 1 && extra === undefined && random() < 0.3 && from !== undefined && from !== stage) {
        recovered = project.synth(inventory(from, extra));
        await project.serviceAccounts(recovered);
        at -= 1;
        wentBack = `, then back to ${from}`;
      }
      const found = await recover(world, counts, victim);
      await converge(world, recovered);
      pods = await restartPods(world, recovered, pods);
      say(
        `${counts.kills}. ${victim} at ${String(from)} → ${stage}${extra === undefined ? '' : ` with ${extra}`}${wentBack}: ${ended}, ${changed} changes, ${found} in no state, ${asked} pods asked`,
      );
    }
  } finally {
    await project.close();
  }
}

interface KilledWorld {
  readonly project: TerraformProject;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly folder: string;
}

const CHANGE = /^(Create|Delete|Put|Attach|Detach|Update|Tag|Untag|Add|Remove)/;
function isChange(action: string): boolean {
  return CHANGE.test(action);
}

/** Starts an apply and sends SIGKILL after some changes and some time; gives what happened. */
async function killed(
  { project, environment }: KilledWorld,
  victim: Victim,
  stack: string,
  { after, delay, late, random }: { after: number; delay: number; late: boolean; random: () => number },
): Promise<string> {
  // Target roles first, without a kill half of the time.
  if (random() < 0.5) await terraform(project, environment, 'prod-targets-apps', 'apply', '-auto-approve', '-no-color');
  const start = project.sandbox.calls().length;
  const changes = () =>
    project.sandbox
      .calls()
      .slice(start)
      .filter(({ action }) => isChange(action)).length;
  const child = started(project, environment, victim, stack);
  let output = '';
  child.stdout?.on('data', (text: Buffer) => (output += text.toString()));
  child.stderr?.on('data', (text: Buffer) => (output += text.toString()));
  const state = { done: false };
  const exit = new Promise<void>((resolve) => {
    child.on('close', () => {
      state.done = true;
      resolve();
    });
  });
  const isDone = () => state.done;
  const limit = Date.now() + (victim === 'podlift' ? random() * 2500 : late ? random() * 6000 : 60_000);
  while (!isDone() && changes() < after && Date.now() < limit) await wait(5);
  if (!isDone()) await wait(delay);
  if (isDone()) return 'it ended before';
  if (child.pid === undefined) throw new Error('no process');
  if (victim === 'terraform of cdktf') for (const pid of descendants(child.pid, 'terraform')) kill(pid);
  else if (victim === 'cdktf and its children') for (const pid of [child.pid, ...descendants(child.pid)]) kill(pid);
  else kill(child.pid);
  await exit;
  // docs/RECOVERY.md: wait until no Terraform runs any more.
  await noTerraform(project);
  return 'killed';
}

function started(
  project: TerraformProject,
  environment: KilledWorld['environment'],
  victim: Victim,
  stack: string,
): ChildProcess {
  const env = environment as NodeJS.ProcessEnv;
  if (victim === 'podlift')
    return spawn(process.execPath, ['src/cli/podlift.js', 'recover', '--environment', 'prod', '--write'], { env });
  if (victim === 'terraform') {
    const { binary, folder } = project.stack(stack);
    return spawn(binary, ['apply', '-auto-approve', '-no-color'], { cwd: folder, env });
  }
  const outdir = env.CDKTF_OUTDIR ?? '';
  return spawn(
    process.execPath,
    [cdktf(), 'apply', stack, '--auto-approve', '--skip-provider-lock', '--output', outdir],
    { env: { ...env, CI: 'true' }, detached: true },
  );
}

function cdktf(): string {
  const manifest = createRequire(__filename).resolve('cdktf-cli/package.json');
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { bin: { cdktf: string } };
  return join(dirname(manifest), bin.cdktf);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

/** The processes below a process, from /proc; those whose command has a name. */
function descendants(pid: number, name = ''): readonly number[] {
  const all = readdirSync('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
      const command = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      return [{ pid: Number(entry), parent, command }];
    } catch {
      return [];
    }
  });
  const below = (of: number): readonly (typeof all)[number][] =>
    all.filter(({ parent }) => parent === of).flatMap((one) => [one, ...below(one.pid)]);
  return below(pid)
    .filter(({ command }) => command.includes(name))
    .map((one) => one.pid);
}

/** Waits until no Terraform works in the folders of the stacks. */
async function noTerraform(project: TerraformProject): Promise<void> {
  const folders = new Set(STACKS.map((stack) => project.stack(stack).folder));
  const runs = () =>
    readdirSync('/proc').some((entry) => {
      if (!/^\d+$/.test(entry)) return false;
      try {
        const command = readFileSync(`/proc/${entry}/comm`, 'utf8').trim();
        // A provider process can outlive its Terraform; it does nothing without it.
        return command === 'terraform' && folders.has(readlinkSync(`/proc/${entry}/cwd`));
      } catch {
        return false;
      }
    });
  for (let tries = 0; runs(); tries += 1) {
    if (tries > 2400) throw new Error('Terraform still runs two minutes after the kill');
    await wait(50);
  }
}

/** Runs a command while the sandbox of this process answers. */
async function run(environment: KilledWorld['environment'], argv: readonly string[], cwd?: string): Promise<Done> {
  const [name = '', ...words] = argv;
  const child = spawn(name, words, { env: environment, ...(cwd !== undefined && { cwd }) });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, stdout, output: stdout + stderr });
    });
  });
}

async function terraform(
  project: TerraformProject,
  environment: KilledWorld['environment'],
  stack: string,
  ...words: readonly string[]
): Promise<Done> {
  const { binary, folder } = project.stack(stack);
  return run(environment, [binary, ...words], folder);
}

function podlift(environment: KilledWorld['environment'], ...words: readonly string[]): Promise<Done> {
  return run(environment, [process.execPath, 'src/cli/podlift.js', ...words]);
}

/** docs/RECOVERY.md: a damaged state comes from its backup; then `recover --write`, and what it prints for what the stage does not have. */
async function recover(world: KilledWorld, counts: KillCounts, victim: Victim): Promise<number> {
  const { environment, folder } = world;
  for (const stack of STACKS) counts.damaged += restored(join(folder, `${stack}.tfstate`));
  const done = await podlift(environment, 'recover', '--environment', 'prod', '--write', '--format', 'json');
  const found = reportOf(done);
  const expected = found.resources.length + found.dead.length === 0 ? 0 : 1;
  if (done.code !== expected || found.findings !== undefined || found.problem !== undefined)
    throw new Error(`recover --write ended with ${String(done.code)}: ${done.output}`);
  const open = found.resources.filter(({ what }) => what === 'other' || what === 'unknown');
  if (open.length > 0) throw new Error(`recover leaves ${JSON.stringify(open, null, 2)}`);
  const unwanted = found.resources.filter(({ what, kind }) => what === 'unwanted' && kind === 'association');
  for (const { remedy } of unwanted)
    for (const { run: argv } of remedy)
      if (argv?.[0] === 'aws') {
        const deleted = await run(environment, argv);
        if (deleted.code !== 0) throw new Error(`${argv.join(' ')}: ${deleted.output}`);
      }
  counts.unwanted += unwanted.length;
  counts.resources += found.resources.length;
  if (found.resources.length > 0) {
    counts.orphaned += 1;
    counts.byVictim[victim].orphaned += 1;
  }
  return found.resources.length;
}

function reportOf({ stdout, output, code }: Done): Recovery {
  try {
    return JSON.parse(stdout) as Recovery;
  } catch {
    throw new Error(`recover printed no report and ended with ${String(code)}: ${output}`);
  }
}

/** 1 where the local state was damaged and its backup took its place. */
function restored(path: string): number {
  if (!existsSync(path)) return 0;
  const text = readFileSync(path, 'utf8');
  try {
    if (text !== '') JSON.parse(text);
    // An empty file is no state: recover finds all that it had.
    return text === '' ? 1 : 0;
  } catch {
    copyFileSync(`${path}.backup`, path);
    return 1;
  }
}

/** Applies what the inventory has, and checks that everything agrees: no plan changes anything, no state lacks anything, and AWS has nothing else. */
async function converge(world: KilledWorld, blueprints: readonly Blueprint[]): Promise<void> {
  const { project, environment } = world;
  project.synth(readFileSync(project.file, 'utf8'));
  for (const stack of STACKS) {
    const applied = await terraform(project, environment, stack, 'apply', '-auto-approve', '-no-color');
    if (applied.code !== 0) throw new Error(`the apply after recover failed: ${applied.output}`);
  }
  const removed = await podlift(environment, 'recover', '--environment', 'prod', '--write', '--format', 'json');
  const left = reportOf(removed).resources.filter(
    // The agent of a cluster that no stage needs stays: other teams can use it.
    ({ kind, what }) => !(kind === 'agent' && what === 'unwanted'),
  );
  if (left.length > 0) throw new Error(`in no state after the apply: ${JSON.stringify(left, null, 2)}`);
  if (readFileSync(project.file, 'utf8').includes('imports')) throw new Error('imports are left in the inventory');
  for (const stack of STACKS.slice(1)) {
    const planned = await terraform(project, environment, stack, 'plan', '-detailed-exitcode', '-no-color');
    if (planned.code !== 0) throw new Error(`the plan of ${stack} is not empty: ${planned.output}`);
  }
  const wanted = blueprints.flatMap(({ associations }) =>
    associations.map(({ clusterName, namespace, serviceAccount }) => `${clusterName} ${namespace}/${serviceAccount}`),
  );
  const there = await associationsIn(environment);
  if (there.join() !== [...wanted].sort().join())
    throw new Error(`AWS has the associations ${there.join(', ')}; the inventory has ${wanted.join(', ')}`);
}

async function associationsIn(environment: KilledWorld['environment']): Promise<readonly string[]> {
  const lists = await Promise.all(
    [
      ['prod-main', 'us-west-2'],
      ['prod-batch', 'eu-west-1'],
    ].map(async ([cluster = '', region = '']) => {
      const words = ['--cluster-name', cluster, '--region', region, '--output', 'json'];
      const listed = await run(environment, ['aws', 'eks', 'list-pod-identity-associations', ...words]);
      const { associations } = JSON.parse(listed.stdout) as {
        associations: { namespace: string; serviceAccount: string }[];
      };
      return associations.map(({ namespace, serviceAccount }) => `${cluster} ${namespace}/${serviceAccount}`);
    }),
  );
  return lists.flat().sort();
}

interface RunningPod {
  readonly pod: Pod;
  readonly workload: string;
  readonly cluster: string;
}

/** Lets the pods that run since the last converged state ask for their roles; gives how many asked. Throws where one gets none. */
async function askRunning(
  { project: { sandbox } }: KilledWorld,
  blueprints: readonly Blueprint[],
  pods: readonly RunningPod[],
  isBack: boolean,
): Promise<number> {
  // A step back removes the association, and its pods are restarted after the apply.
  const asking = pods.filter(({ pod }) => !(isBack && pod.uses === 'pod-identity'));
  for (const { pod, workload, cluster } of asking) {
    const blueprint = blueprints.find(({ roles }) => roles.some((role) => role.workload === workload));
    if (blueprint === undefined) continue;
    const { source } = await askRoles(sandbox, pod, { ...rolesOf(blueprint, workload), targets: [] });
    if (!source.ok)
      throw new Error(`a running pod of ${workload} on ${cluster} lost its credentials: ${source.reason}`);
  }
  return asking.length;
}

/** Restarts the pods of the converged state. Throws where a new pod does not get its role. */
async function restartPods(
  { project: { sandbox } }: KilledWorld,
  blueprints: readonly Blueprint[],
  old: readonly RunningPod[],
): Promise<readonly RunningPod[]> {
  for (const { pod } of old) sandbox.kubernetes.deletePod(pod);
  const pods = blueprints.flatMap((blueprint) =>
    blueprint.serviceAccounts.map((account) => ({
      workload: account.workload,
      cluster: account.cluster,
      pod: sandbox.kubernetes.admitPod({
        cluster: clusterRef(blueprint, account),
        namespace: account.namespace,
        serviceAccount: account.name,
      }),
    })),
  );
  for (const { pod, workload, cluster } of pods) {
    const blueprint = blueprints[0];
    if (blueprint === undefined) continue;
    const { source } = await askRoles(sandbox, pod, { ...rolesOf(blueprint, workload), targets: [] });
    if (!source.ok) throw new Error(`a new pod of ${workload} on ${cluster} gets no credentials: ${source.reason}`);
  }
  return pods;
}
