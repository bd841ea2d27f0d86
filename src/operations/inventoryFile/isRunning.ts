import { readFileSync } from 'node:fs';

/** True when a process of this host runs, also one that may not be signalled. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * What tells a process from a later one with its number: on Linux the boot it runs in and when it began; undefined elsewhere.
 * Source: proc_pid_stat(5), field 22; the name in field 2 may have blanks and brackets in it.
 */
export function processMark(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return started === undefined ? undefined : `${boot} ${started}`;
  } catch {
    return undefined;
  }
}
