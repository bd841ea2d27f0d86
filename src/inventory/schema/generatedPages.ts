import { z } from 'zod';
import type { RuleInfo } from '../Finding';
import { COMPARE_RULES } from '../compare/compareInventories';
import { EDIT_RULES } from '../edit/obstacles';
import { FORMATS } from '../formats/formats';
import { READING_RULES } from '../reading/readingRules';
import { RULES } from '../rules/rules';
import { SHAPE_RULES } from './shapeIssues';
import { inventorySchema } from './inventorySchema';
import { markdownTable } from './markdownTable';

/** The name of the schema for all times; the newest package has the file at this address. */
export const SCHEMA_ID = 'https://unpkg.com/podlift/schema/inventory.schema.json';

/** The schema of inventory files for editors: JSON Schema draft 2020-12, as the text of `schema/inventory.schema.json`. */
export function jsonSchema(): string {
  const { $schema, ...schema } = z.toJSONSchema(inventorySchema, { target: 'draft-2020-12', io: 'input' });
  return `${JSON.stringify({ $schema, $id: SCHEMA_ID, ...schema }, null, 2)}\n`;
}

type Base = z.core.JSONSchema.BaseSchema;
type Scalars = 'type' | 'description' | 'default' | 'const' | 'enum' | 'minimum' | 'maximum' | 'required';
interface JsonSchema extends Pick<Base, Scalars> {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
}

/** The text of `docs/inventory-reference.md`: every key of the inventory with its kind, default and meaning. */
export function referencePage(): string {
  return `# Reference of the inventory

This page is a reference: every key of \`inventory.yaml\`. Keys of maps are lower-case DNS labels. Unknown keys are
errors. \`npm run schema\` generates this page from the schema in \`src/inventory/schema/\`.

${referenceSections(inventorySchema)}`;
}

/** A section for each key at the top of a schema of a file, with the kind, the default and the meaning of every key below. */
export function referenceSections(file: z.ZodType): string {
  const schema = z.toJSONSchema(file, { io: 'input' }) as JsonSchema;
  const sections = Object.entries(schema.properties ?? {}).map(([key, section]) => {
    const values = typeof section.additionalProperties === 'object' ? section.additionalProperties : undefined;
    const rows = rowsBelow(values ?? section.items ?? {}, '');
    const intro = `## \`${values ? `${key}.<key>` : key}\`\n\n${escapeText(section.description ?? '')}\n`;
    return rows.length === 0 ? intro : `${intro}\n${markdownTable(['key', 'value', 'default', 'meaning'], rows)}\n`;
  });
  return sections.join('\n');
}

/** The rows of all fields in a schema. `prefix` is the path of the map that has them, with a final dot. */
function rowsBelow(schema: JsonSchema, prefix: string): readonly string[][] {
  const forms = [schema, ...(schema.anyOf ?? [])];
  return forms.flatMap(({ properties = {}, required = [], additionalProperties: values, items }) => [
    ...Object.entries(properties).flatMap(([key, field]) => {
      const path = `${prefix}${key}`;
      const unset = required.includes(key) ? 'required' : '';
      const fallback = field.default === undefined ? unset : `\`${JSON.stringify(field.default)}\``;
      const row = [`\`${path}\``, kindOf(field), fallback, escapeText(field.description ?? '')];
      // An override has the same fields as its workload.
      return path === 'overrides' ? [row] : [row, ...rowsBelow(field, `${path}.`)];
    }),
    ...(typeof values === 'object' ? rowsBelow(values, `${prefix}<key>.`) : []),
    ...(items ? rowsBelow(items, `${prefix.slice(0, -1)}[].`) : []),
  ]);
}

function kindOf(schema: JsonSchema): string {
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (schema.anyOf) return [...new Set(schema.anyOf.map(kindOf))].join(' or ');
  switch (schema.type) {
    case 'array':
      return 'list';
    case 'object':
      return 'map';
    case 'string':
      return 'text';
    case 'integer':
      return schema.minimum !== undefined && schema.maximum !== undefined && schema.maximum < Number.MAX_SAFE_INTEGER
        ? `${schema.minimum} to ${schema.maximum}`
        : 'whole number';
    default:
      return typeof schema.type === 'string' ? schema.type : 'anything';
  }
}

/** Outside code, Markdown reads `<…>` as HTML and `*` as emphasis. */
function escapeText(text: string): string {
  return text.replace(/</g, '\\<').replace(/\*/g, '\\*');
}

/** All rules, in the order in which they are checked. */
const ruleGroups = ({
  stateRules,
  reviewRules,
  evidenceRules,
}: FurtherRules): readonly { readonly title: string; readonly rules: readonly RuleInfo[] }[] => [
  { title: 'Files and YAML', rules: Object.values(READING_RULES) },
  { title: 'Keys and kinds of values', rules: Object.values(SHAPE_RULES) },
  { title: 'How values are written', rules: [...FORMATS.values()] },
  { title: 'The inventory as a whole', rules: RULES },
  { title: 'The states of all stacks', rules: stateRules },
  { title: 'Writing a stage (`podlift advance`, `podlift rollback`)', rules: Object.values(EDIT_RULES) },
  { title: 'From one version to the next (`podlift check`)', rules: COMPARE_RULES },
  { title: 'What a change allows (`podlift check`)', rules: reviewRules },
  { title: 'Evidence of steps (`podlift check --require-evidence`)', rules: evidenceRules },
];

/** The rules that are not in this folder: they need what the inventory compiles to. */
interface FurtherRules {
  readonly stateRules: readonly RuleInfo[];
  readonly reviewRules: readonly RuleInfo[];
  readonly evidenceRules: readonly RuleInfo[];
}

/** The text of `docs/rules.md`. */
export function rulesPage(further: FurtherRules): string {
  const groups = ruleGroups(further).map(({ title, rules }) => {
    const rows = rules.map(({ name, severities = ['error'], what, example }) => [
      `\`${name}\``,
      severities.join(', '),
      what,
      code(example),
    ]);
    return `## ${title}\n\n${markdownTable(['rule', 'severity', 'what it requires', 'example of a finding'], rows)}\n`;
  });
  return `# Rules

This page is a reference: the rules of podlift for an inventory. One run reports all findings. Each finding has file,
line, column and the fix. An error stops the run, a warning does not. \`npm run schema\` generates this page from
\`src/inventory/\`, \`src/blueprint/\` and \`src/operations/review/\`.

${groups.join('\n')}`;
}

function code(text: string): string {
  if (!text.includes('`')) return `\`${text}\``;
  const blank = /^`|`$/.test(text) ? ' ' : '';
  return `\`\`${blank}${text}${blank}\`\``;
}
