import type { Compute } from '../../inventory/Inventory';
import type { NodeFacts } from '../../estate/kubernetes/KubernetesPort';
import type { Subject } from './Subject';

/** What a service account's pods run on, as far as they are on a node. */
export interface FoundCompute {
  /** Absent: EC2, or not known. */
  readonly compute?: Compute;
  /** The pods that run where there is no agent. */
  readonly stuck: readonly string[];
}

/** Computes without an agent. Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html#pod-id-restrictions */
const CANNOT_MOVE: ReadonlySet<Compute> = new Set<Compute>(['fargate', 'windows']);

/** What the pods of a service account run on. One on Fargate or Windows decides: an association is for all of them. */
export function computeOf({ pods }: Subject, nodes: ReadonlyMap<string, NodeFacts>): FoundCompute {
  const found = pods.flatMap((pod) => {
    const node = pod.node === undefined ? undefined : nodes.get(pod.node);
    return node === undefined ? [] : [{ pod: pod.name, compute: computeOfNode(node) }];
  });
  const stuck = found.filter(({ compute }) => CANNOT_MOVE.has(compute));
  const computes = new Set(found.map(({ compute }) => compute));
  const [first, ...others] = computes;
  const compute = stuck[0]?.compute ?? (others.length === 0 ? first : undefined);
  return { ...(compute !== undefined && compute !== 'ec2' && { compute }), stuck: stuck.map(({ pod }) => pod) };
}

function computeOfNode({ os, computeType }: NodeFacts): Compute {
  if (os === 'windows') return 'windows';
  return computeType === 'fargate' || computeType === 'hybrid' || computeType === 'auto' ? computeType : 'ec2';
}

/** Images of the AWS CLI, whose tag is its version. Source: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-docker.html */
const CLI_IMAGE = /^(?:public\.ecr\.aws\/aws-cli\/aws-cli|(?:docker\.io\/)?amazon\/aws-cli):(\d+\.\d+\.\d+)(?:@|$)/;

/**
 * The SDK of a service account's pods where their images state it: all of them are the AWS CLI's own. No label states an SDK and its version,
 * and a guess from an image's name would open a gate that is there to be closed.
 */
export function sdkOf({ pods }: Subject): { readonly language: 'cli'; readonly version: string } | undefined {
  const images = new Set(pods.flatMap(({ containers }) => containers.map(({ image }) => image)));
  const versions = [...images].map((image) => CLI_IMAGE.exec(image)?.[1]);
  const known = versions.flatMap((version) => version ?? []);
  if (known.length === 0 || known.length < versions.length) return undefined;
  const [oldest = ''] = known.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  return { language: 'cli', version: oldest };
}
