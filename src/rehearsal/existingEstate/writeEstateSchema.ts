import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { existingEstateJsonSchema, existingEstatePage } from './existingEstateSchema';

const FILES = {
  'schema/sandbox-estate.schema.json': existingEstateJsonSchema(),
  'docs/sandbox-estate.md': existingEstatePage(),
};

for (const [file, text] of Object.entries(FILES)) {
  writeFileSync(join(__dirname, '..', '..', '..', file), text);
  console.log(`wrote ${file}`);
}
