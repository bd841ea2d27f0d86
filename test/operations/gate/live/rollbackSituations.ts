import { UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { DeletePodIdentityAssociationCommand, ListPodIdentityAssociationsCommand } from '@aws-sdk/client-eks';
import { roleAt } from './foreignTrust';
import type { Stage } from '../../../../src/inventory/Inventory';
import type { GateCheckName } from '../../../../src/operations/checks/checkTable';
import { commandsOf, inventoryAt, type Live, NAME, NAMESPACE } from './liveWorld';
import type { Situation } from './Situation';

const back = { direction: 'back' } as const;

export const ROLLBACK_SITUATIONS: readonly Situation[] = [
  {
    ...back,
    title: 'from prepared, a pod holds Pod Identity still, which the step takes',
    check: 'restart-needed',
    at: 'prepared',
    podsFrom: 'none',
    change: async (live) => {
      for (const stage of ['irsa', 'prepared', 'dual'] as const) await live.apply(inventoryAt(stage));
      await live.settle();
      await live.apply(inventoryAt('prepared'));
    },
    found: /2 of 2 pods use Pod Identity, which the step removes: orders-api-/,
    remedy:
      /^Restart the pods before the step:\nkubectl --context prod-main -n production rollout restart deployment\/orders-api$/,
    mend: async (live, evidence) => {
      for (const command of commandsOf(evidence)) await live.run(command);
      return undefined;
    },
  },
  {
    ...back,
    title: 'a wave that comes after it would stay further',
    check: 'wave-order',
    at: 'cutover',
    claim: { waves: [{ key: 'later', after: 'pilot', stages: { prod: { stage: 'cutover' } } }] },
    found: /later, which comes after pilot, is at cutover, past dual/,
    remedy: /npx podlift rollback later --environment prod/,
    mendedClaim: { waves: [{ key: 'later', after: 'pilot', stages: { prod: { stage: 'dual' } } }] },
  },
  {
    ...back,
    title: 'somebody has removed the annotation, which the restarted pods need',
    short: true,
    check: 'annotation',
    at: 'dual',
    change: (live) => live.kubectl(`annotate serviceaccount ${NAME} eks.amazonaws.com/role-arn-`),
    found: /role-arn is not there/,
    remedy: /npx cdktf apply prod-identity prod-service-accounts-main/,
  },
];

/** What differs from the stage, and costs no pod its credentials on the way back: the gate holds, with a warning. */
export interface BackNote {
  readonly title: string;
  readonly check: GateCheckName;
  readonly at: Stage;
  readonly change: (live: Live) => Promise<unknown>;
  readonly found: RegExp;
}

export const BACK_NOTES: readonly BackNote[] = [
  {
    title: 'somebody has taken Pod Identity out of the role’s trust',
    check: 'trust',
    at: 'pod-identity',
    change: (live) => {
      const PolicyDocument = JSON.stringify(roleAt('irsa').trust);
      return live.iam().send(new UpdateAssumeRolePolicyCommand({ RoleName: 'prod-orders-api', PolicyDocument }));
    },
    found: /does not match the stage pod-identity for Pod Identity: denied/,
  },
  {
    title: 'somebody has deleted the association already',
    check: 'association',
    at: 'dual',
    change: async (live) => {
      const clusterName = 'prod-main';
      const list = new ListPodIdentityAssociationsCommand({ clusterName, namespace: NAMESPACE, serviceAccount: NAME });
      const associationId = (await live.eks().send(list)).associations?.[0]?.associationId;
      await live.eks().send(new DeletePodIdentityAssociationCommand({ clusterName, associationId }));
    },
    found: /there is no association/,
  },
  ...(['cutover', 'pod-identity'] as const).map((at): BackNote => ({
    title: 'the annotation is left, or is there already',
    check: 'annotation',
    at,
    change: (live) => live.kubectl(`annotate serviceaccount ${NAME} eks.amazonaws.com/role-arn=${roleAt('dual').arn}`),
    found: new RegExp(`should be none at ${at}`),
  })),
];
