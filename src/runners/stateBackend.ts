import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { stateBlock } from '../blueprint/stateBlock';
import { parseState, type StateContent } from '../blueprint/stateContent';
import type { StateLocation } from '../blueprint/stateLocation';
import { runTerraform, type TerraformRun } from './stackCommands';
import { findTerraform } from './terraformInstallation';

/** A state as text, and what podlift reads of it; both absent where the backend has none. */
export type ReadState =
  | { readonly ok: true; readonly text?: string; readonly content?: StateContent }
  | { readonly ok: false; readonly message: string };

/** A folder in which Terraform knows nothing but one backend: so it needs no provider, and reads and writes a state in seconds. */
export interface StateBackend {
  /** Reads the state. */
  readonly pull: () => Promise<ReadState>;
  /** Writes a state under Terraform's lock. Terraform refuses another lineage and an older serial. Gives Terraform's error, or nothing. */
  readonly push: (text: string) => Promise<string | undefined>;
  readonly close: () => void;
}

/**
 * Opens the backend of a state with the operator's Terraform and its credentials, as `terraform init` does. Never throws: a backend that cannot be
 * opened says so at the first use.
 * Source: https://developer.hashicorp.com/terraform/cli/commands/state/pull and …/push
 */
export async function openBackend(
  location: StateLocation,
  env: NodeJS.ProcessEnv = process.env,
): Promise<StateBackend> {
  const folder = mkdtempSync(join(tmpdir(), 'podlift-state-'));
  const close = () => {
    rmSync(folder, { recursive: true, force: true });
  };
  const terraform = await findTerraform(env);
  if ('missing' in terraform) return unusable(terraform.missing, close);
  writeFileSync(join(folder, 'backend.tf.json'), JSON.stringify(settingsOf(location)));
  // Terraform looks for providers here alone. The operator's own CLI configuration stays: it has the tokens of `terraform login`.
  const none = join(folder, 'none');
  mkdirSync(none);
  // The data folder of the stacks has their own record of a backend.
  const data = join(folder, '.terraform');
  const environment = { ...env, TF_DATA_DIR: data };
  const run = (...words: readonly string[]) =>
    runTerraform([...words], { binary: terraform.binary, folder, environment });
  const init = await run('init', '-no-color', '-input=false', `-plugin-dir=${none}`);
  // The init also looks for the providers of the resources in the state, after it has recorded the backend. Reading and writing a state needs none.
  if (init.exitCode !== 0 && !existsSync(join(data, 'terraform.tfstate'))) return unusable(messageOf(init), close);
  return {
    pull: async () => {
      const pulled = await run('state', 'pull');
      if (pulled.exitCode !== 0) return { ok: false, message: messageOf(pulled) };
      return read(pulled.stdout);
    },
    push: async (text) => {
      const file = join(folder, 'push.tfstate');
      writeFileSync(file, text, { mode: 0o600 });
      const pushed = await run('state', 'push', file);
      rmSync(file, { force: true });
      return pushed.exitCode === 0 ? undefined : messageOf(pushed);
    },
    close,
  };
}

/** Reads the state of each stack: a local file as it is, another backend through Terraform. `onProgress`: before each. Never throws. */
export async function readStates(
  locations: ReadonlyMap<string, StateLocation>,
  {
    env = process.env,
    onProgress = () => undefined,
  }: { readonly env?: NodeJS.ProcessEnv; readonly onProgress?: (stack: string) => void } = {},
): Promise<ReadonlyMap<string, ReadState>> {
  const states = new Map<string, ReadState>();
  for (const [stack, location] of locations) {
    onProgress(stack);
    if (location.backend === 'local') {
      states.set(stack, readLocalState(location.path));
      continue;
    }
    const backend = await openBackend(location, env);
    states.set(stack, await backend.pull());
    backend.close();
  }
  return states;
}

/** A local state; Terraform needs no lock to read it. */
function readLocalState(path: string): ReadState {
  try {
    return read(readFileSync(path, 'utf8'));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? { ok: true } : { ok: false, message: `${path} cannot be read: ${message}` };
  }
}

function read(text: string): ReadState {
  try {
    const content = parseState(text);
    return content === undefined ? { ok: true } : { ok: true, text, content };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

/** The settings of Terraform with the block of a location alone. */
function settingsOf(location: StateLocation): object {
  const here = location.backend === 'local' ? { ...location, path: resolve(location.path) } : location;
  const { type, arguments: block } = stateBlock(here);
  return { terraform: type === 'cloud' ? { cloud: block } : { backend: { [type]: block } } };
}

function unusable(message: string, close: () => void): StateBackend {
  return {
    pull: () => Promise.resolve({ ok: false, message }),
    push: () => Promise.resolve(message),
    close,
  };
}

/** Terraform's first error, in one line. */
function messageOf({ stderr, stdout, exitCode }: TerraformRun): string {
  const lines = stripVTControlCharacters(`${stderr}\n${stdout}`)
    .split('\n')
    .map((line) => line.replace(/^[│╷╵\s]+/, '').trim());
  const start = lines.findIndex((line) => line.startsWith('Error:'));
  const text = lines.slice(Math.max(0, start)).filter((line) => line !== '');
  return text.slice(0, 4).join(' ') || `terraform ended with ${exitCode}`;
}
