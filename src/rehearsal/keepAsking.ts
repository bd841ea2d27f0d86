import { setTimeout as wait } from 'node:timers/promises';
import type { Blueprint } from '../blueprint/Blueprint';
import type { Compute, Environment } from '../inventory/Inventory';
import type { ClusterRef, Pod, Sandbox } from '../sandbox/startSandbox';
import { clusterRef } from './applyServiceAccounts';
import { askRoles, type RoleAnswer, rolesOf, type WorkloadRoles } from './askPods';

/** A service account of a workload on one of its clusters, whose pods ask for credentials throughout a rehearsal. */
export interface AskingWorkload {
  readonly workload: string;
  /** The cluster's key in the inventory. */
  readonly cluster: string;
  readonly ref: ClusterRef;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly compute: Compute;
  /** The workload has other service accounts. Default: false. */
  readonly isOneOfSeveral?: boolean;
  readonly roles: WorkloadRoles;
}

/** Each service account of each workload of an environment on each of its clusters. Roles keep their ARNs at every stage: one blueprint names them for the whole walk. */
export function askingWorkloads({ workloads }: Environment, blueprint: Blueprint): AskingWorkload[] {
  const several = new Set(workloads.filter(({ subjects }) => subjects.length > 1).map(({ key }) => key));
  return blueprint.serviceAccounts.map((account) => ({
    workload: account.workload,
    cluster: account.cluster,
    ref: clusterRef(blueprint, account),
    namespace: account.namespace,
    serviceAccount: account.name,
    compute: workloads.find(({ key }) => key === account.workload)?.compute ?? 'ec2',
    isOneOfSeveral: several.has(account.workload),
    roles: rolesOf(blueprint, account.workload),
  }));
}

/** A role that a pod asked for and did not get. */
export interface Denial {
  readonly of: AskingWorkload;
  readonly pod: string;
  readonly uses: Pod['uses'];
  /** ISO 8601. */
  readonly at: string;
  /** `source role`, or the target's key. */
  readonly role: string;
  /** The answer of AWS and the statement that decided. */
  readonly reason: string;
}

/** Pods that ask until they are stopped. */
export interface AskingPods {
  /** From now on new pods stay, and ask along with the others, until `finishRound`. */
  readonly keepNew: () => void;
  /** Waits for the end of a whole round that begins after this call, then deletes the new pods that stayed. Rejects when a question could not be asked. */
  readonly finishRound: () => Promise<void>;
  /** Runs `work` while no pod asks: a pod that is deleted in the middle of a question gives no answer. */
  readonly pauseFor: <T>(work: () => Promise<T>) => Promise<T>;
  /** How many pods asked, and the denials, since the last call. */
  readonly takeResults: () => { readonly asked: number; readonly denied: readonly Denial[] };
  readonly stop: () => Promise<void>;
}

/** Between two rounds, so that Terraform has the processor too; milliseconds. */
const PAUSE = 150;

/** How many new pods stay for each workload and kind of credentials: the first one is the oldest. */
const KEPT = 1;

/**
 * Lets the pods of all workloads ask for their roles through the AWS SDK, round after round: the running ones, and a new one in each round.
 */
export function keepAsking(sandbox: Sandbox, workloads: readonly AskingWorkload[]): AskingPods {
  let asked = 0;
  let denied: Denial[] = [];
  let rounds = 0;
  let keeping = false;
  let stopped = false;
  let queue: Promise<unknown> = Promise.resolve();
  const newPods = new Map<AskingWorkload, Pod[]>(workloads.map((workload) => [workload, []]));

  /** One after the other: the questions of a workload, or work that no question may see half done. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = queue.then(work);
    queue = result.catch(() => undefined);
    return result;
  };

  async function ask(of: AskingWorkload, pod: Pod): Promise<void> {
    const at = new Date().toISOString();
    const { source, targets } = await askRoles(sandbox, pod, of.roles);
    asked += 1;
    const note = (role: string, answer: RoleAnswer): void => {
      if (!answer.ok) denied.push({ of, pod: pod.name, uses: pod.uses, at, role, reason: answer.reason });
    };
    note('source role', source);
    // A pod without the source role cannot ask for a target role.
    if (source.ok) for (const { target, answer } of targets) note(target, answer);
  }

  async function askAll(workload: AskingWorkload): Promise<void> {
    const { ref, namespace, serviceAccount } = workload;
    const running = sandbox.kubernetes.pods(ref, namespace).filter((pod) => pod.serviceAccount === serviceAccount);
    const fresh = sandbox.kubernetes.admitPod({ cluster: ref, namespace, serviceAccount, graceSeconds: 0 });
    for (const pod of [...running, fresh]) await ask(workload, pod);
    const kept = newPods.get(workload) ?? [];
    if (keeping && kept.filter(({ uses }) => uses === fresh.uses).length < KEPT) kept.push(fresh);
    else sandbox.kubernetes.deletePod(fresh);
  }

  async function askInRounds(): Promise<void> {
    while (!stopped) {
      for (const workload of workloads) await inTurn(() => askAll(workload));
      rounds += 1;
      await wait(PAUSE);
    }
  }
  let failure: { readonly error: unknown } | undefined;
  const ended = askInRounds().catch((error: unknown) => {
    failure = { error };
  });

  return {
    keepNew: () => {
      keeping = true;
    },
    finishRound: async () => {
      // The current round may have begun before this call.
      const last = rounds + 2;
      while (rounds < last) {
        if (failure !== undefined) throw failure.error;
        await wait(PAUSE);
      }
      keeping = false;
      await inTurn(() => {
        for (const pods of newPods.values()) for (const pod of pods.splice(0)) sandbox.kubernetes.deletePod(pod);
        return Promise.resolve();
      });
    },
    pauseFor: inTurn,
    takeResults: () => {
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
