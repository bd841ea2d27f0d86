import { compile } from '../blueprint/compile';
import { setTimeout as wait } from 'node:timers/promises';
import type { Ports } from '../estate/Ports';
import { formatFindings } from '../inventory/formatFindings';
import type { Inventory } from '../inventory/Inventory';
import { parseTimeSpan } from '../operations/timeSpan';
import { openQuestions, settle } from '../estate/ask';
import { placesOf } from '../estate/places';
import { readEstate } from '../estate/readEstate';
import { gate, gateQuestions, type GateResult } from '../operations/gate/gate';
import { stepOf, type StepRequest } from '../operations/gate/Step';
import { readForEdit, saveEdits } from '../operations/inventoryFile/editableInventory';
import { agentsInUse } from '../operations/step/agentsInUse';
import { editStage, inventoryOrErrors } from '../operations/step/editStage';
import { neededRestarts } from '../operations/step/neededRestarts';
import { changedStacks } from '../operations/step/nextSteps';
import { run } from '../runners/kubectl';
import { type AppliedStacks, applyStacks, type ProjectCopy } from './applyStacks';
import type { AskingPods, Denial } from './keepAsking';
import { isForward, type Move } from './planWalk';
import { playOwners } from './playOwners';
import { passRenewal, passSeconds, type RehearsalTime } from './rehearsalTime';
import { SEEN_TIMING } from './sandboxEnvironment';

/** A rehearsal of one environment while it runs. */
export interface Rehearsal {
  readonly project: ProjectCopy;
  /** The copy of the inventory that the steps change. */
  readonly inventoryFile: string;
  readonly asking: AskingPods;
  readonly time: RehearsalTime;
  /** Whether the wait of `Restart.waitSeconds` is kept after a step. */
  readonly keepsWait: (move: Move) => boolean;
  /** New ports to the sandbox's AWS and clusters, for one round of questions. */
  readonly ports: () => Ports;
  /** The number of calls to AWS so far, without those of pods. */
  readonly calls: () => number;
}

/** The result of one step, or of the first apply. */
export interface RehearsedStep extends AppliedStacks {
  readonly environment: string;
  /** Absent for the first apply of the inventory as it stands. */
  readonly move?: Move;
  /** Calls to AWS by the operator's side: Terraform and the gate. */
  readonly calls: number;
  /** How often a pod asked for its roles. */
  readonly asked: number;
  /** `expected`: one of the denials that docs/MIGRATION.md names. */
  readonly denied: readonly (Denial & { readonly expected: boolean })[];
}

/** True when the step destroyed no role, and denied pods only in the cases that docs/MIGRATION.md names. */
export function passed({ denied, rolesLost }: RehearsedStep): boolean {
  return rolesLost.length === 0 && denied.every(({ expected }) => expected);
}

/**
 * The denials that no order of changes avoids. Source: docs/MIGRATION.md
 * - into `pod-identity`: a pod that was admitted before `dual` and never restarted uses web identity;
 * - back from `dual`: a pod that was admitted since uses Pod Identity until it is restarted;
 * - into `dual`: the webhook can see the new association before EKS Auth does, so that a new pod waits some seconds for its credentials.
 *
 * @param restarted the pods of the step are restarted, after the wait: the last two are over
 */
export function isExpected({ uses }: Pick<Denial, 'uses'>, { from, to }: Move, restarted: boolean): boolean {
  if (uses === 'irsa') return to === 'pod-identity';
  if (uses !== 'pod-identity' || restarted) return false;
  return (from === 'dual' && to === 'prepared') || (from === 'prepared' && to === 'dual');
}

/** The gate failed, and no command that it prints changes that. */
export class GateFailed extends Error {
  override readonly name = 'GateFailed';

  constructor(readonly result: GateResult) {
    super('the gate failed');
  }
}

/** Milliseconds. `since` counts whole seconds: what happened in the second before must not count as happened since. */
const SECOND = 1000;

/**
 * Takes one step as an operator does: the gate, the commands that it asks for, the new stage in the inventory, plan and apply, the wait until EKS
 * sees the change, restarts. Pods ask all the time, at the end with what the agents have renewed after three hours. Throws `GateFailed`, and what Terraform or kubectl says when it fails.
 */
export async function rehearseStep(
  rehearsal: Rehearsal,
  move: Move,
  say: (what: string) => void,
): Promise<RehearsedStep> {
  const { project, asking, inventoryFile, ports, calls, time, keepsWait } = rehearsal;
  const { environment } = project;
  const callsBefore = calls();
  const read = readForEdit(inventoryFile);
  const checked = inventoryOrErrors(read.loaded);
  if ('errors' in checked) throw new Error(formatFindings(checked.errors, 'text'));
  const { inventory } = checked;
  const request = { environment, wave: move.wave, direction: isForward(move) ? 'forward' : 'back' } as const;

  const { step } = stepOf(inventory, request);
  const ownersWrite = async (when: 'before' | 'after') => {
    const roles = await playOwners(project.sandbox, { ...step, to: move.to }, when);
    if (roles.length > 0) say(`the owners write the trust policy of ${move.to}: ${roles.join(', ')}`);
  };
  await ownersWrite('before');
  say('gate');
  await passGate(rehearsal, inventory, request, say);
  const needed = neededRestarts({ ...step, to: move.to });
  const trial = editStage(read, { environment, ...move }, new Date());
  const leaving = agentsInUse(inventory, 'inventory' in trial ? trial.inventory : inventory, environment);
  const now = await readEstate((known) => openQuestions([needed, leaving], known), ports(), placesOf(inventory));
  const restarts = settle(needed, now).value;
  const restart = async (when: 'before' | 'after') => {
    const steps = restarts.filter((one) => one.when === when).flatMap((one) => [...one.steps, ...one.check]);
    const commands = steps.flatMap((one) => ('run' in one ? [one.run] : []));
    await runCommands(rehearsal, commands, say);
  };
  await restart('before');

  say('inventory');
  await wait(SECOND - (Date.now() % SECOND));
  const edited = editStage(read, { environment, ...move }, new Date(), settle(leaving, now).value);
  if (!edited.ok) throw new Error(formatFindings(edited.findings, 'text'));
  const saved = saveEdits(read, edited.texts);
  if (!saved.saved) throw new Error(`${saved.message}\n${saved.hint}`);

  asking.keepNew();
  const stacks = changedStacks(compile(inventory, environment), compile(edited.inventory, environment));
  const applied = await applyStacks(project, edited.inventory, stacks, say);
  say('pods ask');
  await asking.finishRound();
  const seconds = Math.max(0, ...restarts.map(({ waitSeconds = 0 }) => waitSeconds));
  if (seconds > 0 && keepsWait(move)) {
    say(`${seconds} seconds pass`);
    await passSeconds(time, seconds, asking.finishRound);
  }
  await restart('after');
  await ownersWrite('after');
  const until = asking.takeResults();
  await asking.finishRound();
  say('the agents renew credentials');
  passRenewal(time);
  await asking.finishRound();
  const since = asking.takeResults();

  return {
    environment,
    move,
    ...applied,
    calls: calls() - callsBefore,
    asked: until.asked + since.asked,
    denied: [
      ...until.denied.map((one) => ({ ...one, expected: isExpected(one, move, false) })),
      ...since.denied.map((one) => ({ ...one, expected: isExpected(one, move, true) })),
    ],
  };
}

/** How often the gate is asked again after its commands. */
const RETRIES = 2;

/**
 * Asks the gate and runs the `kubectl` commands of its failed checks, then asks again. Throws `GateFailed` when there is no command to run, or when the
 * gate still fails. The waits of the gates count as complete: a rehearsal takes minutes.
 */
async function passGate(
  rehearsal: Rehearsal,
  inventory: Inventory,
  request: StepRequest,
  say: (what: string) => void,
): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const estate = await readEstate(gateQuestions(inventory, request), rehearsal.ports(), placesOf(inventory));
    const result = gate(inventory, request, { ...estate, at: afterWaits(inventory, request, estate.at) });
    if (result.holds) return;
    const remedies = result.evidence.flatMap(({ holds, remedy = [] }) => (holds === 'no' ? remedy : []));
    const commands = remedies.flatMap((step) => ('run' in step && step.run[0] === 'kubectl' ? [step.run] : []));
    if (commands.length === 0 || attempt === RETRIES) throw new GateFailed(result);
    await runCommands(rehearsal, commands, say);
    await rehearsal.asking.finishRound();
  }
}

/** How long before `cutover` nobody may read the annotation, in milliseconds. Source: docs/MIGRATION.md */
const DAY = 24 * 3_600_000;

/** A time at which all waits of the gates are over: the wave's soak, and the day before `cutover`. */
function afterWaits({ waves }: Inventory, { wave }: StepRequest, now: string): string {
  const soak = parseTimeSpan(waves.find(({ key }) => key === wave)?.soak ?? '') ?? 0;
  return new Date(Date.parse(now) + Math.max(soak, DAY) + SECOND).toISOString();
}

/** Milliseconds beyond the time that a pod terminates. */
const MARGIN = 100;

/** Runs commands, each once and while no pod asks, and waits until the pods that they delete are gone. Throws what a failed command says. */
async function runCommands(
  { asking, project }: Rehearsal,
  commands: readonly (readonly string[])[],
  say: (what: string) => void,
): Promise<void> {
  for (const command of new Map(commands.map((argv) => [JSON.stringify(argv), argv])).values()) {
    say(command.join(' '));
    await asking.pauseFor(() => run(command, project.variables));
  }
  if (commands.length > 0) await wait(SEEN_TIMING.podTerminationMs + MARGIN);
}
