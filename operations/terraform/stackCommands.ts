import { type TerraformOptions, runTerraform } from './runTerraform';

/** What a plan would do, counted over its resources; a replacement counts as one addition and one destruction. */
export interface PlanCounts {
  readonly add: number;
  readonly change: number;
  readonly destroy: number;
  readonly import: number;
}

/** One planned change: `actions` as Terraform names them (`create`, `update`, `delete`, `no-op`, …). */
export interface PlannedChange {
  readonly address: string;
  readonly type: string;
  readonly actions: readonly string[];
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
  await succeed(['plan', '-no-color', '-json', `-out=${PLAN_FILE}`], options);
  const { stdout } = await succeed(['show', '-no-color', '-json', PLAN_FILE], { ...options, onLine: () => undefined });
  return readPlan(stdout);
}

/** `terraform apply` of the plan that {@link plan} kept. Throws {@link TerraformError}. */
export async function apply(options: TerraformOptions): Promise<void> {
  await succeed(['apply', '-no-color', '-json', PLAN_FILE], options);
}

/** Reads `terraform show -json` of a plan: all changes but those of outputs, `no-op` and `read` left out. */
function readPlan(text: string): Plan {
  const parsed = JSON.parse(text) as {
    resource_changes?: { address: string; type: string; change: { actions: string[]; importing?: object } }[];
  };
  const all = parsed.resource_changes ?? [];
  const changes = all
    .filter(({ change }) => !change.actions.every((action) => action === 'no-op' || action === 'read'))
    .map(({ address, type, change }) => ({ address, type, actions: change.actions }));
  const count = (action: string) => changes.filter(({ actions }) => actions.includes(action)).length;
  return {
    changes,
    counts: {
      add: count('create'),
      change: count('update'),
      destroy: count('delete'),
      import: all.filter(({ change }) => change.importing !== undefined).length,
    },
  };
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
}

function parseLine(line: string): UiLine | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as UiLine;
  } catch {
    return undefined;
  }
}
