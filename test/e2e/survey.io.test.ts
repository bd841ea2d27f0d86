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
