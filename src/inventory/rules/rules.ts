import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Rule } from './Rule';

const load = createRequire(__filename);

/** Every rule over the whole inventory, by name: each file in the folders beside this file exports the rule that it is named after. */
export const RULES: readonly Rule[] = readdirSync(__dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name: folder }) => readdirSync(join(__dirname, folder)).map((file) => ({ folder, file })))
  .filter(({ file }) => file.endsWith('.ts'))
  .sort((first, second) => (first.file.toLowerCase() < second.file.toLowerCase() ? -1 : 1))
  .map(({ folder, file }) => ruleOf(join(__dirname, folder, file), file.slice(0, -'.ts'.length)));

function ruleOf(path: string, name: string): Rule {
  const rule = (load(path) as Readonly<Record<string, Rule | undefined>>)[name];
  if (rule === undefined) throw new Error(`${path} does not export the rule "${name}"`);
  return rule;
}
