import { spawn } from 'node:child_process';
import { shellWord } from '../../inventory/shellWord';
import type { Account } from '../../inventory/Inventory';
import { listed } from '../../inventory/suggest';
import { sandboxEnvironment, sandboxKubernetes, SEEN_TIMING } from '../../rehearsal/sandboxEnvironment';
import { sandboxSeed } from '../../rehearsal/sandboxSeed';
import { providerInstallation } from '../../runners/terraformInstallation';
import { startSandbox } from '../../sandbox/startSandbox';
import { requireInventory } from '../examine';
import { EXIT } from '../exit';
import { saveAtEnd } from '../saveAtEnd';
import { sandboxWorld } from '../sandboxWorld';
import { print, printError } from '../output';

/**
 * `podlift sandbox [-- command…]`: starts the embedded AWS with the inventory's accounts and clusters, runs the command against it and stops.
 * Gives the command's exit code; without a command the sandbox runs until it is interrupted. Keeps the AWS beside the Terraform states for the
 * next run; `fresh` starts with an empty AWS.
 */
export async function sandbox(command: readonly string[], { fresh }: { fresh: boolean }): Promise<number> {
  const examined = requireInventory();
  if (examined === undefined) return EXIT.findings;
  const { file, inventory, blueprints } = examined;

  const world = sandboxWorld(file, fresh);
  const saved = world.saved();
  const installation = await providerInstallation(world.folder);
  const running = await startSandbox({ seed: sandboxSeed(inventory, blueprints), ...SEEN_TIMING, ...saved });
  const saveLast = saveAtEnd({
    text: running.save,
    save: (text) => {
      world.save(text);
    },
    keep: (text) => {
      world.keep(text);
    },
  });
  const kubernetes = sandboxKubernetes(running, inventory, world.folder);
  const environment = sandboxEnvironment(running, { ...installation.environment, ...kubernetes }, world.folder);
  printError(
    `podlift sandbox: AWS at ${running.endpoint}, providers from ${installation.source}, state in ${world.shown}`,
  );
  printError(`podlift sandbox: ${identityLine(running.accessKeyId(), inventory.accounts)}`);
  try {
    return command.length > 0 ? await runCommand(command, environment) : await untilInterrupted(environment);
  } finally {
    // A second signal ends the process at once; and a client can still change something until the server has stopped.
    world.save(running.save());
    await running.stop();
    saveLast();
  }
}

/** The account of the command's credentials, and how to use another one. */
function identityLine(ambient: string, accounts: readonly Account[]): string {
  const named = accounts.find(({ id }) => id === ambient);
  const others = accounts.filter(({ id }) => id !== ambient).map(({ key, id }) => `${id} ${key}`);
  const own = `you are administrator of account ${ambient}${named === undefined ? ', which is not in the inventory' : ` (${named.key})`}`;
  return others.length === 0
    ? own
    : `${own}. For another account, set AWS_ACCESS_KEY_ID to its id: ${listed(others, 6)}`;
}

async function runCommand([name = '', ...arguments_]: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(name, arguments_, { env, stdio: 'inherit' });
    // The terminal sends its signals to the child too; podlift waits, so that the sandbox stops after the child.
    const forward = (signal: NodeJS.Signals) => child.kill(signal);
    const hold = () => undefined;
    process.on('SIGINT', hold);
    process.on('SIGTERM', forward);
    process.on('SIGHUP', forward);
    const done = (code: number) => {
      process.off('SIGINT', hold);
      process.off('SIGTERM', forward);
      process.off('SIGHUP', forward);
      resolve(code);
    };
    child.on('error', (error: NodeJS.ErrnoException) => {
      printError(
        error.code === 'ENOENT'
          ? `podlift sandbox: there is no command "${name}" on PATH`
          : `podlift sandbox: "${name}" cannot be run: ${error.message}`,
      );
      done(EXIT.usage);
    });
    child.on('close', (code, signal) => {
      done(code ?? (signal === 'SIGINT' ? 130 : 143));
    });
  });
}

async function untilInterrupted(environment: Record<string, string | undefined>): Promise<number> {
  const changed = Object.entries(environment).filter(([name, value]) => process.env[name] !== value);
  for (const [name, value] of changed) print(`export ${name}=${shellWord(value ?? '')}`);
  printError('podlift sandbox: paste these lines into another shell; stop with Ctrl-C');
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
    process.once('SIGHUP', resolve);
  });
  return EXIT.ok;
}
