import { awsPorts } from '../../../../src/estate/aws/awsPorts';
import { placesOf } from '../../../../src/estate/places';
import { readEstate } from '../../../../src/estate/readEstate';
import { drift, driftQuestions } from '../../../../src/operations/drift/drift';
import { clusterOf, environmentOf, inventoryOf, workloadOf } from '../../../blueprint/inventoryOf';
import { CONTEXT, type Live, rememberedKubectl, startLive } from '../../gate/live/liveWorld';

const WORKLOADS = 200;

// Associations need one call each, for their roles and tags; roles, their policies and service accounts come from lists.
// Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_PodIdentityAssociationSummary.html
const MOST_CALLS = 1.5 * WORKLOADS;

describe('drift of 200 workloads at the sandbox', () => {
  const workloads = Array.from({ length: WORKLOADS }, (_, index) =>
    workloadOf({ key: `app-${index}`, namespace: `team-${index % 10}`, stage: 'dual' }),
  );
  const clusters = [clusterOf({ kubernetes: { context: CONTEXT } })];
  const inventory = inventoryOf(environmentOf({ clusters, workloads }));
  let live: Live;
  beforeAll(async () => {
    live = await startLive(inventory);
    await live.apply(inventory);
  });
  afterAll(() => live.stop());

  it('takes at most 1.5 calls a workload', async () => {
    let calls = 0;
    const request = { environments: ['prod'] };
    const ports = { aws: awsPorts({ onCall: () => (calls += 1) }), kubernetes: rememberedKubectl() };
    const estate = await readEstate(driftQuestions(inventory, request), ports, placesOf(inventory));
    expect(drift(inventory, request, estate)).toMatchObject({ workloads: WORKLOADS, differences: [] });
    expect(calls).toBeLessThanOrEqual(MOST_CALLS);
  });
});
