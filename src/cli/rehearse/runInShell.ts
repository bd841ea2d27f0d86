import { spawn } from 'node:child_process';

/** What became of a command. */
interface Ended {
  readonly ok: boolean;
  readonly output: string;
}

/** Runs a command of a shell, with text for its input, to its end. */
export function runInShell(
  command: string,
  environment: Readonly<Record<string, string | undefined>>,
  input = '',
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn('sh', ['-c', command], { env: environment, stdio: ['pipe', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', (error) => {
      resolve({ ok: false, output: error.message });
    });
    child.on('close', (code) => {
      resolve({ ok: code === 0, output: output.trim() });
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
