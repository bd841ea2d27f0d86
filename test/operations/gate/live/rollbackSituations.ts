import { UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  CreatePodIdentityAssociationCommand,
  DeletePodIdentityAssociationCommand,
  ListPodIdentityAssociationsCommand,
} from '@aws-sdk/client-eks';
import { roleAt } from './foreignTrust';
import { commandsOf, inventoryAt, NAME, NAMESPACE } from './liveWorld';
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
    title: 'somebody has taken Pod Identity out of the role’s trust',
    check: 'trust',
    at: 'pod-identity',
    change: (live) => {
      const PolicyDocument = JSON.stringify(roleAt('irsa').trust);
      return live.iam().send(new UpdateAssumeRolePolicyCommand({ RoleName: 'prod-orders-api', PolicyDocument }));
    },
    found: /denies its pods the role through Pod Identity/,
    remedy: /npx cdktf apply prod-identity/,
  },
  {
    ...back,
    title: 'somebody has deleted the association already',
    short: true,
    check: 'association',
    at: 'dual',
    change: async (live) => {
      const clusterName = 'prod-main';
      const list = new ListPodIdentityAssociationsCommand({ clusterName, namespace: NAMESPACE, serviceAccount: NAME });
      const associationId = (await live.eks().send(list)).associations?.[0]?.associationId;
      await live.eks().send(new DeletePodIdentityAssociationCommand({ clusterName, associationId }));
    },
    found: /there is no association/,
    remedy: /npx cdktf apply prod-identity/,
    mend: async (live) => {
      const association = { clusterName: 'prod-main', namespace: NAMESPACE, serviceAccount: NAME };
      await live.eks().send(new CreatePodIdentityAssociationCommand({ ...association, roleArn: roleAt('dual').arn }));
      return undefined;
    },
  },
  {
    ...back,
    title: 'the annotation, to which the step leads back, is there already',
    check: 'annotation',
    at: 'cutover',
    change: (live) => live.kubectl(`annotate serviceaccount ${NAME} eks.amazonaws.com/role-arn=${roleAt('dual').arn}`),
    found: /should be none at cutover/,
    remedy: /npx cdktf apply prod-identity prod-service-accounts-main/,
  },
];
