import { z } from 'zod';
import type { PolicyDocument } from '../../iam/PolicyDocument';
import { type Finding, mistake } from '../Finding';
import { READING_RULES } from '../reading/readingRules';
import { parseTree } from './parseSource';
import { formatPath, isMap } from './plainData';
import { findPosition, type Source } from './Source';
import { toPlain } from './toPlain';

/** A policy document of a file. Its `source` has the positions of the parts. */
export interface PolicyFile {
  readonly document: PolicyDocument;
  readonly source: Source;
}

/**
 * Parses the text of a resource policy, which findings call `file`. It never throws. It requires only the form that podlift reads: the services of AWS differ
 * in what they accept. The content of a file that is no policy document stays out of the finding.
 */
export function parsePolicy(text: string, file: string): PolicyFile | { readonly finding: Finding } {
  const content = text.replace(/^\uFEFF+/, '');
  const { tree, mistake: first } = parseTree(content);
  const refused = (message: string, place: { readonly line: number; readonly column: number }) => {
    const { rule, ...found } = mistake(READING_RULES.resourcePolicy, `${file} ${message}`, HINT);
    return { finding: { severity: 'error', rule: rule.name, path: '', file, ...place, ...found } } as const;
  };
  if (first) return refused('is not JSON', tree.positionOf(first.offset));
  const { data, problems } = toPlain(tree.root);
  if (!isMap(data) || !('Statement' in data))
    return refused('is not a policy document: it has no Statement', { line: 1, column: 1 });
  const [problem] = problems;
  if (problem) return refused(`is not a policy document: ${problem.message}`, tree.positionOf(problem.offset));
  const source: Source = { file, data, written: new Map(), refused: new Set(), tree };
  const parsed = policySchema.safeParse(data);
  if (parsed.success) return { document: parsed.data, source };
  const [{ path } = { path: [] }] = parsed.error.issues;
  const at = path.flatMap((segment) => (typeof segment === 'symbol' ? [] : [segment]));
  return refused(`is not a policy document: ${formatPath(at)} is not what IAM reads there`, findPosition(source, at));
}

const HINT = 'Write the policy as the service returns it: { "Version": "2012-10-17", "Statement": [ … ] }.';

const texts = z.union([z.string(), z.array(z.string())]);
const value = z.union([z.string(), z.number(), z.boolean()]);
const principal = z.union([
  z.literal('*'),
  z.object({
    AWS: texts.exactOptional(),
    Service: texts.exactOptional(),
    Federated: texts.exactOptional(),
    CanonicalUser: texts.exactOptional(),
  }),
]);

const statementSchema = z.object({
  Sid: z.string().exactOptional(),
  Effect: z.enum(['Allow', 'Deny']),
  Principal: principal.exactOptional(),
  NotPrincipal: principal.exactOptional(),
  Action: texts.exactOptional(),
  NotAction: texts.exactOptional(),
  Resource: texts.exactOptional(),
  NotResource: texts.exactOptional(),
  Condition: z.record(z.string(), z.record(z.string(), z.union([value, z.array(value)]))).exactOptional(),
});

const policySchema = z.object({
  Version: z.enum(['2012-10-17', '2008-10-17']).exactOptional(),
  Id: z.string().exactOptional(),
  // Not a union with the list: its issue would have the path of neither.
  Statement: z.preprocess((one): unknown => (Array.isArray(one) ? one : [one]), z.array(statementSchema)),
});
