import type { DoctorCheck } from '../../../operations/doctor/DoctorCheck';
import { ask, healthy, notes } from './doctorWorld';

const UNANSWERED: readonly (readonly [string, DoctorCheck])[] = [
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

describe('a question without an answer', () => {
  it.each(UNANSWERED)('%s: %s is unknown, with why and what to do', async (method, check) => {
    const one = healthy('dual');
    one.world.unanswered = { [method]: 'denied' };
    const diagnosis = await ask(one);
    const [first] = diagnosis.findings.filter(({ state }) => state !== 'ok');
    expect(first).toMatchObject({ check, state: 'unknown', found: `denied: no answer to ${method}` });
    expect(first?.mends).toMatch(/credentials that may ask/);
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
});
