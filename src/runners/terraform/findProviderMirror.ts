import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** A folder that holds providers as `registry.terraform.io/<namespace>/<type>/…`. */
export interface ProviderMirror {
  readonly path: string;
  /** `registry.terraform.io/hashicorp/aws`, … */
  readonly providers: readonly string[];
}

const HOST = 'registry.terraform.io';

/** Folders below which system packages put mirrors, each under a name of its own. */
const PARENTS = ['/opt', '/usr/share', '/usr/local/share'];

/**
 * Finds a filesystem mirror with the AWS provider: in Terraform's own implied folders, or one level below /opt, /usr/share and
 * /usr/local/share. Gives nothing where there is none.
 * Source: https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories
 */
export function findProviderMirror(env: NodeJS.ProcessEnv = process.env): ProviderMirror | undefined {
  const candidates = [
    ...impliedFolders(env),
    ...PARENTS.flatMap((parent) => list(parent).map((name) => join(parent, name))),
  ];
  return candidates
    .filter((path) => existsSync(join(path, HOST, 'hashicorp', 'aws')))
    .map((path) => ({ path, providers: providersIn(path) }))[0];
}

function impliedFolders(env: NodeJS.ProcessEnv): string[] {
  const home = env.HOME ?? homedir();
  const data = env.XDG_DATA_HOME ?? join(home, '.local', 'share');
  const dataFolders = (env.XDG_DATA_DIRS ?? '/usr/local/share:/usr/share').split(':').filter((folder) => folder !== '');
  return [
    join(home, '.terraform.d', 'plugins'),
    join(home, 'Library', 'Application Support', 'io.terraform', 'plugins'),
    join(data, 'terraform', 'plugins'),
    ...dataFolders.map((folder) => join(folder, 'terraform', 'plugins')),
  ];
}

function providersIn(path: string): string[] {
  return list(join(path, HOST)).flatMap((namespace) =>
    list(join(path, HOST, namespace)).map((type) => `${HOST}/${namespace}/${type}`),
  );
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
