import { z } from 'zod';
import { inventorySchema } from './inventorySchema';
import { markdownTable } from './markdownTable';

interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
}

/** The text of `docs/inventory-reference.md`: every key of the inventory, its kind, its default and what it means. */
export function referencePage(): string {
  const schema = z.toJSONSchema(inventorySchema, { io: 'input' }) as JsonSchema;
  const sections = Object.entries(schema.properties ?? {}).map(([key, section]) => {
    const isMap = typeof section.additionalProperties === 'object';
    const rows = typeof section.additionalProperties === 'object' ? rowsBelow(section.additionalProperties, '') : [];
    const intro = `## \`${isMap ? `${key}.<key>` : key}\`\n\n${escapeText(section.description ?? '')}\n`;
    return rows.length === 0 ? intro : `${intro}\n${markdownTable(['key', 'value', 'default', 'meaning'], rows)}\n`;
  });
  return `# Reference of the inventory

Every key of \`inventory.yaml\`. Keys of maps are lower-case DNS labels; unknown keys are errors. This page is generated
from the schema in \`src/inventory/schema/\`: \`npm run schema\` writes it again.

${sections.join('\n')}`;
}

function rowsBelow(schema: JsonSchema, prefix: string): readonly string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, field]) => {
    const path = `${prefix}${key}`;
    const required = schema.required?.includes(key) === true;
    const fallback =
      field.default === undefined ? (required ? 'required' : '') : `\`${JSON.stringify(field.default)}\``;
    return [[`\`${path}\``, kindOf(field), fallback, escapeText(field.description ?? '')], ...nested(field, path)];
  });
}

function nested(field: JsonSchema, path: string): readonly string[][] {
  // An override has the fields of its workload; they are not said twice.
  if (path === 'overrides') return [];
  const inner = [field, ...(field.anyOf ?? [])];
  return inner.flatMap((schema) => [
    ...rowsBelow(schema, `${path}.`),
    ...(typeof schema.additionalProperties === 'object' ? rowsOfMap(schema.additionalProperties, `${path}.<key>`) : []),
    ...(schema.items ? rowsBelow(schema.items, `${path}[].`) : []),
  ]);
}

function rowsOfMap(value: JsonSchema, path: string): readonly string[][] {
  return [value, ...(value.anyOf ?? [])].flatMap((schema) => rowsBelow(schema, `${path}.`));
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
      return schema.type ?? 'anything';
  }
}

/** Outside of code, Markdown takes `<…>` for HTML and `*` for emphasis. */
function escapeText(text: string): string {
  return text.replace(/</g, '\\<').replace(/\*/g, '\\*');
}
