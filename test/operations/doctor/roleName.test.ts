import { remedyText } from '../../../src/cli/report';
import { ask, healthy, SOURCE } from './doctorWorld';

describe('a role of the name under another path', () => {
  it.each([
    [
      'that others made',
      {},
      /an apply fails \(EntityAlreadyExists\)\. Write another name into workloads\.orders-api\.role\.name/,
    ],
    [
      'that podlift made',
      { 'podlift:workload': 'orders-api' },
      /Write the path of the role into workloads\.orders-api\.role/,
    ],
  ])('%s: the advice is what an apply can do', async (_, tags, remedy) => {
    const one = healthy('irsa');
    one.world.roles[SOURCE] = {
      ...one.world.roles[SOURCE]!,
      arn: 'arn:aws:iam::333333333333:role/teams/prod-orders-api',
      tags,
    };
    const { findings } = await ask(one);
    const [found] = findings.filter(({ check, state }) => check === 'role' && state === 'problem');
    expect(found?.found).toMatch(/prod-orders-api is \S+teams\/prod-orders-api, not /);
    expect(remedyText(found?.remedy ?? [])).toMatch(remedy);
  });
});

describe('an audience of the tokens that the service account names', () => {
  it('is not blamed where another statement denies the usual tokens too', async () => {
    const one = healthy('irsa');
    const known = one.world.serviceAccounts['production/orders-api']!;
    const annotations = { ...known.annotations, 'eks.amazonaws.com/audience': 'vault' };
    one.world.serviceAccounts['production/orders-api'] = { ...known, annotations };
    one.world.roles[SOURCE] = { ...one.world.roles[SOURCE]!, trust: { Version: '2012-10-17', Statement: [] } };
    const { findings } = await ask(one);
    const problems = findings.filter(({ state }) => state === 'problem').map(({ check }) => check);
    expect(problems).toContain('trust');
    expect(problems).not.toContain('annotation');
  });
});
