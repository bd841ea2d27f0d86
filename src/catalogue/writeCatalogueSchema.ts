import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogueJsonSchema } from './catalogueSchema';
import { controllersPage } from './controllersPage';

const FILES = {
  'src/catalogue/catalogue.schema.json': catalogueJsonSchema(),
  'docs/controllers.md': controllersPage(),
};

for (const [file, text] of Object.entries(FILES)) {
  writeFileSync(join(__dirname, '..', '..', file), text);
  console.log(`wrote ${file}`);
}
