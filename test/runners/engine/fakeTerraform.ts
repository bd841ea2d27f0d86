import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlannedChange, TerraformDiagnostic } from '../../../src/runners/stackCommands';

/** What the stand-in for Terraform does with a stack. */
export interface FakeStack {
  readonly changes?: readonly PlannedChange[];
  /** `init`, or `plan`, fails with it. */
  readonly initFails?: string;
  readonly planFails?: TerraformDiagnostic;
  /** The apply of a resource fails with it, this many times. */
  readonly applyFails?: Readonly<Record<string, { readonly with: TerraformDiagnostic; readonly times: number }>>;
  /** An apply waits until it is interrupted. */
  readonly hangs?: boolean;
  /** A plan after a failed apply has these changes too. */
  readonly later?: readonly PlannedChange[];
}

/** A stand-in for Terraform that records its calls, where the order of commands is tested and not Terraform. */
export interface FakeTerraform {
  readonly binary: string;
  /** Each command as it begins and ends: `begin dev-identity plan`. */
  readonly calls: () => readonly string[];
  /** What stacks do from now on. */
  readonly set: (stacks: Readonly<Record<string, FakeStack>>) => void;
}

/** Writes the stand-in into a folder. */
export function fakeTerraform(folder: string, stacks: Readonly<Record<string, FakeStack>> = {}): FakeTerraform {
  mkdirSync(folder, { recursive: true });
  const binary = join(folder, 'terraform');
  const log = join(folder, 'calls.log');
  const behaviour = join(folder, 'behaviour.json');
  const set = (all: Readonly<Record<string, FakeStack>>): void => {
    writeFileSync(behaviour, JSON.stringify(all));
  };
  set(stacks);
  const program = JSON.stringify(require.resolve('./fakeTerraformProgram.cjs'));
  writeFileSync(binary, `#!${process.execPath}\nrequire(${program})(${JSON.stringify(folder)});\n`, { mode: 0o755 });
  return { binary, set, calls: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []) };
}
