import type { Segments } from '../Finding';
import type { ManageServiceAccount, Stage, WaveStage } from '../Inventory';
import type {
  WrittenOverride,
  WrittenSubject,
  WrittenTarget,
  WrittenWave,
  WrittenWorkload,
} from '../schema/inventorySchema';
import { isMap } from '../source/plainData';

/** The long form of `serviceAccount`. */
export interface LongServiceAccount {
  readonly name: string;
  readonly manage?: ManageServiceAccount;
  readonly adopt?: boolean;
  readonly imports?: readonly string[];
}

/** An entry of `subjects`; what it lacks, the rule `subjects` reports. */
interface MergedSubject extends Omit<WrittenSubject, 'serviceAccount'> {
  readonly serviceAccount?: LongServiceAccount;
}

/** A written workload with the overrides of one environment. Incomplete overrides stay incomplete. */
export interface MergedWorkload extends Omit<
  WrittenWorkload,
  'serviceAccount' | 'subjects' | 'targets' | 'overrides' | 'environments' | 'sdk'
> {
  readonly serviceAccount?: LongServiceAccount;
  readonly subjects?: readonly MergedSubject[];
  readonly sdk?: Partial<NonNullable<WrittenWorkload['sdk']>>;
  readonly targets?: Readonly<Record<string, Partial<WrittenTarget>>>;
}

/**
 * Merges a workload's overrides for an environment: maps are merged, lists and single values replaced. An override's `stage` replaces the
 * workload's `wave`, and the other way round.
 */
export function mergeOverrides(workload: WrittenWorkload, override: WrittenOverride | undefined): MergedWorkload {
  const base = longAccounts(workload) as MergedWorkload;
  if (override === undefined) return base;
  const over = longAccounts(override);
  const replaces = over.subjects !== undefined;
  const merged = merge(replaces ? without(without(base, 'namespace'), 'serviceAccount') : base, over) as MergedWorkload;
  if (override.stage !== undefined && override.wave === undefined) return without(merged, 'wave');
  if (override.wave !== undefined && override.stage === undefined) return without(merged, 'stage');
  return merged;
}

/** The paths of a workload's fields: under the overrides if these contain the field, a part of it, or a map that contains it. */
export function fieldPaths(key: string, { overrides }: WrittenWorkload, environment: string) {
  return (...field: Segments): Segments => {
    let value: unknown = overrides?.[environment];
    for (const segment of field) {
      if (!isMap(value)) break;
      value = value[segment];
    }
    return ['workloads', key, ...(value === undefined ? [] : ['overrides', environment]), ...field];
  };
}

function without(workload: MergedWorkload, field: 'wave' | 'stage' | 'namespace' | 'serviceAccount'): MergedWorkload {
  const copy = { ...workload };
  Reflect.deleteProperty(copy, field);
  return copy;
}

/** The same fields with the long form of each service account. */
function longAccounts({ serviceAccount, subjects, ...other }: WrittenWorkload | WrittenOverride) {
  return {
    ...other,
    ...(serviceAccount !== undefined && { serviceAccount: longForm(serviceAccount) }),
    ...(subjects !== undefined && {
      subjects: subjects.map(({ serviceAccount: account, ...rest }) => ({
        ...rest,
        ...(account !== undefined && { serviceAccount: longForm(account) }),
      })),
    }),
  };
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

type WrittenStages = NonNullable<WrittenWave['stages']>;

/** The long form of a wave's stage in one environment. */
export function waveStage(written: WrittenStages[string]): WaveStage {
  return typeof written === 'string' ? { stage: written } : written;
}

/**
 * The stage of a workload: its own, else the stage of its wave in the environment, which is `irsa` by default. Undefined for a workload
 * without both: a rule reports that, since a wrong guess can take the role from running pods.
 */
export function resolveStage(
  own: Stage | undefined,
  wave: WrittenWave | undefined,
  environment: string,
): Stage | undefined {
  if (own !== undefined) return own;
  if (wave === undefined) return undefined;
  const written = wave.stages?.[environment];
  return written === undefined ? 'irsa' : waveStage(written).stage;
}
