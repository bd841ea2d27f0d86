import { type TerraformOptions, runTerraform } from './runTerraform';

/** What a plan would do, counted over its resources; a replacement counts as one addition and one destruction. */
export interface PlanCounts {
  readonly add: number;
  readonly change: number;
  readonly destroy: number;
  readonly import: number;
}

export type ChangeAction = 'create' | 'update' | 'delete' | 'replace';

const CHANGES: ReadonlySet<string> = new Set<ChangeAction>(['create', 'update', 'delete', 'replace']);

/** One planned change of a resource. */
export interface PlannedChange {
  readonly address: string;
  readonly type: string;
  readonly action: ChangeAction;
}

/** A plan as it was written to `plan.bin` in the stack's folder. */
export interface Plan {
  readonly counts: PlanCounts;
  readonly changes: readonly PlannedChange[];
}

const PLAN_FILE = 'plan.bin';

/** Terraform said no: `message` holds its diagnostics as an operator would see them. */
export class TerraformError extends Error {
  override readonly name = 'TerraformError';
}

/** `terraform init` in the stack's folder. Throws {@link TerraformError}. */
export async function initialise(options: TerraformOptions): Promise<void> {
  await succeed(['init', '-no-color'], options);
}

/** `terraform validate`. Throws {@link TerraformError}. */
export async function validate(options: TerraformOptions): Promise<void> {
  await succeed(['validate', '-no-color'], options);
}

/** `terraform plan`; the plan is kept for {@link apply}. Throws {@link TerraformError}. */
export async function plan(options: TerraformOptions): Promise<Plan> {
  return readPlan((await succeed(['plan', '-no-color', '-json', `-out=${PLAN_FILE}`], options)).stdout);
}

/** `terraform apply` of the plan that {@link plan} kept. Throws {@link TerraformError}. */
export async function apply(options: TerraformOptions): Promise<void> {
  await succeed(['apply', '-no-color', '-json', PLAN_FILE], options);
}

/** `terraform apply` of whatever has to change; gives what that was. Throws {@link TerraformError}. */
export async function planAndApply(options: TerraformOptions): Promise<Plan> {
  return readPlan((await succeed(['apply', '-no-color', '-json', '-auto-approve'], options)).stdout);
}

/** Reads what Terraform says of its plan while it makes it: starting the provider once more to show the plan costs seconds. */
function readPlan(output: string): Plan {
  const lines = output.split('\n').flatMap((line) => parseLine(line) ?? []);
  const changes = lines.flatMap(({ type, change }) =>
    type === 'planned_change' && change !== undefined && CHANGES.has(change.action)
      ? [{ address: change.resource.addr, type: change.resource.resource_type, action: change.action as ChangeAction }]
      : [],
  );
  const summary = lines.find(({ type, changes: counts }) => type === 'change_summary' && counts?.operation === 'plan');
  if (summary?.changes === undefined) throw new TerraformError(`terraform did not sum its plan up:\n${output}`);
  const { add, change, remove, import: imported } = summary.changes;
  return { changes, counts: { add, change, destroy: remove, import: imported ?? 0 } };
}

async function succeed(arguments_: readonly string[], options: TerraformOptions) {
  const run = await runTerraform(arguments_, options);
  if (run.exitCode !== 0) {
    const said = diagnostics(run.stdout) || run.stderr.trim() || run.stdout.trim();
    throw new TerraformError(`terraform ${arguments_[0] ?? ''} failed in ${options.folder}\n${said}`);
  }
  return run;
}

/** The error diagnostics in Terraform's line-by-line JSON output. Source: https://developer.hashicorp.com/terraform/internals/machine-readable-ui */
function diagnostics(output: string): string {
  return output
    .split('\n')
    .flatMap((line) => {
      const entry = parseLine(line);
      if (entry?.diagnostic?.severity !== 'error') return [];
      const { summary, detail, address } = entry.diagnostic;
      return [`Error: ${summary}${address === undefined ? '' : ` (${address})`}${detail ? `\n  ${detail}` : ''}`];
    })
    .join('\n');
}

interface UiLine {
  readonly type?: string;
  readonly diagnostic?: { severity: string; summary: string; detail?: string; address?: string };
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
