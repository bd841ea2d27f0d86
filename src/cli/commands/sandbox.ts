import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Inventory } from '../../inventory/Inventory';
import { inventoryFile } from '../../inventory/inventoryFile';
import { shellWord } from '../../inventory/shellWord';
import { listed } from '../../inventory/suggest';
import { parseExistingEstate, readExistingEstate } from '../../rehearsal/existingEstate/readExistingEstate';
import { seedOfEstate } from '../../rehearsal/existingEstate/seedOfEstate';
import { sandboxEnvironment, sandboxKubernetes, SEEN_TIMING } from '../../rehearsal/sandboxEnvironment';
import { sandboxSeed } from '../../rehearsal/sandboxSeed';
import { providerInstallation } from '../../runners/terraformInstallation';
import type { SandboxSeed } from '../../sandbox/Seed';
import { startSandbox } from '../../sandbox/startSandbox';
import { type Examined, requireInventory } from '../examine';
import { EXIT } from '../exit';
import { saveAtEnd } from '../saveAtEnd';
import { print, printError, printToStderr } from '../output';
import { sandboxWorld, savedEstate } from '../sandboxWorld';

interface SandboxCommandOptions {
  /** Start with an empty AWS, or with that of `estate`. */
  readonly fresh: boolean;
  /** The file of the estate with which the AWS begins. */
  readonly estate?: string;
}

/**
 * `podlift sandbox [--estate FILE] [-- command…]`: starts the embedded AWS with the inventory's accounts and clusters, or with an existing estate,
 * runs the command against it and stops. Gives the command's exit code; without a command the sandbox runs until it is interrupted. Keeps the AWS
 * beside the Terraform states for the next run; `fresh` begins again.
 */
export async function sandbox(command: readonly string[], options: SandboxCommandOptions): Promise<number> {
  const { fresh } = options;
  const named = options.estate === undefined ? undefined : readExistingEstate(options.estate);
  if (named !== undefined && 'findings' in named) {
    printToStderr(named.findings);
    return EXIT.findings;
  }
  const begun = named?.text ?? (fresh ? undefined : savedEstate(inventoryFile()));
  const examined = begun !== undefined && isWithoutInventory() ? NO_INVENTORY : requireInventory();
  if (examined === undefined) return EXIT.findings;
  const { file, inventory, blueprints } = examined;

  const world = sandboxWorld(file, fresh, named?.text);
  const saved = world.saved();
  const estate =
    world.estate === undefined ? undefined : parseExistingEstate(world.estate, join(world.folder, 'estate.yaml'));
  if (estate !== undefined && 'findings' in estate) {
    printToStderr(estate.findings);
    return EXIT.findings;
  }
  const installation = await providerInstallation(world.folder);
  const seed =
    estate === undefined ? sandboxSeed(inventory, blueprints) : seedOfEstate(estate.estate, inventory, saved.world);
  const running = await startSandbox({ seed, ...SEEN_TIMING, ...saved });
  const saveLast = saveAtEnd({
    text: running.save,
    save: (text) => {
      world.save(text);
    },
    keep: (text) => {
      world.keep(text);
    },
  });
  const kubernetes = sandboxKubernetes(
    running,
    inventory,
    world.folder,
    estate === undefined ? undefined : seed.clusters,
  );
  const environment = sandboxEnvironment(running, { ...installation.environment, ...kubernetes }, world.folder);
  printError(
    `podlift sandbox: AWS at ${running.endpoint}, providers from ${installation.source}, state in ${world.shown}`,
  );
  printError(`podlift sandbox: ${identityLine(running.accessKeyId(), accountsOf(inventory, seed))}`);
  try {
    return command.length > 0 ? await runCommand(command, environment) : await untilInterrupted(environment);
  } finally {
    // A second signal ends the process at once; and a client can still change something until the server has stopped.
    world.save(running.save());
    await running.stop();
    saveLast();
  }
}

/** An estate needs no inventory, unless the environment names one. */
function isWithoutInventory(): boolean {
  return (process.env.PODLIFT_INVENTORY ?? '') === '' && !existsSync(inventoryFile());
}

const NO_INVENTORY = {
  file: 'inventory.yaml',
  inventory: { accounts: [], waves: [], environments: [] },
  blueprints: [],
} satisfies Pick<Examined, 'file' | 'inventory' | 'blueprints'>;

/** The accounts of the inventory by key, then the others of the seed. */
function accountsOf({ accounts }: Inventory, seed: SandboxSeed): NamedAccount[] {
  const known = new Set(accounts.map(({ id }) => id));
  const others = (seed.accounts ?? []).filter((id) => !known.has(id));
  return [...accounts.map(({ id, key }) => ({ id, key })), ...others.map((id) => ({ id }))];
}

interface NamedAccount {
  readonly id: string;
  /** Its key in the inventory. */
  readonly key?: string;
}

/** The account of the command's credentials, and how to use another one. */
function identityLine(ambient: string, accounts: readonly NamedAccount[]): string {
  const named = accounts.find(({ id }) => id === ambient)?.key;
  const others = accounts
    .filter(({ id }) => id !== ambient)
    .map(({ key, id }) => (key === undefined ? id : `${id} ${key}`));
  const own = `you are administrator of account ${ambient}${named === undefined ? ', which is not in the inventory' : ` (${named})`}`;
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
