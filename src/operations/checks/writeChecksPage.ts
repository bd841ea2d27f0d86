import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checksPage } from './checksPage';

const PATH = 'docs/checks.md';

writeFileSync(join(__dirname, '..', '..', '..', PATH), checksPage());
console.log(`wrote ${PATH}`);
