import type { Stage } from '../../../src/inventory/Inventory';
import { expandedAccountsOfStep, expandedAccounts } from '../../../src/operations/checks/expandedAccounts';
import { onClusters } from '../../../src/operations/checks/Check';
import { judge } from '../../../src/operations/checks/judge';
import { stepOf } from '../../../src/operations/gate/Step';
import { staticEvidence } from '../../../src/operations/gate/staticEvidence';
import { openQuestions } from '../../../src/estate/ask';
import { placesOf } from '../../../src/estate/places';
import { readEstate } from '../../../src/estate/readEstate';
import { agreedWorld, pilotAt, portsTo, type World } from '../agreedWorld';
import { serviceAccountOf } from '../facts';

const ROLE = 'arn:aws:iam::333333333333:role/prod-orders-api';
const account = (namespace: string) => ({
  namespace,
  name: 'app',
  manage: 'none' as const,
  clusters: ['main'],
  isFirst: false,
  isExpanded: true as const,
});
const PATTERNS = [{ namespaces: ['pr-*'], serviceAccounts: ['app'], clusters: ['main'] }];
const at = (stage: Stage, because?: string, expanded: readonly string[] = ['pr-1']) =>
  pilotAt(stage, {
    workload: { patterns: PATTERNS, subjects: expanded.map(account), ...(because === undefined ? {} : { because }) },
  });

/** The results of the check of the gate, or of the doctor, where these namespaces have the account. */
async function results(
  inventory: ReturnType<typeof at>,
  namespaces: readonly string[],
  asked: 'gate' | 'doctor' = 'gate',
  change: (world: World) => void = () => undefined,
) {
  const world = agreedWorld(inventory);
  world.associations = [];
  world.serviceAccounts = Object.fromEntries(
    namespaces.map((one) => [`${one}/app`, serviceAccountOf(one, 'app', { 'eks.amazonaws.com/role-arn': ROLE })]),
  );
  change(world);
  const places = placesOf(inventory);
  const { step } = stepOf(inventory, { wave: 'pilot', environment: 'prod', direction: 'forward' });
  const concerns =
    asked === 'gate'
      ? expandedAccountsOfStep(step, new Date(0))
      : onClusters(step.environment, step.workloads[0]!).map((subject) => ({
          cluster: subject.cluster,
          path: '',
          checked: expandedAccounts(subject),
        }));
  const identity = step.environment.clusters.flatMap(({ arn }) => [
    { ask: 'issuer', cluster: arn } as const,
    { ask: 'cluster', cluster: arn } as const,
  ]);
  const estate = await readEstate(
    (known) => [...identity, ...concerns.flatMap(({ checked }) => openQuestions(checked, known))],
    portsTo(world),
    places,
  );
  return concerns.flatMap(({ checked, path, cluster }) => judge(checked, path, estate, places, cluster));
}

describe('the check expanded-accounts', () => {
  it.each<[Stage, string | undefined, readonly string[], readonly string[]]>([
    ['irsa', undefined, ['pr-1', 'pr-2'], []],
    ['prepared', undefined, ['pr-1', 'pr-2'], []],
    ['dual', undefined, ['pr-1'], ['problem', 'ok']],
    ['dual', 'starts after the run', ['pr-1'], ['ok', 'ok']],
    ['dual', 'starts after the run', ['pr-1', 'pr-2'], ['ok', 'problem']],
    ['cutover', 'starts after the run', ['pr-1', 'pr-2'], ['ok', 'problem']],
  ])('before the step from %s, with the reason %s and the namespaces %s: %s', async (stage, because, there, states) => {
    expect((await results(at(stage, because), there)).map(({ state }) => state)).toEqual(states);
  });

  it('says which accounts have no association, and how they get one', async () => {
    const [reason, found] = await results(at('dual', 'starts after the run'), ['pr-1', 'pr-2', 'pr-3']);
    expect(reason?.found).toBe('service accounts by pattern (pr-*/app); because: starts after the run');
    expect(found?.found).toBe(
      '2 service accounts that a pattern admits are not in expanded: pr-2/app, pr-3/app. Their pods have no association',
    );
    expect(JSON.stringify(found?.remedy)).toContain('"podlift","expand","--environment","prod","--write"');
  });

  it('leaves the association to the tool that owns it', async () => {
    const inventory = pilotAt('dual', {
      workload: { patterns: PATTERNS, subjects: [account('pr-1')], because: 'test', associationOwner: 'ack' },
    });
    const [, found] = await results(inventory, ['pr-1', 'pr-2']);
    expect(JSON.stringify(found?.remedy)).toContain('"podlift","association","orders-api"');
    expect(JSON.stringify(found?.remedy)).not.toContain('cdktf');
  });

  it('could not be checked where the cluster gives no answer', async () => {
    const found = await results(
      at('dual', 'test'),
      ['pr-1'],
      'gate',
      (world) => (world.unanswered.serviceAccounts = world.unanswered.serviceAccount = 'denied'),
    );
    expect(found.map(({ state }) => state)).toEqual(['ok', 'unknown']);
  });

  it.each<[Stage, readonly string[], readonly string[], readonly string[]]>([
    ['irsa', ['pr-1', 'pr-2'], ['pr-1', 'pr-2'], []],
    ['dual', ['pr-1', 'pr-2'], ['pr-1', 'pr-2'], ['ok']],
    ['dual', ['pr-1', 'pr-2'], ['pr-1', 'pr-2', 'pr-3'], ['warning']],
    ['pod-identity', ['pr-1', 'pr-2'], ['pr-1', 'pr-2', 'pr-3'], ['problem']],
  ])(
    'of the doctor is made once for a cluster: at %s, with %s expanded and %s there: %s',
    async (stage, expanded, there, states) => {
      expect((await results(at(stage, 'test', expanded), there, 'doctor')).map(({ state }) => state)).toEqual(states);
    },
  );

  it('refuses the step without a question, so that status does not recommend it', () => {
    const request = { wave: 'pilot', environment: 'prod', direction: 'forward' } as const;
    const failed = (inventory: ReturnType<typeof at>) =>
      staticEvidence(inventory, request).filter(({ holds, check }) => holds !== 'yes' && check === 'expanded-accounts');
    expect(failed(at('dual'))).toHaveLength(1);
    expect(failed(at('dual', 'test'))).toEqual([]);
    expect(failed(at('prepared'))).toEqual([]);
  });
});
