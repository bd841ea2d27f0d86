import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../makeFolder';
import { LOCK, PLAN_FILE } from '../stackCommands';
import { type FileDigest, rootDigest, sha256 } from './digests';

/** The format of a manifest. */
const FORMAT = 'podlift.manifest/1';
const MANIFEST = 'manifest.json';

/** The plan of one stack in a folder of plans. */
export interface SavedPlan {
  readonly stack: string;
  /** Whether it has changes. */
  readonly changes: boolean;
  /** The digests of `<stack>.tfplan`, of `<stack>.lock.hcl` (the versions of its providers), and of the root that it was made of. */
  readonly plan: string;
  readonly lock: string;
  readonly root: string;
}

/** What `manifest.json` of a folder of plans has. */
export interface Manifest {
  /** The versions that made the plans, for people. */
  readonly made: { readonly podlift: string; readonly terraform: string };
  readonly inventory: readonly FileDigest[];
  /** The wave of `--wave`. */
  readonly wave?: string;
  readonly stacks: readonly SavedPlan[];
}

/** A stack whose plan is in the folder of its root. */
interface PlannedRoot {
  readonly name: string;
  readonly files: ReadonlyMap<string, string>;
  readonly changes: boolean;
}

/** Removes the manifest of an earlier run: without one, plans are not applied. */
export function forgetManifest(folder: string): void {
  rmSync(join(folder, MANIFEST), { force: true });
}

/**
 * Copies the plans of stacks into a folder, for their owner alone, and writes the manifest as the last file. Throws what the system says.
 *
 * @param roots the folder of the roots
 */
export function savePlans(
  folder: string,
  roots: string,
  stacks: readonly PlannedRoot[],
  about: Omit<Manifest, 'stacks'>,
): void {
  makeFolder(folder, 0o700);
  const copy = (from: string, to: string): string => {
    const content = readFileSync(from);
    rmSync(join(folder, to), { force: true });
    writeFileSync(join(folder, to), content, { mode: 0o600 });
    return sha256(content);
  };
  const saved = stacks.map(({ name, files, changes }): SavedPlan => {
    return {
      stack: name,
      changes,
      plan: copy(join(roots, name, PLAN_FILE), planName(name)),
      lock: copy(join(roots, name, LOCK), lockName(name)),
      root: rootDigest(files),
    };
  });
  const manifest = { format: FORMAT, ...about, stacks: saved };
  const text = JSON.stringify({ ...manifest, sha256: digestOf(manifest) }, null, 2);
  writeFileSync(join(folder, MANIFEST), `${text}\n`, { mode: 0o600 });
}

/** The digest of a manifest's content, whatever its blanks: a stack that is removed by hand, or by half a copy, is found by it. */
function digestOf(manifest: object): string {
  return sha256(JSON.stringify(manifest));
}

/** `prod-identity.tfplan`. */
function planName(stack: string): string {
  return `${stack}.tfplan`;
}

function lockName(stack: string): string {
  return `${stack}.lock.hcl`;
}

/** Why a folder of plans is not applied. */
export type PlanProblem =
  /** There is no manifest, or it is not podlift's. */
  | { readonly kind: 'no-manifest'; readonly message: string }
  /** Files of the inventory that are others than those of the plans. */
  | { readonly kind: 'inventory'; readonly files: readonly string[] }
  /** The manifest was changed after podlift wrote it. */
  | { readonly kind: 'manifest'; readonly file: string }
  /** A stack of the manifest has no root, or another one. */
  | { readonly kind: 'root'; readonly stack: string }
  /** A file of the folder is missing or another one. */
  | { readonly kind: 'file'; readonly file: string };

/** Reads the manifest of a folder. Its own digest tells whether somebody changed it. */
export function readManifest(folder: string): Manifest | PlanProblem {
  const file = join(folder, MANIFEST);
  if (!existsSync(file)) return { kind: 'no-manifest', message: `there is no ${file}` };
  try {
    const { sha256: digest, ...read } = JSON.parse(readFileSync(file, 'utf8')) as Manifest & {
      readonly format?: unknown;
      readonly sha256?: unknown;
    };
    if (read.format === FORMAT) return digest === digestOf(read) ? read : { kind: 'manifest', file };
  } catch {
    // The next line says so.
  }
  return { kind: 'no-manifest', message: `${file} is no ${FORMAT}` };
}

/** Whether a manifest fits the inventory and the roots. All problems at once. */
export function manifestProblems(
  manifest: Manifest,
  inventory: readonly FileDigest[],
  roots: readonly { readonly name: string; readonly files: ReadonlyMap<string, string> }[],
): readonly PlanProblem[] {
  const now = new Map(inventory.map((one) => [one.file, one.sha256]));
  const then = new Map(manifest.inventory.map((one) => [one.file, one.sha256]));
  const files = [...new Set([...then.keys(), ...now.keys()])].filter((file) => now.get(file) !== then.get(file));
  if (files.length > 0) return [{ kind: 'inventory', files }];
  return manifest.stacks.flatMap(({ stack, root }): readonly PlanProblem[] => {
    const found = roots.find(({ name }) => name === stack);
    return found !== undefined && rootDigest(found.files) === root ? [] : [{ kind: 'root', stack }];
  });
}

/**
 * Copies the plans and lock files of a folder into the folders of the roots, each only with the content that the manifest names. Gives what is wrong with them; then nothing is
 * copied of that stack.
 */
export function placePlans(folder: string, roots: string, manifest: Manifest): readonly PlanProblem[] {
  return manifest.stacks.flatMap(({ stack, plan, lock }): readonly PlanProblem[] => {
    const files = [
      { from: planName(stack), to: PLAN_FILE, digest: plan },
      { from: lockName(stack), to: LOCK, digest: lock },
    ].map((one) => ({ ...one, content: contentOf(join(folder, one.from)) }));
    const wrong = files.filter(({ content, digest }) => content === undefined || sha256(content) !== digest);
    if (wrong.length > 0) return wrong.map(({ from }) => ({ kind: 'file', file: join(folder, from) }));
    for (const { to, content } of files) writeFileSync(join(roots, stack, to), content ?? '', { mode: 0o600 });
    return [];
  });
}

function contentOf(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
