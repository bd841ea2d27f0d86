import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogueJsonSchema } from './catalogueSchema';

const FILE = 'src/catalogue/catalogue.schema.json';

writeFileSync(join(__dirname, '..', '..', FILE), catalogueJsonSchema());
console.log(`wrote ${FILE}`);
