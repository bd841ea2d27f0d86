import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { initialise } from '../../src/runners/stackCommands';
import { findProviderMirror } from '../../src/runners/terraformInstallation';

const PROVIDERS = resolve('src/runners/providers');
const PACKAGE = 'registry.terraform.io/hashicorp/aws';
const [PLATFORM, ...OTHERS] = ['linux_amd64', 'darwin_arm64', 'windows_amd64'];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'podlift-lock-'));
  mkdirSync(join(folder, 'stack'));
  cpSync(join(PROVIDERS, 'versions.tf.json'), join(folder, 'stack', 'versions.tf.json'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Initialises a stack with a mirror of one version, which has the content of a folder. */
async function initialiseFrom(version: string, content: string, variables: Record<string, string> = {}) {
  const mirror = join(folder, 'mirror');
  mkdirSync(join(mirror, PACKAGE, version), { recursive: true });
  symlinkSync(content, join(mirror, PACKAGE, version, PLATFORM));
  const configuration = join(folder, 'terraform.rc');
  writeFileSync(
    configuration,
    `provider_installation {\n  filesystem_mirror { path = ${JSON.stringify(mirror)} }\n}\n`,
  );
  const environment = { ...process.env, TF_CLI_CONFIG_FILE: configuration, ...variables };
  await initialise({ binary: 'terraform', folder: join(folder, 'stack'), environment });
}

/** The AWS provider of this machine. */
const real = () => join(findProviderMirror()!.path, PACKAGE, '5.100.0', PLATFORM);

/** A program with the provider's name. */
function forged(): string {
  const content = join(folder, 'forged');
  mkdirSync(content);
  writeFileSync(join(content, 'terraform-provider-aws_v5.100.0_x5'), '#!/bin/sh\n', { mode: 0o755 });
  return content;
}

describe('terraform init on the sandbox', () => {
  it('installs the locked provider from a mirror, and the lock file stays as it is', async () => {
    await initialiseFrom('5.100.0', real());
    const [own, used] = [PROVIDERS, join(folder, 'stack')].map((at) =>
      readFileSync(join(at, '.terraform.lock.hcl'), 'utf8'),
    );
    expect(used).toBe(own);
  });

  it('refuses a provider with other content', async () => {
    await expect(initialiseFrom('5.100.0', forged())).rejects.toThrow(/doesn't match any of the\s+checksums/);
    expect(existsSync(join(folder, 'stack', '.terraform', 'providers', PACKAGE, '5.100.0', PLATFORM))).toBe(false);
  });

  it('refuses another version, and names the variable for another lock file', async () => {
    await expect(initialiseFrom('5.101.0', forged())).rejects.toThrow('PODLIFT_PROVIDER_LOCK');
  });

  it('uses the lock file in PODLIFT_PROVIDER_LOCK', async () => {
    const own = join(folder, 'own.hcl');
    writeFileSync(own, `provider "${PACKAGE}" {\n  version = "5.101.0"\n}\n`);
    await initialiseFrom('5.101.0', forged(), { PODLIFT_PROVIDER_LOCK: own });
    expect(readFileSync(join(folder, 'stack', '.terraform.lock.hcl'), 'utf8')).toContain('"5.101.0"');
    await expect(
      initialise({
        binary: 'terraform',
        folder: join(folder, 'mirror'),
        environment: { PODLIFT_PROVIDER_LOCK: join(folder, 'none') },
      }),
    ).rejects.toThrow('there is no file');
  });

  it('locks each package of the registry, and the unpacked packages of the common platforms', () => {
    const lock = readFileSync(join(PROVIDERS, '.terraform.lock.hcl'), 'utf8');
    expect(lock.match(/"zh:[0-9a-f]{64}"/g)).toHaveLength(15);
    expect(lock.match(/"h1:[A-Za-z0-9+/]{43}="/g)).toHaveLength([PLATFORM, ...OTHERS].length);
  });
});
