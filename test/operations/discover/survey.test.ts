import { survey } from '../../../src/operations/discover/survey';
import type { SurveyProgress } from '../../../src/operations/discover/ClusterSurvey';
import { ACCOUNT, arnOf, LEFT, MOVABLE, OTHER_ACCOUNT } from './shapes';
import { portsOf } from './portsOf';
import { answered, inventoryWith, MAIN, refused, surveyOf } from './surveyOf';

const [environment] = inventoryWith().environments;
const place = { environment: environment!, cluster: MAIN, accounts: [{ key: 'apps', id: ACCOUNT }] };
const shapes = [...MOVABLE, ...LEFT];

it('asks every question once, each role in its own account, and says how far it is', async () => {
  const asked: string[] = [];
  const said: SurveyProgress[] = [];
  const accounts = [...place.accounts, { key: 'data', id: OTHER_ACCOUNT }];
  const found = await survey({ ...place, accounts }, portsOf(surveyOf(shapes), asked), (one) => said.push(one));
  expect(new Set(asked).size).toBe(asked.length);
  expect(asked).toContain(`role ${OTHER_ACCOUNT}/far`);
  expect(Object.keys(found.roles)).toHaveLength(new Set(shapes.map(({ role }) => role.name)).size);
  expect(said.at(-1)).toMatchObject({ done: said.length, total: said.length });
});

it('gives what the ports gave', async () => {
  const wanted = surveyOf([MOVABLE[0]!]);
  expect(await survey(place, portsOf(wanted))).toEqual(wanted);
});

it('keeps what was not answered as such', async () => {
  const wanted = surveyOf([MOVABLE[0]!], { pods: refused('no'), addons: refused('neither') });
  expect(await survey(place, portsOf(wanted))).toEqual(wanted);
});

it('asks nothing further of a cluster that is not there', async () => {
  const asked: string[] = [];
  const found = await survey(place, portsOf(surveyOf([], { cluster: answered(undefined) }), asked));
  expect(asked).toEqual(['cluster prod-main']);
  expect(found.serviceAccounts.ok).toBe(false);
});

it('says of a role in an account that the inventory does not have that it cannot ask', async () => {
  const far = LEFT.filter(({ of }) => of === 'left/far');
  const found = await survey(place, portsOf(surveyOf(far)));
  expect(found.roles[arnOf('far', '/', OTHER_ACCOUNT)]).toEqual({
    ok: false,
    why: 'failed',
    message: `account ${OTHER_ACCOUNT} is none of the inventory's accounts`,
  });
});

it('asks for managed policies only where a role’s trust lets its own sessions in', async () => {
  const asked: string[] = [];
  await survey(place, portsOf(surveyOf(shapes), asked));
  // Of people/colleague, whose trust names another role, nothing is asked; the root of an account speaks of all its roles.
  expect(asked.filter((one) => one.startsWith('managedPolicy'))).toEqual([
    'managedPolicy arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess',
  ]);
});
