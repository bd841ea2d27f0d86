import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { estateJsonSchema } from './estateSchema';

const FILE = 'src/estate/estate.schema.json';

writeFileSync(join(__dirname, '..', '..', '..', FILE), estateJsonSchema());
console.log(`wrote ${FILE}`);
