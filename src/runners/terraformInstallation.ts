import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writePrivateFile } from './privateFiles';

/** The Terraform (or OpenTofu) of this machine. */
export interface Terraform {
  readonly binary: string;
  readonly version: string;
}

/** 1.10 brought the S3 backend's native lock file; import blocks came with 1.5. */
const OLDEST = [1, 10] as const;

/**
 * Finds the binary that `TERRAFORM_BINARY_NAME` names, `terraform` by default, as cdktf does. `missing` is one line that says what to
 * install when the binary cannot be run or is too old.
 */
export async function findTerraform(env: NodeJS.ProcessEnv = process.env): Promise<Terraform | { missing: string }> {
  const binary = env.TERRAFORM_BINARY_NAME ?? 'terraform';
  const install = `Install Terraform ${OLDEST.join('.')} or later (https://developer.hashicorp.com/terraform/install) and put it on PATH, or name another binary in TERRAFORM_BINARY_NAME.`;
  let output: string;
  try {
    const { stdout } = await promisify(execFile)(binary, ['version', '-json'], { env });
    output = stdout;
  } catch {
    return { missing: `"${binary}" cannot be run. ${install}` };
  }
  const version = versionOf(output);
  if (version === undefined) return { missing: `"${binary} version -json" printed no version. ${install}` };
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]))
    return { missing: `"${binary}" is ${version}, which is too old. ${install}` };
  return { binary, version };
}

function versionOf(output: string): string | undefined {
  try {
    const parsed = JSON.parse(output) as { terraform_version?: unknown };
    return typeof parsed.terraform_version === 'string' ? parsed.terraform_version : undefined;
  } catch {
    return undefined;
  }
}

const REGISTRY = 'https://registry.terraform.io/.well-known/terraform.json';
const REGISTRY_TIMEOUT_MS = 3000;

/** Where Terraform takes its providers from, as environment variables, with a sentence for people. */
export interface ProviderInstallation {
  readonly environment: Readonly<Record<string, string>>;
  readonly source: string;
}

/**
 * Decides where Terraform takes its providers from: the operator's own CLI configuration if there is one, the registry if it answers, else
 * a mirror on this machine, by a CLI configuration file that is written into `folder`.
 */
export async function providerInstallation(
  folder: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<ProviderInstallation> {
  const own = env.TF_CLI_CONFIG_FILE;
  if (own !== undefined && existsSync(own)) return { environment: {}, source: `as ${own} says` };
  if (await registryAnswers()) return { environment: {}, source: 'the Terraform registry' };
  const mirror = findProviderMirror(env);
  if (mirror === undefined)
    return { environment: {}, source: 'the Terraform registry (it does not answer, and no provider mirror was found)' };
  const file = join(folder, 'terraform.rc');
  writePrivateFile(file, cliConfiguration(mirror));
  return { environment: { TF_CLI_CONFIG_FILE: file }, source: `the provider mirror ${mirror.path}` };
}

async function registryAnswers(): Promise<boolean> {
  try {
    return (await fetch(REGISTRY, { signal: AbortSignal.timeout(REGISTRY_TIMEOUT_MS) })).ok;
  } catch {
    return false;
  }
}

/** Providers that the mirror lacks still come from the registry, so that an error names the registry and not the mirror. */
function cliConfiguration({ path, providers }: ProviderMirror): string {
  const names = JSON.stringify(providers);
  return `disable_checkpoint = true

provider_installation {
  filesystem_mirror {
    path    = ${JSON.stringify(path)}
    include = ${names}
  }
  direct {
    exclude = ${names}
  }
}
`;
}

/** A folder with providers as `registry.terraform.io/<namespace>/<type>/…`. */
export interface ProviderMirror {
  readonly path: string;
  /** `registry.terraform.io/hashicorp/aws`, … */
  readonly providers: readonly string[];
}

const HOST = 'registry.terraform.io';

/** System packages put mirrors into folders below these. */
const PARENTS = ['/opt', '/usr/share', '/usr/local/share'];

/**
 * Finds a filesystem mirror with the AWS provider: in Terraform's own implied folders, or one level below /opt, /usr/share and
 * /usr/local/share.
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
