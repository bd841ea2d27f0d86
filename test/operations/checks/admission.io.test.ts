import { DeletePodIdentityAssociationCommand, ListPodIdentityAssociationsCommand } from '@aws-sdk/client-eks';
import { parse } from 'yaml';
import { awsPorts } from '../../../src/estate/aws/awsPorts';
import { kubectlPorts } from '../../../src/estate/kubernetes/kubectlPorts';
import { placesOf } from '../../../src/estate/places';
import { readEstate } from '../../../src/estate/readEstate';
import type { Inventory, Stage } from '../../../src/inventory/Inventory';
import { gate, gateQuestions } from '../../../src/operations/gate/gate';
import type { PolicyRule } from '../../../src/sandbox/startSandbox';
import { blockOf } from '../../e2e/permissions/permissionsPage';
import { CLUSTER, inventoryAt, type Live, NAME, NEVER, startLive } from '../gate/live/liveWorld';

let live: Live;
afterEach(() => live.stop());

async function at(stage: Stage): Promise<Inventory> {
  const inventory = inventoryAt(stage);
  live = await startLive(inventory);
  await live.apply(inventory);
  return inventory;
}

/** What the check `admission` of the gate says. */
async function admission(inventory: Inventory): Promise<readonly string[]> {
  const request = { wave: 'pilot', environment: 'prod', direction: 'forward', admission: true } as const;
  const ports = { aws: awsPorts({ attempts: 3 }), kubernetes: kubectlPorts() };
  const estate = await readEstate(gateQuestions(inventory, request), ports, placesOf(inventory));
  return gate(inventory, request, estate)
    .evidence.filter(({ check }) => check === 'admission')
    .map(
      ({ holds, found, remedy = [] }) =>
        `${holds}: ${found}${remedy.map((step) => ('say' in step ? `\n${step.say}` : '')).join('')}`,
    );
}

describe('The check admission', () => {
  it.each<[Stage, RegExp]>([
    [
      'irsa',
      /^yes: the webhook gives a new pod the credentials of web identity \(IRSA\) \(dry run of deployment\/orders-api\)$/,
    ],
    ['dual', /^yes: .* Pod Identity \(dry run of deployment\/orders-api\)$/],
    ['cutover', /^yes: .* Pod Identity/],
  ])('passes at %s, and creates nothing', async (stage, found) => {
    const inventory = await at(stage);
    await live.settle({ replicas: 0 });
    expect(await admission(inventory)).toEqual([expect.stringMatching(found)]);
    expect((await live.kubectl('get pods -o name')).trim()).toBe('');
  });

  it('tries a pod with the service account alone where the workload has no template', async () => {
    expect(await admission(await at('dual'))).toEqual([
      expect.stringMatching(/^yes: .*dry run of a pod with service account orders-api/),
    ]);
  });

  it('sees that the association is gone', async () => {
    const inventory = await at('dual');
    const { associations } = await live
      .eks()
      .send(new ListPodIdentityAssociationsCommand({ clusterName: CLUSTER.name }));
    const associationId = associations?.[0]?.associationId;
    await live.eks().send(new DeletePodIdentityAssociationCommand({ clusterName: CLUSTER.name, associationId }));
    expect(await admission(inventory)).toEqual([
      expect.stringMatching(
        /^no: the webhook gives a new pod web identity \(IRSA\), and at dual new pods use Pod Identity/,
      ),
    ]);
  });

  it('sees that the webhook does not know the association yet', async () => {
    await at('prepared');
    live.sandbox().setTiming({ propagationMs: (viewer) => (viewer.startsWith('webhook') ? NEVER : 0) });
    const dual = inventoryAt('dual');
    await live.apply(dual);
    expect(await admission(dual)).toEqual([expect.stringMatching(/^no: the webhook gives a new pod web identity/)]);
  });

  it('sees an annotation that names another role', async () => {
    const inventory = await at('irsa');
    await live.kubectl(
      `annotate sa ${NAME} --overwrite eks.amazonaws.com/role-arn=arn:aws:iam::333333333333:role/other`,
    );
    expect(await admission(inventory)).toEqual([
      expect.stringMatching(/^no: a new pod assumes arn:aws:iam::333333333333:role\/other, not arn:/),
    ]);
  });

  it('sees an annotation without a role, and names the annotation, not the association', async () => {
    const inventory = await at('prepared');
    await live.kubectl(`annotate sa ${NAME} --overwrite eks.amazonaws.com/role-arn=`);
    const [found = ''] = await admission(inventory);
    expect(found).toMatch(/^no: the webhook gives a new pod no credentials/);
    expect(found).toMatch(/Compare the annotation of production\/orders-api/);
    expect(found).not.toMatch(/Compare the association/);
  });

  it('sees variables that the template sets itself', async () => {
    const inventory = await at('dual');
    const env = {
      AWS_ROLE_ARN: 'arn:aws:iam::333333333333:role/prod-orders-api',
      AWS_WEB_IDENTITY_TOKEN_FILE: '/token',
    };
    await live.settle({ env, replicas: 0 });
    expect(await admission(inventory)).toEqual([expect.stringMatching(/^no: /)]);
  });

  it('needs the permissions of docs/permissions.md', async () => {
    const inventory = await at('dual');
    const rules = (name: string) => (parse(blockOf('yaml', name)) as { rules: PolicyRule[] }).rules;
    live.sandbox().kubernetes.limit(CLUSTER, rules('read'));
    expect(await admission(inventory)).toEqual([expect.stringMatching(/^unknown: denied: .*cannot create/)]);
    live.sandbox().kubernetes.limit(CLUSTER, [...rules('read'), ...rules('admission')]);
    expect(await admission(inventory)).toEqual([expect.stringMatching(/^yes: /)]);
  });
});
