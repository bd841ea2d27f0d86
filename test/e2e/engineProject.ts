import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { examine } from '../../src/cli/examine';
import { sandboxEnvironment, sandboxKubernetes } from '../../src/rehearsal/sandboxEnvironment';
import { sandboxSeed } from '../../src/rehearsal/sandboxSeed';
import { providerInstallation } from '../../src/runners/terraformInstallation';
import { type Sandbox, startSandbox } from '../../src/sandbox/startSandbox';

/** A run of podlift. */
export interface PodliftRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder with an inventory, as a team has it, and a sandbox to which its commands go. */
export interface EngineProject {
  readonly sandbox: Sandbox;
  readonly folder: string;
  /** The folder of the states. */
  readonly states: string;
  /** What podlift and Terraform run with. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Writes the inventory. */
  write(inventory: string): void;
  /** Runs podlift with the real Terraform. `onStart` gets the process. */
  podlift(words: readonly string[], more?: RunOptions): Promise<PodliftRun>;
  /** Copies the inventory into a folder elsewhere, as another clone has it. */
  clone(name: string): string;
  close(): Promise<void>;
}

interface RunOptions {
  /** Default: the folder of the project. */
  readonly cwd?: string;
  /** Called every 50 ms with the id of the process, until it gives true. */
  readonly watch?: (pid: number) => boolean;
}

/** Starts a sandbox for the inventory; accounts and clusters stay as this first text has them. */
export async function engineProject(inventory: string): Promise<EngineProject> {
  const home = mkdtempSync(join(tmpdir(), 'podlift-engine-'));
  const folder = join(home, 'project');
  const states = join(home, 'states');
  mkdirSync(folder);
  mkdirSync(states);
  const file = join(folder, 'inventory.yaml');
  writeFileSync(file, inventory);
  const { inventory: loaded, blueprints, findings } = examine(file);
  if (loaded === undefined) throw new Error(JSON.stringify(findings, null, 2));
  const sandbox = await startSandbox({ seed: sandboxSeed(loaded, blueprints) });
  const { environment } = await providerInstallation(home);
  const kubernetes = sandboxKubernetes(sandbox, loaded, home);
  const variables = { ...sandboxEnvironment(sandbox, environment, states), ...kubernetes, NO_COLOR: '1' };
  return {
    sandbox,
    folder,
    states,
    environment: variables,
    write: (text) => {
      writeFileSync(file, text);
    },
    podlift: (words, { cwd = folder, watch = () => true } = {}) =>
      new Promise((done, reject) => {
        const child = spawn(process.execPath, [resolve('src/cli/podlift.js'), ...words], {
          cwd,
          env: variables,
          stdio: ['ignore', 'pipe', 'pipe'],
        });
        const timer = setInterval(() => {
          if (watch(child.pid ?? 0)) clearInterval(timer);
        }, 50);
        let stdout = '';
        let stderr = '';
        child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
        child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
        child.on('error', reject);
        child.on('close', (status) => {
          clearInterval(timer);
          done({ status, stdout, stderr });
        });
      }),
    clone: (name) => {
      const copy = join(home, 'elsewhere', name);
      mkdirSync(copy, { recursive: true });
      cpSync(file, join(copy, 'inventory.yaml'));
      return copy;
    },
    close: async () => {
      await sandbox.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** The locks of Terraform on the states in a folder. */
export function locksIn(states: string): readonly string[] {
  return existsSync(states) ? readdirSync(states).filter((name) => name.endsWith('.lock.info')) : [];
}

/** The documents of `plan` and `apply`, as far as the tests read them. */
export interface EngineDocument {
  readonly approved?: boolean;
  readonly stacks: readonly {
    readonly stack: string;
    readonly result: string;
    readonly add?: number;
    readonly change?: number;
    readonly destroy?: number;
    readonly changes: readonly { readonly address: string; readonly action: string }[];
  }[];
  readonly losses: readonly { readonly kind: string; readonly action: string; readonly workload?: string }[];
  readonly others: readonly { readonly workload?: string }[];
}

/** The result of each stack: `dev-identity: applied`. */
export function results({ stdout }: PodliftRun): readonly string[] {
  return (JSON.parse(stdout) as EngineDocument).stacks.map(({ stack, result }) => `${stack}: ${result}`);
}
