import { z } from 'zod';
import { inventorySchema } from './inventorySchema';

/** The schema of an inventory's files for editors: JSON Schema draft 2020-12, as the text of `inventory/inventory.schema.json`. */
export function jsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(inventorySchema, { target: 'draft-2020-12', io: 'input' }), null, 2)}\n`;
}
