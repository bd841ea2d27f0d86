import { STAGE_TABLE } from '../../blueprint/stageTable';
import { type Environment, type Inventory, type Stage, STAGES } from '../../inventory/Inventory';
import { inventoryFile } from '../../inventory/inventoryFile';
import { type ReadInventory, readForEdit } from '../../operations/inventoryFile/editableInventory';
import { stepOf, type StepRequest } from '../../operations/gate/Step';
import { restartsFirst } from '../../operations/restart/restartPlan';
import { inventoryOrErrors } from '../../operations/step/editStage';
import type { NextSteps } from '../../operations/step/nextSteps';
import { type StepChoice, type StepReport, type StepWorld, takeStep } from '../../operations/step/takeStep';
import type { Evidence } from '../../operations/gate/gate';
import { needsPeople } from '../../operations/step/waitable';
import { UsageError } from '../exit';
import { requireWave, selectEnvironment } from '../examine';
import { printToStderr } from '../output';
import type { RestartWorld } from './restartOne';
import { restartWave, type RestartReport } from './restartWave';
import type { AppliedStacks, ApplyRequest } from './runStacks';
import { isGood } from './StackReport';

/** How a wave is applied beyond its stacks. */
export interface WaveChoice {
  readonly wave: string;
  /** Default: `PODLIFT_ENVIRONMENT`, else the only one. */
  readonly environment?: string | undefined;
  /** Restart the pods that do not have the credentials of the stage. */
  readonly restart: boolean;
  /** How many owners of pods are restarted at a time. */
  readonly atATime: number;
  /** The next stage: taken when its gate passes, and applied too. */
  readonly through?: Stage | undefined;
  /** An earlier stage: the whole way back, with the restarts. */
  readonly rollbackTo?: Stage | undefined;
  /** How long a gate is asked again, in seconds. */
  readonly waitSeconds: number;
}

/** What the run needs of the world. */
export interface WaveWorld {
  readonly apply: (
    request: Pick<ApplyRequest, 'stacks' | 'wave' | 'environment'>,
  ) => Promise<AppliedStacks | undefined>;
  /** How a step is judged, and where its evidence goes. */
  readonly step: (read: ReadInventory, inventory: Inventory) => StepWorld & Pick<StepChoice, 'evidence'>;
  readonly restarts: RestartWorld;
  /** In milliseconds. */
  readonly now: () => number;
}

/** Why a run ended before its goal. */
export type WaveStop =
  /** The stacks were not applied, or not all of them. */
  | { readonly kind: 'apply' }
  | { readonly kind: 'restarts' }
  /** The gate does not pass: `people` have to do something, or the `time` is over. */
  | { readonly kind: 'gate'; readonly because: 'people' | 'time'; readonly step: StepReport }
  /** The stage was not written. */
  | { readonly kind: 'write'; readonly step: StepReport }
  /** The stage is applied, and others have to change something before the run can go on. */
  | { readonly kind: 'others'; readonly step: StepReport; readonly next: NextSteps }
  | { readonly kind: 'interrupted' };

/** What a run did with a wave. */
export interface WaveRun {
  readonly environment: string;
  readonly wave: string;
  /** The stage that the inventory has at the end. */
  readonly stage: Stage;
  /** The steps that were written. */
  readonly steps: readonly StepReport[];
  /** Each time the stacks were applied, the last one last. */
  readonly applies: readonly AppliedStacks[];
  /** Of all stages together, in their order. */
  readonly restarts: readonly RestartReport[];
  /** Absent: the run reached its goal. */
  readonly stopped?: WaveStop;
}

/** How often a gate is asked again, in milliseconds. */
const ASK_EVERY = 15_000;

/**
 * Applies a wave, and more as the choice says: restarts its pods, takes the next step when its gate passes and applies it too, or goes the whole way back. Each stage is written by
 * `takeStep`, with its gate and its evidence, and each is applied before the next one: the inventory never jumps. Gives nothing where the inventory has errors. Throws `UsageError`.
 */
export async function applyWave(choice: WaveChoice, world: WaveWorld): Promise<WaveRun | undefined> {
  const begun = readNow();
  if (begun === undefined) return undefined;
  const environment = selectEnvironment(begun.inventory, choice.environment).key;
  requireWave(begun.inventory, choice.wave);
  const request = { wave: choice.wave, environment };
  const first = stepOf(begun.inventory, { ...request, direction: 'forward' }).step.from;
  const goal = goalOf(choice, first, request);
  const back = choice.rollbackTo !== undefined;
  const direction = back ? 'back' : 'forward';

  const run = new Run(request, first, choice, world);
  // On the way back a stage that gives new pods what the operator leaves is neither applied nor given to more pods.
  const appliesFirst = !back || first === goal || (first === 'prepared' && goal === 'irsa');
  if (appliesFirst && !(await run.applied())) return run.end();
  while (run.stage !== goal) {
    const step = await run.step({ ...request, direction });
    if (step === undefined) return run.end();
    if (!(await run.applied(step))) return run.end();
  }
  return run.end();
}

/** The stage at which the run ends. Throws `UsageError` for one that it does not reach step by step. */
function goalOf(
  { through, rollbackTo }: WaveChoice,
  stage: Stage,
  { wave, environment }: Pick<StepRequest, 'wave' | 'environment'>,
): Stage {
  const at = STAGES.indexOf(stage);
  if (through !== undefined && through !== stage && STAGES.indexOf(through) !== at + 1) {
    const next = STAGES[at + 1];
    const instead =
      STAGES.indexOf(through) < at
        ? `use --rollback-to ${through}`
        : `use --through ${next ?? stage}, and commit the inventory; check --base refuses a change that skips a stage`;
    throw new UsageError(`--through ${through}: wave "${wave}" is at ${stage} in ${environment}: ${instead}`);
  }
  if (rollbackTo !== undefined && STAGES.indexOf(rollbackTo) > at)
    throw new UsageError(
      `--rollback-to ${rollbackTo}: wave "${wave}" is at ${stage} in ${environment}, and a rollback goes to an earlier stage`,
    );
  return through ?? rollbackTo ?? stage;
}

/** The inventory as it stands now, ready for an edit. Its errors go to stderr. */
function readNow(): { readonly read: ReadInventory; readonly inventory: Inventory } | undefined {
  const read = readForEdit(inventoryFile());
  const checked = inventoryOrErrors(read.loaded);
  if ('inventory' in checked) return { read, inventory: checked.inventory };
  printToStderr(checked.errors);
  return undefined;
}

/** A run, with what it has done so far. */
class Run {
  private readonly steps: StepReport[] = [];
  private readonly applies: AppliedStacks[] = [];
  private readonly restarts: RestartReport[] = [];
  private stopped: WaveStop | undefined;

  constructor(
    private readonly request: Pick<StepRequest, 'wave' | 'environment'>,
    public stage: Stage,
    private readonly choice: WaveChoice,
    private readonly world: WaveWorld,
  ) {}

  end(): WaveRun {
    const { request, stage, steps, applies, restarts, stopped } = this;
    return { ...request, stage, steps, applies, restarts, ...(stopped !== undefined && { stopped }) };
  }

  /** Applies the stage that the inventory has, with the restarts; false where the run has to stop. `step`: the one that led to the stage. */
  async applied(step?: StepReport): Promise<boolean> {
    const { world, request } = this;
    if (world.restarts.stopped()) return this.stop({ kind: 'interrupted' });
    if (this.isRestarted() && restartsFirst(this.stage) && !(await this.restarted('before'))) return false;
    const applied = await world.apply({ stacks: [], ...request });
    if (applied !== undefined) this.applies.push(applied);
    if (applied?.approved !== true || !applied.reports.every(isGood)) return this.stop({ kind: 'apply' });
    if (world.restarts.stopped()) return this.stop({ kind: 'interrupted' });
    const { next } = step ?? {};
    if (
      step !== undefined &&
      next !== undefined &&
      (next.annotations.length > 0 || (next.associations ?? []).length > 0)
    )
      return this.stop({ kind: 'others', step, next });
    const changed = applied.reports.some(({ result }) => result === 'applied');
    if (this.isRestarted() && !(await this.restarted(changed ? 'changed' : 'unchanged'))) return false;
    // After the restarts: until then old pods need what the owner removes.
    if (step !== undefined && next?.owners?.some(({ when }) => when === 'after') === true)
      return this.stop({ kind: 'others', step, next });
    return true;
  }

  /** Waits until the gate of the next step passes, and writes its stage. Nothing where the run has to stop. */
  async step(request: StepRequest): Promise<StepReport | undefined> {
    const { now, restarts } = this.world;
    const end = now() + this.choice.waitSeconds * 1000;
    for (;;) {
      const begun = readNow();
      if (begun === undefined) return void this.stop({ kind: 'apply' });
      const { evidence, ...world } = this.world.step(begun.read, begun.inventory);
      const options = { dryRun: false, ...(evidence !== undefined && { evidence }) };
      const { report, result } = await takeStep(begun.read, begun.inventory, request, options, world);
      if (result === 'done' && report.to !== undefined) {
        this.steps.push(report);
        this.stage = report.to;
        restarts.say(`the gate passes: the inventory has ${report.to} now`);
        return report;
      }
      const { gate } = report;
      if (gate === undefined || gate.holds) return void this.stop({ kind: 'write', step: report });
      if (restarts.stopped()) return void this.stop({ kind: 'interrupted' });
      if (this.isBegun(gate.evidence)) {
        restarts.say(`the clusters do not have the annotations of ${this.stage}: podlift applies this stage first`);
        if (!(await this.applied())) return;
        continue;
      }
      // Before this run has applied anything, nothing changes by itself.
      const waits = report.asked !== false && this.applies.length > 0;
      if (!waits || needsPeople(gate.evidence, this.restarts.length > 0).length > 0)
        return void this.stop({ kind: 'gate', because: 'people', step: report });
      if (now() >= end) return void this.stop({ kind: 'gate', because: 'time', step: report });
      restarts.say(`waiting until the gate passes: ${openText(gate.evidence)}`);
      for (let left = ASK_EVERY; left > 0 && !restarts.stopped(); left -= 1000) await restarts.sleep(1000);
      if (restarts.stopped()) return void this.stop({ kind: 'interrupted' });
    }
  }

  /**
   * Whether an earlier run on the way back has written `dual` and was stopped before its apply: only `dual` gives service accounts their annotation again, and then nothing else is
   * amiss. Else the stage that the operator leaves is not applied.
   */
  private isBegun(evidence: readonly Evidence[]): boolean {
    const open = evidence.filter(({ holds, accepted }) => holds !== 'yes' && accepted !== true);
    const isBack = this.choice.rollbackTo !== undefined && this.stage === 'dual' && this.applies.length === 0;
    return isBack && open.every(({ check, holds }) => check === 'annotation' && holds === 'no');
  }

  /** Whether pods are restarted at the stage. On the way back only those that get IRSA again: no pod is given the mode that the operator leaves. */
  private isRestarted(): boolean {
    const { rollbackTo, restart } = this.choice;
    return rollbackTo === undefined ? restart : STAGE_TABLE[this.stage].newPodUses === 'irsa';
  }

  private async restarted(apply: 'before' | 'changed' | 'unchanged'): Promise<boolean> {
    const begun = readNow();
    if (begun === undefined) return this.stop({ kind: 'apply' });
    const { inventory } = begun;
    const environment = environmentOf(inventory, this.request.environment);
    const report = await restartWave(
      {
        ...{ inventory, environment, wave: this.request.wave, stage: this.stage },
        ...{ atATime: this.choice.atATime, applied: apply === 'changed', beforeApply: apply === 'before' },
      },
      this.world.restarts,
    );
    this.restarts.push(report);
    const needsHand = report.byHand.some(({ waits }) => !waits);
    return report.problem === undefined && !needsHand ? true : this.stop({ kind: 'restarts' });
  }

  private stop(stopped: WaveStop): false {
    this.stopped = stopped;
    return false;
  }
}

/** The checks that do not pass, the first one with its finding. */
function openText(evidence: readonly Evidence[]): string {
  const open = evidence.filter(({ holds, accepted }) => holds !== 'yes' && accepted !== true);
  const [first] = open;
  const names = [...new Set(open.map(({ check }) => check))].join(', ');
  const who = [first?.workload, first?.cluster].filter((part) => part !== undefined).join(' on ');
  return `${names} (${who === '' ? '' : `${who}: `}${first?.found.split('\n')[0] ?? ''})`;
}

function environmentOf({ environments }: Inventory, key: string): Environment {
  const environment = environments.find((one) => one.key === key);
  if (environment === undefined) throw new Error(`the inventory has no environment ${key}`);
  return environment;
}

/** The credentials that new pods get at a stage, in words. */
export function credentialsAt(stage: Stage): string {
  return STAGE_TABLE[stage].newPodUses === 'irsa' ? 'web identity (IRSA)' : 'Pod Identity';
}
