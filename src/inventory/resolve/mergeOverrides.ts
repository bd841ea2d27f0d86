import type { ManageServiceAccount } from '../Inventory';
import type { Segments } from '../Issue';
import type { WrittenOverride, WrittenTarget, WrittenWorkload } from '../schema/inventorySchema';

/** A service account in its long form. */
interface LongServiceAccount {
  readonly name: string;
  readonly manage?: ManageServiceAccount;
  readonly adopt?: boolean;
}

/** A workload as it is in one environment, still as it is written. What an override leaves incomplete stays incomplete. */
export interface MergedWorkload extends Omit<
  WrittenWorkload,
  'serviceAccount' | 'targets' | 'overrides' | 'environments' | 'sdk'
> {
  readonly serviceAccount: LongServiceAccount;
  readonly sdk?: Partial<NonNullable<WrittenWorkload['sdk']>>;
  readonly targets?: Readonly<Record<string, Partial<WrittenTarget>>>;
}

/**
 * A workload with its overrides for an environment: maps are merged, lists and single values replaced. An override's `stage`
 * takes the place of the workload's `wave`, and the other way round.
 */
export function mergeOverrides(workload: WrittenWorkload, override: WrittenOverride | undefined): MergedWorkload {
  const base: MergedWorkload = { ...workload, serviceAccount: longForm(workload.serviceAccount) };
  if (override === undefined) return base;
  const { serviceAccount: account, ...other } = override;
  const merged = merge(base, {
    ...other,
    ...(account !== undefined && { serviceAccount: longForm(account) }),
  }) as MergedWorkload;
  if (override.stage !== undefined && override.wave === undefined) return without(merged, 'wave');
  if (override.wave !== undefined && override.stage === undefined) return without(merged, 'stage');
  return merged;
}

/**
 * Where a field of a merged workload stands, as a path below the workload: under its overrides when they say something of it,
 * or of a part of it or of what it is part of.
 */
export function fieldPath(workload: WrittenWorkload | undefined, environment: string, field: Segments): Segments {
  let value: unknown = workload?.overrides?.[environment];
  for (const segment of field) {
    if (!isMap(value)) break;
    value = value[segment];
  }
  return value === undefined ? field : ['overrides', environment, ...field];
}

function without(workload: MergedWorkload, field: 'wave' | 'stage'): MergedWorkload {
  const copy = { ...workload };
  Reflect.deleteProperty(copy, field);
  return copy;
}

function longForm<T extends object>(account: string | T): { name: string } | T {
  return typeof account === 'string' ? { name: account } : account;
}

function merge(base: unknown, over: unknown): unknown {
  if (!isMap(base) || !isMap(over)) return over;
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) result[key] = key in base ? merge(base[key], value) : value;
  return result;
}

function isMap(value: unknown): value is Readonly<Record<string | number, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
