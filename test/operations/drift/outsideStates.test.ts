import { driftReport } from '../../../src/cli/drift/driftReport';
import { remedyText } from '../../../src/cli/report';
import { parseState } from '../../../src/blueprint/stateContent';
import { placesOf } from '../../../src/estate/places';
import { drift, driftQuestions } from '../../../src/operations/drift/drift';
import type { StackStates } from '../../../src/operations/recover/Recovery';
import { agreedWorld, pilotAt, type World } from '../agreedWorld';
import { estateOf } from '../estateOf';

const RECOVER = 'npx podlift recover --environment prod';
const PLAN = 'npx cdktf apply prod-identity';
const request = { environments: ['prod'] };

type Attributes = Readonly<Record<string, string>>;
const agent = { type: 'aws_eks_addon', cluster_name: 'prod-main', addon_name: 'eks-pod-identity-agent' };
const role = { type: 'aws_iam_role', name: 'prod-orders-api' };

function stateOf(...resources: readonly Attributes[]): StackStates {
  const text = JSON.stringify({
    version: 4,
    resources: resources.map(({ type, ...attributes }) => ({ mode: 'managed', type, instances: [{ attributes }] })),
  });
  const empty = JSON.stringify({ version: 4 });
  return new Map([
    ['prod-identity', { ok: true, content: parseState(text)! }],
    ['prod-service-accounts-main', { ok: true, content: parseState(empty)! }],
  ]);
}

async function said(stage: 'dual' | 'prepared', change: (world: World) => void, states: StackStates | undefined) {
  const inventory = pilotAt(stage);
  const world = agreedWorld(inventory);
  change(world);
  const estate = await estateOf(world, inventory, driftQuestions(inventory, request));
  const found = drift(inventory, request, estate, states);
  return { found, text: driftReport(found, placesOf(inventory), false) };
}

/** The role has a tag of another value: an apply is the fix. */
const retagged = (world: World) => {
  const [key = ''] = Object.keys(world.roles);
  const one = world.roles[key]!;
  world.roles[key] = { ...one, tags: { ...one.tags, 'podlift:workload': 'other' } };
};

describe('drift, where the states are known', () => {
  it('advises an apply, without a condition, where the states have what exists', async () => {
    const inventory = pilotAt('dual');
    const world = agreedWorld(inventory);
    const associations = world.associations.map(({ id }) => ({
      type: 'aws_eks_pod_identity_association',
      association_id: id,
    }));
    const { text, found } = await said('dual', retagged, stateOf(role, agent, ...associations));
    expect(found).not.toHaveProperty('outsideStates');
    expect(text).toContain(PLAN);
    expect(text).not.toContain(RECOVER);
  });

  it('advises recover, and no apply, where a state lacks what exists', async () => {
    const { text, found } = await said('dual', retagged, stateOf(role));
    expect(found.outsideStates).toContainEqual({
      environment: 'prod',
      stack: 'prod-identity',
      kind: 'association',
      where: 'production/orders-api on prod-main',
    });
    expect(text).toMatch(/^In prod no state has .*association of production\/orders-api on prod-main/m);
    expect(text.match(new RegExp(`^ *${RECOVER}$`, 'gm'))).toHaveLength(1);
    expect(text).not.toContain('cdktf');
    for (const one of found.differences) expect(remedyText(one.remedy)).not.toContain('cdktf');
  });

  it.each<[string, StackStates]>([
    ['was not readable', new Map([['prod-identity', { ok: false, message: 'AccessDenied' }]])],
    ['does not exist', new Map([['prod-identity', { ok: true }]])],
  ])('says so once, and under which condition recover helps, where a state %s', async (_, states) => {
    const { text } = await said('dual', retagged, states);
    expect(text.match(/^Could not read the state of .*prod-identity/gm)).toHaveLength(1);
    expect(text).toContain(PLAN);
    expect(text).toMatch(/If the apply fails because something already exists[^]*npx podlift recover/);
  });

  it('says nothing of a state where nothing differs', async () => {
    const { text } = await said('dual', () => undefined, stateOf());
    expect(text).toMatch(/^No differences between[^\n]*$/);
  });

  it('decides by the state whether an association of podlift is left over or waits for its apply', async () => {
    const made = agreedWorld(pilotAt('dual')).associations;
    const kept = (world: World) => (world.associations = [...made]);
    const [{ id } = { id: '' }] = made;
    const known = { type: 'aws_eks_pod_identity_association', association_id: id };
    const waits = await said('prepared', kept, stateOf(role, agent, known));
    expect(waits.text).toContain(PLAN);
    expect(waits.text).not.toContain(RECOVER);
    const left = await said('prepared', kept, stateOf(role, agent));
    expect(left.text).toContain(RECOVER);
    expect(left.text).not.toContain('cdktf');
  });
});
