import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { estateSeed } from '../../src/rehearsal/existingEstate/estateSeed';
import { existingEstateSchema } from '../../src/rehearsal/existingEstate/existingEstateSchema';
import { type Ended, type EstateProject, estateProject, run } from './estateProject';

// The end of a migration through the command line: what is left, the edits followed, the certificate.

const ACCOUNT = '333333333333';
const DATA = '444444444444';
const ISSUER = `oidc.eks.us-west-2.amazonaws.com/id/${'A'.repeat(32)}`;
const PROVIDER = `arn:aws:iam::${ACCOUNT}:oidc-provider/${ISSUER}`;
const CLUSTER = `arn:aws:eks:us-west-2:${ACCOUNT}:cluster/prod-main`;
const GITHUB = `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`;

const tokens = (subject: string, account = ACCOUNT) => ({
  Effect: 'Allow',
  Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/${ISSUER}` },
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition: {
    StringEquals: { [`${ISSUER}:sub`]: `system:serviceaccount:${subject}`, [`${ISSUER}:aud`]: 'sts.amazonaws.com' },
  },
});
const github = {
  Effect: 'Allow',
  Principal: { Federated: GITHUB },
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition: { StringEquals: { 'token.actions.githubusercontent.com:sub': 'repo:acme/shop:ref:refs/heads/main' } },
};
const pods = {
  Effect: 'Allow',
  Principal: { Service: 'pods.eks.amazonaws.com' },
  Action: ['sts:AssumeRole', 'sts:TagSession'],
  Condition: {
    StringEquals: {
      'aws:SourceAccount': ACCOUNT,
      'aws:RequestTag/eks-cluster-arn': CLUSTER,
      'aws:RequestTag/kubernetes-namespace': 'shop',
      'aws:RequestTag/kubernetes-service-account': 'api',
    },
  },
};
const trust = (...Statement: object[]) => ({ trust: { Version: '2012-10-17', Statement } });
const deployment = (namespace: string, name: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { namespace, name },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { serviceAccountName: name, containers: [{ name: 'app', image: 'app:1' }] },
    },
  },
});
const annotated = (namespace: string, name: string, role: string) => ({
  ...{ namespace, name },
  annotations: { 'eks.amazonaws.com/role-arn': `arn:aws:iam::${ACCOUNT}:role/${role}` },
});

const ESTATE = {
  version: 1,
  credentials: ACCOUNT,
  accounts: {
    [ACCOUNT]: {
      oidcProviders: [`https://${ISSUER}`, 'https://token.actions.githubusercontent.com'],
      roles: {
        'prod-api': trust(pods),
        // A team that the inventory does not have still uses the provider.
        'reports-irsa': { ...trust(tokens('reports:nightly')), lastUsed: 'now' },
        // Nothing uses these any more. The deployment role of GitHub keeps its own statement.
        'old-tool': trust(tokens('tools:old')),
        'shop-deploy': trust(github, tokens('shop:api')),
        'shop-ci': trust(github),
        'stack-role': {
          ...trust(tokens('tools:stack')),
          tags: { 'aws:cloudformation:stack-name': 'tools', 'aws:cloudformation:logical-id': 'Role' },
        },
      },
      clusters: [
        {
          ...{ name: 'prod-main', region: 'us-west-2', version: '1.33', issuer: `https://${ISSUER}` },
          addons: [{ name: 'eks-pod-identity-agent' }],
          associations: [
            { namespace: 'shop', serviceAccount: 'api', roleArn: `arn:aws:iam::${ACCOUNT}:role/prod-api` },
          ],
          serviceAccounts: [annotated('shop', 'api', 'prod-api'), annotated('reports', 'nightly', 'reports-irsa')],
          objects: [deployment('shop', 'api'), deployment('reports', 'nightly')],
        },
      ],
    },
    // The data account has a provider of its own for the same issuer.
    [DATA]: {
      oidcProviders: [`https://${ISSUER}`],
      roles: {
        'lake-reader': trust(tokens('reports:lake', DATA)),
        'podlift-read': {
          ...trust({ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'sts:AssumeRole' }),
          managedPolicies: ['AdministratorAccess'],
        },
      },
    },
  },
};
const INVENTORY = `version: 1
accounts:
  apps: { id: "${ACCOUNT}" }
  data: { id: "${DATA}", readRole: "arn:aws:iam::${DATA}:role/podlift-read" }
environments:
  prod:
    account: apps
    region: us-west-2
    clusters:
      main:
        name: prod-main
        version: "1.33"
        agent: { version: v1.3.4-eksbuild.1 }
waves:
  all: { stages: { prod: pod-identity } }
workloads:
  api:
    wave: all
    namespace: shop
    serviceAccount: api
    permissions: { managedPolicies: [ReadOnlyAccess] }
`;

let project: EstateProject;
beforeAll(async () => {
  project = await estateProject(INVENTORY, estateSeed(existingEstateSchema.parse(ESTATE), ACCOUNT, new Date()));
});
afterAll(() => project.close());

/** A file beside the inventory. */
const file = (name: string) => join(project.file, '..', name);
const finish = (...words: string[]) => project.podlift('finish', '-e', 'prod', ...words);
/** Runs a command as an operator does. */
const shell = ([program = '', ...words]: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  run([], { ...project.environment, ...env }, program, words);

interface Step {
  readonly say?: string;
  readonly run?: readonly string[];
  readonly account?: string;
}
interface Document {
  readonly finished: boolean;
  readonly users: readonly { kind: string; name: string; state: string; remedy: readonly Step[] }[];
  readonly leftOvers: readonly { kind: string; name: string; remedy: readonly Step[] }[];
  readonly roles: readonly { account: string; name: string; state: string; owner?: string; remedy: readonly Step[] }[];
  readonly providers: readonly { account: string; state: string; remedy: readonly Step[] }[];
  readonly notRead: readonly { account?: string; asked: string; reason: string }[];
}
const judged = async (...words: string[]) => {
  const { code, stdout, stderr } = await finish('--format', 'json', ...words);
  if (!stdout.startsWith('{')) throw new Error(`${stdout}\n${stderr}`);
  return { code, document: JSON.parse(stdout) as Document };
};

/** The commands of a remedy. */
const commandsOf = (remedy: readonly Step[]) =>
  remedy.flatMap(({ run: words, account }) => (words === undefined ? [] : [{ words, account }]));

/** Follows a remedy: runs its commands, each with the credentials that it names. In the sandbox the id of an account is a key of its administrator. */
async function follow(remedy: readonly Step[]): Promise<void> {
  for (const { words, account } of commandsOf(remedy)) {
    const ended: Ended = await shell(words, account === undefined ? {} : { AWS_ACCESS_KEY_ID: DATA });
    expect([words, ended.code, ended.code === 0 ? '' : ended.stderr]).toEqual([words, 0, '']);
  }
}

describe('podlift finish', () => {
  it('goes from what is left to the certificate, when its edits are followed in their order', async () => {
    // 1. Not finished: every role in reach, also those that the inventory does not have.
    const first = await judged();
    expect(first.code).toBe(1);
    expect(first.document.notRead).toEqual([]);
    expect(first.document.roles.map(({ account, name, state }) => [account, name, state])).toEqual([
      [ACCOUNT, 'reports-irsa', 'in-use'],
      [ACCOUNT, 'old-tool', 'removable'],
      [ACCOUNT, 'shop-deploy', 'removable'],
      [ACCOUNT, 'stack-role', 'removable'],
      [DATA, 'lake-reader', 'removable'],
    ]);
    expect(first.document.users.map(({ kind, name }) => [kind, name])).toEqual([
      ['pods', 'nightly'],
      ['annotation', 'nightly'],
    ]);
    expect(first.document.leftOvers.map(({ kind, name }) => [kind, name])).toEqual([['annotation', 'api']]);
    // What is in use, and a provider, get no command that changes anything.
    const [inUse] = first.document.roles;
    expect([inUse!, ...first.document.providers].flatMap(({ remedy }) => commandsOf(remedy))).toEqual([]);

    // 2. No certificate.
    const early = await finish('--out', file('certificate.md'));
    expect([early.code, existsSync(file('certificate.md'))]).toEqual([1, false]);
    expect(early.stderr).toContain('No certificate is written');
    expect(early.stdout).toContain('reports/nightly on main');

    // 3. Its edits: what uses the provider first.
    const inReports = ['kubectl', '--context', CLUSTER, '-n', 'reports', 'delete'];
    for (const what of ['deployment/nightly', 'serviceaccount/nightly'])
      expect((await shell([...inReports, what])).code).toBe(0);
    const second = await judged();
    expect(second.document.users).toEqual([]);
    for (const { remedy } of [...second.document.roles, ...second.document.leftOvers]) await follow(remedy);
    const third = await judged();
    // CloudFormation owns this one: podlift prints no command for it.
    expect(third.document.roles.map(({ name, owner }) => [name, owner])).toEqual([
      ['stack-role', 'CloudFormation (stack tools)'],
    ]);
    const [stack] = third.document.roles;
    const policy = stack!.remedy.flatMap(({ say = '' }) => (say.startsWith('{') ? [say] : []));
    expect(policy).toHaveLength(1);
    const update = ['aws', 'iam', 'update-assume-role-policy', '--role-name', 'stack-role', '--policy-document'];
    expect((await shell([...update, policy[0]!])).code).toBe(0);

    // 4. The certificate; GitHub still has its role.
    const last = await finish('--out', file('certificate.md'));
    expect([last.code, last.stderr]).toEqual([0, expect.stringContaining('The certificate is written: ')]);
    const text = readFileSync(file('certificate.md'), 'utf8');
    expect(text).toContain('# podlift finish: certificate of prod');
    expect(text).toContain(ACCOUNT);
    expect(text).toContain(DATA);
    expect(text).toContain(`delete-open-id-connect-provider --open-id-connect-provider-arn ${PROVIDER}`);
    const deploy = await shell(['aws', 'iam', 'get-role', '--role-name', 'shop-deploy']);
    expect(deploy.stdout).toContain('token.actions.githubusercontent.com');
    expect(deploy.stdout).not.toContain(ISSUER);

    // 5. The providers go, and the certificate says so.
    const done = await judged();
    for (const { remedy } of done.document.providers) await follow(remedy);
    const gone = await judged();
    expect([gone.code, gone.document.finished]).toEqual([0, true]);
    expect(gone.document.providers.map(({ state }) => state)).toEqual(['gone', 'gone']);
  });
});
