import { lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linkForOpenTofu } from '../../src/runners/openTofuMirror';
import { findProviderMirror } from '../../src/runners/terraformInstallation';
import { findTerraform } from '../../src/runners/terraformInstallation';
import { providerInstallation } from '../../src/runners/terraformInstallation';
import { runTerraform } from '../../src/runners/stackCommands';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'podlift-terraform-'))));
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function script(text: string): string {
  const path = join(folder, 'terraform');
  writeFileSync(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  return path;
}

describe('looking for Terraform', () => {
  it('says in one line what to install when the binary is not there', async () => {
    const found = await findTerraform({ ...process.env, TERRAFORM_BINARY_NAME: join(folder, 'none') });
    expect(found).toEqual({
      missing: expect.stringMatching(/none" cannot be run\. Install Terraform 1\.10 or later .*PATH/),
    });
    expect(JSON.stringify(found)).not.toContain('\\n');
  });

  it.each([
    ['1.9.8', /is 1\.9\.8, which is too old/],
    ['0.15.0', /too old/],
  ])('turns %s down', async (version, message) => {
    const binary = script(`echo '{"terraform_version":"${version}"}'`);
    expect(await findTerraform({ TERRAFORM_BINARY_NAME: binary })).toEqual({ missing: expect.stringMatching(message) });
  });

  it.each(['1.10.0', '1.11.4', '2.0.0'])('takes %s', async (version) => {
    const binary = script(`echo '{"terraform_version":"${version}"}'`);
    expect(await findTerraform({ TERRAFORM_BINARY_NAME: binary })).toEqual({ binary, version });
  });

  it('knows OpenTofu by the text of its version: its JSON does not have the name', async () => {
    const binary = script(
      'echo "Warning: no such file"; test "$2" = -json && echo \'{"terraform_version":"1.12.6"}\' || echo "OpenTofu v1.12.6"',
    );
    const found = await findTerraform({ ...process.env, TERRAFORM_BINARY_NAME: binary });
    expect(found).toEqual({ binary, version: '1.12.6', product: 'OpenTofu' });
  });

  it('turns down a binary that is something else', async () => {
    expect(await findTerraform({ TERRAFORM_BINARY_NAME: script('echo hello') })).toHaveProperty('missing');
  });
});

describe('looking for a provider mirror', () => {
  it('finds one in Terraform’s own plugin folder below HOME, with the providers that it holds', () => {
    const plugins = join(folder, '.terraform.d', 'plugins');
    mkdirSync(join(plugins, 'registry.terraform.io/hashicorp/aws/5.100.0'), { recursive: true });
    mkdirSync(join(plugins, 'registry.terraform.io/hashicorp/null/3.2.0'), { recursive: true });
    expect(findProviderMirror({ HOME: folder })).toEqual({
      path: plugins,
      providers: ['registry.terraform.io/hashicorp/aws', 'registry.terraform.io/hashicorp/null'],
    });
  });

  it('passes over a folder without the AWS provider', () => {
    mkdirSync(join(folder, '.terraform.d/plugins/registry.terraform.io/hashicorp/null'), { recursive: true });
    expect(findProviderMirror({ HOME: folder })?.path).not.toContain(folder);
  });
});

describe('a mirror of Terraform for OpenTofu', () => {
  const HASHICORP = 'registry.terraform.io/hashicorp';
  const ARCHIVE = 'terraform-provider-null_3.2.0_linux_amd64.zip';

  it('has each package below OpenTofu’s registry, by links in the places where OpenTofu follows them', () => {
    const mirror = join(folder, 'mirror');
    const unpacked = join(mirror, HASHICORP, 'aws/5.100.0/linux_amd64');
    mkdirSync(unpacked, { recursive: true });
    writeFileSync(join(unpacked, 'terraform-provider-aws'), 'binary');
    mkdirSync(join(mirror, HASHICORP, 'null'));
    writeFileSync(join(mirror, HASHICORP, 'null', ARCHIVE), 'archive');
    const linked = join(folder, 'linked');
    linkForOpenTofu(mirror, linked);
    linkForOpenTofu(mirror, linked);
    const own = join(linked, 'registry.opentofu.org/hashicorp');
    expect(readFileSync(join(own, 'aws/5.100.0/linux_amd64/terraform-provider-aws'), 'utf8')).toBe('binary');
    expect(readFileSync(join(own, 'null', ARCHIVE), 'utf8')).toBe('archive');
    const isLink = (...path: string[]) => lstatSync(join(own, ...path)).isSymbolicLink();
    expect(
      ['', 'aws', 'aws/5.100.0', 'aws/5.100.0/linux_amd64', join('null', ARCHIVE)].map((one) => isLink(one)),
    ).toEqual([...[false, false, false], ...[true, true]]);
  });

  it('is in the CLI configuration beside Terraform’s own, with a lock file that has the checksums of its packages', async () => {
    const plugins = join(folder, '.terraform.d', 'plugins');
    mkdirSync(join(plugins, HASHICORP, 'aws/5.100.0/linux_amd64'), { recursive: true });
    const binary = script('test "$2" = -json && echo \'{"terraform_version":"1.12.6"}\' || echo "OpenTofu v1.12.6"');
    const offline = jest.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('offline'));
    const env = { PATH: process.env.PATH, HOME: folder, TERRAFORM_BINARY_NAME: binary };
    const { environment, source } = await providerInstallation(folder, env);
    expect(offline.mock.calls.map(([url]) => url)).toEqual([
      'https://registry.opentofu.org/.well-known/terraform.json',
    ]);
    offline.mockRestore();
    expect(source).toBe(`the provider mirror ${plugins}`);
    const configuration = readFileSync(environment.TF_CLI_CONFIG_FILE!, 'utf8');
    for (const [path, host] of [
      [plugins, 'registry.terraform.io'],
      [join(folder, 'opentofu-providers'), 'registry.opentofu.org'],
    ])
      expect(configuration).toContain(`path    = "${path}"\n    include = ["${host}/hashicorp/aws"]`);
    const lock = readFileSync(environment.PODLIFT_PROVIDER_LOCK!, 'utf8');
    expect(lock).toContain('provider "registry.opentofu.org/hashicorp/aws"');
    expect(lock.match(/"h1:/g)?.length).toBeGreaterThan(0);
  });
});

describe('where providers come from', () => {
  it('is left to the operator’s own CLI configuration where there is one', async () => {
    const own = join(folder, 'own.rc');
    writeFileSync(own, '');
    expect(await providerInstallation(folder, { TF_CLI_CONFIG_FILE: own })).toEqual({
      environment: {},
      source: `as ${own} says`,
    });
  });
});

describe('a run of Terraform', () => {
  it('gives its exit code and output as data, and each line as it comes', async () => {
    const binary = script('printf "one\\ntwo\\n"; echo oops >&2; exit 3');
    const lines: string[] = [];
    const run = await runTerraform([], { binary, folder, environment: {}, onLine: (line) => lines.push(line) });
    expect(run).toEqual({ exitCode: 3, stdout: 'one\ntwo\n', stderr: 'oops\n' });
    expect(lines).toEqual(['one', 'two']);
  });
});
