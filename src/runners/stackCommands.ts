import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { forgetWorkspace } from './backendRecord';
import type { Interrupts } from './engine/interrupts';
import { OWN_LOCK } from './terraformInstallation';

/** One run of Terraform. */
export interface TerraformRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to run Terraform: the binary, the folder of the stack, the environment, and a listener. */
export interface TerraformOptions {
  readonly binary: string;
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Called with each line of the standard output as it comes. */
  readonly onLine?: (line: string) => void;
  /** Passes the operator's interrupts on. Default: the terminal sends its own to Terraform too. */
  readonly interrupts?: Interrupts | undefined;
}

/** Runs Terraform to its end without input and colours. Rejects only when the binary cannot be started. */
export async function runTerraform(arguments_: readonly string[], options: TerraformOptions): Promise<TerraformRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(options.binary, arguments_, {
      cwd: options.folder,
      env: { ...options.environment, TF_IN_AUTOMATION: 'true', TF_INPUT: '0', CHECKPOINT_DISABLE: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
      // In a group of its own: the terminal's Ctrl-C would come twice, and Terraform ends at once at the second one.
      detached: options.interrupts !== undefined,
    });
    options.interrupts?.add(child);
    let stdout = '';
    let stderr = '';
    let pending = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      const lines = (pending + text).split('\n');
      pending = lines.pop() ?? '';
      for (const line of lines) options.onLine?.(line);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ exitCode: code ?? 1, stdout, stderr });
    });
  });
}

/** What a plan would do, counted over its resources; a replacement counts as one addition and one destruction. */
export interface PlanCounts {
  readonly add: number;
  readonly change: number;
  readonly destroy: number;
  readonly import: number;
}

/** `import`, `move` and `forget` change the state alone: a resource that is changed too has the other action. */
export type ChangeAction = 'create' | 'update' | 'delete' | 'replace' | 'import' | 'move' | 'forget';

/** Our actions by those of Terraform's output. Source: hashicorp/terraform internal/command/views/json/change.go */
const ACTIONS: Readonly<Record<string, ChangeAction | undefined>> = {
  create: 'create',
  update: 'update',
  delete: 'delete',
  replace: 'replace',
  import: 'import',
  move: 'move',
  remove: 'forget',
};

/** Those that change what exists. */
const REAL: ReadonlySet<ChangeAction> = new Set(['create', 'update', 'delete', 'replace']);

/** One planned change of a resource. */
export interface PlannedChange {
  readonly address: string;
  readonly type: string;
  readonly action: ChangeAction;
}

/** A plan as it was written to `plan.bin` in the stack's folder. */
export interface Plan {
  readonly counts: PlanCounts;
  /** Of what exists; in a {@link CheckedPlan} also those of the state alone. */
  readonly changes: readonly PlannedChange[];
}

/** The file of a plan in the folder of its stack. */
export const PLAN_FILE = 'plan.bin';

/** An error of Terraform or of a provider, in its words. */
export interface TerraformDiagnostic {
  readonly summary: string;
  readonly detail?: string;
  /** Of the resource. */
  readonly address?: string;
}

/** Terraform failed: `message` has its diagnostics as an operator sees them. */
export class TerraformError extends Error {
  override readonly name = 'TerraformError';

  /**
   * @param said what Terraform said, without the command and the folder
   * @param errors its errors, where it gave them as data
   */
  constructor(
    message: string,
    readonly said: string = message,
    readonly errors: readonly TerraformDiagnostic[] = [],
  ) {
    super(message);
  }
}

/** The lock file of the providers in the folder of a stack. */
export const LOCK = '.terraform.lock.hcl';

/**
 * `terraform init` in the stack's folder, with the version and the checksums of the provider that podlift was tested with. A provider with other
 * content is not installed. `PODLIFT_PROVIDER_LOCK` names another lock file, for a mirror with another version. A lock file in the folder stays.
 * Throws {@link TerraformError}.
 * Source: https://developer.hashicorp.com/terraform/language/files/dependency-lock
 */
export async function initialise(options: TerraformOptions): Promise<void> {
  const lock = join(options.folder, LOCK);
  if (!existsSync(lock)) copyFileSync(lockFile(options.environment), lock);
  try {
    await succeed(['init', '-no-color'], options);
  } catch (error) {
    if (!(error instanceof TerraformError) || !error.message.includes('previously')) throw error;
    throw new TerraformError(
      `${error.message}\npodlift locks the provider that it applies on the sandbox. If your provider mirror has another version or platform, lock it yourself (${basename(options.binary)} providers lock), and set PODLIFT_PROVIDER_LOCK to that lock file.`,
    );
  }
}

function lockFile({ PODLIFT_PROVIDER_LOCK: own }: TerraformOptions['environment']): string {
  if (own === undefined || own === '') return OWN_LOCK;
  if (!existsSync(own)) throw new TerraformError(`PODLIFT_PROVIDER_LOCK: there is no file ${own}`);
  return own;
}

/**
 * `terraform init` of an operator's stack, whatever backend the folder had before: podlift names the backend. Gives Terraform's lock file, which stays in the folder.
 * Throws {@link TerraformError}.
 *
 * @param lock the lock file to begin with, where the folder has none
 */
export async function initialiseOwn(options: TerraformOptions, lock: string | undefined): Promise<string> {
  forgetWorkspace(resolve(options.folder, options.environment.TF_DATA_DIR ?? '.terraform'));
  const own = join(options.folder, LOCK);
  if (!existsSync(own) && lock !== undefined) copyFileSync(lock, own);
  // Without the record of an earlier backend: what `-reconfigure` does, which Terraform does not take with `cloud`.
  // Source: hashicorp/terraform internal/command/meta_backend.go, "-reconfigure option is for in-place reconfiguration of state backends only"
  const data = resolve(options.folder, options.environment.TF_DATA_DIR ?? '.terraform');
  rmSync(join(data, 'terraform.tfstate'), { force: true });
  await succeed(['init', '-no-color'], options);
  return own;
}

/** `terraform validate`. Throws {@link TerraformError}. */
export async function validate(options: TerraformOptions): Promise<void> {
  await succeed(['validate', '-no-color'], options);
}

/** `terraform plan`; the plan is kept for {@link apply}. Throws {@link TerraformError}. */
export async function plan(options: TerraformOptions): Promise<Plan> {
  return realChanges((await succeed(['plan', '-no-color', '-json', `-out=${PLAN_FILE}`], options)).stdout);
}

/** A plan, and whether it changes anything: the outputs and what Terraform only forgets count too. */
export interface CheckedPlan extends Plan {
  readonly changesAnything: boolean;
}

/** Like {@link plan}. Source: https://developer.hashicorp.com/terraform/cli/commands/plan (`-detailed-exitcode`: 2 for a plan that is not empty) */
export async function checkedPlan(options: TerraformOptions): Promise<CheckedPlan> {
  const words = ['plan', '-no-color', '-json', '-detailed-exitcode', `-out=${PLAN_FILE}`];
  const { stdout, exitCode } = await succeed(words, options, [0, 2]);
  return { ...readPlan(stdout), changesAnything: exitCode === 2 };
}

/**
 * What the plan in the folder of a stack changes, read from the plan itself: of a plan that another run has made. Throws {@link TerraformError}.
 * Source: https://developer.hashicorp.com/terraform/internals/json-format#plan-representation
 */
export async function shownPlan(options: TerraformOptions): Promise<Plan> {
  const { stdout } = await succeed(['show', '-no-color', '-json', PLAN_FILE], options);
  // OpenTofu prints warnings of its CLI configuration before the document.
  const { resource_changes: all = [] } = JSON.parse(stdout.slice(stdout.indexOf('{'))) as {
    readonly resource_changes?: readonly ShownChange[];
  };
  const changes = all.flatMap(({ address, type, mode, change, previous_address: previous }) => {
    const action = shownAction(change, previous !== undefined && previous !== address);
    return mode === 'managed' && action !== undefined ? [{ address, type, action }] : [];
  });
  const count = (...actions: readonly ChangeAction[]) =>
    changes.filter(({ action }) => actions.includes(action)).length;
  const imported = all.filter(({ change }) => change.importing !== undefined).length;
  const counts = {
    import: imported,
    add: count('create', 'replace'),
    change: count('update'),
    destroy: count('delete', 'replace'),
  };
  return { counts, changes };
}

/** Terraform's own text of the plan in the folder of a stack, with the values that change. Throws {@link TerraformError}. */
export async function planText(options: TerraformOptions): Promise<string> {
  return (await succeed(['show', '-no-color', PLAN_FILE], options)).stdout.trim();
}

interface ShownChange {
  readonly address: string;
  readonly previous_address?: string;
  readonly type: string;
  readonly mode: string;
  readonly change: { readonly actions: readonly string[]; readonly importing?: unknown };
}

function shownAction({ actions, importing }: ShownChange['change'], moved: boolean): ChangeAction | undefined {
  if (actions.length > 1) return 'replace';
  const [action = ''] = actions;
  if (action === 'create' || action === 'update' || action === 'delete' || action === 'forget') return action;
  if (moved) return 'move';
  return importing === undefined ? undefined : 'import';
}

/** `terraform apply` of the plan that {@link plan} kept. Throws {@link TerraformError}. */
export async function apply(options: TerraformOptions): Promise<void> {
  await succeed(['apply', '-no-color', '-json', PLAN_FILE], options);
}

/** `terraform apply` without a saved plan; gives what it changed. Throws {@link TerraformError}. */
export async function planAndApply(options: TerraformOptions): Promise<Plan> {
  return realChanges((await succeed(['apply', '-no-color', '-json', '-auto-approve'], options)).stdout);
}

function realChanges(output: string): Plan {
  const { changes, counts } = readPlan(output);
  return { counts, changes: changes.filter(({ action }) => REAL.has(action)) };
}

/** Reads the plan from the output of the run that made it: another `terraform show` would take seconds. */
function readPlan(output: string): Plan {
  const lines = output.split('\n').flatMap((line) => parseLine(line) ?? []);
  const changes = lines.flatMap(({ type, change }) => {
    const action = ACTIONS[change?.action ?? ''];
    if (type !== 'planned_change' || change === undefined || action === undefined) return [];
    return [{ address: change.resource.addr, type: change.resource.resource_type, action }];
  });
  const summary = lines.find(({ type, changes: counts }) => type === 'change_summary' && counts?.operation === 'plan');
  if (summary?.changes === undefined) throw new TerraformError(`terraform printed no summary of its plan:\n${output}`);
  const { add, change, remove, import: imported } = summary.changes;
  return { changes, counts: { add, change, destroy: remove, import: imported ?? 0 } };
}

async function succeed(arguments_: readonly string[], options: TerraformOptions, good: readonly number[] = [0]) {
  const run = await runTerraform(arguments_, options);
  if (!good.includes(run.exitCode)) {
    const errors = diagnostics(run.stdout);
    const said = errors.map(diagnosticText).join('\n') || run.stderr.trim() || run.stdout.trim();
    throw new TerraformError(
      `${basename(options.binary)} ${arguments_[0] ?? ''} failed in ${options.folder}\n${said}`,
      said,
      errors,
    );
  }
  return run;
}

/** The errors in Terraform's line-by-line JSON output. Source: https://developer.hashicorp.com/terraform/internals/machine-readable-ui */
function diagnostics(output: string): readonly TerraformDiagnostic[] {
  return output.split('\n').flatMap((line) => {
    const found = parseLine(line)?.diagnostic;
    return found?.severity === 'error' ? [found] : [];
  });
}

function diagnosticText({ summary, detail, address }: TerraformDiagnostic): string {
  return `Error: ${summary}${address === undefined ? '' : ` (${address})`}${detail ? `\n  ${detail}` : ''}`;
}

interface UiLine {
  readonly type?: string;
  readonly diagnostic?: TerraformDiagnostic & { readonly severity: string };
  readonly change?: { action: string; resource: { addr: string; resource_type: string } };
  readonly changes?: { operation: string; add: number; change: number; remove: number; import?: number };
}

function parseLine(line: string): UiLine | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as UiLine;
  } catch {
    return undefined;
  }
}
