import { compile } from '../../blueprint/compile';
import { checkQuotas } from '../../blueprint/checkQuotas';
import type { Finding } from '../../inventory/Finding';
import { formatFindings } from '../../inventory/formatFindings';
import type { Inventory } from '../../inventory/Inventory';
import { inventoryFile } from '../../inventory/inventoryFile';
import { loadInventory } from '../../inventory/loadInventory';
import { readSources } from '../../inventory/reading/readSources';
import { colourWanted } from '../colourWanted';

/** What of an inventory the doctor can work on. */
export interface SoundInventory {
  readonly inventory: Inventory;
  /** Something that was asked for is left out, since it has errors. */
  readonly leavesOut: boolean;
}

/** Whom an operator asks for, as typed. */
interface Asked {
  readonly workload?: string | undefined;
  readonly environment?: string | undefined;
}

/**
 * The part without errors of the inventory that the environment variables name; nothing where no part of it can be read, or what is asked for is
 * in the file and not sound. Whatever is wrong goes to stderr: in a line where it does not concern what is asked, else finding by finding.
 */
export function soundInventory({
  workload,
  environment = process.env.PODLIFT_ENVIRONMENT,
}: Asked): SoundInventory | undefined {
  const file = inventoryFile();
  const { inventory, sound, findings, locate } = loadInventory(file);
  const checked = inventory ?? sound;
  const quotas = checked?.environments.map(({ key }) => compile(checked, key)) ?? [];
  const all = [...findings, ...(checked === undefined ? [] : checkQuotas(checked, quotas).map(locate))];
  const errors = all.filter(({ severity }) => severity === 'error');
  if (inventory !== undefined && errors.length === 0) {
    if (all.length > 0) print(all);
    return { inventory, leavesOut: false };
  }
  const concerned = checked === undefined ? errors : inTheWay(checked, errors, file, { workload, environment });
  if (checked === undefined || concerned.length > 0) {
    print(concerned);
    return undefined;
  }
  console.error(
    `warning: the inventory has ${errors.length} ${errors.length === 1 ? 'error' : 'errors'} elsewhere, and the doctor looks at the rest: npx podlift validate`,
  );
  return {
    inventory: checked,
    leavesOut: inventory === undefined && (workload === undefined || errors.some((one) => isOf(one, workload))),
  };
}

/** The errors that keep what is asked for out of the sound part; none where it is in it, and where it is not in the file at all. */
function inTheWay(
  { environments }: Inventory,
  errors: readonly Finding[],
  file: string,
  { workload, environment = '' }: Asked,
): readonly Finding[] {
  const wanted = environments.filter(({ key }) => environment === '' || key === environment);
  const isSound =
    workload === undefined
      ? wanted.some(({ workloads }) => workloads.length > 0)
      : wanted.some(({ workloads }) => workloads.some(({ key }) => key === workload));
  if (isSound) return [];
  const { sources } = readSources(file);
  const written = (section: string, key: string) => sources.some(({ data }) => key in entriesOf(data[section]));
  if (environment !== '' && !written('environments', environment)) return [];
  if (workload === undefined) return errors;
  if (!written('workloads', workload)) return [];
  const own = errors.filter((one) => isOf(one, workload));
  return own.length > 0 ? own : errors;
}

function isOf({ path }: Finding, workload: string): boolean {
  return path === `workloads.${workload}` || path.startsWith(`workloads.${workload}.`);
}

function entriesOf(section: unknown): object {
  return typeof section === 'object' && section !== null ? section : {};
}

function print(findings: readonly Finding[]): void {
  console.error(formatFindings(findings, 'text', colourWanted(process.stderr)));
}
