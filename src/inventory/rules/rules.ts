import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, extname, join } from 'node:path';
import type { RuleInfo } from '../Finding';
import type { Rule } from './Rule';

const load = createRequire(__filename);

/** The rules are compiled as this file is: `.ts` in the repository, `.js` in the package. */
const EXTENSION = extname(__filename);

/** The rules in folders, sorted by file name. Each file exports the rule that it is named after. */
export function loadRules(...folders: readonly string[]): readonly RuleInfo[] {
  return folders
    .flatMap((folder) =>
      readdirSync(folder).map((file) => ({ path: join(folder, file), name: basename(file, EXTENSION) })),
    )
    .filter(({ path }) => path.endsWith(EXTENSION))
    .sort((first, second) => (first.name.toLowerCase() < second.name.toLowerCase() ? -1 : 1))
    .map(({ path, name }) => {
      const rule = (load(path) as Readonly<Record<string, RuleInfo | undefined>>)[name];
      if (rule === undefined) throw new Error(`${path} does not export the rule "${name}"`);
      return rule;
    });
}

/** Every rule over the whole inventory. */
export const RULES = loadRules(
  ...readdirSync(__dirname, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(__dirname, name)),
) as readonly Rule[];
