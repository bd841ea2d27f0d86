import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProviderMirror, type ProviderMirror } from './findProviderMirror';

const REGISTRY = 'https://registry.terraform.io/.well-known/terraform.json';
const PATIENCE_MS = 3000;

/** Where Terraform takes its providers from, as environment variables, with a sentence for people. */
export interface ProviderInstallation {
  readonly environment: Readonly<Record<string, string>>;
  readonly source: string;
}

/**
 * Settles where Terraform takes its providers from: the operator's own CLI configuration where there is one, the registry where
 * it can be reached, else a mirror on this machine, by a CLI configuration file that is written into `folder`.
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
  writeFileSync(file, cliConfiguration(mirror));
  return { environment: { TF_CLI_CONFIG_FILE: file }, source: `the provider mirror ${mirror.path}` };
}

async function registryAnswers(): Promise<boolean> {
  try {
    return (await fetch(REGISTRY, { signal: AbortSignal.timeout(PATIENCE_MS) })).ok;
  } catch {
    return false;
  }
}

/** What the mirror lacks is still asked of the registry, so that the error names the registry and not the mirror. */
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
