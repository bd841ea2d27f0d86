import { initialise, plan, planAndApply, runTerraform } from '../../src/runners/stackCommands';
import type { SandboxSeed } from '../../src/sandbox/Seed';
import { type EstateProject, estateProject, run } from './estateProject';

// An environment with `tags` gives them to what podlift creates. What it adopts keeps the tags of its owner: who made it can find it by them.

const ACCOUNT = '333333333333';
const REGION = 'us-west-2';
const ISSUER = `oidc.eks.${REGION}.amazonaws.com/id/${'A'.repeat(32)}`;
const OWN_TAGS = { 'made-by': 'eksctl' };
const PROVIDER = `arn:aws:iam::${ACCOUNT}:oidc-provider/${ISSUER}`;
const ADDON = 'eks-pod-identity-agent';

const SEED: SandboxSeed = {
  ambientAccount: ACCOUNT,
  oidcProviders: [{ account: ACCOUNT, issuer: `https://${ISSUER}` }],
  roles: [
    {
      account: ACCOUNT,
      name: 'orders-api',
      trust: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'pods.eks.amazonaws.com' },
            Action: ['sts:AssumeRole', 'sts:TagSession'],
          },
        ],
      },
    },
  ],
  clusters: [
    {
      account: ACCOUNT,
      region: REGION,
      name: 'prod-main',
      version: '1.33',
      issuer: `https://${ISSUER}`,
      addons: [{ name: ADDON, version: 'v1.3.4-eksbuild.1', tags: OWN_TAGS }],
      serviceAccounts: [{ namespace: 'shop', name: 'orders-api' }],
      associations: [
        {
          id: 'a-orders0000000001',
          namespace: 'shop',
          serviceAccount: 'orders-api',
          roleArn: `arn:aws:iam::${ACCOUNT}:role/orders-api`,
          tags: OWN_TAGS,
        },
      ],
    },
  ],
};

/** @param tags those of the environment */
const inventory = (tags: string) => `version: 1
accounts:
  apps: { id: "${ACCOUNT}" }
environments:
  prod:
    account: apps
    region: ${REGION}
${tags === '' ? '' : `    tags: { ${tags} }\n`}    clusters:
      main:
        name: prod-main
        version: "1.33"
        oidc: { issuer: "https://${ISSUER}", provider: managed, adopt: true }
        agent: { version: v1.3.4-eksbuild.1, adopt: true }
waves:
  first: { stages: { prod: dual } }
workloads:
  orders-api:
    wave: first
    found: dual
    namespace: shop
    serviceAccount: orders-api
    permissions: {}
    role:
      name: orders-api
      path: /
      adopt: true
      imports: { associations: { main: a-orders0000000001 } }
  created: # podlift creates its role and its association
    wave: first
    namespace: shop
    serviceAccount: created
    permissions: {}
`;
const WITH_TAGS = inventory('cost-centre: platform');
const STACK = 'prod-identity';

let project: EstateProject;
beforeAll(async () => {
  project = await estateProject(WITH_TAGS, SEED);
  const [key, value] = Object.entries(OWN_TAGS)[0]!;
  const tag = ['--open-id-connect-provider-arn', PROVIDER, '--tags', `Key=${key},Value=${value}`];
  const { code, stderr } = await run(['iam', 'tag-open-id-connect-provider', ...tag], project.environment, 'aws');
  expect([code, stderr]).toEqual([0, '']);
});
afterAll(() => project.close());

const planned = async () => (await plan(project.stack(STACK))).changes.map(({ type, action }) => `${action} ${type}`);
async function aws(...words: string[]): Promise<any> {
  const { code, stdout, stderr } = await run([...words, '--output', 'json'], project.environment, 'aws');
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout);
}
const tagsOf = async (serviceAccount: string) => {
  const named = ['--cluster-name', 'prod-main', '--region', REGION];
  const { associations } = await aws('eks', 'list-pod-identity-associations', ...named);
  const { associationId } = associations.find((one: any) => one.serviceAccount === serviceAccount);
  const shown = await aws('eks', 'describe-pod-identity-association', ...named, '--association-id', associationId);
  return shown.association.tags;
};
const adoptedTags = async () => ({
  association: await tagsOf('orders-api'),
  addon: (await aws('eks', 'describe-addon', '--cluster-name', 'prod-main', '--addon-name', ADDON, '--region', REGION))
    .addon.tags,
  provider: Object.fromEntries(
    (await aws('iam', 'get-open-id-connect-provider', '--open-id-connect-provider-arn', PROVIDER)).Tags.map(
      ({ Key, Value }: any) => [Key, Value],
    ),
  ),
});
const KEPT = { association: OWN_TAGS, addon: OWN_TAGS, provider: OWN_TAGS };

describe('an adopted agent, OIDC provider and association, in an environment with tags', () => {
  it('are imported without a change: only the role is tagged', async () => {
    project.synth(WITH_TAGS);
    await initialise(project.stack(STACK));
    expect((await planned()).filter((change) => !change.startsWith('create'))).toEqual(['update aws_iam_role']);
    const { stdout } = await runTerraform(['plan', '-no-color'], project.stack(STACK));
    expect(stdout).not.toContain('Warning');
  });

  it('have the tags of their owner after the apply, and then nothing is left to change', async () => {
    await planAndApply(project.stack(STACK));
    expect(await adoptedTags()).toEqual(KEPT);
    expect(await planned()).toEqual([]);
  });

  it('leave the tags of the environment to what podlift creates', async () => {
    expect(await tagsOf('created')).toEqual({
      'cost-centre': 'platform',
      'podlift:workload': 'created',
      'podlift:environment': 'prod',
    });
  });

  it('stay as they are when the environment’s tags change, and go', async () => {
    project.synth(inventory('cost-centre: shop, team: web'));
    await planAndApply(project.stack(STACK));
    expect(await adoptedTags()).toEqual(KEPT);
    project.synth(inventory(''));
    const { changes } = await planAndApply(project.stack(STACK));
    expect(changes.map(({ action }) => action)).not.toContain('replace');
    expect(await adoptedTags()).toEqual(KEPT);
    expect(await planned()).toEqual([]);
    project.synth(WITH_TAGS);
    await planAndApply(project.stack(STACK));
    expect(await adoptedTags()).toEqual(KEPT);
  });

  it('can leave podlift with the entry: Terraform finds the provider of the association', async () => {
    const without = WITH_TAGS.replace(/ {2}orders-api:[\s\S]*(?= {2}created:)/, '');
    expect(without).not.toContain('orders-api');
    project.synth(without);
    expect(await planned()).toEqual(expect.arrayContaining(['delete aws_eks_pod_identity_association']));
  });
});
