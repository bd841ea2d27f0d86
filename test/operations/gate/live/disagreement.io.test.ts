import { type Stage, STAGES } from '../../../../src/inventory/Inventory';
import { against, inventoryAt, type Live, rememberedKubectl, startLive } from './liveWorld';

/** What shows that AWS is at another stage than the inventory claims, beside the role's tag, which always does; source: the stage table. */
const ROW: Readonly<Record<Stage, readonly string[]>> = {
  irsa: ['oidc', 'annotation'],
  prepared: ['oidc', 'annotation', 'pods'],
  dual: ['oidc', 'annotation', 'pods', 'association'],
  cutover: ['oidc', 'pods', 'association'],
  'pod-identity': ['pods', 'association'],
};
const SHOWN_BY = {
  oidc: 'trust no',
  pods: 'trust no',
  association: 'association no',
  annotation: 'annotation no',
} as const;

function shown(world: Stage, claimed: Stage): string[] {
  const unlike = (Object.keys(SHOWN_BY) as (keyof typeof SHOWN_BY)[]).filter(
    (part) => ROW[world].includes(part) !== ROW[claimed].includes(part),
  );
  const tag = world === claimed ? [] : ['role no'];
  return [...new Set([...tag, ...unlike.map((part) => SHOWN_BY[part])])].toSorted();
}

describe.each(STAGES)('the gate, where AWS is at %s', (world) => {
  let live: Live;
  const kubernetes = rememberedKubectl();
  beforeAll(async () => {
    live = await startLive(inventoryAt(world));
    for (const passed of STAGES.slice(0, STAGES.indexOf(world) + 1)) await live.apply(inventoryAt(passed));
    await live.settle();
  });
  afterAll(() => live.stop());

  const directions = ['forward', 'back'] as const;
  const claims = STAGES.filter((stage) => stage !== world).flatMap((claimed) =>
    directions
      .filter((direction) => claimed !== (direction === 'forward' ? 'pod-identity' : 'irsa'))
      .map((direction) => [claimed, direction] as const),
  );
  it.each(claims)('says so when the inventory claims %s, and the step goes %s', async (claimed, direction) => {
    const result = await live.gate(inventoryAt(claimed), { direction, kubernetes });
    expect(result.holds).toBe(false);
    const disagrees = against(result).filter((one) => /^(role|trust|association|annotation) /.test(one));
    expect([...disagrees].toSorted()).toEqual(shown(world, claimed));
  });
});
