import { setTimeout } from 'node:timers/promises';
import type { Inventory } from '../../inventory/Inventory';
import type { Stage } from '../../inventory/Inventory';
import { placesOf } from '../../estate/places';
import type { ReadInventory } from '../../operations/inventoryFile/editableInventory';
import { passInterrupts } from '../../runners/engine/interrupts';
import { operatorsKubectl } from '../../runners/restarts';
import { stepTaker } from '../commands/advance';
import { estateFor, loadLivePorts } from '../estateFor';
import { UsageError } from '../exit';
import { printError } from '../output';
import type { WaveChoice, WaveWorld } from './applyWave';
import { type ApplyRequest, applyStacks, type Approve } from './runStacks';

/** The flags of `apply` for one wave. */
export interface WaveFlags {
  readonly wave?: string;
  readonly environment?: string | undefined;
  readonly restart?: boolean;
  /** A whole number. */
  readonly atATime?: number;
  readonly through?: Stage;
  readonly rollbackTo?: Stage;
  /** Minutes. */
  readonly wait?: number;
}

/** How long a gate is asked again by default, in minutes: an agent and its DaemonSet are ready in less. */
export const WAIT_MINUTES = 15;

/** What the flags of one wave ask for; nothing where there are none. Throws `UsageError` for flags that do not go together. */
export function waveChoice(
  flags: WaveFlags,
  others: {
    readonly stacks: readonly string[];
    readonly plan?: unknown;
    readonly resume?: boolean;
    readonly base?: unknown;
  },
): WaveChoice | undefined {
  const { wave, environment, restart = false, atATime, through, rollbackTo, wait } = flags;
  const goal = through ?? rollbackTo;
  if (!restart && goal === undefined) {
    if (atATime !== undefined) throw new UsageError('--at-a-time is for --restart and --rollback-to: add one of them');
    if (wait !== undefined) throw new UsageError('--wait is for --through and --rollback-to: add one of them');
    return undefined;
  }
  const flag = through !== undefined ? '--through' : rollbackTo !== undefined ? '--rollback-to' : '--restart';
  if (through !== undefined && rollbackTo !== undefined)
    throw new UsageError('--through goes forward and --rollback-to goes back: remove one of them');
  if (wave === undefined) throw new UsageError(`${flag} is for one wave: add --wave WAVE`);
  if (others.stacks.length > 0 || others.plan !== undefined || others.resume === true || others.base !== undefined)
    throw new UsageError(
      `${flag} applies the stacks of the wave: remove the stacks, --plan, --resume and --changed. To continue a run, repeat its command.`,
    );
  if (wait !== undefined && goal === undefined)
    throw new UsageError('--wait is for --through and --rollback-to: add one of them');
  return {
    ...{ wave, environment, restart, through, rollbackTo },
    atATime: atATime ?? 1,
    waitSeconds: (wait ?? WAIT_MINUTES) * 60,
  };
}

/** Does a run in the real world: the operator's credentials, kubectl and clock. An interrupt ends it after what was begun. */
export async function inRealWorld<T>(
  allowed: Pick<ApplyRequest, 'parallelism' | 'diff' | 'allowDestroy' | 'withOthers'>,
  approve: Approve,
  work: (world: WaveWorld) => Promise<T>,
): Promise<T> {
  const watching = new AbortController();
  const interrupts = passInterrupts((count) => {
    watching.abort();
    // While Terraform runs, its own line says what happens.
    if (count === 1) printError('podlift apply: interrupted: podlift begins nothing more');
  });
  let last = '';
  try {
    return await work({
      // An interrupt can come before the engine listens to it.
      apply: (request) =>
        applyStacks({ ...request, ...allowed }, async (plans) => interrupts.count() === 0 && (await approve(plans))),
      step: (read: ReadInventory, inventory: Inventory) => stepTaker(read, inventory),
      restarts: {
        estate: (inventory, questions) =>
          estateFor(questions, placesOf(inventory), loadLivePorts, { source: {}, command: ['apply'] }),
        kubectl: operatorsKubectl(watching.signal),
        sleep: async (milliseconds) => {
          await setTimeout(milliseconds);
        },
        stopped: () => interrupts.count() > 0,
        say: (line) => {
          if (line !== last) printError(`podlift apply: ${line}`);
          last = line;
        },
      },
      now: Date.now,
    });
  } finally {
    interrupts.end();
  }
}
