import type { Rehearsal } from './Rehearsal';
import { runInShell } from './runInShell';

/** Runs those lines that are `kubectl` commands, each once and while no pod asks; gives how many. Throws with what one said that failed. */
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
  return commands.length;
}
