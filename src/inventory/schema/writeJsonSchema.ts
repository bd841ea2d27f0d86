import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jsonSchema, referencePage } from './generatedPages';

const ROOT = join(__dirname, '..', '..', '..');

/** The generated files, by path from the root of the project. */
const GENERATED = {
  'schema/inventory.schema.json': jsonSchema,
  'docs/inventory-reference.md': referencePage,
} as const;

for (const [path, make] of Object.entries(GENERATED)) {
  writeFileSync(join(ROOT, path), make());
  console.log(`wrote ${path}`);
}
