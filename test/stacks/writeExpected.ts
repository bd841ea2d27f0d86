import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EXAMPLES, expectedFiles } from './examples';

// `npm run examples`: writes the roots of each example anew.

for (const example of EXAMPLES) {
  rmSync(example.expected, { recursive: true, force: true });
  for (const [path, text] of expectedFiles(example)) {
    const file = join(example.expected, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
