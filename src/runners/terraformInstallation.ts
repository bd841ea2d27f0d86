import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { linkForOpenTofu, OPENTOFU_HOST, providersIn, TERRAFORM_HOST } from './openTofuMirror';
import { writePrivateFile } from './privateFiles';

/** The Terraform (or OpenTofu) of this machine. */
export interface Terraform {
  readonly binary: string;
  readonly version: string;
  /** Absent: Terraform. */
  readonly product?: 'OpenTofu';
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
  return { binary, version, ...((await isOpenTofu(binary, env)) && { product: 'OpenTofu' as const }) };
}

/** OpenTofu's JSON calls its version `terraform_version`: only the text has its name. Source: opentofu/opentofu internal/command/version.go */
async function isOpenTofu(binary: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  try {
    const { stdout } = await promisify(execFile)(binary, ['version'], { env: { ...env, CHECKPOINT_DISABLE: '1' } });
    return /^OpenTofu v/m.test(stdout);
  } catch {
    return false;
  }
}

function versionOf(output: string): string | undefined {
  try {
    // OpenTofu prints its warnings before: of a CLI configuration file that is not there.
    const parsed = JSON.parse(output.slice(output.indexOf('{'))) as { terraform_version?: unknown };
    return typeof parsed.terraform_version === 'string' ? parsed.terraform_version : undefined;
  } catch {
    return undefined;
  }
}

const REGISTRY_TIMEOUT_MS = 3000;

/** Where Terraform takes its providers from, as environment variables, with a sentence for people. */
export interface ProviderInstallation {
  readonly environment: Readonly<Record<string, string>>;
  readonly source: string;
}

/**
 * Decides where Terraform takes its providers from: the operator's own CLI configuration if there is one, the registry if it answers, else
 * a mirror on this machine, by a CLI configuration file that is written into `folder`. OpenTofu finds the providers of Terraform's mirror too, as links in `folder`.
 */
export async function providerInstallation(
  folder: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<ProviderInstallation> {
  const own = env.TF_CLI_CONFIG_FILE;
  if (own !== undefined && existsSync(own)) return { environment: {}, source: `as ${own} says` };
  const found = await findTerraform(env);
  const product = 'missing' in found ? 'Terraform' : (found.product ?? 'Terraform');
  if (await registryAnswers(product === 'OpenTofu' ? OPENTOFU_HOST : TERRAFORM_HOST))
    return { environment: {}, source: `the ${product} registry` };
  const mirror = findProviderMirror(env);
  if (mirror === undefined)
    return {
      environment: {},
      source: `the ${product} registry (it does not answer, and no provider mirror was found)`,
    };
  const ownOpenTofu = providersIn(mirror.path, OPENTOFU_HOST).includes(`${OPENTOFU_HOST}/hashicorp/aws`);
  const linked = join(folder, 'opentofu-providers');
  if (!ownOpenTofu) linkForOpenTofu(mirror.path, linked);
  const openTofu = ownOpenTofu ? mirror.path : linked;
  const file = join(folder, 'terraform.rc');
  writePrivateFile(
    file,
    cliConfiguration([mirror, { path: openTofu, providers: providersIn(openTofu, OPENTOFU_HOST) }]),
  );
  const environment = { TF_CLI_CONFIG_FILE: file };
  const source = `the provider mirror ${mirror.path}`;
  if (product !== 'OpenTofu' || ownOpenTofu || (env.PODLIFT_PROVIDER_LOCK ?? '') !== '') return { environment, source };
  const lock = join(folder, 'opentofu.lock.hcl');
  writePrivateFile(lock, readFileSync(OWN_LOCK, 'utf8').replaceAll(TERRAFORM_HOST, OPENTOFU_HOST));
  return { environment: { ...environment, PODLIFT_PROVIDER_LOCK: lock }, source };
}

/**
 * The AWS provider that podlift applies: its version, and the checksums of its packages for all platforms. OpenTofu takes the version for its own registry, without
 * the checksums, since its packages are other builds. The linked packages are those of Terraform's registry: a lock file for OpenTofu then has the same checksums.
 * Source: opentofu/opentofu internal/depsfile/locks.go (UpgradeFromPredecessorProject)
 */
export const OWN_LOCK = join(__dirname, 'providers', '.terraform.lock.hcl');

async function registryAnswers(host: string): Promise<boolean> {
  try {
    const { ok } = await fetch(`https://${host}/.well-known/terraform.json`, {
      signal: AbortSignal.timeout(REGISTRY_TIMEOUT_MS),
    });
    return ok;
  } catch {
    return false;
  }
}

/** Providers that the mirrors lack still come from the registry, so that an error names the registry and not a mirror. */
function cliConfiguration(mirrors: readonly ProviderMirror[]): string {
  const blocks = mirrors.map(
    ({ path, providers }) => `  filesystem_mirror {
    path    = ${JSON.stringify(path)}
    include = ${JSON.stringify(providers)}
  }
`,
  );
  return `disable_checkpoint = true

provider_installation {
${blocks.join('')}  direct {
    exclude = ${JSON.stringify(mirrors.flatMap(({ providers }) => providers))}
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
    .filter((path) => existsSync(join(path, TERRAFORM_HOST, 'hashicorp', 'aws')))
    .map((path) => ({ path, providers: providersIn(path, TERRAFORM_HOST) }))[0];
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

function list(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
