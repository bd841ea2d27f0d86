import type { ChildProcess } from 'node:child_process';

/** The operator's interrupts for running Terraform processes. */
export interface Interrupts {
  /** How many came. */
  readonly count: () => number;
  /** A process that gets each further interrupt until it ends. */
  readonly add: (child: ChildProcess) => void;
  /** Signals have their usual effect again. */
  readonly end: () => void;
}

/** Signals that ask podlift to end: Ctrl-C, a CI system that stops a job, a terminal that is closed. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Passes each signal that asks podlift to end on to Terraform, as Ctrl-C: at the first one Terraform finishes what it has begun, saves the state and releases its lock; at
 * the second one it ends at once. podlift itself goes on until its processes have ended.
 * Source: hashicorp/terraform internal/command/meta.go (`InterruptibleContext`), internal/backend/local/backend_local.go (`opWait`)
 */
export function passInterrupts(onInterrupt: (count: number) => void): Interrupts {
  const children = new Set<ChildProcess>();
  let count = 0;
  const pass = (): void => {
    count += 1;
    for (const child of children) interrupt(child);
    onInterrupt(count);
  };
  for (const signal of SIGNALS) process.on(signal, pass);
  return {
    count: () => count,
    add: (child) => {
      children.add(child);
      child.once('close', () => children.delete(child));
    },
    end: () => {
      for (const signal of SIGNALS) process.off(signal, pass);
    },
  };
}

/** To the whole group, as a terminal does: the binary can be a script that starts Terraform. Providers ignore the signal. */
function interrupt(child: ChildProcess): void {
  try {
    if (child.pid !== undefined && process.platform !== 'win32') process.kill(-child.pid, 'SIGINT');
    else child.kill('SIGINT');
  } catch {
    // The process has ended.
  }
}
