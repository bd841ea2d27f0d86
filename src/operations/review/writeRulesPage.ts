import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rulesPage } from '../../inventory/schema/generatedPages';
import { EVIDENCE_RULES } from './requireEvidence';
import { REVIEW_RULES } from './reviewChange';

const PATH = 'docs/rules.md';

writeFileSync(join(__dirname, '..', '..', '..', PATH), rulesPage(REVIEW_RULES, Object.values(EVIDENCE_RULES)));
process.stdout.write(`wrote ${PATH}\n`);
