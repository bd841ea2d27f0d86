import { setTimeout } from 'node:timers/promises';
import { SEEN_TIMING } from '../sandboxTiming';
import type { Rehearsal } from './Rehearsal';
import { runInShell } from './runInShell';

/** Milliseconds beyond the time that a pod terminates. */
const MARGIN = 100;

/**
 * Runs those lines that are `kubectl` commands, each once and while no pod asks, and waits until pods that they delete are gone, as an
 * operator does; gives how many. Throws with what one said that failed.
 */
export async function runCommands(
  { asking, workshop }: Rehearsal,
  lines: readonly string[],
  say: (what: string) => void,
): Promise<number> {
  const commands = [...new Set(lines.filter((line) => line.startsWith('kubectl ')))];
  for (const command of commands) {
    say(command);
    const ended = await asking.meanwhile(() => runInShell(command, workshop.environment));
    if (!ended.ok) throw new Error(`${command}\n${ended.output}`);
  }
  if (commands.length > 0) await setTimeout(SEEN_TIMING.podTerminationMs + MARGIN);
  return commands.length;
}
