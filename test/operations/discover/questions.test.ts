import { placesOf } from '../../../src/estate/places';
import { readEstate, type ReadProgress } from '../../../src/estate/readEstate';
import { discover, discoverQuestions } from '../../../src/operations/discover/discover';
import { LEFT, MOVABLE, OTHER_ACCOUNT } from './shapes';
import { answered, estateOf, type Found, foundOf, inventoryWith, MAIN, NOW, portsOf } from './foundOf';

const WITH_DATA = inventoryWith({}, { accounts: [...inventoryWith().accounts, { key: 'data', id: OTHER_ACCOUNT }] });
const shapes = [...MOVABLE, ...LEFT];

async function read(found: Found, inventory = inventoryWith()) {
  const asked: string[] = [];
  const said: ReadProgress[] = [];
  const request = { environment: inventory.environments[0]!, cluster: MAIN };
  const options = { clock: () => NOW, onProgress: (progress: ReadProgress) => void said.push(progress) };
  const questions = discoverQuestions(inventory, request);
  const estate = await readEstate(questions, portsOf(found, asked), placesOf(inventory, request), options);
  return { asked, said, estate, proposal: discover(inventory, request, estate) };
}

it('asks every question once, each role in its own account, and says how far it is', async () => {
  const { asked, said } = await read(foundOf(shapes), WITH_DATA);
  expect(new Set(asked).size).toBe(asked.length);
  expect(asked).toContain(`role ${OTHER_ACCOUNT}/far`);
  const roles = asked.filter((one) => one.startsWith('role '));
  expect(roles).toHaveLength(new Set(shapes.map(({ role }) => role.name)).size);
  expect(said.at(-1)).toMatchObject({ done: said.length, total: said.length });
});

it('proposes by what the ports answered', async () => {
  const found = foundOf(shapes);
  const { proposal } = await read(found, WITH_DATA);
  const request = { environment: WITH_DATA.environments[0]!, cluster: MAIN };
  expect(proposal).toEqual(discover(WITH_DATA, request, estateOf(found)));
});

it('asks nothing further of a cluster that does not exist', async () => {
  const { asked } = await read(foundOf([], { cluster: answered(undefined) }));
  expect(asked).toEqual(['cluster prod-main']);
});

it('asks no role of a cluster that another context leads to', async () => {
  const { asked } = await read(foundOf(shapes, { contextIssuer: answered('https://other') }));
  expect(asked.filter((one) => one.startsWith('role'))).toEqual([]);
});

it('does not ask for a role in an account that the inventory does not have', async () => {
  const { asked, proposal } = await read(foundOf(LEFT.filter(({ of }) => of === 'left/far')));
  expect(asked.join()).not.toContain(OTHER_ACCOUNT);
  expect(proposal.left[0]!.reason).toBe('other-account');
});

it('asks for managed policies only where a role’s trust policy allows its own sessions', async () => {
  const { asked } = await read(foundOf(shapes), WITH_DATA);
  // people/colleague trusts another role, for which nothing is asked; the root of an account stands for all its roles.
  expect(asked.filter((one) => one.startsWith('managedPolicy'))).toEqual([
    'managedPolicy arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess',
  ]);
});
