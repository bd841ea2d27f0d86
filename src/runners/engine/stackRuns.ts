import { isAbsolute, join } from 'node:path';
import {
  apply,
  type CheckedPlan,
  checkedPlan,
  initialiseOwn,
  type Plan,
  type PlannedChange,
  planText,
  shownPlan,
  TerraformError,
  type TerraformOptions,
} from '../stackCommands';
import type { Interrupts } from './interrupts';

/** What all stacks of a run share. */
export interface Engine {
  /** Terraform or OpenTofu. */
  readonly binary: string;
  /** The folder of the roots. */
  readonly folder: string;
  /** Of every process: see `terraformVariables`. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly interrupts?: Interrupts;
  /** Called with what is done with a stack. */
  readonly say: (stack: string, doing: string) => void;
  /** Default: the real time. */
  readonly time?: EngineTime;
}

export interface EngineTime {
  /** In milliseconds. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

const REAL_TIME: EngineTime = {
  now: Date.now,
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

/** A root as it stands in its folder. */
export interface StackRoot {
  readonly name: string;
  readonly files: ReadonlyMap<string, string>;
}

/** The commands of Terraform for the stacks of a run. All of them reject with a `TerraformError`. */
export interface StackRuns {
  /** Makes the root of a stack ready for Terraform. One at a time, whatever calls it. */
  readonly initialise: (root: StackRoot) => Promise<void>;
  /** Initialises and plans a stack. The plan stays in its folder. */
  readonly plan: (root: StackRoot) => Promise<CheckedPlan>;
  /** Initialises a stack, and reads the plan in its folder. */
  readonly readPlan: (root: StackRoot) => Promise<Plan>;
  /** Terraform's own text of the plan in the folder of a stack. */
  readonly text: (stack: string) => Promise<string>;
  /** Applies the plan in the folder of a stack: `approved` has its changes. */
  readonly apply: (stack: string, approved: readonly PlannedChange[]) => Promise<void>;
  /** How long Terraform has worked on a stack, in seconds. */
  readonly seconds: (stack: string) => number;
}

/** The commands for the stacks below a folder. */
export function stackRuns(engine: Engine): StackRuns {
  const { say, time = REAL_TIME } = engine;
  const optionsOf = (stack: string): TerraformOptions => ({
    binary: engine.binary,
    folder: join(engine.folder, stack),
    environment: { ...engine.variables, ...dataFolder(engine.variables.TF_DATA_DIR, stack) },
    interrupts: engine.interrupts,
  });

  const spent = new Map<string, number>();
  const timed = async <T>(stack: string, work: () => Promise<T>): Promise<T> => {
    const begun = time.now();
    try {
      return await work();
    } finally {
      spent.set(stack, (spent.get(stack) ?? 0) + time.now() - begun);
    }
  };

  // Terraform does not lock its plugin cache: two inits at once break it.
  // Source: https://developer.hashicorp.com/terraform/cli/config/config-file#provider-plugin-cache, hashicorp/terraform #31964
  let before: Promise<unknown> = Promise.resolve();
  /** A lock file of an initialised root, by the providers that the root requires. */
  const locks = new Map<string, string>();
  const named = engine.variables.PODLIFT_PROVIDER_LOCK;
  const initialiseNow = async ({ name, files }: StackRoot): Promise<void> => {
    if ((engine.interrupts?.count() ?? 0) > 0) throw new TerraformError('interrupted');
    say(name, 'init');
    const providers = providersOf(files);
    // With the lock file of another root, Terraform takes the provider from the cache, and in the same version.
    const lock = named !== undefined && named !== '' ? named : locks.get(providers);
    locks.set(providers, await initialiseOwn(optionsOf(name), lock));
  };
  const initialise = (root: StackRoot): Promise<void> => {
    const mine = before.then(() => timed(root.name, () => initialiseNow(root)));
    before = mine.catch(() => undefined);
    return mine;
  };

  const applyApproved = async (stack: string, approved: readonly PlannedChange[]): Promise<void> => {
    let done = 0;
    const options = {
      ...optionsOf(stack),
      onLine: (line: string) => {
        if (!line.includes('"type":"apply_complete"')) return;
        done += 1;
        say(stack, `apply: ${done} of ${approved.length}`);
      },
    };
    const begun = () => {
      say(stack, approved.length === 0 ? 'apply' : `apply: ${done} of ${approved.length}`);
      return apply(options);
    };
    const interrupted = () => (engine.interrupts?.count() ?? 0) > 0;
    let deadline: number | undefined;
    for (;;) {
      try {
        await begun();
        return;
      } catch (error) {
        if (!isTrustDelay(error)) throw error;
        deadline ??= time.now() + TRUST_DELAY_MS;
        if (time.now() + RETRY_AFTER_MS > deadline) throw error;
        say(stack, 'EKS does not see the new trust policy yet: waiting');
        for (const until = time.now() + RETRY_AFTER_MS; time.now() < until && !interrupted();) await time.sleep(1000);
        if (interrupted()) throw error;
        // What was applied is in the state: the saved plan is stale.
        say(stack, 'plan the rest');
        requireApproved((await checkedPlan(options)).changes, approved);
      }
    }
  };

  return {
    initialise,
    plan: async (root) => {
      await initialise(root);
      say(root.name, 'plan');
      return timed(root.name, () => checkedPlan(optionsOf(root.name)));
    },
    readPlan: async (root) => {
      await initialise(root);
      say(root.name, 'read the plan');
      return timed(root.name, () => shownPlan(optionsOf(root.name)));
    },
    text: (stack) => {
      say(stack, 'read the changes');
      return timed(stack, () => planText(optionsOf(stack)));
    },
    apply: (stack, approved) => timed(stack, () => applyApproved(stack, approved)),
    seconds: (stack) => Math.round((spent.get(stack) ?? 0) / 100) / 10,
  };
}

/** A data folder outside of the roots would be one for all stacks: each gets its own in it. */
function dataFolder(folder: string | undefined, stack: string): Readonly<Record<string, string>> {
  return folder === undefined || !isAbsolute(folder) ? {} : { TF_DATA_DIR: join(folder, stack) };
}

/** The providers that a root requires, as text. */
function providersOf(files: StackRoot['files']): string {
  const { terraform } = JSON.parse(files.get('main.tf.json') ?? '{}') as {
    terraform?: { required_providers?: unknown };
  };
  return JSON.stringify(terraform?.required_providers ?? {});
}

/** How long an apply is tried again, and how long podlift waits in between. IAM gives no time after which a change is seen everywhere; two minutes are what the AWS provider waits for a new role. */
const TRUST_DELAY_MS = 120_000;
const RETRY_AFTER_MS = 10_000;

/** What EKS answers while it does not see the role's new trust policy. The provider does not try again. Source: hashicorp/terraform-provider-aws #41483 */
const TRUST_DELAY = 'Trust policy of the role provided is invalid';

/** True where an apply failed with nothing but the answer of EKS to a trust policy that it does not see yet. */
export function isTrustDelay(error: unknown): boolean {
  if (!(error instanceof TerraformError) || error.errors.length === 0) return false;
  return error.errors.every(({ summary, detail = '' }) => `${summary}\n${detail}`.includes(TRUST_DELAY));
}

/**
 * Throws a `TerraformError` where a plan has a change that the approved one did not have. What was to be created can exist by now, where an apply was interrupted: to import it, and to
 * give it what it should have, is no other change.
 */
export function requireApproved(changes: readonly PlannedChange[], approved: readonly PlannedChange[]): void {
  const known = new Set(
    approved.flatMap(({ address, action }) =>
      (action === 'create' ? ['create', 'import', 'update'] : [action]).map((one) => `${one} ${address}`),
    ),
  );
  const others = changes.map(({ address, action }) => `${action} ${address}`).filter((one) => !known.has(one));
  if (others.length === 0) return;
  throw new TerraformError(
    `The plan of the rest has changes that were not in the first plan, and is not applied:\n${others.map((one) => `  ${one}`).join('\n')}`,
  );
}
