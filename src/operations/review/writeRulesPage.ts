import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { STATE_RULES } from '../../blueprint/checkStates';
import { rulesPage } from '../../inventory/schema/generatedPages';
import { EVIDENCE_RULES } from './requireEvidence';
import { REVIEW_RULES } from './reviewChange';

const PATH = 'docs/rules.md';

writeFileSync(
  join(__dirname, '..', '..', '..', PATH),
  rulesPage({
    stateRules: Object.values(STATE_RULES),
    reviewRules: REVIEW_RULES,
    evidenceRules: Object.values(EVIDENCE_RULES),
  }),
);
process.stdout.write(`wrote ${PATH}\n`);
