import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rulesPage } from '../rules/rulesPage';
import { jsonSchema } from './jsonSchema';
import { referencePage } from './referencePage';

const ROOT = join(__dirname, '..', '..', '..');

/** What is generated from this room, by path from the project's root. */
const GENERATED = {
  'schema/inventory.schema.json': jsonSchema,
  'docs/inventory-reference.md': referencePage,
  'docs/rules.md': rulesPage,
} as const;

for (const [path, make] of Object.entries(GENERATED)) {
  writeFileSync(join(ROOT, path), make());
  console.log(`wrote ${path}`);
}
