import { accessSync, constants } from 'node:fs';
import { resolve } from 'node:path';
import { version } from '../../../package.json';
import { inventoryFile } from '../../inventory/inventoryFile';
import { inventoryDigests, rootDigest } from '../../runners/engine/digests';
import {
  forgetManifest,
  type Manifest,
  manifestProblems,
  placePlans,
  type PlanProblem,
  readManifest,
  savePlans,
} from '../../runners/engine/planFolder';
import { requireApproved } from '../../runners/engine/stackRuns';
import { makeFolder } from '../../runners/makeFolder';
import type { Plan } from '../../runners/stackCommands';
import type { Terraform } from '../../runners/terraformInstallation';
import type { Root } from '../../../stacks/roots';
import { UsageError } from '../exit';
import { printError } from '../output';
import {
  type AppliedStacks,
  type ApplyRequest,
  type Approve,
  approvedAndApplied,
  plansOf,
  type Run,
  withEngine,
} from './runStacks';
import { isGood, type PlannedStacks } from './StackReport';
import { importUnrecorded } from './unrecorded';

/** Creates the folder of the plans, before minutes go into them. Throws `UsageError` where it cannot be written. */
export function preparePlans(out: string): void {
  writing(out, () => {
    makeFolder(out, 0o700);
    accessSync(out, constants.W_OK);
  });
}

function writing(out: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    throw new UsageError(`--out: ${out} cannot be written: ${(error as Error).message}`);
  }
}

/**
 * Writes the plans of stacks into a folder: `<stack>.tfplan`, the lock file of its providers, and `manifest.json` with the digests of the inventory and of the plans. Where a
 * stack could not be planned, the folder has no manifest. Throws `UsageError` where the folder cannot be written.
 */
export function saveStackPlans(
  out: string,
  wave: string | undefined,
  planned: PlannedStacks,
  terraform: Terraform,
): void {
  const { rendered, folder, roots, reports } = planned;
  writing(out, () => {
    forgetManifest(out);
    if (!reports.every(isGood)) {
      printError(`podlift plan: a stack could not be planned, so ${out} has no manifest: its plans cannot be applied.`);
      return;
    }
    const stacks = roots.map(({ name, files }) => {
      const changes = reports.some(({ stack, result }) => stack === name && result === 'planned');
      return { name, files, changes };
    });
    savePlans(out, folder, stacks, {
      made: { podlift: version, terraform: terraform.version },
      inventory: inventoryDigests(rendered.loaded.files),
      ...(wave !== undefined && { wave }),
    });
  });
}

/** The result of `apply --plan DIR`: the stacks, or why the plans do not fit. */
export type AppliedPlans = { readonly applied: AppliedStacks } | { readonly problems: readonly PlanProblem[] };

/**
 * Applies the plans of a folder, and nothing else: with the inventory and the roots that they were made of. What a plan changes is read from the plan itself. With `resume` the
 * stacks that an earlier run of the same plans has applied are not applied again; the rest of a stack that failed is planned again, and applied if the saved plan had all of it.
 * Gives nothing where the inventory has errors. Throws `UsageError` for a folder without a manifest.
 */
export async function applySavedPlans(
  plans: string,
  request: Pick<ApplyRequest, 'parallelism' | 'diff' | 'allowDestroy' | 'withOthers'> & { readonly resume: boolean },
  approve: Approve,
): Promise<AppliedPlans | undefined> {
  const manifest = readManifest(plans);
  if ('kind' in manifest) {
    if (manifest.kind === 'no-manifest') throw new UsageError(`--plan: ${manifest.message}`);
    return { problems: [manifest] };
  }
  return withEngine(request, async (run): Promise<AppliedPlans> => {
    const { rendered, folder } = run;
    const problems = manifestProblems(manifest, inventoryDigests(rendered.loaded.files), rendered.roots);
    if (problems.length > 0) return { problems };
    const wrong = placePlans(plans, folder, manifest);
    if (wrong.length > 0) return { problems: wrong };
    return { applied: await applied(run, { plans, manifest, request, approve }) };
  });
}

async function applied(
  run: Run,
  {
    plans,
    manifest,
    request,
    approve,
  }: {
    readonly plans: string;
    readonly manifest: Manifest;
    readonly request: Parameters<typeof applySavedPlans>[1];
    readonly approve: Approve;
  },
): Promise<AppliedStacks> {
  const { runs, rendered } = run;
  const roots = rendered.roots.filter(({ name }) => manifest.stacks.some(({ stack }) => stack === name));
  const progressOf = request.resume ? recorded(run, plans) : () => 'open';
  const open = roots.filter((root) => progressOf(root) !== 'done');
  await importUnrecorded(
    run,
    open.filter((root) => progressOf(root) === 'begun').map(({ name }) => name),
  );
  const planned = await plansOf(run, open, manifest.wave, async (root) => {
    const saved = await runs.readPlan(root);
    if (progressOf(root) === 'begun') return restOf(run, root, saved);
    return { ...saved, changesAnything: manifest.stacks.some(({ stack, changes }) => stack === root.name && changes) };
  });
  const reports = roots.flatMap(
    ({ name, dependencies }) =>
      planned.reports.find(({ stack }) => stack === name) ?? {
        ...{ stack: name, dependencies, result: 'earlier' as const, changes: [], seconds: 0 },
      },
  );
  const { wave } = manifest;
  return approvedAndApplied(
    run,
    { ...planned, roots, reports },
    { request: { ...request, stacks: [], wave }, approve, plansFolder: resolve(plans) },
  );
}

/** The plan of what an apply that failed has left: the state has changed since, and Terraform no longer takes the saved plan. */
async function restOf({ runs }: Run, root: Root, saved: Plan) {
  const rest = await runs.plan(root);
  requireApproved(rest.changes, saved.changes);
  return rest;
}

/** How far an earlier run of the same plans got with each stack. */
function recorded({ record }: Run, plans: string): (root: Root) => string {
  if (record?.plans !== resolve(plans) || record.inventory !== resolve(inventoryFile()))
    throw new UsageError(`--resume: no apply of --plan ${plans} in this folder has failed or was interrupted`);
  return ({ name, files }) =>
    record.stacks.find(({ stack, root }) => stack === name && root === rootDigest(files))?.progress ?? 'open';
}
