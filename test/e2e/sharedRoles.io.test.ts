import { loadInventory } from '../../src/inventory/loadInventory';
import type { PolicyDocument, Statement } from '../../src/iam/PolicyDocument';
import type { SandboxSeed, SeedServiceAccount } from '../../src/sandbox/Seed';
import { type EstateProject, estateProject, firstPlan } from './estateProject';

// Roles that several service accounts, namespaces and clusters use: after `discover --write`, the first plan imports and tags, and nothing else.

const ACCOUNT = '333333333333';
const REGION = 'us-west-2';
const ISSUERS = {
  main: `oidc.eks.${REGION}.amazonaws.com/id/${'A'.repeat(32)}`,
  batch: `oidc.eks.${REGION}.amazonaws.com/id/${'B'.repeat(32)}`,
};
type ClusterKey = keyof typeof ISSUERS;
const arn = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const tokens = (cluster: ClusterKey, subjects: string[], test = 'StringEquals'): Statement => ({
  Effect: 'Allow',
  Action: 'sts:AssumeRoleWithWebIdentity',
  Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${ISSUERS[cluster]}` },
  Condition: {
    StringEquals: { [`${ISSUERS[cluster]}:aud`]: 'sts.amazonaws.com' },
    ...(test === 'StringEquals'
      ? {
          StringEquals: {
            [`${ISSUERS[cluster]}:aud`]: 'sts.amazonaws.com',
            [`${ISSUERS[cluster]}:sub`]: subjects.map((one) => `system:serviceaccount:${one}`),
          },
        }
      : { [test]: { [`${ISSUERS[cluster]}:sub`]: subjects.map((one) => `system:serviceaccount:${one}`) } }),
  },
});
const PODS: Statement = {
  Effect: 'Allow',
  Action: ['sts:AssumeRole', 'sts:TagSession'],
  Principal: { Service: 'pods.eks.amazonaws.com' },
};
const trust = (...statements: Statement[]): PolicyDocument => ({ Version: '2012-10-17', Statement: statements });
const account = (of: string, role?: string): SeedServiceAccount => {
  const [namespace = '', name = ''] = of.split('/');
  return { namespace, name, ...(role !== undefined && { annotations: { 'eks.amazonaws.com/role-arn': arn(role) } }) };
};
const cluster = (key: ClusterKey) => ({
  ...{ account: ACCOUNT, region: REGION, name: `prod-${key}`, version: '1.33', issuer: `https://${ISSUERS[key]}` },
  addons: [{ name: 'eks-pod-identity-agent', version: 'v1.3.4-eksbuild.1' }],
});

const SEED: SandboxSeed = {
  ambientAccount: ACCOUNT,
  oidcProviders: Object.values(ISSUERS).map((one) => ({ account: ACCOUNT, issuer: `https://${one}` })),
  roles: [
    { account: ACCOUNT, name: 'two-accounts', trust: trust(tokens('main', ['argocd:server', 'argocd:repo'])) },
    { account: ACCOUNT, name: 'two-namespaces', trust: trust(tokens('main', ['loki:loki', 'mimir:loki']), PODS) },
    {
      account: ACCOUNT,
      name: 'two-clusters',
      trust: trust(tokens('main', ['shop:api']), tokens('batch', ['shop:api']), PODS),
    },
    { account: ACCOUNT, name: 'other-names', trust: trust(PODS) },
    { account: ACCOUNT, name: 'previews', trust: trust(tokens('main', ['pr-*:app'], 'StringLike')) },
  ],
  clusters: [
    {
      ...cluster('main'),
      serviceAccounts: [
        account('argocd/server', 'two-accounts'),
        account('argocd/repo', 'two-accounts'),
        account('loki/loki', 'two-namespaces'),
        account('mimir/loki', 'two-namespaces'),
        account('shop/api', 'two-clusters'),
        account('shop/worker'),
        account('pr-1/app', 'previews'),
        account('pr-2/app', 'previews'),
      ],
      associations: [
        { namespace: 'loki', serviceAccount: 'loki', roleArn: arn('two-namespaces') },
        { namespace: 'mimir', serviceAccount: 'loki', roleArn: arn('two-namespaces') },
        { namespace: 'shop', serviceAccount: 'api', roleArn: arn('two-clusters') },
        { namespace: 'shop', serviceAccount: 'worker', roleArn: arn('other-names') },
      ],
    },
    {
      ...cluster('batch'),
      serviceAccounts: [account('shop/api', 'two-clusters'), account('jobs/worker')],
      associations: [
        { namespace: 'shop', serviceAccount: 'api', roleArn: arn('two-clusters') },
        { namespace: 'jobs', serviceAccount: 'worker', roleArn: arn('other-names') },
      ],
    },
  ],
};
const INVENTORY = `version: 1
accounts:
  apps: { id: "${ACCOUNT}" } # production
environments:
  prod:
    account: apps
    region: ${REGION}
`;

let project: EstateProject;
beforeAll(async () => {
  project = await estateProject(INVENTORY, SEED);
});
afterAll(() => project.close());

const discover = (name: string, ...more: string[]) =>
  project.podlift('discover', '--environment', 'prod', '--cluster', name, ...more);
const workloads = () => {
  const { inventory, findings } = loadInventory(project.file);
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  return new Map(inventory!.environments[0]!.workloads.map((one) => [one.role.name, one]));
};
const onlyImports = async () => {
  project.synth(project.inventory());
  const { counts, attributes } = await firstPlan(project, 'prod-identity');
  expect(counts).toMatchObject({ add: 0, destroy: 0 });
  expect(attributes).toEqual(['tags', 'tags_all']);
  return counts.import;
};

it('writes one entry a role, and the first plan only imports and tags', async () => {
  const { code, stdout, stderr } = await discover('prod-main', '--write');
  expect([code, stdout.includes('left out'), stderr]).toEqual([0, false, expect.not.stringMatching(/error/i)]);
  const found = workloads();
  expect(found.get('two-accounts')!.subjects.map(({ name }) => name)).toEqual(['repo', 'server']);
  expect(found.get('two-namespaces')!.subjects.map(({ namespace }) => namespace)).toEqual(['loki', 'mimir']);
  expect(found.get('previews')).toMatchObject({ stage: 'irsa', patterns: [{ namespaces: ['pr-*'] }] });
  expect(await onlyImports()).toBeGreaterThan(8);
}, 240_000);

it('gives the entries the second cluster when it is discovered, with the ids of its associations', async () => {
  const { code, stdout } = await discover('prod-batch', '--write');
  expect([code, stdout.includes('left out')]).toEqual([0, false]);
  const found = workloads();
  expect(found.get('two-clusters')!.clusters).toEqual(['prod-main', 'prod-batch']);
  expect(found.get('two-clusters')!.role.keepTrust).toBeUndefined();
  expect(found.get('other-names')!.subjects.map(({ namespace, clusters }) => [namespace, clusters])).toEqual([
    ['shop', ['prod-main']],
    ['jobs', ['prod-batch']],
  ]);
  expect(project.inventory()).toContain('# production');
  await onlyImports();
  const again = await discover('prod-batch');
  expect([again.code, again.stdout]).toEqual([0, '']);
}, 240_000);
