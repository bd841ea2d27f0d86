import { join } from 'node:path';
import { loadInventory } from '../../../src/inventory/loadInventory';
import { folderOf, removeFolders } from '../fixtures';
import { BASE, unmark } from '../marked';

afterEach(removeFolders);

const ROLE = 'arn:aws:iam::222222222222:role/prod-api';
const ISSUER = 'oidc.eks.us-west-2.amazonaws.com/id/A1A1';

/** The base at `prepared` in prod alone, and a list of policies. */
const LISTING = BASE.replace('dev: dual, ', '').replace(
  '    serviceAccount: api\n',
  '    serviceAccount: api\n    environments: [prod]\n    resourcePolicies: [policies/bucket.json]\n',
);

function load(policy: string | undefined, inventory = LISTING) {
  const { text = '', place } = policy === undefined ? {} : unmark(policy);
  const folder = folderOf({
    'inventory.yaml': inventory,
    ...(policy !== undefined && { 'policies/bucket.json': text }),
  });
  const loaded = loadInventory(join(folder, 'inventory.yaml'));
  return { ...loaded, place: { file: join(folder, 'policies/bucket.json'), ...place } };
}

/** A bucket policy of one statement, on several lines. */
function bucketPolicy(statement: string): string {
  return `{\n\t"Version": "2012-10-17",\n\t"Statement": [\n\t\t{ "Action": "s3:GetObject", "Resource": "arn:aws:s3:::data/*",\n\t\t\t${statement}\n\t\t}\n\t]\n}\n`;
}

const TO_ROLE = `"Effect": "Allow", "Principal": { "AWS": "${ROLE}" }`;

const STATEMENTS: readonly (readonly [string, string, RegExp])[] = [
  [
    'an Allow for a claim of the token',
    `${TO_ROLE}, "Condition": { "StringEquals": { §"${ISSUER}:sub": "system:serviceaccount:production:api" } }`,
    /^workload api: StringEquals \S+:sub is true on IRSA and false on Pod Identity: the Allow no longer applies/,
  ],
  [
    'an Allow for the account, by the name of the session',
    `"Effect": "Allow", "Principal": { "AWS": "222222222222" }, "Condition": { "StringLike": { §"aws:userid": "*:botocore-session-*" } }`,
    /aws:userid is false on Pod Identity/,
  ],
  [
    'a Deny for everyone but sessions of a provider',
    `"Effect": "Deny", "Principal": "*", "Condition": { "Null": { §"aws:FederatedProvider": "true" } }`,
    /aws:FederatedProvider is false on IRSA and true on Pod Identity: the Deny applies only after the migration$/,
  ],
  [
    'a Deny for everyone but the role, by the name of the session too',
    `"Effect": "Deny", "Principal": "*", "Condition": { "ArnEquals": { "aws:PrincipalArn": "${ROLE}" }, "StringNotLike": { §"aws:userid": "*:api" } }`,
    /aws:userid is true on Pod Identity, whatever it is on IRSA: the Deny applies only after the migration$/,
  ],
  [
    'an Allow for young sessions',
    `${TO_ROLE}, "Condition": { "DateGreaterThan": { §"aws:TokenIssueTime": "2026-01-01T00:00:00Z" } }`,
    /a session of Pod Identity lasts six hours/,
  ],
  [
    'an Allow for a session of the role by name',
    `"Effect": "Allow", "Principal": { "AWS": ["arn:aws:iam::222222222222:role/other", §"arn:aws:sts::222222222222:assumed-role/prod-api/api"] }`,
    /^workload api: Principal arn:aws:sts::222222222222:assumed-role\/prod-api\/api: no session of Pod Identity/,
  ],
  [
    'an Allow for the sessions of the provider',
    `"Effect": "Allow", "Principal": { "Federated": §"arn:aws:iam::222222222222:oidc-provider/${ISSUER}" }`,
    /^workload api: Principal \S+:oidc-provider\/\S+: no session of Pod Identity/,
  ],
  [
    'a Deny that excepts a session by name',
    `"Effect": "Deny", "NotPrincipal": { "AWS": ["${ROLE}", "222222222222", §"arn:aws:sts::222222222222:assumed-role/prod-api/api"] }`,
    /^workload api: NotPrincipal \S+\/prod-api\/api: no session of Pod Identity/,
  ],
];

const HEALTHY: readonly (readonly [string, string])[] = [
  ['names the role', TO_ROLE],
  ['names everyone', '"Effect": "Deny", "Principal": "*", "Condition": { "Bool": { "aws:SecureTransport": "false" } }'],
  [
    'excepts the role by its id',
    '"Effect": "Deny", "Principal": "*", "Condition": { "StringNotLike": { "aws:userid": ["AROAEXAMPLEEXAMPLE123:*", "222222222222"] } }',
  ],
  [
    'names another role',
    `"Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::222222222222:role/other" }, "Condition": { "StringEquals": { "${ISSUER}:sub": "x" } }`,
  ],
  [
    'is for another role by a condition',
    '"Effect": "Deny", "Principal": "*", "Condition": { "ArnEquals": { "aws:PrincipalArn": "arn:aws:iam::222222222222:role/other" }, "StringNotLike": { "aws:userid": "*:api" } }',
  ],
  [
    'names a session and the role itself',
    `"Effect": "Allow", "Principal": { "AWS": ["arn:aws:sts::222222222222:assumed-role/prod-api/api", "${ROLE}"] }`,
  ],
  ['names a service', '"Effect": "Allow", "Principal": { "Service": "cloudtrail.amazonaws.com" }'],
];

describe('resourcePolicies', () => {
  it.each(STATEMENTS)('%s is named, with its place in the file', (_, statement, message) => {
    const { findings, place, inventory } = load(bucketPolicy(statement));
    expect(findings).toEqual([
      expect.objectContaining({
        severity: 'warning',
        rule: 'mode-condition',
        path: 'workloads.api.resourcePolicies[0]',
        ...place,
        message: expect.stringMatching(message) as string,
      }),
    ]);
    expect(inventory).toBeDefined();
  });

  it.each(HEALTHY)('a statement that %s has no finding', (_, statement) => {
    expect(load(bucketPolicy(statement)).findings).toEqual([]);
  });

  it('are not judged before `prepared`', () => {
    const atIrsa = LISTING.replace('stages: { prod: prepared }', 'stages: {}');
    const [[, statement]] = STATEMENTS as [(typeof STATEMENTS)[number]];
    expect(load(bucketPolicy(statement), atIrsa).findings).toEqual([]);
  });

  it('of one environment are those of its overrides', () => {
    const [[, statement]] = STATEMENTS as [(typeof STATEMENTS)[number]];
    const inventory = `${LISTING.replace(
      '    resourcePolicies: [policies/bucket.json]\n',
      '',
    )}    overrides: { prod: { resourcePolicies: [policies/bucket.json] } }\n`;
    expect(load(bucketPolicy(statement), inventory).findings.map(({ path }) => path)).toEqual([
      'workloads.api.overrides.prod.resourcePolicies[0]',
    ]);
  });

  it.each([
    ['has a comma too many', '{ "Statement": [ { "Effect": "Allow" } ] } §}', /bucket\.json is not JSON$/],
    ['is of another program', '§{ "token": "s3cret" }', /is not a policy document: it has no Statement$/],
    [
      'has an unknown effect',
      '{ "Statement": [\n  { "Effect": §"Permit", "Principal": "*" } ] }',
      /is not a policy document: Statement\[0\]\.Effect is not what IAM reads there$/,
    ],
    [
      'has a key twice',
      '{ "Statement": [ { "Effect": "Allow", §"Effect": "Deny" } ] }',
      /the key "Effect" occurs twice in this map$/,
    ],
  ])('a file that %s is an error at its place, and shows no other content', (_, text, message) => {
    const { findings, place, inventory } = load(text);
    expect(findings).toEqual([
      expect.objectContaining({
        severity: 'error',
        rule: 'resource-policy',
        ...place,
        message: expect.stringMatching(message) as string,
      }),
    ]);
    expect(JSON.stringify(findings)).not.toContain('s3cret');
    expect(inventory).toBeUndefined();
  });

  it.each([
    ['is missing', 'policies/bucket.json', /^there is no file \S+policies\/bucket\.json$/],
    ['is a folder', '.', /is a folder, not a file$/],
    ['is outside', '../bucket.json', /^"\.\.\/bucket\.json" is outside the repository$/],
    ['has an absolute path', '/etc/passwd', /^"\/etc\/passwd" is not a relative path with \/$/],
  ])('a file that %s is an error in the inventory', (_, file, message) => {
    const inventory = LISTING.replace('policies/bucket.json', file);
    expect(load(undefined, inventory).findings).toEqual([
      expect.objectContaining({
        severity: 'error',
        rule: 'resource-policy',
        path: 'workloads.api.resourcePolicies[0]',
        message: expect.stringMatching(message) as string,
      }),
    ]);
  });
});
