import { roots } from '../../../stacks/roots';
import { compile } from '../../../src/blueprint/compile';
import { knownKeys, ownerOfAddress } from '../../../src/operations/engine/ownerOfAddress';
import { clusterOf, environmentOf, inventoryOf, workloadOf } from '../../blueprint/inventoryOf';

/** Keys that cdktf leaves out of a name: those with which the name of their scope ends. */
const ODD = ['ads', 'loads', 'workloads', 's', 'orders-api', 'main', 'role'];

const environment = environmentOf({
  clusters: [clusterOf({ key: 'main' }), clusterOf({ key: 's' }), clusterOf({ key: 'agents' })],
  workloads: ODD.map((key) => workloadOf({ key, stage: 'dual', clusters: ['main', 's', 'agents'] })),
});

describe('the owner of a resource', () => {
  const inventory = inventoryOf(environment);
  const [prod] = inventory.environments;
  const blueprint = compile(inventory, prod!.key);
  const known = knownKeys(prod!, blueprint);
  const [identity] = roots([blueprint], { out: 'out', home: '.' });
  const { resource } = JSON.parse(identity!.files.get('main.tf.json')!) as {
    resource: Record<string, Record<string, { tags?: Record<string, string>; role?: string; cluster_name?: string }>>;
  };
  const all = Object.entries(resource).flatMap(([type, named]) =>
    Object.entries(named).map(([name, one]) => ({ ...one, type, name })),
  );

  it('of every role and association is the workload in its tags, whatever the keys are', () => {
    const tagged = all.filter(({ tags }) => tags?.['podlift:workload'] !== undefined);
    expect(tagged).toHaveLength(ODD.length * 4);
    for (const { type, name, tags } of tagged)
      expect([name, ownerOfAddress(`${type}.${name}`, known)]).toEqual([name, { workload: tags!['podlift:workload'] }]);
  });

  it('of an agent is its cluster', () => {
    const agents = all.filter(({ type }) => type === 'aws_eks_addon');
    expect(agents.map(({ type, name }) => ownerOfAddress(`${type}.${name}`, known).cluster).sort()).toEqual(
      agents.map(({ cluster_name: name }) => name!.replace('prod-', '')).sort(),
    );
  });

  it.each([
    ['of a workload that is gone', 'aws_iam_role.workloads_gone_role_4F61690B', {}],
    ['of a resource that is not podlift’s', 'aws_iam_role.mine', {}],
    [
      'of an add-on is the cluster and the name',
      'aws_eks_addon.addons_main_coredns_addon_4F61690B',
      { cluster: 'main', addon: 'coredns' },
    ],
  ])('%s', (_, address, owner) => {
    expect(ownerOfAddress(address, known)).toEqual(owner);
  });
});
