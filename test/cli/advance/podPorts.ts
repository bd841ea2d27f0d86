import type { AwsPort } from '../../../src/estate/aws/AwsPort';
import type { PodFacts } from '../../../src/estate/kubernetes/KubernetesPort';
import type { Ports } from '../../../src/estate/Ports';

const NO_ANSWER = { ok: false, why: 'unreachable', message: 'no route' } as const;

/** Ports of a cluster with these pods; AWS does not answer. */
export function podPorts(pods: readonly PodFacts[] | 'down' = []): Ports {
  const answer = pods === 'down' ? NO_ANSWER : ({ ok: true, value: pods } as const);
  const silent = new Proxy({}, { get: () => () => Promise.resolve(NO_ANSWER) });
  return {
    aws: () => silent as AwsPort,
    kubernetes: () => ({ ...silentCluster, pods: () => Promise.resolve(answer) }),
  };
}

const silentCluster = {
  allPods: () => Promise.resolve(NO_ANSWER),
  templates: () => Promise.resolve(NO_ANSWER),
  allTemplates: () => Promise.resolve(NO_ANSWER),
  admission: () => Promise.resolve(NO_ANSWER),
  configMap: () => Promise.resolve(NO_ANSWER),
  secret: () => Promise.resolve(NO_ANSWER),
  serviceAccounts: () => Promise.resolve(NO_ANSWER),
  networkPolicies: () => Promise.resolve(NO_ANSWER),
  serviceAccount: () => Promise.resolve(NO_ANSWER),
  nodes: () => Promise.resolve(NO_ANSWER),
  apiGroups: () => Promise.resolve(NO_ANSWER),
  customObjects: () => Promise.resolve(NO_ANSWER),
  enginePolicies: () => Promise.resolve(NO_ANSWER),
  issuer: () => Promise.resolve(NO_ANSWER),
};
