import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Blueprint } from '../src/blueprint/Blueprint';
import { stacksOf } from '../src/blueprint/stacksOf';
import { isRecordOf, type StateBlock, stateBlock } from '../src/blueprint/stateBlock';
import { type StateLocation, stateLocation } from '../src/blueprint/stateLocation';
import { roleArnsOf, sharesRoles } from '../src/blueprint/stateOwner';
import { readLocal } from './localStates';

/** Terraform's record of the backend that a stack was initialised with, and how to judge the record. */
interface BackendRecord {
  readonly file: string;
  readonly type: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/**
 * The records of the output folder that a synthesis makes wrong: those of another inventory, or of a folder that was moved. Terraform would stop with
 * "Backend configuration changed". A record that can still lead to a state of this inventory stays, so that Terraform stops.
 * Call it before the stacks are written: the earlier ones say which inventory wrote them.
 * Source: hashicorp/terraform internal/command/meta_backend.go
 */
export function outdatedRecords(
  blueprint: Blueprint,
  outdir: string,
  stateDirectory: string | undefined,
  dataFolder: string = process.env.TF_DATA_DIR ?? '.terraform',
): readonly string[] {
  return stacksOf(blueprint).flatMap(({ name }) => {
    const folder = join(outdir, 'stacks', name);
    const record = readRecord(join(folder, dataFolder, 'terraform.tfstate'));
    if (record === undefined) return [];
    const location = stateLocation(name, blueprint, stateDirectory);
    return isOutdated(record, location, { blueprint, folder, isTrial: stateDirectory !== undefined })
      ? [record.file]
      : [];
  });
}

/** Removes records: the next init writes them again, as `terraform init -reconfigure` does. */
export function removeRecords(files: readonly string[]): void {
  for (const file of files) rmSync(file, { force: true });
}

function isOutdated(
  { type, config }: BackendRecord,
  location: StateLocation,
  { blueprint, folder, isTrial }: { readonly blueprint: Blueprint; readonly folder: string; readonly isTrial: boolean },
): boolean {
  if (type !== location.backend) return false;
  if (location.backend === 'local') {
    const before = typeof config.path === 'string' ? config.path : '';
    if (before === resolve(location.path)) return false;
    if (isTrial || !existsSync(before)) return true;
    const left = readLocal(before);
    return left === undefined || left.resources.length === 0 || !sharesRoles(blueprint, [left]);
  }
  const block = stateBlock(location);
  if (isRecordOf(block, { type, config }) || !isRecordOf(storeOf(block), { type, config })) return false;
  // The place was that of another inventory if its stack has no role of this one.
  const own = new Set(roleArnsOf(blueprint));
  const theirs = writtenRoles(join(folder, 'cdk.tf.json'));
  return theirs.length > 0 && !theirs.some((arn) => own.has(arn));
}

/** The arguments that name a state within its store. */
const NAMES: ReadonlySet<string> = new Set([
  ...['key', 'prefix', 'workspaces'],
  ...['address', 'lock_address', 'unlock_address'],
]);

/** A block without the name of the state: where the states of all stacks are. */
function storeOf(block: StateBlock): StateBlock {
  const kept = Object.entries(block.arguments).filter(([name]) => !NAMES.has(name));
  return { ...block, arguments: Object.fromEntries(kept) };
}

function readRecord(file: string): BackendRecord | undefined {
  const { backend } = jsonIn(file) as { backend?: { type?: string; config?: Readonly<Record<string, unknown>> } };
  return backend?.type === undefined ? undefined : { file, type: backend.type, config: backend.config ?? {} };
}

/** The ARNs in the output `role_arns` of a stack that was written before. */
function writtenRoles(file: string): readonly string[] {
  const { output } = jsonIn(file) as { output?: { role_arns?: { value?: unknown } } };
  return JSON.stringify(output?.role_arns?.value ?? {}).match(/arn:[^"]+/g) ?? [];
}

function jsonIn(file: string): object {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as object;
  } catch {
    return {};
  }
}
