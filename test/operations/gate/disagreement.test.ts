import { type Stage, STAGES } from '../../../src/inventory/Inventory';
import { agreedWorld, NOW, pilotAt, portsTo } from '../agreedWorld';
import { collectEvidence } from './gateText';

/** What shows that AWS is at another stage than the inventory claims: no tag says it; source: the stage table. */
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
  return [...new Set(unlike.map((part) => SHOWN_BY[part]))].toSorted();
}

/** Before a step back only what can cost pods their credentials: the apply writes trust policies and tags again. */
function shownBack(world: Stage, claimed: Stage): string[] {
  const has = (stage: Stage, part: string) => ROW[stage].includes(part);
  const annotationLost = has(claimed, 'annotation') && !has(world, 'annotation');
  const associationStays = !has(claimed, 'association') && has(world, 'association');
  // An apply would create it: new pods would leave IRSA.
  const associationComes = ['cutover', 'pod-identity'].includes(claimed) && !has(world, 'association');
  return [
    ...(annotationLost ? ['annotation no'] : []),
    ...(associationStays || associationComes ? ['association no'] : []),
  ];
}

describe.each(STAGES)('the gate, where AWS is at %s', (stage) => {
  const claims = STAGES.filter((claimed) => claimed !== stage).flatMap((claimed) =>
    (['forward', 'back'] as const)
      .filter((direction) => claimed !== (direction === 'forward' ? 'pod-identity' : 'irsa'))
      .map((direction) => [claimed, direction] as const),
  );
  it.each(claims)('says so when the inventory claims %s, and the step goes %s', async (claimed, direction) => {
    const ports = portsTo(agreedWorld(pilotAt(stage)));
    const request = { wave: 'pilot', environment: 'prod', direction } as const;
    const { holds, evidence } = await collectEvidence(pilotAt(claimed), request, ports, NOW);
    const expected = direction === 'forward' ? shown(stage, claimed) : shownBack(stage, claimed);
    if (direction === 'forward') expect(holds).toBe(false);
    const warned = evidence.some((one) => one.warning === true);
    expect(warned || expected.length > 0).toBe(true);
    const against = new Set(evidence.filter((one) => one.holds !== 'yes').map((one) => `${one.check} ${one.holds}`));
    const disagrees = [...against].filter((one) => /^(role|trust|association|annotation) /.test(one));
    expect(disagrees.toSorted()).toEqual(expected);
  });
});
