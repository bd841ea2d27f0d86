import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyAndAsk } from '../../rehearsal/applyAndAsk';
import { whoOf } from '../../operations/gate/gate';
import { gotAll, type PodAnswer, type RoleAnswer } from '../../rehearsal/askPods';
import { shortestWalk } from '../../rehearsal/planWalk';
import { rehearseEnvironment, succeeded } from '../../rehearsal/rehearseEnvironment';
import { sandboxKubernetes, SEEN_TIMING } from '../../rehearsal/sandboxEnvironment';
import { sandboxSeed } from '../../rehearsal/sandboxSeed';
import { missingKubectl } from '../../runners/kubectl';
import { findTerraform, type Terraform } from '../../runners/terraformInstallation';
import { startSandbox } from '../../sandbox/startSandbox';
import { requireInventory } from '../examine';
import { EXIT } from '../exit';
import { rehearsalReport } from '../rehearse/rehearsalReport';
import { type Cell, paintOf, type ReportStyle, stdoutStyle, table } from '../report';
import { print, printError } from '../output';

/**
 * `podlift demo`: applies all AWS stacks of the inventory on a sandbox of its own, prints what a pod of each workload on each cluster gets, and
 * rehearses one wave. Without kubectl it leaves out the rehearsal, and says so. Gives 1 when a pod does not get its roles or a step fails, 2 without
 * Terraform.
 */
export async function demo(): Promise<number> {
  const terraform = await findTerraform();
  if ('missing' in terraform) {
    printError(`podlift demo: ${terraform.missing}`);
    return EXIT.usage;
  }
  const example = requireInventory();
  if (example === undefined) return EXIT.findings;
  return (await showPods(example, terraform)) ? await rehearseOne(example, terraform) : EXIT.findings;
}

type Example = NonNullable<ReturnType<typeof requireInventory>>;

/** True when every pod got what the inventory promises. */
async function showPods({ file, inventory, blueprints, requested }: Example, terraform: Terraform): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'podlift-demo-'));
  const sandbox = await startSandbox({ seed: sandboxSeed(inventory, blueprints), ...SEEN_TIMING });
  try {
    print(`${file} on a sandbox at ${sandbox.endpoint}. No AWS account is touched.\n`);
    const answers = await applyAndAsk({
      terraform,
      folder,
      sandbox,
      blueprints: requested,
      kubernetes: sandboxKubernetes(sandbox, inventory, folder),
    });
    print(`\n${podTable(answers, stdoutStyle())}\n`);
    const failed = answers.filter((answer) => !gotAll(answer)).length;
    print(
      failed === 0
        ? `${answers.length} pods requested credentials. Each got every role of its stage.`
        : `${answers.length} pods requested credentials. ${failed} did not get the roles of their stage.`,
    );
    return failed === 0;
  } catch (error) {
    printError(`\npodlift demo: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  } finally {
    await sandbox.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Rehearses the wave with the fewest steps, where this machine has kubectl. */
async function rehearseOne({ inventory, files, requested }: Example, terraform: Terraform): Promise<number> {
  const walk = shortestWalk(
    inventory,
    requested.map(({ environment }) => environment),
  );
  if (walk === undefined) return EXIT.ok;
  const { environment, wave, moves } = walk;
  // The stand-in pods of a rehearsal come from Deployments, which kubectl creates.
  const missing = await missingKubectl();
  if (missing !== undefined) {
    print(
      `\nLeft out: the rehearsal of wave ${wave} in ${environment}.\n${missing} Then rehearse the wave:\n  npx podlift rehearse --wave ${wave} --environment ${environment}`,
    );
    return EXIT.ok;
  }
  print(
    `\nRehearsal of wave ${wave} in ${environment}: forward to pod-identity, back to irsa, then to the starting stage. Dependent waves move too.\n`,
  );
  const result = await rehearseEnvironment({ inventory, files, environment, terraform: terraform.binary }, moves);
  print(`\n${rehearsalReport(result, stdoutStyle())}`);
  return succeeded(result) ? EXIT.ok : EXIT.findings;
}

const USES = { irsa: 'IRSA', 'pod-identity': 'Pod Identity', nothing: 'nothing' } as const;

/** The answers as a table for people, with each denial and its reason below it. */
export function podTable(answers: readonly PodAnswer[], { colour, width }: ReportStyle): string {
  const paint = paintOf(colour);
  const mark = ({ ok }: RoleAnswer) => (ok ? 'ok' : 'denied');
  const painted = (text: string, ok: boolean): Cell => ({ text, paint: ok ? paint.green : paint.red });
  const rows = answers.map(({ environment, cluster, stage, uses, asPromised, source, targets, ...names }) => [
    whoOf(names) ?? '',
    environment,
    cluster,
    stage,
    asPromised ? USES[uses] : painted(USES[uses], false),
    painted(mark(source), source.ok),
    painted(
      targets.map(({ target, answer }) => `${target} ${mark(answer)}`).join(', ') || '-',
      targets.every(({ answer }) => answer.ok),
    ),
  ]);
  const head = ['workload', 'environment', 'cluster', 'stage', 'a new pod uses', 'source role', 'target roles'];
  return [table(head, rows, width), ...answers.flatMap(denials).map((line) => paint.red(line))].join('\n');
}

function denials(one: PodAnswer): string[] {
  const { environment, cluster, stage, uses, asPromised, source, targets } = one;
  const who = `${whoOf(one) ?? ''} on ${environment}/${cluster} at ${stage}`;
  const promised = asPromised ? [] : [`${who}: a new pod uses ${USES[uses]}, which differs from its stage`];
  const denied = [{ target: 'source role', answer: source }, ...targets].flatMap(({ target, answer }) =>
    answer.ok ? [] : [`${who}, ${target}: ${answer.reason}`],
  );
  return [...promised, ...denied];
}
