import { UpdateAddonCommand } from '@aws-sdk/client-eks';
import { PutRolePolicyCommand, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { listOf, type PolicyDocument } from '../../../../src/iam/PolicyDocument';
import { awsPorts } from '../../../../src/estate/aws/awsPorts';
import { placesOf } from '../../../../src/estate/places';
import { readEstate } from '../../../../src/estate/readEstate';
import { drift, driftQuestions } from '../../../../src/operations/drift/drift';
import { kubectlPorts } from '../../../../src/estate/kubernetes/kubectlPorts';
import { remedyText } from '../../../../src/cli/report';
import { runPrinted } from '../../../cli/printed/runPrinted';
import { targetOf } from '../../../blueprint/inventoryOf';
import { DATA, inventoryAt, type Live, rememberedKubectl, startLive } from '../../gate/live/liveWorld';
import { roleAt } from '../../gate/live/foreignTrust';
import { BY_HAND, CONFIGURATION } from './byHand';

const SETTING = {
  targets: [
    targetOf({ account: { key: 'data-prod', id: DATA, deployRole: `arn:aws:iam::${DATA}:role/podlift-deploy` } }),
  ],
  cluster: { agent: { version: 'v1.3.4-eksbuild.1', adopt: false, configuration: CONFIGURATION.inventory } },
};

describe('drift at the sandbox, by the real SDK and the real kubectl', () => {
  const inventory = inventoryAt('dual', SETTING);
  let live: Live;
  let remembered: ReturnType<typeof rememberedKubectl>;
  beforeAll(async () => {
    live = await startLive(inventory);
    for (const stage of ['irsa', 'prepared', 'dual'] as const) await live.apply(inventoryAt(stage, SETTING));
    const agent = { clusterName: 'prod-main', addonName: 'eks-pod-identity-agent' };
    await live.eks().send(new UpdateAddonCommand({ ...agent, configurationValues: CONFIGURATION.yaml }));
    remembered = rememberedKubectl();
  });
  afterAll(() => live.stop());

  const compared = async (kubernetes = remembered) => {
    const request = { environments: ['prod'] };
    const ports = { aws: awsPorts(), kubernetes };
    const estate = await readEstate(driftQuestions(inventory, request), ports, placesOf(inventory));
    return drift(inventory, request, estate).differences;
  };

  it('finds no difference after an apply', async () => {
    expect(await compared()).toEqual([]);
  });

  it('finds no difference in documents that are written in another way', async () => {
    const { trust, inline, name: RoleName } = roleAt('dual', SETTING);
    const otherwise = ({ Statement }: PolicyDocument) =>
      JSON.stringify({
        Version: '2012-10-17',
        Statement: listOf(Statement)
          .flatMap((one) => [one.Action].flat().map((action) => ({ ...one, Sid: undefined, Action: [action] })))
          .reverse(),
      });
    await live.iam().send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: otherwise(trust) }));
    const policy = { RoleName, PolicyName: 'podlift', PolicyDocument: otherwise(inline!) };
    await live.iam().send(new PutRolePolicyCommand(policy));
    expect(await compared()).toEqual([]);
  });

  it.each(BY_HAND)('names it: $title', async ({ change, kind, found, fix, kubernetes }) => {
    const ports = () => (kubernetes ? kubectlPorts() : remembered);
    await change(live);
    const differences = await compared(ports());
    expect(differences.map((one) => one.kind)).toEqual([kind]);
    expect(differences[0]!.found).toMatch(found);
    expect(differences[0]!.holds).toBe('no');
    await runPrinted(live, inventory, differences.map(({ remedy }) => remedyText(remedy)).join('\n'));
    await (fix === undefined ? live.apply(inventory) : fix(live));
    expect(await compared(ports())).toEqual([]);
  });
});
