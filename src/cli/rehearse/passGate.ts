import type { Inventory } from '../../inventory/Inventory';
import { collectEvidence } from '../../operations/gate/collectEvidence';
import type { GateResult } from '../../operations/gate/GateResult';
import type { StepRequest } from '../../operations/gate/stepOf';
import { parseTimeSpan } from '../../operations/timeSpan';
import { gateReport } from '../gate/gateReport';
import { commandText } from '../remedyText';
import type { Rehearsal } from './Rehearsal';
import { runCommands } from './runCommands';

/** A gate that says no, with all that an operator would read of it. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

/** How often the gate is asked again after its commands were run. */
const TRIES = 2;

/**
 * Asks the gate, and does what it says: the `kubectl` commands of what does not hold yet are run, then it is asked again. Throws `Stopped`
 * when it says no and names no command, or goes on saying no. A wave's soak counts as passed: a rehearsal takes minutes.
 */
export async function passGate(
  rehearsal: Rehearsal,
  inventory: Inventory,
  request: StepRequest,
  say: (what: string) => void,
): Promise<void> {
  let result: GateResult | undefined;
  for (let attempt = 0; attempt <= TRIES; attempt++) {
    result = await collectEvidence(inventory, request, rehearsal.ports(), afterSoak(inventory, request));
    if (result.holds) return;
    const wanted = result.evidence.flatMap(({ holds, remedy = [] }) =>
      holds === 'no' ? remedy.flatMap((step) => ('run' in step ? [commandText(step)] : [])) : [],
    );
    if ((await runCommands(rehearsal, wanted, say)) === 0) break;
    await rehearsal.asking.settle();
  }
  if (result !== undefined) throw new Stopped(gateReport(result, false));
}

/** The earliest time at which the wave's soak has passed, or now. */
function afterSoak({ waves }: Inventory, { wave, environment }: StepRequest): Date {
  const found = waves.find(({ key }) => key === wave);
  const since = Date.parse(found?.stages[environment]?.since ?? '');
  const soak = parseTimeSpan(found?.soak ?? '') ?? 0;
  const now = Date.now();
  return new Date(Number.isNaN(since) ? now : Math.max(now, since + soak));
}
