import { compile } from '../../../src/blueprint/compile';
import { placesOf } from '../../../src/estate/places';
import { readEstate } from '../../../src/estate/readEstate';
import { remedyText } from '../../../src/cli/report';
import { type AssociationOwner, ASSOCIATION_OWNERS, type Stage } from '../../../src/inventory/Inventory';
import {
  ownedAssociationQuestions,
  ownedAssociations,
} from '../../../src/operations/ownedAssociation/ownedAssociations';
import { changedStacks } from '../../../src/operations/step/nextSteps';
import { associationsByOwner } from '../../../src/operations/step/associationsByOwner';
import { openQuestions, settle } from '../../../src/estate/ask';
import { roleSettingsOf, targetOf } from '../../blueprint/inventoryOf';
import { agreedWorld, NOW, pilotAt, podIdentityPod, portsTo, type World } from '../agreedWorld';
import { collectEvidence } from '../gate/gateText';

const external = (associationOwner: AssociationOwner = 'ack') => ({ workload: { associationOwner } });
const without = (world: World) => {
  world.associations = [];
};
const ofOther = (world: World) => {
  world.associations = world.associations.map((one) => ({ ...one, roleArn: 'arn:aws:iam::333333333333:role/other' }));
};
/** The association of dual, in a world that is at another stage. */
const ahead = (world: World) => {
  world.associations = agreedWorld(pilotAt('dual', external())).associations;
};

async function told(stage: Stage, owner: AssociationOwner, change: (world: World) => void = () => undefined) {
  const inventory = pilotAt(stage, { ...external(owner), targets: [targetOf({ via: 'association' })] });
  const world = agreedWorld(inventory);
  change(world);
  const [environment] = inventory.environments;
  const [workload] = environment!.workloads;
  const places = placesOf(inventory);
  const estate = await readEstate(ownedAssociationQuestions(environment!, workload!), portsTo(world), places);
  return ownedAssociations(environment!, workload!, owner, estate, places).associations[0]!;
}

const WHERE = { cluster: 'main', namespace: 'production', serviceAccount: 'orders-api' };

describe('podlift association', () => {
  it('prints an object of ACK that adopts the association by its id, and retains it', async () => {
    const one = await told('dual', 'ack');
    expect(one).toMatchObject({ ...WHERE, task: 'adopt', id: 'a-1' });
    expect(one.object).toEqual({
      apiVersion: 'eks.services.k8s.aws/v1alpha1',
      kind: 'PodIdentityAssociation',
      metadata: {
        name: 'prod.main.production.orders-api',
        namespace: 'production',
        annotations: {
          'services.k8s.aws/region': 'us-west-2',
          'services.k8s.aws/adoption-policy': 'adopt-or-create',
          'services.k8s.aws/adoption-fields': '{"clusterName":"prod-main","associationID":"a-1"}',
          'services.k8s.aws/deletion-policy': 'retain',
        },
      },
      spec: {
        clusterName: 'prod-main',
        namespace: 'production',
        serviceAccount: 'orders-api',
        roleARN: 'arn:aws:iam::333333333333:role/prod-orders-api',
        targetRoleARN: 'arn:aws:iam::444444444444:role/prod-orders-api-ledger',
        disableSessionTags: false,
      },
    });
  });

  it('prints an object of Crossplane with the external name, which orphans the association', async () => {
    const one = await told('dual', 'crossplane');
    expect(one.object).toEqual({
      apiVersion: 'eks.aws.upbound.io/v1beta1',
      kind: 'PodIdentityAssociation',
      metadata: {
        name: 'prod.main.production.orders-api',
        annotations: { 'crossplane.io/external-name': 'a-1' },
      },
      spec: {
        deletionPolicy: 'Orphan',
        managementPolicies: ['Create', 'LateInitialize', 'Observe', 'Update'],
        forProvider: {
          region: 'us-west-2',
          clusterName: 'prod-main',
          namespace: 'production',
          serviceAccount: 'orders-api',
          roleArn: 'arn:aws:iam::333333333333:role/prod-orders-api',
          targetRoleArn: 'arn:aws:iam::444444444444:role/prod-orders-api-ledger',
          disableSessionTags: false,
        },
      },
    });
  });

  it('prints a template of CloudFormation, and what its import takes', async () => {
    const one = await told('dual', 'cloudformation');
    const { Resources } = one.object as { Resources: Record<string, Record<string, unknown>> };
    const [[id, resource]] = Object.entries(Resources) as [[string, Record<string, unknown>]];
    expect(id).toMatch(/^[A-Za-z0-9]+$/);
    expect(resource).toMatchObject({
      Type: 'AWS::EKS::PodIdentityAssociation',
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: { ClusterName: 'prod-main', Namespace: 'production', DisableSessionTags: false },
    });
    expect(one.resourceToImport).toEqual({
      ResourceType: 'AWS::EKS::PodIdentityAssociation',
      LogicalResourceId: id,
      ResourceIdentifier: {
        AssociationArn: 'arn:aws:eks:us-west-2:333333333333:podidentityassociation/prod-main/a-1',
      },
    });
    expect(remedyText(one.remedy)).toMatch(/create-change-set .*--change-set-type IMPORT/);
  });

  it.each(ASSOCIATION_OWNERS)('adopts nothing where no association stands: %s creates it', async (owner) => {
    const one = await told('dual', owner, without);
    expect(one.task).toBe('create');
    expect(JSON.stringify(one.object)).not.toMatch(/adoption|external-name/);
    expect(JSON.stringify(one.object)).toMatch(/retain|Orphan|Retain/);
    expect(one.resourceToImport).toBeUndefined();
  });

  it.each(['ack', 'crossplane'] as const)(
    'says that two objects of %s must not write one association: the tool can have one already',
    async (owner) => {
      expect(remedyText((await told('dual', owner)).remedy)).toMatch(
        /has an object for the association already, change that object/,
      );
      expect(remedyText((await told('dual', owner, without)).remedy)).not.toContain('already');
    },
  );

  it('says how an association that stands differs', async () => {
    expect((await told('dual', 'ack', ofOther)).differs).toMatch(/its role is .*other, should be .*prod-orders-api/);
  });

  it('has nothing to create at a stage without association', async () => {
    expect(await told('prepared', 'ack')).toMatchObject({ ...WHERE, task: 'none' });
  });

  it.each(ASSOCIATION_OWNERS)(
    'removes in the order that cuts no pod: the annotation, the object of %s, the association, the pods',
    async (owner) => {
      const one = await told('prepared', owner, ahead);
      expect(one).toMatchObject({ task: 'remove', id: 'a-1' });
      expect(one.object).toBeUndefined();
      const text = remedyText(one.remedy);
      const order = [
        'has the annotation',
        /object of|from the template/,
        'delete-pod-identity-association',
        'restart the pods',
      ].map((what) => text.search(what));
      expect(order).toEqual(order.toSorted((a, b) => a - b));
      expect(order).not.toContain(-1);
    },
  );

  it('says that it could not read what stands, and adopts nothing', async () => {
    const one = await told('dual', 'ack', (world) => Object.assign(world, { unanswered: { associations: 'denied' } }));
    expect(one.task).toBe('unknown');
    expect(JSON.stringify(one.object)).not.toContain('adoption');
  });

  it('gives each association an object of its own, whatever its names', () => {
    expect(JSON.stringify(compile(pilotAt('dual', external()), 'prod').associations)).toContain('"owner":"ack"');
  });
});

describe('the gate of a workload whose associations another tool owns', () => {
  const gateAt = async (
    stage: Stage,
    direction: 'forward' | 'back',
    change: (world: World) => void = () => undefined,
  ) => {
    const inventory = pilotAt(stage, external());
    const world = agreedWorld(inventory);
    change(world);
    const request = { wave: 'pilot', environment: 'prod', direction } as const;
    const { holds, evidence } = await collectEvidence(inventory, request, portsTo(world), NOW);
    const of = (check: string) => evidence.find((one) => one.check === check)!;
    return { holds, of, all: evidence };
  };
  const textOf = ({ found, remedy = '' }: { found: string; remedy?: string }) => `${found}\n${remedy}`;

  it('holds where AWS has the association of the stage', async () => {
    expect(await gateAt('dual', 'forward')).toMatchObject({ holds: true });
  });

  it.each([
    ['there is none', without, /there is no association .* which ACK makes/],
    ['it names another role', ofOther, /its role is .*other/],
  ] as const)('fails until AWS has the association: %s', async (_, change, found) => {
    const { holds, of } = await gateAt('dual', 'forward', change);
    expect(holds).toBe(false);
    expect(textOf(of('association'))).toMatch(found);
    expect(textOf(of('association'))).toContain('npx podlift association orders-api --environment prod');
    expect(textOf(of('association'))).not.toContain('cdktf apply');
  });

  it('names the command of the owner also where an adopted role is not at its stage, and advises no apply', async () => {
    const role = roleSettingsOf({ name: 'prod-orders-api', adopt: true });
    const inventory = pilotAt('dual', { workload: { associationOwner: 'ack', found: 'dual', role } });
    const world = agreedWorld(inventory);
    without(world);
    for (const key of Object.keys(world.roles)) world.roles[key] = { ...world.roles[key]!, tags: {} };
    const request = { wave: 'pilot', environment: 'prod', direction: 'forward' } as const;
    const { evidence } = await collectEvidence(inventory, request, portsTo(world), NOW);
    const failed = evidence.filter(({ holds }) => holds === 'no');
    expect(failed.map(({ check }) => check)).toEqual(expect.arrayContaining(['adoption', 'association']));
    const association = failed.find(({ check }) => check === 'association')!;
    expect(association.remedy).toContain('npx podlift association orders-api --environment prod');
    for (const { remedy } of failed) expect(remedy).not.toContain('cdktf apply');
  });

  it('holds from prepared where the owner made the association before the step, and pods use it already', async () => {
    const { of, all } = await gateAt('prepared', 'forward', (world) => {
      ahead(world);
      world.pods = world.pods.map((pod) => (pod.serviceAccount === 'orders-api' ? podIdentityPod() : pod));
    });
    expect(of('association').found).toMatch(/its owner made it before the step/);
    expect(of('pod-credentials')).toMatchObject({ holds: 'yes' });
    expect(all.filter(({ holds }) => holds !== 'yes')).toEqual([]);
  });

  it('fails from irsa where the association stands: the role does not trust Pod Identity', async () => {
    const { of } = await gateAt('irsa', 'forward', ahead);
    expect(of('association').holds).toBe('no');
    expect(textOf(of('association'))).toMatch(/ACK owns the association\. Remove it in this order/);
  });

  it('fails back from prepared while the association stands, and says how its owner removes it', async () => {
    const { holds, of } = await gateAt('prepared', 'back', ahead);
    expect(holds).toBe(false);
    expect(textOf(of('association'))).toMatch(/deletion-policy: retain.*delete-pod-identity-association/s);
  });

  it('does not fail since ACK owns what the inventory leaves to ACK', async () => {
    const tagged = (world: World) => {
      world.associations = world.associations.map((one) => ({
        ...one,
        tags: { 'services.k8s.aws/namespace': 'shop' },
      }));
    };
    expect(
      (await gateAt('dual', 'forward', tagged)).all.filter((one) => one.check === 'adoption' && one.holds === 'no'),
    ).toEqual([]);
  });
});

describe('the step of a workload whose associations another tool owns', () => {
  const [prepared, dual] = (['prepared', 'dual'] as const).map((stage) => pilotAt(stage, external()));
  const stepOf = async (from: typeof prepared, to: typeof dual) => {
    const [before, after] = [compile(from!, 'prod'), compile(to!, 'prod')];
    const asked = associationsByOwner(before, after, to!.environments[0]!);
    const estate = await readEstate(
      (known) => openQuestions([asked], known),
      portsTo(agreedWorld(from!)),
      placesOf(to!),
    );
    return { stacks: changedStacks(before, after), owners: settle(asked, estate).value };
  };

  it('changes no stack, and names the command, forward', async () => {
    const { stacks, owners } = await stepOf(prepared, dual);
    expect(stacks).toEqual([]);
    expect(owners).toMatchObject([{ workload: 'orders-api', cluster: 'main', owner: 'ack' }]);
    expect(remedyText(owners[0]!.steps)).toContain('npx podlift association orders-api');
  });

  it('says what the owner removes, back', async () => {
    const { stacks, owners } = await stepOf(dual, prepared);
    expect(stacks).toEqual([]);
    expect(remedyText(owners[0]!.steps)).toMatch(/delete-pod-identity-association .*a-1/);
  });
});
