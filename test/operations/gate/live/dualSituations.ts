import {
  CreatePodIdentityAssociationCommand,
  DeletePodIdentityAssociationCommand,
  ListPodIdentityAssociationsCommand,
  UpdatePodIdentityAssociationCommand,
} from '@aws-sdk/client-eks';
import { CreateRoleCommand } from '@aws-sdk/client-iam';
import { setTimeout as wait } from 'node:timers/promises';
import { kubectlProbe } from '../../../../src/cli/probe/kubectlProbe';
import { onClusters } from '../../../../src/operations/checks/Check';
import { probe } from '../../../../src/operations/probe/probe';
import type { EvidenceText as Evidence } from '../gateText';
import { roleAt, TRUST_OF_SOMEONE } from './foreignTrust';
import { assumeFromOutside } from './controllerSituations';
import { commandsOf, inventoryAt, type Live, NAME, NEVER, NAMESPACE } from './liveWorld';
import type { Situation } from './Situation';

/** The association, in another second than the last use of the role: CloudTrail knows no fractions. */
async function associationOf(live: Live) {
  await wait(1100);
  const clusterName = 'prod-main';
  const list = new ListPodIdentityAssociationsCommand({ clusterName, namespace: NAMESPACE, serviceAccount: NAME });
  return { clusterName, associationId: (await live.eks().send(list)).associations?.[0]?.associationId };
}

async function someone(live: Live): Promise<string> {
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: TRUST_OF_SOMEONE });
  const made = await live.iam().send(new CreateRoleCommand({ RoleName: 'someone', AssumeRolePolicyDocument }));
  return made.Role?.Arn ?? '';
}

/** Runs the very commands of the remedy. */
async function runRemedy(live: Live, evidence: readonly Evidence[]): Promise<undefined> {
  const commands = commandsOf(evidence);
  expect(commands).not.toEqual([]);
  for (const command of commands) await live.run(command);
  return undefined;
}

/** The remedy of a role that was not seen. */
export const PROBE =
  /role of orders-api once on main: .* IMAGE is any image with the AWS CLI .*\nnpx podlift probe orders-api --environment prod --image IMAGE\n.*\nnpx podlift gate pilot --environment prod$/;

/** Uses the role as `podlift probe` does. */
async function probeOnce(live: Live): Promise<undefined> {
  expect(live.pods()).toEqual([]);
  const [environment] = inventoryAt('dual').environments;
  const [subject] = onClusters(environment!, environment!.workloads[0]!);
  const options = { image: 'aws-cli:2', suffix: 'abc12', sleep: () => wait(200) };
  expect(await probe(subject!, kubectlProbe(subject!.cluster), options)).toMatchObject({ ok: true, problems: [] });
  expect(live.pods()).toEqual([]);
  return undefined;
}

/** The association changed: what the pods used before proves nothing. */
const NOT_SEEN = 'role-used unknown';

const unlike = (title: string, change: (live: Live) => Promise<unknown>, found: RegExp): Situation => ({
  title,
  check: 'association',
  also: [NOT_SEEN],
  change,
  found,
  remedy: /npx cdktf plan prod-identity\nnpx cdktf apply prod-identity/,
});

export const DUAL_SITUATIONS: readonly Situation[] = [
  unlike(
    'the association names another role',
    async (live) => {
      const change = { ...(await associationOf(live)), roleArn: await someone(live) };
      await live.eks().send(new UpdatePodIdentityAssociationCommand(change));
    },
    /its role is arn:aws:iam::333333333333:role\/someone, should be arn:aws:iam::333333333333:role\/prod-orders-api/,
  ),
  {
    ...unlike(
      'the association sends no session tags',
      async (live) => {
        const change = { ...(await associationOf(live)), disableSessionTags: true };
        await live.eks().send(new UpdatePodIdentityAssociationCommand(change));
      },
      /session tags are disabled, should be enabled/,
    ),
    // The trust policy asks for the tags.
    also: ['trust no', NOT_SEEN],
  },
  unlike(
    'somebody has given the association a target role',
    async (live) => {
      const change = { ...(await associationOf(live)), targetRoleArn: 'arn:aws:iam::444444444444:role/ledger' };
      await live.eks().send(new UpdatePodIdentityAssociationCommand(change));
    },
    /its target role is arn:aws:iam::444444444444:role\/ledger, should be none/,
  ),
  {
    ...unlike(
      'the association is gone, and pods were restarted since',
      async (live) => {
        await live.eks().send(new DeletePodIdentityAssociationCommand(await associationOf(live)));
        await live.kubectl(`rollout restart deployment/${NAME}`);
      },
      /there is no association for production\/orders-api/,
    ),
    also: ['pod-credentials no'],
    mend: async (live) => {
      const association = { clusterName: 'prod-main', namespace: NAMESPACE, serviceAccount: NAME };
      await live.eks().send(new CreatePodIdentityAssociationCommand({ ...association, roleArn: roleAt('dual').arn }));
      await live.kubectl(`rollout restart deployment/${NAME}`);
      return undefined;
    },
  },
  {
    title: 'pods were never restarted, and the very command of the remedy restarts them',
    short: true,
    check: 'pod-credentials',
    also: [NOT_SEEN],
    podsFrom: 'prepared',
    found: /2 of 2 pods started before Pod Identity .*: orders-api-\S+, orders-api-\S+/,
    remedy: /\nkubectl --context prod-main -n production rollout restart deployment\/orders-api$/,
    mend: runRemedy,
  },
  {
    title: 'pods of a StatefulSet beside it were never restarted',
    check: 'pod-credentials',
    also: [NOT_SEEN],
    podsFrom: 'none',
    change: async (live) => {
      await live.apply(inventoryAt('prepared'));
      await live.settle({ kind: 'StatefulSet', name: 'orders-queue' });
      await live.apply(inventoryAt('dual'));
      await live.settle();
    },
    found: /2 of 4 pods started before .*: orders-queue-0, orders-queue-1/,
    remedy: /\nkubectl --context prod-main -n production rollout restart statefulset\/orders-queue$/,
    mend: runRemedy,
  },
  {
    title: 'a pod that was made by hand before',
    check: 'pod-credentials',
    also: [NOT_SEEN],
    podsFrom: 'none',
    change: async (live) => {
      await live.apply(inventoryAt('prepared'));
      await live.settle({ kind: 'Pod', name: 'debug' });
      await live.apply(inventoryAt('dual'));
    },
    found: /1 of 1 pods started before .*: debug/,
    remedy: /Pod production\/debug was created by hand: delete it and create it again/,
    mend: async (live) => {
      await live.kubectl('delete pod debug');
      await live.settle({ kind: 'Pod', name: 'debug' });
      return undefined;
    },
  },
  {
    title: 'pods were restarted before the webhook had heard of the association',
    check: 'pod-credentials',
    also: [NOT_SEEN],
    podsFrom: 'none',
    change: async (live) => {
      await live.apply(inventoryAt('prepared'));
      await live.settle();
      live.sandbox().setTiming({ propagationMs: () => NEVER });
      await live.apply(inventoryAt('dual'));
      await live.kubectl(`rollout restart deployment/${NAME}`);
    },
    found: /2 of 2 pods started before Pod Identity was set up/,
    remedy: /rollout restart/,
    // A sandbox that starts again shows every change.
    mendedGround: {},
    mend: runRemedy,
  },
  {
    title: 'another controller assumes the role with a token of the service account',
    check: 'annotation-readers',
    change: assumeFromOutside,
    found:
      /in the last 1d: 1, the last at 20\S+ by system:serviceaccount:production:orders-api \(aws-sdk-js\S+, session external-secrets\)/,
    remedy: /lose the role when the annotation goes.*\n.*the gate can pass after 20.*\nnpx podlift gate pilot/,
    // A sandbox that starts again has an empty history.
    mendedGround: {},
  },
  {
    title: 'no pod runs, and none has used the role',
    check: 'role-used',
    holds: 'unknown',
    podsFrom: 'none',
    found: /not seen: no session through Pod Identity on main since 20/,
    remedy: PROBE,
    mend: async (live) => {
      await live.settle();
      return undefined;
    },
  },
  {
    title: 'the Deployment has 0 pods, and a probe uses the role',
    short: true,
    check: 'role-used',
    holds: 'unknown',
    podsFrom: 'none',
    change: (live) => live.settle({ replicas: 0 }),
    found: /not seen: no session through Pod Identity on main since 20/,
    remedy: PROBE,
    mend: probeOnce,
  },
  {
    title: 'a pod spec sets the variables of container credentials by itself',
    check: 'pod-credentials',
    also: ['credential-chain no'],
    change: (live) => live.deploy({ env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://127.0.0.1/other' } }),
    found: /2 of 2 pods received no credentials/,
    remedy: /rollout restart/,
    mend: async (live) => {
      await live.deploy();
      return undefined;
    },
  },
  {
    title: 'the wave before it is behind',
    check: 'wave-order',
    claim: { wave: { after: 'first', soak: '1m' }, waves: [{ key: 'first', stages: { prod: { stage: 'dual' } } }] },
    found: /first is at dual, before cutover/,
    remedy: /npx podlift advance first --environment prod/,
    mendedClaim: {
      wave: { after: 'first', soak: '1m' },
      waves: [{ key: 'first', stages: { prod: { stage: 'pod-identity' } } }],
    },
  },
];
