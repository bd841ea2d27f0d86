import { formatFindings } from '../../inventory/formatFindings';
import type { Inventory } from '../../inventory/Inventory';
import { inventoryFile } from '../../inventory/inventoryFile';
import { askOnce } from '../../estate/askOnce';
import type { Step } from '../../operations/evidence/Check';
import type { GateResult } from '../../operations/gate/GateResult';
import { stepOf, type StepRequest } from '../../operations/gate/stepOf';
import { readForEdit } from '../../operations/inventoryFile/readForEdit';
import { saveEdit } from '../../operations/inventoryFile/saveEdit';
import { answersUntil } from '../../estate/kubernetes/answersUntil';
import type { Ports } from '../../estate/Ports';
import { colourWanted } from '../colourWanted';
import { EXIT } from '../exitCodes';
import { stepRequest } from '../gate/stepRequest';
import { jsonOutput } from '../jsonOutput';
import { UsageError } from '../UsageError';
import { printable } from '../printable';
import { editStage, findingsOf, type StageChange } from './editStage';
import { nextSteps } from './nextSteps';
import { type Restart, restarts } from './restarts';
import type { StepReport } from './StepReport';
import { stepText } from './stepText';

/** The options of `advance` and `rollback`. */
export interface StepOptions {
  /** Default: `PODLIFT_ENVIRONMENT`, else the only one. */
  readonly environment?: string | undefined;
  readonly dryRun?: boolean | undefined;
  readonly force?: boolean | undefined;
  readonly because?: string | undefined;
  readonly format: 'text' | 'json';
}

/** The live systems and the clock. */
export interface StepWorld {
  /** Evidence for a step; not asked for when it is forced. */
  readonly collect: (inventory: Inventory, request: StepRequest, now: Date) => Promise<GateResult>;
  /** Asked for the pods that have to be restarted. */
  readonly ports: () => Ports;
  readonly now: () => Date;
}

/**
 * Takes a wave one stage on or back in an environment: evidence, edit, check of the whole inventory as it would be, one atomic write. AWS is not touched.
 * Prints what came of it and gives the exit code: 0 when the stage was written (or would be), 1 when the inventory has errors, there is no
 * step, the gate does not hold, or the inventory changed or is held meanwhile; 2 when the file cannot be written. Throws `UsageError`.
 */
export async function takeStep(
  wave: string,
  direction: 'forward' | 'back',
  options: StepOptions,
  { collect, ports, now }: StepWorld,
): Promise<number> {
  const because = reasonOf(options);
  const { dryRun = false, format } = options;
  const read = readForEdit(inventoryFile());
  const sound = findingsOf(read.loaded);
  if ('errors' in sound) {
    console.error(formatFindings(sound.errors, 'text', colourWanted(process.stderr)));
    return EXIT.findings;
  }
  const { inventory } = sound;
  const request = stepRequest(inventory, wave, options.environment, direction);
  const { step, to } = stepOf(inventory, request);
  const report: StepReport = {
    ...request,
    from: step.from,
    dryRun,
    written: false,
    ...(because !== undefined && { because }),
  };
  const end = (more: Partial<StepReport>, exit: number): number => {
    print({ ...report, ...more }, format);
    return exit;
  };
  if (to === undefined) {
    const message = `wave "${wave}" is at ${step.from} in ${request.environment} already`;
    return end(
      { problem: { message, hint: `There is no stage ${direction === 'forward' ? 'after' : 'before'} it.` } },
      EXIT.findings,
    );
  }

  const change: StageChange = { ...request, from: step.from, to, ...(because !== undefined && { because }) };
  const planned = { ...report, to };
  // First without evidence: what cannot be written need not be asked for.
  const trial = editStage(read, change, now());
  if (!trial.ok) return end({ ...planned, findings: trial.findings }, EXIT.findings);
  if (because === undefined && process.stderr.isTTY)
    console.error(`podlift: asking AWS and the clusters of ${request.environment} …`);
  const gate = because === undefined ? await collect(inventory, request, now()) : undefined;
  const asked = { ...planned, ...(gate && { gate: { evidence: gate.evidence, holds: gate.holds } }) };
  const edited = editStage(read, change, now());
  if (!edited.ok) return end({ ...asked, findings: edited.findings }, EXIT.findings);
  const changed = { ...asked, change: { file: edited.file, ...edited.changes } };
  if (gate?.holds === false) return end(dryRun ? changed : asked, EXIT.findings);

  const toRestart = dryRun
    ? []
    : await (because === undefined ? restarts(step, ports()) : restartsInTime(step, ports()));
  const next = nextSteps(inventory, edited.inventory, request.environment, toRestart);
  if (dryRun) return end({ ...changed, next }, EXIT.ok);
  const saved = saveEdit(read, edited.file, edited.text);
  if (saved.saved) return end({ ...changed, next, written: true }, EXIT.ok);
  const { reason, message, hint } = saved;
  return end({ ...changed, problem: { message, hint } }, reason === 'failed' ? EXIT.usage : EXIT.findings);
}

/** So long a forced step asks the clusters for pods, in seconds: it goes on without an answer. */
const PATIENCE = 30;

/** The restarts of a forced step: all clusters together have a short time to answer. */
async function restartsInTime(step: Step, { aws, kubernetes }: Ports): Promise<readonly Restart[]> {
  const late = new AbortController();
  const timer = setTimeout(() => {
    late.abort();
  }, PATIENCE * 1000);
  try {
    const message = `no answer within ${PATIENCE} s`;
    return await restarts(step, askOnce({ aws, kubernetes: answersUntil(kubernetes, late.signal, message) }));
  } finally {
    clearTimeout(timer);
  }
}

/** Why the step is forced; undefined when it is not. Throws `UsageError` when only one of the two options is given. */
function reasonOf({ force = false, because }: StepOptions): string | undefined {
  if (!force && because === undefined) return undefined;
  if (!force) throw new UsageError('--because records why a step is forced: it stands with --force');
  if ((because ?? '').trim() === '')
    throw new UsageError(
      '--force goes on without evidence: say why, with --because "…"; it is recorded in the inventory',
    );
  return because;
}

function print(report: StepReport, format: 'text' | 'json'): void {
  console.log(
    format === 'json'
      ? jsonOutput(report.direction === 'forward' ? 'advance' : 'rollback', report)
      : printable(stepText(report, colourWanted(process.stdout), process.stdout.columns)),
  );
}
