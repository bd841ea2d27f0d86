import { spawn } from 'node:child_process';
import { formatFindings } from '../../inventory/formatFindings';
import type { Account } from '../../inventory/Inventory';
import { listed } from '../../inventory/suggest';
import { hasErrors } from '../../inventory/hasErrors';
import { providerInstallation } from '../../runners/terraformInstallation';
import { startSandbox } from '../../sandbox/startSandbox';
import { colourWanted } from '../colourWanted';
import { examine } from '../examine';
import { EXIT } from '../exitCodes';
import { sandboxEnvironment } from '../sandboxEnvironment';
import { sandboxKubernetes } from '../sandboxKubernetes';
import { sandboxSeed } from '../sandboxSeed';
import { SEEN_TIMING } from '../sandboxTiming';
import { sandboxWorld } from '../sandboxWorld';

/**
 * `podlift sandbox [-- command…]`: starts the embedded AWS with the inventory's accounts and clusters, runs the command in it
 * and stops. Gives the command's exit code; without a command the sandbox runs until it is interrupted.
 * What the command leaves in AWS is kept beside its Terraform states for the next run, unless `fresh` asks for an empty AWS.
 */
export async function sandbox(command: readonly string[], { fresh }: { fresh: boolean }): Promise<number> {
  const { file, inventory, blueprints, findings } = examine();
  if (findings.length > 0) console.error(formatFindings(findings, 'text', colourWanted(process.stderr)));
  if (inventory === undefined || hasErrors(findings)) return EXIT.findings;

  const world = sandboxWorld(file, fresh);
  const saved = world.saved();
  const installation = await providerInstallation(world.folder);
  const running = await startSandbox({ seed: sandboxSeed(inventory, blueprints), ...SEEN_TIMING, ...saved });
  const kubernetes = sandboxKubernetes(running, inventory, world.folder);
  const environment = sandboxEnvironment(running, { ...installation.environment, ...kubernetes }, world.folder);
  console.error(
    `podlift sandbox: AWS at ${running.endpoint}, providers from ${installation.source}, state in ${world.shown}`,
  );
  console.error(`podlift sandbox: ${identityLine(running.accessKeyId(), inventory.accounts)}`);
  try {
    return command.length > 0 ? await runCommand(command, environment) : await untilInterrupted(environment);
  } finally {
    world.keep(running.save());
    await running.stop();
  }
}

/** Whose administrator the command is, and how it becomes another's. */
function identityLine(ambient: string, accounts: readonly Account[]): string {
  const named = accounts.find(({ id }) => id === ambient);
  const others = accounts.filter(({ id }) => id !== ambient).map(({ key, id }) => `${id} ${key}`);
  const own = `you are administrator of ${ambient}${named === undefined ? ', an account of its own' : ` (${named.key})`}`;
  return others.length === 0 ? own : `${own}; set AWS_ACCESS_KEY_ID to be another's: ${listed(others, 6)}`;
}

async function runCommand([name = '', ...arguments_]: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(name, arguments_, { env, stdio: 'inherit' });
    // The terminal sends its signals to the child too; podlift only waits, so that the sandbox outlives what talks to it.
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
      console.error(
        error.code === 'ENOENT'
          ? `podlift sandbox: "${name}" is not a command that can be found on PATH`
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
  const ours = Object.entries(environment).filter(([name, value]) => process.env[name] !== value);
  for (const [name, value] of ours) console.log(`export ${name}=${shellQuoted(value ?? '')}`);
  console.error('podlift sandbox: put these into another shell; interrupt (Ctrl-C) to stop');
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  return EXIT.ok;
}

function shellQuoted(value: string): string {
  return `'${value.replaceAll("'", String.raw`'\''`)}'`;
}
