import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Blueprint } from '../../src/blueprint/Blueprint';
import { examine } from '../../src/cli/examine';
import { applyServiceAccounts, type ProviderState } from '../../src/rehearsal/applyServiceAccounts';
import { sandboxEnvironment } from '../../src/rehearsal/sandboxEnvironment';
import { sandboxSeed } from '../../src/rehearsal/sandboxSeed';
import { findTerraform } from '../../src/runners/terraformInstallation';
import { providerInstallation } from '../../src/runners/terraformInstallation';
import type { TerraformOptions } from '../../src/runners/stackCommands';
import type { SandboxSeed } from '../../src/sandbox/Seed';
import { type Sandbox, startSandbox } from '../../src/sandbox/startSandbox';

/** A folder with an inventory, the roots that podlift writes from it, and a sandbox for the real Terraform. */
export interface TerraformProject {
  readonly sandbox: Sandbox;
  /** The inventory's file. */
  readonly file: string;
  /** What an operator's commands run with: AWS and the clusters are the sandbox's. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Writes the inventory and synthesises it, as `podlift synth` does. */
  synth(inventory: string): readonly Blueprint[];
  /** Applies the service accounts: Terraform's by its provider's requests, the others as by hand. */
  serviceAccounts(blueprints: readonly Blueprint[]): Promise<void>;
  stack(name: string): TerraformOptions;
  close(): Promise<void>;
}

/** Starts a sandbox for the inventory; accounts and clusters stay as this first text has them, or as `seed` says. */
export async function terraformProject(inventory: string, seed?: SandboxSeed): Promise<TerraformProject> {
  const terraform = await findTerraform();
  if ('missing' in terraform) throw new Error(terraform.missing);
  const folder = mkdtempSync(join(tmpdir(), 'podlift-e2e-'));
  const file = join(folder, 'inventory.yaml');
  const roots = join(folder, 'roots');

  const examined = (text: string) => {
    writeFileSync(file, text);
    const result = examine(file);
    if (result.inventory === undefined) throw new Error(JSON.stringify(result.findings, null, 2));
    return { inventory: result.inventory, blueprints: result.blueprints };
  };
  const first = examined(inventory);
  const sandbox = await startSandbox({ seed: seed ?? sandboxSeed(first.inventory, first.blueprints) });
  const { environment: installation } = await providerInstallation(folder);
  const environment = sandboxEnvironment(sandbox, installation, folder);

  const states = new Map<string, ProviderState>();
  return {
    sandbox,
    file,
    environment: { ...environment, PODLIFT_INVENTORY: file, CDKTF_OUTDIR: join(folder, 'cdktf.out') },
    synth: (text) => {
      const { blueprints } = examined(text);
      execFileSync(process.execPath, ['src/cli/podlift.js', 'synth', '--out', roots], {
        env: { ...environment, PODLIFT_INVENTORY: file },
        stdio: 'pipe',
      });
      return blueprints;
    },
    serviceAccounts: async (blueprints) => {
      for (const blueprint of blueprints)
        await applyServiceAccounts({ kubernetes: sandbox.kubernetes, roots, states }, blueprint);
    },
    stack: (name) => ({ binary: terraform.binary, folder: join(roots, name), environment }),
    close: async () => {
      await sandbox.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
