import { readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020';
import { parse } from 'yaml';
import { existingEstateJsonSchema, existingEstatePage } from '../../src/rehearsal/existingEstate/existingEstateSchema';
import { parseExistingEstate } from '../../src/rehearsal/existingEstate/readExistingEstate';
import { seedOfEstate } from '../../src/rehearsal/existingEstate/seedOfEstate';
import { startSandbox } from '../../src/sandbox/startSandbox';

const EXAMPLE = 'examples/existing-estate/estate.yaml';
const read = (file: string): string => readFileSync(file, 'utf8');
const NO_INVENTORY = { accounts: [], waves: [], environments: [] };

const SMALL = `version: 1
accounts:
  "111122223333":
    roles:
      reader:
        trust:
          Version: "2012-10-17"
          Statement: { Effect: Allow, Principal: { Service: pods.eks.amazonaws.com }, Action: [sts:AssumeRole, sts:TagSession] }
        managedPolicies: [AmazonSSMReadOnlyAccess]
    clusters:
      - name: one
        region: eu-west-1
        version: "1.33"
        addons: [{ name: eks-pod-identity-agent }]
        serviceAccounts: [{ namespace: shop, name: api }]
        objects:
          - { apiVersion: v1, kind: Pod, metadata: { namespace: shop, name: api }, spec: { serviceAccountName: api, containers: [{ name: app, image: app }] } }
`;

/** The findings of a file as `line:column rule message`. */
function findingsOf(text: string): readonly string[] {
  const result = parseExistingEstate(text, 'estate.yaml');
  return 'findings' in result
    ? result.findings.map(({ line, column, rule, message }) => `${line}:${column} ${rule} ${message}`)
    : [];
}

describe('a file for podlift sandbox --estate', () => {
  it('is accepted when AWS and Kubernetes accept all of it', () => {
    expect(findingsOf(SMALL)).toEqual([]);
  });

  it.each(['AROAEXAMPLEEXAMPLE123', 'AIDAEXAMPLEEXAMPLE123'])('has principals that were deleted (%s)', (id) => {
    const deleted = SMALL.replace(/Principal: \{ Service: [^}]*\}/, `Principal: { AWS: ${id} }`);
    expect(deleted).toContain(id);
    expect(findingsOf(deleted)).toEqual([]);
    expect(findingsOf(deleted.replace(id, 'somebody'))).toHaveLength(1);
  });

  it.each([
    ['nothing', '', ['1:1 yaml-not-a-map estate.yaml is not a map']],
    ['two documents', `${SMALL}---\na: 1\n`, ['18:1 yaml-several-documents a second YAML document begins here']],
    [
      'another version',
      SMALL.replace('version: 1\n', 'version: 2\n'),
      ['1:10 not-allowed this is version 2 of the format, and this podlift reads version 1'],
    ],
    [
      'an unknown key',
      SMALL.replace('managedPolicies:', 'managedPolicys:'),
      [expect.stringMatching(/^9:9 unknown-key unknown key "managedPolicys": did you mean "managedPolicies"\?/)],
    ],
    [
      'an account that is not in quotes',
      SMALL.replace('"111122223333"', '111122223333'),
      ['3:3 key-not-text the key 111122223333 is a number'],
    ],
    ['a missing key', SMALL.replace('        region: eu-west-1\n', ''), ['11:9 missing-key "region" is missing']],
    [
      'a trust policy that IAM refuses',
      SMALL.replace('pods.eks', 'pod.eks'),
      [expect.stringMatching(/^8:\d+ existing-estate IAM refuses the document: .*pod\.eks\.amazonaws\.com/)],
    ],
    [
      'a trust policy that is too long',
      SMALL.replace('Statement: {', `Statement: { Sid: ${'a'.repeat(2000)},`),
      ['7:11 existing-estate the trust policy has 2,158 characters; IAM allows 2,048'],
    ],
    [
      'a policy that AWS does not have',
      SMALL.replace('AmazonSSMReadOnlyAccess', 'AmazonSSMWriteOnly'),
      ['9:27 existing-estate AWS has no managed policy AmazonSSMWriteOnly'],
    ],
    [
      'a policy that the account does not have',
      SMALL.replace('AmazonSSMReadOnlyAccess', '"arn:aws:iam::111122223333:policy/own"'),
      ['9:27 existing-estate account 111122223333 has no policy own'],
    ],
    [
      'two roles that are one name for IAM',
      SMALL.replace(
        '    clusters:',
        '      Reader: { trust: { Version: "2012-10-17", Statement: { Effect: Allow, Principal: "*", Action: sts:AssumeRole } } }\n    clusters:',
      ),
      ['10:7 existing-estate IAM takes "Reader" and "reader" as one name'],
    ],
    [
      'an add-on that the sandbox does not know',
      SMALL.replace('eks-pod-identity-agent', 'eks-pod-identity-agnet'),
      [
        expect.stringMatching(
          /^14:\d+ existing-estate the sandbox does not know the add-on "eks-pod-identity-agnet": did you mean/,
        ),
      ],
    ],
    [
      'a pod without its service account',
      SMALL.replace('serviceAccountName: api', 'serviceAccountName: web'),
      ['17:13 existing-estate Pod shop/api uses the service account web, which does not exist'],
    ],
    [
      'a kind that the cluster does not have',
      SMALL.replace('kind: Pod', 'kind: Bod'),
      ['17:37 existing-estate the sandbox does not know Bod of v1'],
    ],
    [
      'a service account twice',
      SMALL.replace('name: api }]', 'name: api }, { namespace: shop, name: api }]'),
      ['15:59 existing-estate the service account shop/api is there twice'],
    ],
  ])('has a finding with its position for %s', (_what, text, findings) => {
    expect(findingsOf(text)).toEqual(findings);
  });

  it('takes custom resources whose definition it has', () => {
    const definition = `          - { apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: { name: stores.acme.io }, spec: { group: acme.io, scope: Namespaced, names: { kind: Store, plural: stores, singular: store, listKind: StoreList }, versions: [{ name: v1, served: true, storage: true, schema: { openAPIV3Schema: { type: object } } }] } }\n`;
    const object = `          - { apiVersion: acme.io/v1, kind: Store, metadata: { namespace: shop, name: main } }\n`;
    expect(findingsOf(SMALL + definition + object)).toEqual([]);
    expect(findingsOf(SMALL + object)).toHaveLength(1);
  });
});

describe('the sandbox of an estate', () => {
  const estateOf = (text: string) => {
    const result = parseExistingEstate(text, 'estate.yaml');
    if ('findings' in result) throw new Error(JSON.stringify(result.findings));
    return result.estate;
  };

  it('starts with the example, and all its pods run', async () => {
    const sandbox = await startSandbox({ seed: seedOfEstate(estateOf(read(EXAMPLE)), NO_INVENTORY) });
    const ref = { account: '111122223333', region: 'eu-central-1', name: 'parcels-one' };
    const using = sandbox.kubernetes.pods(ref).map(({ serviceAccount, uses }) => [serviceAccount, uses]);
    await sandbox.stop();
    expect(using).toEqual(
      expect.arrayContaining([
        ['tracker', 'irsa'],
        ['thumbnailer', 'irsa'],
        ['clip-encoder', 'pod-identity'],
      ]),
    );
  });

  it('does not bring back what was deleted, and knows again when a role was last used', () => {
    const estate = estateOf(read(EXAMPLE));
    const first = seedOfEstate(estate, NO_INVENTORY);
    const world = {
      version: 1,
      ambientAccount: '111122223333',
      accounts: { '111122223333': { roles: { 'tracker-irsa': {} }, policies: {}, oidcProviders: {} } },
      clusters: {},
    };
    const again = seedOfEstate(estate, NO_INVENTORY, JSON.stringify(world));
    expect(first.roles!.length).toBeGreaterThan(10);
    expect(again.roles!.map(({ name, lastUsed }) => [name, typeof lastUsed])).toEqual([['tracker-irsa', 'string']]);
    expect([again.policies, again.oidcProviders]).toEqual([[], []]);
  });
});

describe('schema/sandbox-estate.schema.json', () => {
  it('is fresh, as docs/sandbox-estate.md is (npm run schema writes both)', () => {
    expect(read('schema/sandbox-estate.schema.json')).toBe(existingEstateJsonSchema());
    expect(read('docs/sandbox-estate.md')).toBe(existingEstatePage());
  });

  it('accepts the example, and describes every field', () => {
    const schema = JSON.parse(existingEstateJsonSchema());
    const validate = new Ajv2020({
      strict: true,
      allowUnionTypes: true,
      formats: { uri: true, 'date-time': true },
    }).compile(schema);
    expect(validate(parse(read(EXAMPLE))) ? [] : validate.errors).toEqual([]);
    const { properties } = schema.properties.accounts.additionalProperties;
    const fields = Object.entries<{ description?: string }>(properties);
    expect(fields.flatMap(([key, { description }]) => (description ? [] : [key]))).toEqual([]);
  });
});
