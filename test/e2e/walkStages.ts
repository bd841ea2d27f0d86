import { askPods, gotAll } from '../../src/rehearsal/askPods';
import type { Stage } from '../../src/inventory/Inventory';
import { initialise, plan, planAndApply, validate } from '../../src/runners/stackCommands';
import { terraformProject, type TerraformProject } from './terraformProject';

const inventory = (stage: Stage) => `
version: 1
accounts:
  apps: { id: "333333333333", deployRole: "arn:aws:iam::333333333333:role/podlift-deploy" }
  data: { id: "444444444444", deployRole: "arn:aws:iam::444444444444:role/podlift-deploy" }
  ops: { id: "111111111111" }
environments:
  prod:
    account: apps
    region: us-west-2
    clusters:
      main:
        name: prod-main
        version: "1.33"
        oidc: { issuer: "https://oidc.eks.us-west-2.amazonaws.com/id/AAAA1111AAAA1111AAAA1111AAAA1111", provider: managed }
        agent: { version: v1.3.4-eksbuild.1 }
        addons:
          aws-ebs-csi-driver: { version: v1.40.0-eksbuild.1, serviceAccounts: { ebs-csi-controller-sa: ebs-csi } }
waves:
  pilot: { stages: { prod: ${stage} } }
workloads:
  orders-api:
    wave: pilot
    namespace: shop
    serviceAccount: orders-api
    permissions:
      managedPolicies: [AmazonSSMReadOnlyAccess]
      statements: [{ actions: [s3:GetObject], resources: ["arn:aws:s3:::acme-orders/*"] }]
    targets:
      ledger:
        account: data
        permissions:
          statements: [{ actions: [dynamodb:Query], resources: ["arn:aws:dynamodb:us-west-2:444444444444:table/ledger"] }]
  ebs-csi: # its service account is an add-on's, and so is its association
    wave: pilot
    namespace: kube-system
    serviceAccount: ebs-csi-controller-sa
    permissions: { managedPolicies: [service-role/AmazonEBSCSIDriverPolicy] }
`;

/** What each stage changes in AWS when a workload comes to it from the stage before: no role and no association is replaced. */
const FORWARD: Record<Stage, string[]> = {
  irsa: [],
  prepared: ['aws_eks_addon create', 'aws_iam_role update'],
  dual: ['aws_eks_addon update', 'aws_eks_pod_identity_association create'],
  // Only annotations change.
  cutover: [],
  'pod-identity': ['aws_iam_role update'],
};

/** And when it comes back to it from the stage after. */
const BACKWARD: Record<Stage, string[]> = {
  irsa: ['aws_eks_addon delete', 'aws_iam_role update'],
  prepared: ['aws_eks_addon update', 'aws_eks_pod_identity_association delete'],
  dual: [],
  cutover: ['aws_iam_role update'],
  'pod-identity': [],
};

const STACKS = ['prod-targets-data', 'prod-identity'];

/** Tests of one workload and one EKS add-on: the real Terraform creates them at the first of these stages, and moves them to the last one and back. */
export function walkStages(stages: readonly [Stage, ...Stage[]]): void {
  const [first, ...further] = stages;
  let project: TerraformProject;
  beforeAll(async () => {
    project = await terraformProject(inventory(first));
  });
  afterAll(() => project.close());

  async function moveTo(stage: Stage) {
    const blueprints = project.synth(inventory(stage));
    // Both at once: the order of the stacks must not matter.
    const plans = await Promise.all(STACKS.map((name) => planAndApply(project.stack(name))));
    const changes = plans.flatMap((planned) => planned.changes);
    await project.serviceAccounts(blueprints);
    const answers = await askPods(project.sandbox, blueprints);
    return { changes: [...new Set(changes.map(({ type, action }) => `${type} ${action}`))].sort(), answers };
  }

  it(`is created at ${first}, and its stacks are valid`, async () => {
    project.synth(inventory(first));
    for (const name of STACKS) {
      await initialise(project.stack(name));
      await validate(project.stack(name));
    }
    const { changes, answers } = await moveTo(first);
    expect(changes.filter((change) => !change.endsWith(' create'))).toEqual([]);
    expect(answers.map((answer) => [answer.uses, gotAll(answer)])).toEqual([
      ['irsa', true],
      ['irsa', true],
    ]);
  });

  it.each(further)('comes forward to %s with updates in place, and its new pods reach every role', async (stage) => {
    const { changes, answers } = await moveTo(stage);
    expect(changes).toEqual(FORWARD[stage]);
    expect(answers.filter((answer) => !gotAll(answer))).toEqual([]);
  });

  it('has nothing to change when it is applied again', async () => {
    const plans = await Promise.all(STACKS.map((name) => plan(project.stack(name))));
    expect(plans.flatMap(({ changes }) => changes)).toEqual([]);
  });

  it.each([...stages].reverse().slice(1))('goes back to %s without a role being replaced', async (stage) => {
    const { changes, answers } = await moveTo(stage);
    expect(changes).toEqual(BACKWARD[stage]);
    expect(answers.filter((answer) => !gotAll(answer))).toEqual([]);
  });
}
