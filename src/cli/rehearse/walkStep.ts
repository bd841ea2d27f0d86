import { setTimeout as wait } from 'node:timers/promises';
import { stepOf } from '../../operations/gate/stepOf';
import { readForEdit } from '../../operations/inventoryFile/readForEdit';
import { saveEdit } from '../../operations/inventoryFile/saveEdit';
import { editStage, findingsOf } from '../advance/editStage';
import { nextSteps } from '../advance/nextSteps';
import { restarts } from '../advance/restarts';
import { formatFindings } from '../../inventory/formatFindings';
import { passGate } from './passGate';
import { isForward, type Move } from './planWalk';
import type { Rehearsal } from './Rehearsal';
import { applyStacks } from './applyStacks';
import { runCommands } from './runCommands';
import { isNamed, type Walked } from './Walked';

/** Milliseconds. `since` counts whole seconds: what happened in the second before must not count as happened since. */
const SECOND = 1000;

/**
 * One step as an operator takes it: the gate, what it asks for, the new stage in the inventory, plan and apply, restarts. Pods ask all the while.
 * Throws `Stopped` when the gate still says no, and what Terraform says when it fails.
 */
export async function walkStep(rehearsal: Rehearsal, move: Move, say: (what: string) => void): Promise<Walked> {
  const { asking, environment, inventoryFile, ports, calls } = rehearsal;
  const callsBefore = calls();
  const read = readForEdit(inventoryFile);
  const sound = findingsOf(read.loaded);
  if ('errors' in sound) throw new Error(formatFindings(sound.errors, 'text'));
  const { inventory } = sound;
  const direction = isForward(move) ? 'forward' : 'back';
  const request = { environment, wave: move.wave, direction } as const;

  say('gate');
  await passGate(rehearsal, inventory, request, say);
  const { step } = stepOf(inventory, request);
  const toRestart = await restarts({ ...step, to: move.to }, ports());
  await run('before');

  say('inventory');
  await wait(SECOND - (Date.now() % SECOND));
  const edited = editStage(read, { environment, ...move }, new Date());
  if (!edited.ok) throw new Error(formatFindings(edited.findings, 'text'));
  const saved = saveEdit(read, edited.file, edited.text);
  if (!saved.saved) throw new Error(`${saved.message}\n${saved.hint}`);

  asking.keepNew();
  const { stacks } = nextSteps(inventory, edited.inventory, environment, []);
  const applied = await applyStacks(rehearsal, edited.inventory, stacks, say);
  say('pods ask');
  await asking.settle();
  await run('after');
  await asking.settle();

  const { asked, denied } = asking.take();
  return {
    environment,
    move,
    ...applied,
    calls: calls() - callsBefore,
    asked,
    denied: denied.map((one) => ({ ...one, named: isNamed(one, move) })),
  };

  async function run(when: 'before' | 'after'): Promise<void> {
    const commands = toRestart.filter((restart) => restart.when === when).flatMap((restart) => restart.commands);
    await runCommands(rehearsal, commands, say);
  }
}
