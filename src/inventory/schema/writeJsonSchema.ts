import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jsonSchema, referencePage, rulesPage } from './generatedPages';

const ROOT = join(__dirname, '..', '..', '..');

/** The generated files, by path from the root of the project. */
const GENERATED = {
  'schema/inventory.schema.json': jsonSchema,
  'docs/inventory-reference.md': referencePage,
  'docs/rules.md': rulesPage,
} as const;

for (const [path, make] of Object.entries(GENERATED)) {
  writeFileSync(join(ROOT, path), make());
  console.log(`wrote ${path}`);
}
