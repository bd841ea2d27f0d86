import type { FileChange } from '../../operations/step/editStage';
import type { StepReport } from '../../operations/step/takeStep';
import type { ReportStyle } from '../report';
import type { WaveRun } from './applyWave';
import { stopText } from './waveText';

/** A step that a run has written. */
interface WrittenStep {
  readonly from: string;
  readonly to: string;
  readonly change?: FileChange;
  readonly evidence?: readonly string[];
}

const PLAIN: ReportStyle = { colour: false, width: Infinity };

/**
 * A run with a wave as the document of `apply` has it.
 *
 * @param command the words of the command that continues it
 */
export function runDocument(run: WaveRun, command: readonly string[]): object {
  const { wave, environment, stage, steps, restarts, stopped } = run;
  const last = restarts.at(-1);
  const gate = stopped?.kind === 'gate' ? stopped.step.gate : undefined;
  return {
    ...{ wave, environment, stage },
    steps: steps.map(writtenStep),
    restarted: restarts.flatMap((one) => one.restarted),
    left: last?.left ?? [],
    byHand: last?.byHand ?? [],
    slowed: restarts.some((one) => one.slowed),
    ...(stopped !== undefined && {
      stopped: {
        kind: stopped.kind,
        ...(stopped.kind === 'gate' && { because: stopped.because }),
        ...(gate !== undefined && { gate }),
        message: stopText(stopped, run, PLAIN),
        continue: { run: command },
      },
    }),
  };
}

function writtenStep({ from, to = from, change, evidence }: StepReport): WrittenStep {
  return { from, to, ...(change !== undefined && { change }), ...(evidence !== undefined && { evidence }) };
}
