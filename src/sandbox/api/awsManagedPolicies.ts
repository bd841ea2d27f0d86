import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { parseArn } from '../../iam/Arn';
import type { PolicyDocument } from '../../iam/PolicyDocument';

/** A managed policy of AWS in its default version. */
export interface AwsManagedPolicy {
  /** As IAM writes it. */
  readonly arn: string;
  readonly name: string;
  /** `/service-role/` */
  readonly path: string;
  /** The default version: `v3`. */
  readonly version: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly document: PolicyDocument;
}

/** True for the ARN of an AWS-managed policy, whether the policy exists or not. */
export function isAwsManaged(arn: string): boolean {
  return /^arn:[^:]+:iam::aws:policy\/([\w+=,.@-]+\/)*[\w+=,.@-]+$/i.test(arn);
}

/** By path and name: the default version, the dates of creation and of the last change, and the document. */
type Published = Readonly<Record<string, readonly [string, string, string, PolicyDocument]>>;

let published: Published | undefined;
let namesByLowerCase: ReadonlyMap<string, string> | undefined;

/**
 * The policies of the partition `aws`. The file is read at the first question: it takes some 30 ms. The file names its date, source and licence;
 * `npm run managed-policies` writes it.
 */
function policies(): Published {
  if (published === undefined) {
    const text = brotliDecompressSync(readFileSync(join(__dirname, 'awsManagedPolicies.json.br'))).toString();
    published = (JSON.parse(text) as { readonly policies: Published }).policies;
  }
  return published;
}

function viewOf(key: string, partition: string): AwsManagedPolicy | undefined {
  const entry = policies()[key];
  if (entry === undefined) return undefined;
  const [version, createdAt, updatedAt, document] = entry;
  const name = key.slice(key.lastIndexOf('/') + 1);
  return {
    arn: `arn:${partition}:iam::aws:policy/${key}`,
    name,
    path: `/${key.slice(0, -name.length)}`,
    version,
    createdAt,
    updatedAt,
    document: partition === 'aws' ? document : inPartition(document, partition),
  };
}

/**
 * The document as another partition has it. Which policies AWS has in China and in GovCloud, and how their documents differ, is unknown: only the
 * partition of the ARNs is replaced.
 */
function inPartition(document: PolicyDocument, partition: string): PolicyDocument {
  return JSON.parse(JSON.stringify(document).replaceAll('"arn:aws:', `"arn:${partition}:`)) as PolicyDocument;
}

/**
 * The AWS-managed policy with an ARN, written in any case. Undefined when AWS has no such policy at the date of the list. The path is a part of
 * the name.
 * Source: https://github.com/awslabs/mcp/issues/4101 (IAM resolves the ARNs without regard to case, and attaches the policy's own ARN)
 */
export function awsManagedPolicy(arn: string): AwsManagedPolicy | undefined {
  const parts = parseArn(arn);
  if (parts === undefined || !isAwsManaged(arn)) return undefined;
  namesByLowerCase ??= new Map(Object.keys(policies()).map((key) => [key.toLowerCase(), key]));
  const key = namesByLowerCase.get(parts.resource.slice('policy/'.length).toLowerCase());
  return key === undefined ? undefined : viewOf(key, parts.partition);
}

/** All AWS-managed policies at the date of the list, with ARNs of a partition. */
export function awsManagedPolicies(partition: string): readonly AwsManagedPolicy[] {
  return Object.keys(policies()).flatMap((key) => viewOf(key, partition) ?? []);
}
