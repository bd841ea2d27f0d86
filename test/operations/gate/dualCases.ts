import { targetOf } from '../../blueprint/inventoryOf';
import { irsaPod, podIdentityPod, podOf, ROLE } from '../agreedWorld';
import type { GateCase } from './GateCase';
import { containerOf } from '../facts';

const KUBECTL = String.raw`kubectl --context arn:aws:eks:us-west-2:333333333333:cluster/prod-main -n production`;

export const DUAL_CASES: readonly GateCase[] = [
  {
    title: 'no association',
    check: 'association-agrees',
    holds: 'no',
    change: (world) => (world.associations = []),
    remedy: /npx cdktf apply prod-identity/,
  },
  {
    title: 'an association with another role',
    check: 'association-agrees',
    holds: 'no',
    change: (world) => (world.associations[0] = { ...world.associations[0]!, roleArn: `${ROLE}-2` }),
    found: /should name the role/,
  },
  {
    title: 'an association without the target role',
    check: 'association-agrees',
    holds: 'no',
    setting: { targets: [targetOf({ via: 'association' })] },
    change: (world) => {
      const association = { ...world.associations[0]! };
      delete association.targetRoleArn;
      world.associations[0] = association;
    },
    found: /its target role is none, should be arn/,
  },
  {
    title: 'an association that sends no session tags',
    check: 'association-agrees',
    holds: 'no',
    change: (world) => (world.associations[0] = { ...world.associations[0]!, disableSessionTags: true }),
    found: /session tags are disabled, should be enabled/,
  },
  ...(
    [
      ['Deployment', /rollout restart deployment\/orders-api$/m],
      ['StatefulSet', /rollout restart statefulset\/orders-api$/m],
      ['DaemonSet', /rollout restart daemonset\/orders-api$/m],
      ['Job', /job production\/orders-api: wait for its end, or delete it\. A CronJob makes/],
      ['Rollout', /delete pod orders-api-old$/m],
    ] as const
  ).map(([kind, remedy]): GateCase => ({
    title: `a pod of a ${kind} that was never restarted`,
    check: 'pods-restarted',
    holds: 'no',
    change: (world) => world.pods.push(irsaPod({}, { owner: { kind, name: 'orders-api' } })),
    found: /1 of 2 pods without Pod Identity: orders-api-old/,
    remedy,
  })),
  {
    title: 'the command is for its cluster and namespace',
    check: 'pods-restarted',
    holds: 'no',
    change: (world) => world.pods.push(irsaPod()),
    remedy: new RegExp(`^${KUBECTL} rollout restart deployment/orders-api$`),
  },
  {
    title: 'a pod that was made by hand',
    check: 'pods-restarted',
    holds: 'no',
    change: (world) => {
      const pod = { ...irsaPod() };
      delete pod.owner;
      world.pods.push(pod);
    },
    remedy: /made by hand/,
  },
  {
    title: 'a pod with no credentials at all, created before the association had spread',
    check: 'pods-restarted',
    holds: 'no',
    change: (world) => world.pods.push(podOf()),
  },
  {
    title: 'an old pod that is ending still holds web identity',
    check: 'pods-restarted',
    holds: 'no',
    change: (world) => world.pods.push(irsaPod({}, { ending: true })),
    remedy: /ending/,
  },
  {
    title: 'a pod that sets web identity beside Pod Identity',
    check: 'pods-restarted',
    holds: 'no',
    change: (world) => world.pods.push(podIdentityPod({ AWS_WEB_IDENTITY_TOKEN_FILE: '/etc/token' })),
    found: /SDKs take that first/,
  },
  {
    title: 'container credentials of something other than EKS',
    check: 'pods-restarted',
    holds: 'no',
    change: (world) => world.pods.push(podIdentityPod({ AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: '/etc/other' })),
  },
  {
    title: 'a sidecar without variables',
    check: 'pods-restarted',
    holds: 'yes',
    change: (world) => {
      const pod = podIdentityPod();
      world.pods.push({ ...pod, containers: [...pod.containers, containerOf({ name: 'proxy' })] });
    },
  },
  { title: 'no pod runs', check: 'pods-restarted', holds: 'yes', change: (world) => (world.pods = []) },
  {
    title: 'an old pod that is over',
    check: 'pods-restarted',
    holds: 'yes',
    change: (world) => world.pods.push(irsaPod({}, { phase: 'Failed' })),
  },
];
