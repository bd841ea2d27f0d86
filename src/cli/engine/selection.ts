import type { Blueprint } from '../../blueprint/Blueprint';
import { stacksOf } from '../../blueprint/stacksOf';
import type { Environment, Stage } from '../../inventory/Inventory';
import { type Loss, lossesOf } from '../../operations/engine/losses';
import { knownKeys } from '../../operations/engine/ownerOfAddress';
import { selectStacks } from '../../operations/engine/selectStacks';
import { type OtherChange, otherChanges, waveScope } from '../../operations/engine/waveScope';
import type { PlannedChange } from '../../runners/stackCommands';
import { requireWave } from '../examine';
import { UsageError } from '../exit';
import { printError } from '../output';
import type { RenderedRoots } from '../renderRoots';
import { changedStacks } from './changedStacks';

/** Which stacks are meant. */
export interface StackSelection {
  /** Names and patterns (`prod-*`). Empty: all. */
  readonly stacks: readonly string[];
  /** Only the stacks with a workload of this wave. */
  readonly wave?: string | undefined;
  /** Only the stacks whose roots differ from those of this git revision. */
  readonly base?: string | undefined;
}

/** The names of the stacks that are meant, in the order of their roots. Throws `UsageError` for an unknown stack, wave or revision. */
export function selectedStacks(selection: StackSelection, rendered: RenderedRoots, out: string): readonly string[] {
  const named = selectStacks(
    rendered.roots.map(({ name }) => name),
    selection.stacks,
  );
  if (named.stacks === undefined) throw new UsageError(named.problem);
  const { wave, base } = selection;
  const ofWave = wave === undefined ? undefined : stacksOfWave(wave, rendered);
  const changed = base === undefined ? undefined : changedStacks(rendered, out, base);
  for (const name of changed?.gone ?? [])
    printError(
      `podlift: ${base ?? ''} has the stack ${name}, and the inventory no longer has it: nothing is planned for it, and its resources stay.`,
    );
  return named.stacks.filter((name) => ofWave?.includes(name) !== false && changed?.changed.includes(name) !== false);
}

function stacksOfWave(wave: string, rendered: RenderedRoots): readonly string[] {
  const { inventory } = rendered.loaded;
  if (inventory !== undefined) requireWave(inventory, wave);
  const stacks = environmentsOf(rendered).flatMap(
    ({ environment, blueprint }) => waveScope(wave, environment, blueprint).stacks,
  );
  if (stacks.length > 0) return stacks;
  const names = rendered.blueprints.map(({ environment }) => environment).join(', ');
  throw new UsageError(`--wave is "${wave}": it has no workload in ${names}`);
}

/** What plans need besides an approval. */
export interface PlanNeeds {
  /** Roles and associations that are destroyed or replaced: they need `--allow-destroy`. */
  readonly losses: readonly Loss[];
  /** Changes that are none of the wave's: they need `--with-others`. Empty without a wave. */
  readonly others: readonly OtherChange[];
}

/** What the plans of stacks need. */
export function planNeeds(
  plans: readonly { readonly stack: string; readonly changes: readonly PlannedChange[] }[],
  rendered: RenderedRoots,
  wave: string | undefined,
): PlanNeeds {
  const environments = environmentsOf(rendered).map((one) => ({
    ...one,
    known: knownKeys(one.environment, one.blueprint),
    stages: new Map<string, Stage>(one.environment.workloads.map(({ key, stage }) => [key, stage])),
    names: new Set(stacksOf(one.blueprint).map(({ name }) => name)),
    scope: wave === undefined ? undefined : waveScope(wave, one.environment, one.blueprint),
  }));
  const of = <T>(work: (plan: (typeof plans)[number], one: (typeof environments)[number]) => readonly T[]) =>
    plans.flatMap((plan) => {
      const environment = environments.find(({ names }) => names.has(plan.stack));
      return environment === undefined ? [] : work(plan, environment);
    });
  return {
    losses: of(({ stack, changes }, { known, stages }) => lossesOf({ stack, changes, known, stages })),
    others: of(({ stack, changes }, { known, scope, blueprint }) =>
      scope === undefined ? [] : otherChanges(stack, changes, scope, known, blueprint.addons),
    ),
  };
}

/** The environments that were written, with their blueprints. */
function environmentsOf({
  loaded,
  blueprints,
}: RenderedRoots): readonly { readonly environment: Environment; readonly blueprint: Blueprint }[] {
  return blueprints.flatMap((blueprint) => {
    const environment = loaded.inventory?.environments.find(({ key }) => key === blueprint.environment);
    return environment === undefined ? [] : [{ environment, blueprint }];
  });
}
