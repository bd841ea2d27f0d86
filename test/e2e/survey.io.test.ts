import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseExistingEstate } from '../../src/rehearsal/existingEstate/readExistingEstate';
import { seedOfEstate } from '../../src/rehearsal/existingEstate/seedOfEstate';
import { run, useFolder } from '../cli/commandLine';
import { type EstateProject, estateProject, firstPlan, run as runBeside } from './estateProject';

const PODLIFT = resolve('src/cli/podlift.js');
const ESTATE = 'examples/existing-estate/estate.yaml';
const CLUSTER = 'arn:aws:eks:eu-central-1:111122223333:cluster/parcels-one';
const APPS = '111122223333';
const VAULT = '444455556666';

describe('a survey of the example estate', () => {
  let project: EstateProject;
  const folder = useFolder();
  beforeAll(async () => {
    const read = parseExistingEstate(readFileSync(ESTATE, 'utf8'), 'estate.yaml');
    if ('findings' in read) throw new Error(JSON.stringify(read.findings));
    const seed = seedOfEstate(read.estate, { accounts: [], waves: [], environments: [] });
    project = await estateProject(readFileSync(`${dirname(ESTATE)}/inventory.yaml`, 'utf8'), seed);
  });
  afterAll(() => project.close());
  const podlift = (...words: readonly string[]) =>
    runBeside(
      [PODLIFT, ...words],
      { ...project.environment, PODLIFT_INVENTORY: '' },
      process.execPath,
      [],
      folder.path,
    );

  it('ends in an inventory that validates, is proved, and plans no change to any role but its tags', async () => {
    const survey = await podlift('survey', '--out', 'survey.json', '--save-estate', 'estate.json');
    expect([survey.code, survey.stdout]).toEqual([0, '']);
    expect(survey.stderr).toContain('podlift survey: cluster parcels-two (111122223333 eu-central-1) is read, 2 of 2');
    // Nothing but the file is needed.
    const init = run([PODLIFT, 'init', '--from', 'survey.json'], {}, folder.path);
    expect([init.status, init.stderr]).toEqual([0, '']);
    for (const command of ['validate', 'prove']) expect(run([PODLIFT, command], {}, folder.path).status).toBe(0);

    project.synth(readFileSync(join(folder.path, 'inventory.yaml'), 'utf8'));
    const { counts, attributes } = await firstPlan(project, `account-${APPS}-identity`);
    expect(counts).toMatchObject({ add: 0, destroy: 0 });
    expect(attributes).toEqual(['tags', 'tags_all']);

    // The same from what AWS answered, without AWS.
    const again = run([PODLIFT, 'survey', '--estate', 'estate.json', '--format', 'json'], {}, folder.path);
    const { inventory } = JSON.parse(again.stdout) as { inventory: object };
    expect(JSON.parse(readFileSync(join(folder.path, 'survey.json'), 'utf8'))).toMatchObject({ inventory });
  });

  it('reads one context, or the clusters that EKS lists, and names the account that denies', async () => {
    const one = await podlift('survey', '--context', CLUSTER, '--format', 'csv');
    expect([one.code, one.stdout.split('\n')[1]]).toEqual([0, expect.stringMatching(/^parcels-one,/)]);
    expect(one.stdout).not.toContain('parcels-two');

    const words = ['--account', APPS, '--account', VAULT, '--region', 'eu-central-1', '--format', 'json'];
    const { code, stdout } = await podlift('survey', ...words);
    const { clusters, unread } = JSON.parse(stdout) as Record<'clusters' | 'unread', readonly object[]>;
    expect([code, clusters.length]).toEqual([1, 2]);
    expect(unread).toMatchObject([{ account: VAULT, what: 'eks:ListClusters', reason: 'denied' }]);
  });
});

/** Two clusters in two accounts of an organisation, each with a service account; the third account has no role for podlift. */
const ORGANISATION = `version: 1
credentials: "111111111111"
organisations:
  - id: o-abcdefghij
    accounts: ["111111111111", "222222222222", "333333333333", "444444444444", "555555555555"]
    names: { "222222222222": Shop (prod), "333333333333": Data }
    suspended: ["555555555555"]
accounts:
  "111111111111": {}
${[
  ['222222222222', 'eu-central-1'],
  ['333333333333', 'us-west-2'],
]
  .map(
    ([id, region]) => `  "${id}":
    oidcProviders: ["https://oidc.eks.${region}.amazonaws.com/id/${id}"]
    roles:
      podlift-read:
        trust: { Version: "2012-10-17", Statement: { Effect: Allow, Principal: { AWS: "111111111111" }, Action: sts:AssumeRole } }
        managedPolicies: [ReadOnlyAccess]
      api:
        trust:
          Version: "2012-10-17"
          Statement:
            Effect: Allow
            Action: sts:AssumeRoleWithWebIdentity
            Principal: { Federated: "arn:aws:iam::${id}:oidc-provider/oidc.eks.${region}.amazonaws.com/id/${id}" }
            Condition:
              StringEquals:
                "oidc.eks.${region}.amazonaws.com/id/${id}:aud": sts.amazonaws.com
                "oidc.eks.${region}.amazonaws.com/id/${id}:sub": system:serviceaccount:shop:api
    clusters:
      - name: main
        region: ${region}
        version: "1.33"
        issuer: https://oidc.eks.${region}.amazonaws.com/id/${id}
        serviceAccounts: [{ namespace: shop, name: api, annotations: { eks.amazonaws.com/role-arn: "arn:aws:iam::${id}:role/api" } }]
`,
  )
  .join('')}`;

describe('a survey of an organisation', () => {
  const folder = useFolder();

  it('reads each account by its role, names those that deny or are not active, and writes one inventory for all', () => {
    writeFileSync(join(folder.path, 'org.yaml'), ORGANISATION);
    const survey = ['survey', '--organization', '--role', 'podlift-read', '--out', 'survey.json'];
    const sandbox = run(
      [PODLIFT, 'sandbox', '--estate', 'org.yaml', '--', process.execPath, PODLIFT, ...survey],
      {},
      folder.path,
    );
    expect([sandbox.status, sandbox.stderr]).toEqual([1, expect.stringContaining('2 of 2')]);
    const { unread, skipped, clusters } = JSON.parse(readFileSync(join(folder.path, 'survey.json'), 'utf8')) as Record<
      string,
      readonly object[]
    >;
    expect(unread).toEqual([expect.objectContaining({ account: '444444444444', reason: 'denied' })]);
    expect(skipped).toEqual([expect.objectContaining({ account: '555555555555' })]);
    expect(clusters).toMatchObject([{ accountName: 'Shop (prod)' }, { accountName: 'Data' }]);

    const init = run([PODLIFT, 'init', '--from', 'survey.json'], {}, folder.path);
    expect([init.status, init.stdout]).toEqual([0, expect.stringContaining('444444444444')]);
    const text = readFileSync(join(folder.path, 'inventory.yaml'), 'utf8');
    expect(text).toContain(
      'shop-prod: { id: "222222222222", readRole: "arn:aws:iam::222222222222:role/podlift-read" }',
    );
    expect(run([PODLIFT, 'validate'], {}, folder.path).status).toBe(0);
  });
});

describe('a survey of the sandbox of an inventory', () => {
  const folder = useFolder();

  it('reads all clusters by the roles of their accounts, and its inventory validates', () => {
    writeFileSync(join(folder.path, 'inventory.yaml'), readFileSync('inventory.yaml', 'utf8'));
    const survey = ['survey', '--role', 'podlift-deploy', '--out', 'survey.json'];
    const { status, stderr } = run([PODLIFT, 'sandbox', '--', process.execPath, PODLIFT, ...survey], {}, folder.path);
    expect([status, stderr]).toEqual([0, expect.stringContaining('3 of 3')]);
    const other = ['--inventory', 'new.yaml'];
    expect(run([PODLIFT, 'init', '--from', 'survey.json', ...other], {}, folder.path).status).toBe(0);
    expect(run([PODLIFT, 'validate', ...other], {}, folder.path)).toMatchObject({ status: 0 });
  });
});
