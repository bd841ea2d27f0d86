import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Plain } from '../../inventory/edit/entryLines';
import { UsageError } from '../exit';

/** What `podlift init` takes from a survey. */
export interface SurveyedInventory {
  /** When it was made. */
  readonly at: string;
  /** The sections of the inventory. */
  readonly inventory: Readonly<Record<string, Plain>>;
  /** What the survey could not read, for people. */
  readonly unread: readonly string[];
}

const FORMAT = /^podlift\.survey\/(\d+)$/;

/** Later versions of podlift add fields, which are left out. */
const surveyFile = z.object({
  format: z.string(),
  at: z.iso.datetime(),
  inventory: z.object({
    version: z.literal(1),
    accounts: z.record(z.string(), z.json()),
    environments: z.record(z.string(), z.json()),
    waves: z.record(z.string(), z.json()).optional(),
    workloads: z.record(z.string(), z.json()).optional(),
  }),
  unread: z.array(
    z.object({
      what: z.string(),
      account: z.string().optional(),
      region: z.string().optional(),
      context: z.string().optional(),
    }),
  ),
});

/** Reads a survey in JSON. Throws `UsageError` for a file that is none, for one of a later major version, and for a survey without a cluster. */
export function readSurvey(file: string): SurveyedInventory {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw new UsageError(
      `--from ${file}: ${code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`}`,
    );
  }
  const data = parsed(file, text);
  const [, version] = FORMAT.exec(formatOf(data)) ?? [];
  if (version === undefined) throw new UsageError(`--from ${file}: this is not a survey. ${MAKE}`);
  if (version !== '1')
    throw new UsageError(
      `--from ${file}: this survey has version ${version} of the format, and this podlift reads version 1. ${MAKE}`,
    );
  const { data: survey, error } = surveyFile.safeParse(data);
  if (survey === undefined) {
    const [first] = error.issues;
    throw new UsageError(`--from ${file}: ${first?.path.join('.') ?? ''}: ${first?.message ?? ''}. ${MAKE}`);
  }
  if (Object.keys(survey.inventory.environments).length === 0)
    throw new UsageError(`--from ${file}: the survey could read no cluster, so that there is nothing to write`);
  return {
    at: survey.at,
    inventory: survey.inventory as Readonly<Record<string, Plain>>,
    unread: survey.unread.map(({ what, account, region, context }) =>
      [what, account, region, context].filter((one) => one !== undefined).join(' '),
    ),
  };
}

const MAKE = 'Make one with this podlift: npx podlift survey --out survey.json';

function parsed(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`--from ${file}: this file is not JSON. ${MAKE}`);
  }
}

function formatOf(data: unknown): string {
  const { format } = (typeof data === 'object' && data !== null ? data : {}) as { readonly format?: unknown };
  return typeof format === 'string' ? format : '';
}
