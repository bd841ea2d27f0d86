import { remedyText } from '../../../src/cli/report';
import type { CheckName } from '../../../src/operations/checks/checkTable';
import type { Cluster } from '../../../src/inventory/Inventory';
import { irsaPod, type World } from '../agreedWorld';
import { ask, type Case, healthy, notes } from './doctorWorld';
import { without } from './Fault';

const UNANSWERED: readonly (readonly [string, CheckName])[] = [
  ['describeCluster', 'cluster'],
  ['issuer', 'cluster'],
  ['pods', 'compute'],
  ['nodes', 'compute'],
  ['serviceAccount', 'service-account'],
  ['role', 'role'],
  ['addon', 'agent'],
  ['nodeGroups', 'node-role'],
  ['managedPolicy', 'node-role'],
  ['associations', 'association'],
  ['oidcProvider', 'oidc-provider'],
  ['rolePolicies', 'node-role'],
  ['networkPolicies', 'network-policy'],
];

const asIs = (one: Case): Case => one;

/** The same with an inventory that does not write the cluster's issuer. */
const withoutIssuer = ({ inventory, world }: Case): Case => ({
  inventory: {
    ...inventory,
    environments: inventory.environments.map((environment) => ({
      ...environment,
      clusters: environment.clusters.map((one) => without({ ...one }, 'oidc') as unknown as Cluster),
    })),
  },
  world,
});

describe('a question without an answer', () => {
  it.each(UNANSWERED)('%s: %s is unknown, with the reason and what to do', async (method, check) => {
    const one = healthy('dual');
    one.world.unanswered = { [method]: 'denied' };
    const diagnosis = await ask(one);
    const [first] = diagnosis.findings.filter(({ state }) => state !== 'ok');
    expect(first).toMatchObject({ check, state: 'unknown', reason: 'denied', found: `denied: no answer to ${method}` });
    expect(remedyText(first?.remedy ?? [])).toMatch(/credentials that allow/);
  });

  it('is told once of a cluster that cannot be reached', async () => {
    const one = healthy('dual');
    const methods = ['issuer', 'pods', 'nodes', 'serviceAccount', 'networkPolicies'];
    one.world.unanswered = Object.fromEntries(methods.map((method) => [method, 'unreachable']));
    expect(notes(await ask(one))).toEqual([
      'cluster unknown',
      '(compute unknown after cluster)',
      '(service-account unknown after cluster)',
    ]);
  });

  it('hides no problem that is known', async () => {
    const one = healthy('dual');
    one.world.unanswered = { pods: 'unreachable' };
    one.world.associations = [];
    expect(notes(await ask(one))).toEqual(['compute unknown', 'association problem']);
  });

  it.each<[string, (one: Case) => Case, (world: World) => unknown, readonly string[]]>([
    ['the context is missing', asIs, (world) => (world.unanswered = { issuer: 'failed' }), ['cluster unknown']],
    ['the context is of another cluster', asIs, (world) => (world.issuer = 'https://other'), ['cluster problem']],
    [
      'AWS does not answer, and the context is not of the inventory’s cluster',
      asIs,
      (world) => {
        world.unanswered = { describeCluster: 'denied' };
        world.issuer = 'https://other';
      },
      ['cluster unknown', 'cluster problem'],
    ],
    [
      'AWS does not answer, and the inventory does not know the issuer',
      withoutIssuer,
      (world) => (world.unanswered = { describeCluster: 'denied' }),
      ['cluster unknown'],
    ],
  ])('%s: nothing that the cluster shows is judged', async (_, prepare, change, first) => {
    const one = prepare(healthy('pod-identity'));
    // Whatever it shows would be a problem.
    one.world.serviceAccounts = {};
    one.world.pods = [irsaPod()];
    one.world.networkPolicies = { production: [{ name: 'x', podLabels: {}, limitsEgress: true, egress: [] }] };
    change(one.world);
    const diagnosis = await ask(one);
    expect(notes(diagnosis)).toEqual([
      ...first,
      '(compute unknown after cluster)',
      '(service-account unknown after cluster)',
    ]);
    expect(diagnosis.findings.filter(({ follows }) => follows === 'cluster').map(({ found }) => found)).toEqual(
      Array.from({ length: 2 }, () => expect.stringMatching(/^not checked: .*kubeconfig context/) as string),
    );
  });

  it('judges by a context that only keeps its issuer to itself', async () => {
    const one = healthy('dual');
    one.world.unanswered = { issuer: 'denied' };
    one.world.serviceAccounts = {};
    expect(notes(await ask(one))).toEqual(['cluster unknown', 'service-account problem']);
  });

  it('tells why the context gives no answer, too, where AWS gives none', async () => {
    const one = healthy('dual');
    one.world.unanswered = { describeCluster: 'denied', issuer: 'failed' };
    expect((await ask(one)).findings.filter(({ check }) => check === 'cluster').map(({ found }) => found)).toEqual([
      'denied: no answer to describeCluster',
      'failed: no answer to issuer',
    ]);
  });
});
