import type { Workload } from '../../inventory/Inventory';
import type { Step, StepCheck } from '../gate/Step';
import { eachSinceBegan } from '../gate/stageBegan';
import { callersText, silenceOf, TRAIL_DELAY, type WebIdentityCalls, webIdentityCalls } from '../gate/trail';
import { type Advice, run } from '../remedies';
import { type CheckResult, pass, problem } from './Check';

/**
 * The workload's role has not been assumed by web identity since the stage began, and for at least the soak: such a caller would lose the role at the next
 * step. The last session moves the start of the soak.
 */
export const webIdentityUnused: StepCheck = (step, now) =>
  eachSinceBegan(step, now, (workload, began) =>
    webIdentityCalls(step, workload, began, (calls) => judge(step, workload, calls, began, now)),
  );

function judge(step: Step, workload: Workload, calls: WebIdentityCalls, began: Date, now: Date): CheckResult {
  const { assumed, denied } = calls;
  const since = began.toISOString();
  const [last] = assumed;
  const more = `${denied > 0 ? `, ${denied} denied` : ''}; ${TRAIL_DELAY}`;
  if (last === undefined) return pass(`no web identity session since ${since}${more}`);
  const found = `web identity sessions since ${since}: ${assumed.length}, the last at ${last.at} by ${callersText(assumed)}`;
  const silence = silenceOf(step.wave) ?? Infinity;
  if (now.getTime() - new Date(last.at).getTime() > silence)
    return pass(`${found}, and none in the soak after it${more}`);
  return problem(found, [
    `Find what still uses web identity for ${workload.key}, and restart those pods. The last session moves the start of the soak.`,
    againAfter(step, last.at, silence),
  ]);
}

/** When the gate can be run again after the last session, by AWS's time. */
export function againAfter({ wave, environment }: Step, last: string, silence: number): Advice {
  const command = run`npx podlift gate ${wave.key} --environment ${environment.key}`;
  if (!Number.isFinite(silence)) return ['Then run the gate again:', command];
  const until = new Date(new Date(last).getTime() + silence + 1000).toISOString();
  return [`If no further session starts, the gate can pass after ${until}:`, command];
}
