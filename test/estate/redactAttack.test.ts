import { join } from 'node:path';
import fc from 'fast-check';
import type { Estate } from '../../src/estate/Estate';
import { estateText, parseEstate } from '../../src/estate/estateFile';
import { redactPair } from '../../src/estate/redact/redactPair';
import { redacted } from '../../src/estate/redact/Redactor';
import { loadInventory } from '../../src/inventory/loadInventory';
import { readSources } from '../../src/inventory/reading/readSources';
import { folderOf, removeFolders } from '../inventory/fixtures';
import { anyEstate } from './anyEstate';

afterAll(removeFolders);

/** Secrets have vowels, so that no random name is one by accident. */
const SECRETS = ['azorika', 'belunto', 'azorikabelunto', 'ciravel'] as const;
const ACCOUNT = '918273645546';
const HASH = 'C0FFEE1234DEADBEEF5678C0FFEE1234';
const ADDRESSES = ['203.0.113.77', '10.87.65.43', '2a05:d018:face::7'];

/** Texts of every kind in which one of the secrets stands. */
function hostileTexts(one: string, other: string): readonly string[] {
  const base64 = Buffer.from(`${one}-${other}`).toString('base64');
  return [
    one,
    one.toUpperCase(),
    `${one[0]!.toUpperCase()}${one.slice(1)}${other}`,
    `${one}-${other}_${one}.${other}`,
    `${one}4711${other}`,
    `arn:aws:iam::${ACCOUNT}:role/${one}/${other}`,
    `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_${one}_0123456789abcdef`,
    `arn:aws:iam::${ACCOUNT}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling_${one}`,
    `arn:aws:sts::${ACCOUNT}:assumed-role/${one}/${other}@${one}.example.com`,
    `arn:aws:iam::${ACCOUNT.slice(0, 4)}*:role/${one}*`,
    `arn:aws:s3:::${one}-${ACCOUNT}-logs/${other}/*`,
    `arn:aws:s3:::*${one.slice(2)}?/${other.slice(0, 1)}*`,
    `arn:aws:iam::${ACCOUNT}`,
    `arn:${one}:${other}:${one}:${ACCOUNT}:${other}`,
    `arn:aws:lambda:${one}-1:${ACCOUNT}:function:${other}`,
    `role/${one}`,
    `AROA${one.toUpperCase()}ABCDE:${other}`,
    `${ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/${one}/${other}:1.2.3@sha256:${HASH.toLowerCase()}`,
    `${one}.s3.eu-west-1.amazonaws.com`,
    `https://oidc.eks.us-west-2.amazonaws.com/id/${HASH}`,
    `https://${one}.example.com/realms/${other}`,
    `oidc.eks.us-west-2.amazonaws.com/id/${HASH}:sub`,
    `system:serviceaccount:${one}:${other}`,
    `repo:${one}/${other}:ref:refs/heads/${one}`,
    `${one}@${other}.eu-west-1.eksctl.io`,
    `vpc-0${HASH.slice(0, 16).toLowerCase()} and eni-${one}`,
    `${encodeURIComponent(`${one}/${other}`)}%20${one}`,
    percentEncoded(one),
    base64,
    `<${one}> "${other}" 'x' \\${one}\n${other}\t`,
    `\${aws:PrincipalTag/${one}}`,
    `{${one}}${other}`,
    `eks:${one}`,
    `podlift:${one}`,
    `${one}.kubernetes.io/${other}`,
    `kubernetes.io/${one}`,
    `kubernetes.io/cluster/${one}`,
    `eks.amazonaws.com/${one}`,
    `kubectl-${one}`,
    `argocd-${one}-controller`,
    `secret ${one}/${other}`,
    `{"accountId": ${ACCOUNT}, "${one}": ["${other}"]}`,
    `${one}: !!binary ${base64}`,
    `ip-10-87-65-43.${one}.internal and node-10-87-65-43-${one}`,
    `${ADDRESSES[0]} ${ADDRESSES[0]}.${one}.example.com ::ffff:${ADDRESSES[1]} [${ADDRESSES[2]}]:443 ${ADDRESSES[1]}/32`,
    `http://${one}:${other}@proxy.${one}.example.com:3128/${other}?token=${base64}`,
  ];
}

function percentEncoded(text: string): string {
  return text.replace(/./g, (character) => `%${character.charCodeAt(0).toString(16)}`);
}

/** What of the secrets can be read in a text, in any case and in the encodings that the texts have. */
function readable(text: string): readonly string[] {
  const lower = text.toLowerCase();
  const secrets = [
    ...SECRETS,
    ...SECRETS.map(percentEncoded),
    ...SECRETS.flatMap((one) => SECRETS.map((other) => Buffer.from(`${one}-${other}`).toString('base64').slice(0, 12))),
    ACCOUNT,
    HASH,
    HASH.slice(0, 16),
    ...ADDRESSES,
    '10-87-65-43',
  ];
  return secrets.filter((secret) => lower.includes(secret.toLowerCase()));
}

const INVENTORY = `version: 1
accounts: { ${SECRETS[0]}: { id: "${ACCOUNT}" } }
environments:
  ${SECRETS[1]}:
    account: ${SECRETS[0]}
    region: us-west-2
    clusters:
      main: { name: ${SECRETS[3]}, version: "1.33", oidc: { issuer: "https://oidc.eks.us-west-2.amazonaws.com/id/${HASH}" }, agent: { version: v1.3.4-eksbuild.1, configuration: { nodeSelector: { owner: ${ACCOUNT}, ${SECRETS[0]}: 9 } } } }
waves: { ${SECRETS[2]}: { stages: { ${SECRETS[1]}: dual } } }
workloads:
  ${SECRETS[3]}:
    wave: ${SECRETS[2]}
    namespace: ${SECRETS[0]}
    serviceAccount: ${SECRETS[1]}
    permissions: { statements: [{ actions: [s3:GetObject], resources: ["arn:aws:s3:::${SECRETS[0]}-${ACCOUNT}/*"] }] }
`;

const pairOf = (estate: Estate, inventory = INVENTORY) =>
  redactPair(estate, readSources(join(folderOf({ 'inventory.yaml': inventory }), 'inventory.yaml')));

const secret = fc.constantFrom(...SECRETS);
const hostile = fc.tuple(secret, secret, fc.nat()).map(([one, other, at]) => {
  const texts = hostileTexts(one, other);
  return texts[at % texts.length]!;
});

/** What AWS and Kubernetes alone give, in their own words. */
const GIVEN: readonly (readonly [RegExp, string])[] = [
  [/\.status$/, 'ACTIVE'],
  [/\.error$/, 'AccessDenied'],
  [/\.addons(\.\*)?(\.value\.name)?$/, 'aws-ebs-csi-driver'],
  [/\.events\.name$/, 'AssumeRole'],
  [/\.Condition$/, 'StringEquals'],
];
const estates = anyEstate((path) => {
  const given = GIVEN.find(([pattern]) => pattern.test(path));
  return given === undefined ? hostile : fc.constant(given[1]);
});

describe('hostile names', () => {
  it.each(hostileTexts(SECRETS[0], SECRETS[1]))('nothing can be read in %j', (text) => {
    const { result } = redacted([], ({ text: change, key, conditionKey }) =>
      [change, key, conditionKey].map((one) => one(text)),
    );
    expect(readable(result.join('\n'))).toEqual([]);
  });

  it('nothing can be read in the two files, wherever in an Estate the names stand', () => {
    let read = 0;
    fc.assert(
      fc.property(estates, (made) => {
        const estate = JSON.parse(JSON.stringify(made)) as Estate;
        const pair = pairOf(estate);
        if ('problem' in pair) throw new Error(pair.problem);
        const text = estateText(pair.estate);
        expect(readable(`${text}\n${pair.inventory}`)).toEqual([]);
        expect(parseEstate(text, 'estate.json')).toHaveProperty('estate');
        read += readable(estateText(estate)).length;
      }),
      { numRuns: 60 },
    );
    expect(read).toBeGreaterThan(100);
  }, 60_000);

  it('a name that patterns cut into single letters cannot be read', () => {
    const [name, ...patterns] = ['acme', 'a*', 'ac*', 'acm*'];
    for (let run = 0; run < 50; run++) {
      const { result } = redacted([], ({ text }) => [name, ...patterns].map(text));
      expect(result[0]).not.toBe(name);
      for (const pattern of result.slice(1)) expect(result[0]!.startsWith(pattern.slice(0, -1))).toBe(true);
    }
  });

  it('a word that stays goes with the patterns that it went with', () => {
    const { result } = redacted([], ({ text }) =>
      ['default*', 'defaults', 'default', 'sub*', 'subscriptions'].map(text),
    );
    const [pattern = '', longer = '', word, sub = '', subscriptions = ''] = result;
    expect([pattern, word, sub]).toEqual(['default*', 'default', 'sub*']);
    expect(longer).toMatch(/^default[^s]$|^default.$/);
    expect(subscriptions).toMatch(/^sub[a-z]{10}$/);
    expect(subscriptions).not.toBe('subscriptions');
  });

  it('an inventory with errors is not redacted: podlift cannot know which part of a wrong entry is a name', () => {
    const none: Estate = { format: 'podlift.estate/1', at: '2026-11-21T12:00:00Z', accounts: {}, clusters: {} };
    expect(pairOf(none, INVENTORY.replace('dual', 'azorika'))).toEqual({ problem: 'the inventory has errors' });
  });
});

describe('the place of the states in a redacted inventory', () => {
  const [one, other] = [SECRETS[0], SECRETS[2]];
  it.each([
    `{ s3: { bucket: ${one}-state, region: us-west-2, prefix: ${other} } }`,
    `{ cloud: { organization: ${one}, hostname: tfe.${other}.com, project: ${one} ${other}, prefix: ${other}- } }`,
    `{ http: { address: "https://state.${one}.com/${other}/{stack}", lockAddress: "https://state.${one}.com/{stack}/lock" } }`,
    `{ azurerm: { storageAccountName: acmestate, containerName: ${one}, resourceGroupName: ${other} } }`,
    `{ local: { folder: "../${one}/${other}" } }`,
  ])('has no name of %s', (state) => {
    const written = INVENTORY.replace('    region: us-west-2\n', `    region: us-west-2\n    state: ${state}\n`);
    const pair = pairOf(
      { format: 'podlift.estate/1', at: '2026-11-21T12:00:00Z', accounts: {}, clusters: {} },
      written,
    );
    if ('problem' in pair) throw new Error(pair.problem);
    expect(readable(pair.inventory)).toEqual([]);
    const { inventory } = loadInventory(join(folderOf({ 'inventory.yaml': pair.inventory }), 'inventory.yaml'));
    expect(inventory?.environments.map((environment) => environment.state)).toEqual([{ local: { folder: 'states' } }]);
  });
});
