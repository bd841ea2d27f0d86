import { COMPARE_RULES } from '../compare/compareRules';
import { EDIT_RULES } from '../edit/editRules';
import { READING_RULES } from '../reading/readingRules';
import { markdownTable } from '../schema/markdownTable';
import { FORMATS } from '../formats/formats';
import type { RuleInfo } from '../RuleInfo';
import { RULES } from './rules';
import { SHAPE_RULES } from './shapeRules';

/** All rules, in the groups in which they are checked. */
export const RULE_GROUPS: readonly { readonly title: string; readonly rules: readonly RuleInfo[] }[] = [
  { title: 'Files and YAML', rules: Object.values(READING_RULES) },
  { title: 'Keys and kinds of values', rules: Object.values(SHAPE_RULES) },
  { title: 'How values are written', rules: [...FORMATS.values()] },
  { title: 'The inventory as a whole', rules: RULES },
  { title: 'Writing a stage (`podlift advance`, `podlift rollback`)', rules: Object.values(EDIT_RULES) },
  { title: 'From one version to the next (`podlift check`)', rules: COMPARE_RULES },
];

/** The text of `docs/rules.md`. */
export function rulesPage(): string {
  const groups = RULE_GROUPS.map(({ title, rules }) => {
    const rows = rules.map(({ name, severities, what, example }) => [
      `\`${name}\``,
      severities.join(', '),
      what,
      code(example),
    ]);
    return `## ${title}\n\n${markdownTable(['rule', 'severity', 'what holds', 'a finding says, for example'], rows)}\n`;
  });
  return `# Rules

What podlift checks in an inventory. All findings come in one run, each with file, line, column and the next step; an
error stops the run, a warning does not. This page is generated from \`src/inventory/\`: \`npm run schema\` writes it again.

${groups.join('\n')}`;
}

function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}
