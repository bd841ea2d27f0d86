import { readFileSync } from 'node:fs';
import type { PolicyDocument, Statement } from '../../../src/iam/PolicyDocument';

const PAGE = 'docs/permissions.md';

/** A code block of the permissions page by its language and name. */
export function blockOf(language: 'json' | 'yaml', name: string): string {
  const block = new RegExp(`^\`\`\`${language} ${name}\\n([\\s\\S]*?)^\`\`\``, 'm').exec(
    readFileSync(PAGE, 'utf8'),
  )?.[1];
  if (block === undefined) throw new Error(`${PAGE} has no block "${language} ${name}"`);
  return block;
}

/** A policy of the page. */
export function policyOf(name: string): PolicyDocument & { readonly Statement: readonly Statement[] } {
  return JSON.parse(blockOf('json', name)) as PolicyDocument & { readonly Statement: readonly Statement[] };
}

/** Every action that a policy of the page allows. */
export function actionsOf(name: string): string[] {
  return policyOf(name).Statement.flatMap(({ Action = [] }) => Action as string | string[]);
}
