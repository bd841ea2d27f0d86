import { compileLoaded } from '../../blueprint/compileLoaded';
import type { Ports } from '../../estate/Ports';
import { placesOf } from '../../estate/places';
import type { Finding } from '../../inventory/Finding';
import type { Inventory } from '../../inventory/Inventory';
import { iamActions, iamServices } from '../../inventory/iamCatalogue';
import { inventoryFile } from '../../inventory/inventoryFile';
import { type LoadedInventory, loadInventory } from '../../inventory/loadInventory';
import { readSources } from '../../inventory/reading/readSources';
import { didYouMean, listed } from '../../inventory/suggest';
import type { Access } from '../../operations/checks/access';
import {
  type Diagnosis,
  doctor as diagnose,
  doctorQuestions,
  type DoctorRequest,
} from '../../operations/doctor/doctor';
import { doctorText, summaryOf } from '../doctor/doctorText';
import { environmentWords, type EstateFlags, estateFor, estateSource, loadLivePorts } from '../estateFor';
import { selectEnvironments } from '../examine';
import { EXIT, UsageError } from '../exit';
import { printResult, printToStderr, printError } from '../output';
import { counted, stdoutStyle, withPlaces } from '../report';

export interface DoctorOptions extends EstateFlags {
  /** Default: `PODLIFT_ENVIRONMENT`, else all. */
  readonly environment?: string;
  /** Evaluate whether the workload may do it: `s3:GetObject`. */
  readonly action?: string;
  /** On what: an ARN. */
  readonly resource?: string;
  /** Also try, by a dry run, what the EKS webhook gives a new pod. */
  readonly admission?: boolean;
  /** Also print the checks that passed, and warnings with reason and fix. */
  readonly verbose?: boolean;
  readonly format: 'text' | 'json';
}

/**
 * `podlift doctor [workload]`: what the troubleshooting pages tell people to check by hand, in order and explained. Works on the part of the
 * inventory that has no errors. Returns 0 when all is healthy (warnings allowed), 1 when there is a problem, something could not be checked, or
 * errors of the inventory leave out something that was asked for; throws `UsageError` for a workload or an
 * environment that does not exist, and for an action without a resource or a workload.
 */
export async function doctor(
  workload: string | undefined,
  { environment, action, resource, admission = false, verbose = false, format, ...flags }: DoctorOptions,
  ports: () => Ports = loadLivePorts,
): Promise<number> {
  const source = estateSource(flags);
  const sound = soundInventory({ workload, environment });
  if (sound === undefined) return EXIT.findings;
  const { inventory } = sound;
  const request = { ...doctorRequest(inventory, { workload, environment, action, resource }), admission };
  const places = placesOf(inventory);
  const command = [
    ...['doctor', ...(workload === undefined ? [] : [{ name: workload }]), ...environmentWords(environment)],
    ...(admission ? ['--admission'] : []),
    ...(action === undefined || resource === undefined ? [] : ['--action', action, '--resource', { name: resource }]),
  ];
  const read = estateFor(doctorQuestions(inventory, request), places, ports, { source, command });
  const diagnoses = diagnose(inventory, request, await read).map((one) => ({
    ...one,
    findings: one.findings.map((finding) => withPlaces(finding, sound.locate)),
  }));
  const summary = summaryOf(diagnoses);
  // Workloads that the errors of the inventory leave out were not checked, which never counts as healthy.
  const healthy = summary.problems + summary.unknown === 0 && !sound.leavesOut;
  printResult('doctor', format, { healthy, summary, diagnoses: diagnoses.map(document) }, () =>
    doctorText(diagnoses, places, stdoutStyle(verbose), verbose || workload !== undefined),
  );
  return healthy ? EXIT.ok : EXIT.findings;
}

/** A diagnosis as `docs/json.md` describes it. */
function document({ findings, ...diagnosis }: Diagnosis): object {
  return {
    ...diagnosis,
    findings: findings.map(
      ({ check, environment, workload, cluster, state, found, asked, of, inspect, remedy, pods, ...finding }) => {
        const { serviceAccount, explains, follows, reason, dependsOn } = finding;
        const names = { check, environment, workload, cluster, serviceAccount };
        return { ...names, state, found, asked, of, inspect, remedy, pods, explains, follows, reason, dependsOn };
      },
    ),
  };
}

/** What an operator typed behind `podlift doctor`; no workload: all. */
export type DoctorWords = Readonly<
  Partial<Record<'workload' | 'environment' | 'action' | 'resource', string | undefined>>
>;

/**
 * Which workloads an operator wants examined, and what to evaluate for them. Throws `UsageError` for a workload or an environment that is not there, a workload that
 * does not run in the environment, an action without a resource or without a workload, and one that IAM does not have.
 */
export function doctorRequest(inventory: Inventory, words: DoctorWords): DoctorRequest {
  const { workload, environment } = words;
  const environments = selectEnvironments(inventory, environment);
  if (workload !== undefined) requireWorkload(inventory, workload, environments);
  const access = accessOf(words);
  return { environments, ...(workload !== undefined && { workload }), ...(access !== undefined && { access }) };
}

/** Throws `UsageError` for a workload that is not there or runs in none of the environments. */
export function requireWorkload({ environments }: Inventory, workload: string, wanted: readonly string[]): void {
  const runsIn = environments.filter(({ workloads }) => workloads.some(({ key }) => key === workload));
  if (runsIn.some(({ key }) => wanted.includes(key))) return;
  const there = runsIn.map(({ key }) => key);
  if (there.length > 0)
    throw new UsageError(`${workload} does not run in ${wanted.join(', ')}; it runs in ${there.join(', ')}`);
  if (environments.some(({ released = [] }) => released.some(({ key }) => key === workload)))
    throw new UsageError(`${workload} is released: podlift no longer manages it`);
  const names = [...new Set(environments.flatMap(({ workloads }) => workloads.map(({ key }) => key)))];
  throw new UsageError(`there is no workload "${workload}": ${didYouMean(workload, names)}workloads: ${listed(names)}`);
}

function accessOf({ workload, action, resource }: DoctorWords): Access | undefined {
  if (action === undefined && resource === undefined) return undefined;
  if (action === undefined || resource === undefined)
    throw new UsageError(
      '--action and --resource go together: --action s3:GetObject --resource "arn:aws:s3:::bucket/key"',
    );
  if (workload === undefined)
    throw new UsageError('--action asks for one workload: podlift doctor <workload> --action … --resource …');
  if (!/^[\w-]+:[A-Za-z]\w*$/.test(action))
    throw new UsageError(`--action is "${action}": one action, as in s3:GetObject`);
  requireAction(action);
  if (resource !== '*' && !/^arn:[\w-]+:[\w-]+:[\w-]*:\w*:.+$/.test(resource))
    throw new UsageError(`--resource is "${resource}": an ARN, or "*" for an action that takes none`);
  return { action, resource };
}

/** An action that IAM does not have is allowed by `*` and by nothing else: the answer would mislead. */
function requireAction(action: string): void {
  const [service = '', name = ''] = action.split(':');
  const services = iamServices();
  if (!services.has(service.toLowerCase()))
    throw new UsageError(
      `--action is "${action}": there is no service "${service}": ${didYouMean(service, services)}IAM has ${services.size} services`,
    );
  const actions = iamActions(service);
  if (actions.has(name.toLowerCase())) return;
  const known = [...actions.values()].map((one) => one.name);
  throw new UsageError(
    `--action is "${action}": there is no action ${action}: ${didYouMean(name, known)}${service} has ${known.length} actions`,
  );
}

/** The part of an inventory that the doctor can check. */
export interface SoundInventory {
  readonly inventory: Inventory;
  /** Adds file and line to a path of the inventory. */
  readonly locate: LoadedInventory['locate'];
  /** Something that the operator asked for has errors, and is left out. */
  readonly leavesOut: boolean;
}

/**
 * The part without errors of the inventory that the environment variables name; nothing where podlift can read no part of it, or what is asked for is
 * in the file and has errors. The errors go to stderr: as one line where they do not concern what is asked for, else finding by finding.
 */
export function soundInventory({
  workload,
  environment = process.env.PODLIFT_ENVIRONMENT,
}: Pick<DoctorWords, 'workload' | 'environment'>): SoundInventory | undefined {
  const file = inventoryFile();
  const loaded = loadInventory(file);
  const { inventory, sound: checked = inventory } = loaded;
  const { findings } = compileLoaded(loaded);
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (inventory !== undefined && errors.length === 0) {
    printToStderr(findings);
    return { inventory, locate: loaded.locate, leavesOut: false };
  }
  const concerned = checked === undefined ? errors : errorsOfAsked(checked, errors, file, { workload, environment });
  if (checked === undefined || concerned.length > 0) {
    printToStderr(concerned);
    return undefined;
  }
  printError(
    `warning: ${counted(errors.length, 'error')} in the inventory. podlift doctor checks the part without errors. All errors: npx podlift validate`,
  );
  return {
    inventory: checked,
    locate: loaded.locate,
    leavesOut: inventory === undefined && (workload === undefined || errors.some((one) => isOf(one, workload))),
  };
}

/** The errors that keep what is asked for out of the part without errors; none where it is in that part, and where it is not in the file at all. */
function errorsOfAsked(
  { environments }: Inventory,
  errors: readonly Finding[],
  file: string,
  { workload, environment = '' }: Pick<DoctorWords, 'workload' | 'environment'>,
): readonly Finding[] {
  const wanted = environments.filter(({ key }) => environment === '' || key === environment);
  const all = wanted.flatMap(({ workloads }) => workloads);
  if (all.some(({ key }) => workload === undefined || key === workload)) return [];
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
