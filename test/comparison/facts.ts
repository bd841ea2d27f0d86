import type { AssociationFacts } from '../../src/estate/aws/AwsPort';
import type { NodeFacts, PodFacts } from '../../src/estate/kubernetes/KubernetesPort';

// Facts that differ from these only in what a test is about. ../operations/facts.ts has more of them.

export function associationFactsOf(parts: Partial<AssociationFacts> = {}): AssociationFacts {
  return {
    id: 'a-1',
    namespace: 'production',
    serviceAccount: 'orders-api',
    roleArn: 'arn:aws:iam::333333333333:role/prod-orders-api',
    disableSessionTags: false,
    tags: {},
    ...parts,
  };
}

export function podFactsOf(parts: Partial<PodFacts> = {}): PodFacts {
  return {
    namespace: 'production',
    name: 'orders-api-1',
    serviceAccount: 'orders-api',
    phase: 'Running',
    ready: true,
    ending: false,
    labels: {},
    hostNetwork: false,
    containers: [],
    tokenVolumes: {},
    ...parts,
  };
}

export function nodeFactsOf(name: string, computeType?: string, os = 'linux'): NodeFacts {
  return { name, os, ...(computeType !== undefined && { computeType }) };
}
