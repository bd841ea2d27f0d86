import type { Inventory, Stage } from '../../../../src/inventory/Inventory';
import { remedyText } from '../../../../src/cli/report';
import type { DoctorFinding } from '../../../../src/operations/doctor/doctor';
import { runPrinted } from '../../../cli/printed/runPrinted';
import type { Live } from '../../gate/live/liveWorld';
import { notes } from '../doctorWorld';
import { askLive, liveAt } from './doctorLive';
import type { LiveFault } from './liveFaults';

/** Tests of the doctor by the real SDK and kubectl on a sandbox: workloads in order at these stages, and these faults. */
export function diagnoseLive(stages: readonly Stage[], faults: readonly LiveFault[]): void {
  let live: Live | undefined;
  afterEach(async () => {
    await live?.stop();
    live = undefined;
  });

  it.each(stages)('finds nothing at %s', async (stage) => {
    const made = await liveAt(stage);
    live = made.live;
    expect(notes(await askLive(made.inventory))).toEqual([]);
    expect((await live.ask()).map(({ source }) => source.ok)).toEqual([true, true]);
  });

  it.each(faults)('$name, at $stage: names that first', async ({ stage, setting, break: make, first, pods }) => {
    const made = await liveAt(stage, setting);
    live = made.live;
    await make(live);
    const diagnosis = await askLive(made.inventory);
    expect(notes(diagnosis)[0]).toBe(first);
    for (const finding of diagnosis.findings) await runFinding(live, made.inventory, finding);
    const outcomes = (await live.ask()).map(({ source }) => source.ok);
    expect(outcomes.every((ok) => ok)).toBe(pods === 'work');
  });
}

/** Runs the commands of a finding, those of what passes too. A command that shows what is gone says that it is gone. */
async function runFinding(live: Live, inventory: Inventory, { inspect, remedy = [], state }: DoctorFinding) {
  const steps = [...(inspect === undefined ? [] : [inspect]), ...remedy];
  await runPrinted(live, inventory, remedyText(steps), { isGone: state !== 'ok' });
}
