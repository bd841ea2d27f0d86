import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
