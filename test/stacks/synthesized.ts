import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile } from '../../src/blueprint/compile';
import type { Environment } from '../../src/inventory/Inventory';
import { App } from '../../modules/cdktf';
import { addStacks } from '../../stacks/addStacks';
import type { Kubeconfig } from '../../stacks/kubeconfig';
import { inventoryOf } from '../blueprint/inventoryOf';

// The whole app is synthesised, never one stack: only then are references between stacks as they will be.

export interface SynthesizedStack {
  readonly terraform: Record<string, any>;
  readonly provider: Record<string, any[]>;
  readonly resource: Record<string, Record<string, any>>;
  readonly output: Record<string, any>;
  readonly import?: { to: string; id: string }[];
  readonly removed?: { from: string; lifecycle: object }[];
}

/** Stacks by name. */
export function synthesized(
  environments: Environment[],
  stateDirectory?: string,
  kubeconfigs: Kubeconfig = { files: [] },
): Record<string, SynthesizedStack> {
  const outdir = mkdtempSync(join(tmpdir(), 'podlift-synth-'));
  try {
    const app = new App({ outdir, stackTraces: false });
    const inventory = inventoryOf(...environments);
    for (const { key } of environments) addStacks(app, compile(inventory, key), kubeconfigs, stateDirectory);
    app.synth();
    const manifest = JSON.parse(readFileSync(join(outdir, 'manifest.json'), 'utf8')) as {
      stacks: Record<string, { synthesizedStackPath: string; dependencies: string[] }>;
    };
    return Object.fromEntries(
      Object.entries(manifest.stacks).map(([name, { synthesizedStackPath }]) => [
        name,
        JSON.parse(readFileSync(join(outdir, synthesizedStackPath), 'utf8')),
      ]),
    );
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** The resources of one type, whatever their logical ids. */
export function resources(stack: SynthesizedStack | undefined, type: string): any[] {
  return Object.values(stack?.resource[type] ?? {});
}
