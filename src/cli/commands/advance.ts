import { whoRuns } from '../../runners/whoRuns';
import { inventoryFile } from '../../inventory/inventoryFile';
import { placesOf } from '../../estate/places';
import type { Ports } from '../../estate/Ports';
import { gate } from '../../operations/gate/gate';
import { type Acceptance, readAcceptances } from '../../operations/gate/accept';
import { type Inventory, type Stage, STAGES } from '../../inventory/Inventory';
import { type Step, stepOf, type StepRequest } from '../../operations/gate/Step';
import { type ReadInventory, readForEdit } from '../../operations/inventoryFile/editableInventory';
import { inventoryOrErrors } from '../../operations/step/editStage';
import { takeReadySteps } from '../../operations/step/takeReadySteps';
import { type StepChoice, type StepResult, type StepWorld, takeStep } from '../../operations/step/takeStep';
import { busy, printResult, printToStderr } from '../output';
import {
  environmentWords,
  type EstateFlags,
  estateFor,
  type EstateOptions,
  type EstateSource,
  estateSource,
  loadLivePorts,
} from '../estateFor';
import { evidenceFolder } from '../evidenceFolder';
import { EXIT, UsageError } from '../exit';
import { selectEnvironment, stepRequest } from '../examine';
import { withWavePlaces } from '../next/waveTable';
import { stdoutStyle, withPlaces } from '../report';
import { readyText } from '../advance/readyText';
import { stepText } from '../advance/stepText';

/** The options of `advance` and `rollback`. */
export interface StepOptions extends EstateFlags {
  /** Default: `PODLIFT_ENVIRONMENT`, else the only one. */
  readonly environment?: string | undefined;
  readonly dryRun?: boolean | undefined;
  readonly force?: boolean | undefined;
  /** `CHECK[:WORKLOAD[:CLUSTER]]`. */
  readonly accept?: readonly string[] | undefined;
  readonly because?: string | undefined;
  /** Of `advance`: every wave whose gate passes, in place of one wave. */
  readonly allReady?: boolean | undefined;
  /** Of a rollback: the earlier stage to which it leads in the end. Default: one stage back. */
  readonly to?: Stage | undefined;
  /** The folder of the evidence. Default: `evidence` of the inventory, else no evidence is written. */
  readonly evidence?: string | undefined;
  /** Also print the checks that passed. */
  readonly verbose?: boolean | undefined;
  readonly format: 'text' | 'json';
}

/** The gate, on the Estate of a file or on what these ports answer. */
export function stepWorld(
  ports: () => Ports,
  options: Omit<EstateOptions, 'seconds'> = { source: {}, command: [] },
): StepWorld {
  return {
    estate: (inventory, questions, seconds) => {
      const within = seconds === undefined ? options : { ...options, seconds };
      return estateFor(questions, placesOf(inventory), ports, within);
    },
    judge: gate,
  };
}

/** `podlift advance [wave]`: the step of one wave (see `advance`), or with `--all-ready` of every wave whose gate passes. Throws `UsageError` for both, and for neither. */
export async function advanceWaves(wave: string | undefined, options: StepOptions, world?: StepWorld): Promise<number> {
  const { allReady = false } = options;
  if (!allReady && wave === undefined)
    throw new UsageError('name the wave, or take every wave whose gate passes with --all-ready');
  if (wave === undefined) return readyCommand(options, world);
  if (!allReady) return advance(wave, options, world);
  throw new UsageError(`--all-ready moves every wave whose gate passes: remove "${wave}", or --all-ready`);
}

/** `podlift advance <wave> --environment E`: one stage on; see `stepCommand`. */
export function advance(wave: string, options: StepOptions, world?: StepWorld): Promise<number> {
  return stepCommand(wave, 'forward', options, world);
}

/** `podlift rollback <wave> --environment E`: one stage back; see `stepCommand`. */
export function rollback(wave: string, options: StepOptions, world?: StepWorld): Promise<number> {
  return stepCommand(wave, 'back', options, world);
}

/**
 * Takes a step of a wave (see `takeStep`), prints the report and gives the exit code: 0 when the stage was written (or would be), 2 when the
 * file cannot be written or `--accept` names an unknown check, or less than a failed check is about, else 1. Throws `UsageError`.
 */
async function stepCommand(
  wave: string,
  direction: StepRequest['direction'],
  options: StepOptions,
  world?: StepWorld,
): Promise<number> {
  const because = reasonOf(options);
  const begun = begin(options);
  if (begun === undefined) return EXIT.findings;
  const { read, inventory, source } = begun;
  const { dryRun = false, verbose = false, format } = options;
  const request = stepRequest(inventory, wave, options.environment, direction);
  const goal = direction === 'back' ? goalOf(inventory, request, options.to) : undefined;
  const choice: StepChoice = {
    dryRun,
    force: options.force ?? false,
    accept: acceptancesOf(options, stepOf(inventory, request).step),
    ...(because !== undefined && { because }),
    ...(goal !== undefined && { goal }),
  };
  const name = direction === 'forward' ? 'advance' : 'rollback';
  const toWords = goal === undefined ? [] : ['--to', goal];
  const command = [name, { name: wave }, ...environmentWords(request.environment), ...toWords, '--dry-run'];
  const { world: judged, evidence: kept } = worldOf(options, begun, { source, command }, world);
  const { report: taken, result } = await takeStep(read, inventory, request, { ...choice, ...kept }, judged);
  const { locate } = read.loaded;
  const { gate } = taken;
  const evidence = gate?.evidence.map((one) => withPlaces(one, locate)) ?? [];
  const report = gate === undefined ? taken : { ...taken, gate: { ...gate, evidence } };
  printResult(name, format, report, () => stepText(report, stdoutStyle(verbose)));
  return EXIT_OF[result];
}

/**
 * Takes the step of every wave whose gate passes (see `takeReadySteps`). Gives 0 when stages were written (or would be), and when no wave has a step left; 1 when no gate passes;
 * 2 when the file cannot be written. Throws `UsageError`.
 */
async function readyCommand(options: StepOptions, world?: StepWorld): Promise<number> {
  const waives = options.force === true || (options.accept ?? []).length > 0 || options.because !== undefined;
  if (waives)
    throw new UsageError(
      '--all-ready takes only steps whose gate passes: to accept a check, take the step of one wave',
    );
  const begun = begin(options);
  if (begun === undefined) return EXIT.findings;
  const { read, inventory, source } = begun;
  const { dryRun = false, format } = options;
  const environment = selectEnvironment(inventory, options.environment).key;
  const command = ['advance', '--all-ready', ...environmentWords(environment), '--dry-run'];
  const { world: judged, evidence } = worldOf(options, begun, { source, command }, world);
  const { report: taken, result } = await takeReadySteps(read, inventory, environment, { dryRun, ...evidence }, judged);
  const report = { ...taken, waves: withWavePlaces(taken.waves, read.loaded.locate) };
  printResult('advance-all', format, report, () => readyText(report, stdoutStyle()));
  return EXIT_OF[result];
}

const EXIT_OF: Readonly<Record<StepResult, number>> = {
  done: EXIT.ok,
  refused: EXIT.findings,
  failed: EXIT.usage,
  mistaken: EXIT.usage,
};

/** The inventory for a step, and where the Estate comes from. */
interface Begun {
  readonly source: EstateSource;
  readonly read: ReadInventory;
  readonly inventory: Inventory;
}

/** Reads what a step needs before its wave is known; nothing where the inventory has errors, which are then on stderr. Throws `UsageError`. */
function begin(options: StepOptions): Begun | undefined {
  if (options.estate !== undefined && options.dryRun !== true)
    throw new UsageError('--estate FILE judges what stood at another time: a step needs --dry-run with it');
  const source = estateSource(options);
  const file = inventoryFile();
  const { read, checked } = busy(`checking ${file}`, () => {
    const before = readForEdit(file);
    return { read: before, checked: inventoryOrErrors(before.loaded) };
  });
  if ('inventory' in checked) return { source, read, inventory: checked.inventory };
  printToStderr(checked.errors);
  return undefined;
}

/** How `podlift apply` takes a step: with the gate on what AWS and the clusters answer, and with the evidence as the inventory asks for it. */
export function stepTaker(read: ReadInventory, inventory: Inventory): StepWorld & Pick<StepChoice, 'evidence'> {
  const { world, evidence } = worldOf({}, { read, inventory }, { source: {}, command: ['apply'] }, undefined);
  return { ...world, ...evidence };
}

/** The world of a step, and where its evidence goes: with the callers that AWS names meanwhile. */
function worldOf(
  { evidence }: Pick<StepOptions, 'evidence'>,
  { inventory, read }: Pick<Begun, 'inventory' | 'read'>,
  estate: Pick<EstateOptions, 'source' | 'command'>,
  given: StepWorld | undefined,
): { readonly world: StepWorld; readonly evidence: Pick<StepChoice, 'evidence'> } {
  const callers: Record<string, string> = {};
  const ports = () => loadLivePorts({ onCaller: (account, arn) => (callers[account] = arn) });
  const folder = evidenceFolder(evidence, inventory, read.root);
  return {
    world: given ?? stepWorld(ports, estate),
    evidence: folder === undefined ? {} : { evidence: { folder, by: () => ({ ...whoRuns(), aws: callers }) } },
  };
}

/** The stage of `--to`. Throws `UsageError` for a later stage than the wave's. */
function goalOf(inventory: Inventory, request: StepRequest, goal: Stage | undefined): Stage | undefined {
  const { from } = stepOf(inventory, request).step;
  if (goal === undefined || STAGES.indexOf(goal) <= STAGES.indexOf(from)) return goal;
  const earlier = STAGES.slice(0, STAGES.indexOf(from));
  throw new UsageError(
    `--to ${goal}: wave "${request.wave}" is at ${from} in ${request.environment}, and a rollback goes to an earlier stage${earlier.length === 0 ? '' : `: ${earlier.join(', ')}`}`,
  );
}

/** The reason of a step with `--accept` or `--force`; undefined without them. Throws `UsageError` where options do not go together. */
function reasonOf({ force = false, accept = [], because }: StepOptions): string | undefined {
  if (force && accept.length > 0)
    throw new UsageError('--force accepts every check that does not pass: remove --accept, or --force');
  if (!force && accept.length === 0) {
    if (because === undefined) return undefined;
    throw new UsageError(
      '--because gives the reason of --accept CHECK[:WORKLOAD[:CLUSTER]], or of --force: add one of them',
    );
  }
  if ((because ?? '').trim() === '')
    throw new UsageError(
      `${force ? '--force takes the step' : '--accept takes the step'} although a check does not pass: give the reason with --because "REASON"; the inventory records it`,
    );
  return because;
}

function acceptancesOf({ accept = [] }: StepOptions, step: Step): readonly Acceptance[] {
  const read = readAcceptances(accept, step);
  if ('problem' in read) throw new UsageError(read.problem);
  return read.acceptances;
}
