import { setTimeout as wait } from 'node:timers/promises';
import type { Pod, Sandbox } from '../../sandbox/startSandbox';
import { askRoles, type Outcome } from '../pods/askRoles';
import type { Subject } from './Subject';

/** A pod that asked for its roles and did not get one of them. */
export interface DeniedPod {
  readonly subject: Subject;
  readonly pod: string;
  readonly uses: Pod['uses'];
  /** ISO 8601. */
  readonly at: string;
  /** `source role`, or the target's key. */
  readonly role: string;
  /** What AWS said, and the statement that decided. */
  readonly why: string;
}

/** Pods that ask until they are stopped. */
export interface Asking {
  /** From now on pods admitted in passing stay, and ask along with the others, until `settle`. */
  readonly keepNew: () => void;
  /** Waits for the end of a whole round that began after this call, then deletes the pods admitted in passing. */
  readonly settle: () => Promise<void>;
  /** Runs `work` while nobody asks: a pod that is deleted in the middle of a question would give no answer. */
  readonly meanwhile: <T>(work: () => Promise<T>) => Promise<T>;
  /** How many pods asked, and who was denied, since the last call. */
  readonly take: () => { readonly asked: number; readonly denied: readonly DeniedPod[] };
  readonly stop: () => Promise<void>;
}

/** Between two rounds, so that Terraform has the processor too; milliseconds. */
const PAUSE = 150;

/** How many of the pods that were admitted in passing stay for each subject and way to credentials: the first of each is the oldest. */
const KEPT = 1;

/**
 * Lets the pods of all subjects ask for their roles through the AWS SDK, round after round: those that run, and in each round one that is
 * admitted anew. What a pod does not get is told by `take`;
 * `settle` rejects when a question itself could not be asked.
 */
export function askAlways(sandbox: Sandbox, subjects: readonly Subject[]): Asking {
  let asked = 0;
  let denied: DeniedPod[] = [];
  let rounds = 0;
  let keeping = false;
  let stopped = false;
  let queue: Promise<unknown> = Promise.resolve();
  const passing = new Map<Subject, Pod[]>(subjects.map((subject) => [subject, []]));

  /** One thing after the other: a question, or work that no question may see half done. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = queue.then(work);
    queue = result.catch(() => undefined);
    return result;
  };

  async function ask(subject: Subject, pod: Pod): Promise<void> {
    const at = new Date().toISOString();
    const { source, targets } = await askRoles(sandbox, pod, subject.roles);
    asked += 1;
    const note = (role: string, outcome: Outcome): void => {
      if (!outcome.ok) denied.push({ subject, pod: pod.name, uses: pod.uses, at, role, why: outcome.why });
    };
    note('source role', source);
    // Without the source role there is no target to be asked for.
    if (source.ok) for (const { target, outcome } of targets) note(target, outcome);
  }

  async function round(subject: Subject): Promise<void> {
    const { ref, namespace, serviceAccount } = subject;
    const running = sandbox.kubernetes.pods(ref, namespace).filter((pod) => pod.serviceAccount === serviceAccount);
    const fresh = sandbox.kubernetes.admitPod({ cluster: ref, namespace, serviceAccount, graceSeconds: 0 });
    for (const pod of [...running, fresh]) await ask(subject, pod);
    const kept = passing.get(subject) ?? [];
    if (keeping && kept.filter(({ uses }) => uses === fresh.uses).length < KEPT) kept.push(fresh);
    else sandbox.kubernetes.deletePod(fresh);
  }

  async function askOn(): Promise<void> {
    while (!stopped) {
      for (const subject of subjects) await inTurn(() => round(subject));
      rounds += 1;
      await wait(PAUSE);
    }
  }
  let broken: { readonly error: unknown } | undefined;
  const ended = askOn().catch((error: unknown) => {
    broken = { error };
  });

  return {
    keepNew: () => {
      keeping = true;
    },
    settle: async () => {
      // The round that is under way may have begun before.
      const last = rounds + 2;
      while (rounds < last) {
        if (broken !== undefined) throw broken.error;
        await wait(PAUSE);
      }
      keeping = false;
      await inTurn(() => {
        for (const pods of passing.values()) for (const pod of pods.splice(0)) sandbox.kubernetes.deletePod(pod);
        return Promise.resolve();
      });
    },
    meanwhile: inTurn,
    take: () => {
      const taken = { asked, denied };
      asked = 0;
      denied = [];
      return taken;
    },
    stop: async () => {
      stopped = true;
      await ended;
    },
  };
}
