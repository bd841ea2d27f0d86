import { CreatePodIdentityAssociationCommand } from '@aws-sdk/client-eks';
import { podCredentials } from '../../src/sandbox/podCredentials';
import type { SeedRole } from '../../src/sandbox/Seed';
import type { Pod, Sandbox } from '../../src/sandbox/startSandbox';
import {
  accountTrust,
  allow,
  APPS,
  clients,
  DATA,
  irsaTrust,
  MAIN,
  MAIN_ARN,
  podTrust,
  policy,
  REGION,
  roleArn,
} from './testSandbox';

const BOTH = ['sts:AssumeRole', 'sts:TagSession'];
export const NAMESPACE = 'production';
const hop = { hop: allow(BOTH) };
const tagTrust = (conditions: Record<string, string>) => policy(accountTrust(APPS, BOTH, { StringEquals: conditions }));

export const ROLES: readonly SeedRole[] = [
  { account: APPS, name: 'dual', trust: policy(irsaTrust(NAMESPACE, 'orders'), podTrust()), inline: hop },
  {
    account: APPS,
    name: 'strict',
    inline: hop,
    trust: policy(
      podTrust({
        'aws:SourceAccount': APPS,
        'aws:SourceArn': MAIN_ARN,
        'aws:RequestTag/eks-cluster-arn': MAIN_ARN,
        'aws:RequestTag/kubernetes-namespace': NAMESPACE,
        'aws:RequestTag/kubernetes-service-account': 'orders',
      }),
    ),
  },
  { account: APPS, name: 'elsewhere', trust: policy(podTrust({ 'aws:RequestTag/kubernetes-namespace': 'staging' })) },
  { account: APPS, name: 'untagged', trust: policy(podTrust({ 'aws:SourceAccount': APPS })), inline: hop },
  {
    account: APPS,
    name: 'transitive',
    trust: policy({
      ...podTrust(),
      Condition: { 'ForAnyValue:StringEquals': { 'sts:TransitiveTagKeys': 'kubernetes-pod-uid' } },
    }),
  },
  { account: APPS, name: 'powerless', trust: policy(podTrust()) },
  { account: APPS, name: 'tagless', trust: policy(podTrust()), inline: { hop: allow('sts:AssumeRole') } },
  { account: DATA, name: 'ledger', trust: tagTrust({ 'aws:RequestTag/kubernetes-namespace': NAMESPACE }) },
  {
    account: DATA,
    name: 'principal-tag',
    trust: tagTrust({ 'aws:PrincipalTag/kubernetes-service-account': 'orders' }),
  },
  { account: DATA, name: 'staging', trust: tagTrust({ 'aws:RequestTag/kubernetes-namespace': 'staging' }) },
  { account: DATA, name: 'no-tags', trust: policy(accountTrust(APPS, 'sts:AssumeRole')) },
  {
    account: DATA,
    name: 'external',
    trust: policy(
      accountTrust(APPS, 'sts:AssumeRole', {
        StringEquals: { 'sts:ExternalId': `${REGION}/${APPS}/main/${NAMESPACE}/orders` },
      }),
    ),
  },
];

/** What tests do with pods of a sandbox that has `ROLES`. */
export function podsOf(at: { readonly sandbox: Sandbox }) {
  return {
    admit: (serviceAccount: string, cluster = MAIN) =>
      at.sandbox.kubernetes.admitPod({ cluster, namespace: NAMESPACE, serviceAccount }),
    ask: (pod: Pod, ...targets: string[]) =>
      podCredentials(pod, {
        endpoint: at.sandbox.endpoint,
        targets: targets.map((name) => ({ roleArn: roleArn(name, DATA) })),
      }),
    associate: async (serviceAccount: string, role: string, clusterName = 'main') => {
      const input = { clusterName, namespace: NAMESPACE, serviceAccount, roleArn: roleArn(role) };
      return (await clients(at.sandbox).eks.send(new CreatePodIdentityAssociationCommand(input))).association
        ?.associationId;
    },
    annotate: (name: string, role: string) => {
      at.sandbox.kubernetes.setServiceAccount({
        cluster: MAIN,
        namespace: NAMESPACE,
        name,
        annotations: { 'eks.amazonaws.com/role-arn': roleArn(role) },
      });
    },
  };
}
