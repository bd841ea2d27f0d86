import { spawn } from 'node:child_process';

/** One run of Terraform. */
export interface TerraformRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to run Terraform: which binary, in which folder, with which environment, and who hears of its lines. */
export interface TerraformOptions {
  readonly binary: string;
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Called with each line of the standard output as it comes. */
  readonly onLine?: (line: string) => void;
}

/** Runs Terraform to its end without input or colours; the exit code is data, a binary that cannot be started throws. */
export async function runTerraform(arguments_: readonly string[], options: TerraformOptions): Promise<TerraformRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(options.binary, arguments_, {
      cwd: options.folder,
      env: { ...options.environment, TF_IN_AUTOMATION: 'true', TF_INPUT: '0', CHECKPOINT_DISABLE: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    let pending = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      const lines = (pending + text).split('\n');
      pending = lines.pop() ?? '';
      for (const line of lines) options.onLine?.(line);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ exitCode: code ?? 1, stdout, stderr });
    });
  });
}
