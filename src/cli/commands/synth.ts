import { join } from 'node:path';
import { renderRoots, type RenderedRoots } from '../renderRoots';
import { EXIT } from '../exit';
import { printResult } from '../output';

export interface SynthOptions {
  /** The folder of the roots. */
  readonly out: string;
  /** Default: `PODLIFT_ENVIRONMENT`, else all. */
  readonly environment?: string | undefined;
  readonly format: 'text' | 'json';
}

/**
 * `podlift synth --out DIR`: writes the stacks as plain Terraform roots, one folder a stack, for Terraform, OpenTofu or what runs them. Gives 1 where the
 * inventory has errors, its proof fails, or its local states are those of another inventory. Throws `UsageError` for an unknown environment and a folder that
 * cannot be written.
 */
export function synth({ out, environment, format }: SynthOptions): number {
  const rendered = renderRoots(out, environment);
  if (rendered === undefined) return EXIT.findings;
  const { roots, written } = rendered;
  const document = {
    roots: roots.map(({ name, dependencies }) => ({ stack: name, folder: join(out, name), dependencies })),
    ...written,
  };
  printResult('synth', format, document, () => synthText(out, rendered));
  return EXIT.ok;
}

function synthText(out: string, { roots, written: { changed, removed, left } }: RenderedRoots): string {
  const touched = new Set([...changed, ...removed].map((file) => file.split(/[\\/]/)[0]));
  const terraform = process.env.TERRAFORM_BINARY_NAME ?? 'terraform';
  return [
    ...roots.map(({ name, dependencies }) => {
      const after = dependencies.length === 0 ? '' : `, after ${dependencies.join(', ')}`;
      return `${join(out, name)}: ${touched.has(name) ? 'written' : 'unchanged'}${after}`;
    }),
    ...left.map(
      (name) =>
        `${join(out, name)}: the inventory has no such stack. Keep the folder until \`${terraform} state list\` shows no resource there, then remove it.`,
    ),
  ].join('\n');
}
