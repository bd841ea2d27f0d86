import { parse } from 'yaml';
import { z } from 'zod';
import { STAGES } from '../../inventory/Inventory';
import { EVIDENCE_FORMAT } from './evidenceDocument';

const schema = z.object({
  format: z.literal(EVIDENCE_FORMAT),
  environment: z.string(),
  wave: z.string(),
  from: z.enum(STAGES),
  to: z.enum(STAGES),
  at: z.iso.datetime(),
  /** For people: a document is valid without it. */
  by: z.object({ git: z.string().optional(), user: z.string().optional() }).optional().catch(undefined),
  estate: z.string(),
  sha256: z.string(),
  forced: z.boolean(),
  accepted: z.array(z.string()),
  because: z.string().optional().catch(undefined),
});

/** What the beginning of an evidence document says; who took the step is only known as a name. */
export type ReadHead = z.infer<typeof schema>;

/** The data at the beginning of an evidence document (`EvidenceHead`); undefined where podlift did not write it. Never throws. */
export function readEvidenceHead(text: string): ReadHead | undefined {
  const [, data] = /^---\r?\n(.*?)\r?\n---\r?\n/s.exec(text) ?? [];
  try {
    return data === undefined ? undefined : schema.safeParse(parse(data, { maxAliasCount: 0 })).data;
  } catch {
    return undefined;
  }
}
