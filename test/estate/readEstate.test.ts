import type { Answer } from '../../src/estate/aws/AwsPort';
import { placesOf } from '../../src/estate/places';
import type { Ports } from '../../src/estate/Ports';
import { answerOf, type QuestionOf } from '../../src/estate/questions';
import { readEstate } from '../../src/estate/readEstate';
import { environmentOf, inventoryOf } from '../blueprint/inventoryOf';
import { agreedWorld, NOW, pilotAt, portsTo, type World } from '../operations/agreedWorld';
import { roleFactsOf } from '../operations/facts';

const ACCOUNT = '333333333333';
const INVENTORY = inventoryOf(environmentOf());

const roleNamed = (name: string) =>
  roleFactsOf({ arn: `arn:aws:iam::${ACCOUNT}:role/${name}`, trust: { Statement: [] } });
const question = (name: string): QuestionOf<'role'> => ({ ask: 'role', account: ACCOUNT, name });
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];

function worldWith(...names: readonly string[]): World {
  const world = agreedWorld(pilotAt('irsa'));
  world.roles = Object.fromEntries(names.map((name) => [`${ACCOUNT}/${name}`, roleNamed(name)]));
  return world;
}

const read = (names: readonly string[], ports: Ports) =>
  readEstate(() => names.map(question), ports, placesOf(INVENTORY), { clock: () => NOW });

/** Ports whose question for a single role has this answer. */
function withSingle(ports: Ports, role: (name: string) => Answer<never>): Ports {
  return { ...ports, aws: (...of) => ({ ...ports.aws(...of), role: (name) => Promise.resolve(role(name)) }) };
}

describe('reading many roles', () => {
  it('asks for all at once, and once more for one that the list does not have', async () => {
    const world = worldWith(...NAMES.slice(1));
    const estate = await read(NAMES, portsTo(world));
    expect(world.asked).toEqual([`accountRoles ${ACCOUNT}`, `role ${ACCOUNT} a`]);
    expect(answerOf(estate, question('a'))).toMatchObject({ ok: true });
    expect(answerOf(estate, question('b'))).toMatchObject({ ok: true, value: { name: 'b' } });
  });

  it('reads all roles of an account once, and takes single ones from the list', async () => {
    const world = worldWith(...NAMES);
    const all = { ask: 'roles', account: ACCOUNT } as const;
    const questions = () => [all, question('A'), question('none')];
    const estate = await readEstate(questions, portsTo(world), placesOf(INVENTORY), { clock: () => NOW });
    expect(world.asked).toEqual([`accountRoles ${ACCOUNT}`, `role ${ACCOUNT} none`]);
    const found = answerOf(estate, all);
    expect(found.ok && found.value.map(({ name }) => name)).toEqual(NAMES);
    expect(answerOf(estate, question('A'))).toMatchObject({ ok: true, value: { name: 'a' } });
    // A file that has the list alone answers too.
    const saved = { ...estate, accounts: { [ACCOUNT]: { roles: { '*': estate.accounts[ACCOUNT]!.roles!['*']! } } } };
    expect(answerOf(saved, question('B'))).toMatchObject({ ok: true, value: { name: 'b' } });
    expect(answerOf(saved, question('none'))).toMatchObject({ ok: true, value: undefined });
  });

  it('says why there is no list of all roles, and asks for single ones', async () => {
    const world = worldWith(...NAMES);
    world.unanswered.accountRoles = 'denied';
    const all = { ask: 'roles', account: ACCOUNT } as const;
    const questions = () => [all, question('a')];
    const estate = await readEstate(questions, portsTo(world), placesOf(INVENTORY), { clock: () => NOW });
    expect(answerOf(estate, all)).toMatchObject({ ok: false, why: 'denied' });
    expect(answerOf(estate, question('a'))).toMatchObject({ ok: true, value: { name: 'a' } });
  });

  it('takes a role that was created after the list', async () => {
    const world = worldWith(...NAMES);
    const ports = portsTo(world);
    const older = portsTo(worldWith(...NAMES.slice(1)));
    const aws: Ports['aws'] = (...of) => ({ ...ports.aws(...of), accountRoles: older.aws(...of).accountRoles });
    const estate = await read(NAMES, { ...ports, aws });
    expect(answerOf(estate, question('a'))).toMatchObject({ ok: true, value: { name: 'a' } });
  });

  it('goes by the list where a single role may not be asked for', async () => {
    const ports = portsTo(worldWith(...NAMES.slice(1)));
    const denied: Answer<never> = { ok: false, why: 'denied', message: 'no' };
    const estate = await read(
      NAMES,
      withSingle(ports, () => denied),
    );
    expect(answerOf(estate, question('a'))).toEqual({ ok: true, value: undefined, at: NOW.toISOString() });
  });

  it('does not know of a role that the list does not have where AWS does not answer', async () => {
    const ports = portsTo(worldWith(...NAMES.slice(1)));
    const throttled: Answer<never> = { ok: false, why: 'throttled', message: 'slow down' };
    const estate = await read(
      NAMES,
      withSingle(ports, () => throttled),
    );
    expect(answerOf(estate, question('a'))).toMatchObject({ ok: false, why: 'throttled' });
  });

  it('asks for few one by one', async () => {
    const world = worldWith(...NAMES);
    await read(NAMES.slice(0, 5), portsTo(world));
    expect(world.asked.toSorted()).toEqual(NAMES.slice(0, 5).map((name) => `role ${ACCOUNT} ${name}`));
  });
});

it('keeps a role with the name __proto__, and leaves every other object alone', async () => {
  const estate = await read(['__proto__'], portsTo(worldWith('__proto__')));
  expect(answerOf(estate, question('__proto__'))).toMatchObject({ ok: true, value: { name: '__proto__' } });
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(JSON.parse(JSON.stringify(estate)).accounts[ACCOUNT].roles).toHaveProperty(['__proto__', 'value', 'name']);
});

it('keeps no token of what a plugin for credentials says', async () => {
  const token = `eyJhbGciOiJSUzI1NiJ9.${'c2VjcmV0'.repeat(40)}.${'x_-'.repeat(30)}`;
  const message = `getting credentials: exec: plugin said {"token":"${token}"} and failed`;
  const failed: Answer<never> = { ok: false, why: 'failed', message };
  const estate = await read(
    ['a'],
    withSingle(portsTo(worldWith()), () => failed),
  );
  expect(answerOf(estate, question('a'))).toMatchObject({
    message: 'getting credentials: exec: plugin said {"token":"…"} and failed',
  });
});

it('asks AWS although a cluster answers none of its questions', async () => {
  const ports = portsTo(worldWith('a'));
  let given: () => void = () => undefined;
  const answered = new Promise<void>((resolve) => (given = resolve));
  const silent: Ports = {
    kubernetes: (...of) => ({ ...ports.kubernetes(...of), networkPolicies: () => new Promise(() => undefined) }),
    aws: (...of) => ({
      ...ports.aws(...of),
      role: (name) => {
        given();
        return ports.aws(...of).role(name);
      },
    }),
  };
  const cluster = INVENTORY.environments[0]!.clusters[0]!.arn;
  const many = Array.from({ length: 20 }, (_, at) => ({
    ask: 'networkPolicies' as const,
    cluster,
    namespace: `n${at}`,
  }));
  void readEstate(() => [...many, question('a')], silent, placesOf(INVENTORY), { clock: () => NOW });
  await answered;
});
