import { knownImage } from '../../catalogue/images';
import { computeOf, runningPods } from '../../comparison/nodes';
import type { PodFacts, TemplateFacts } from '../../estate/kubernetes/KubernetesPort';
import { type FoundCluster, nameOf } from '../discover/FoundCluster';
import { keysOf } from './blockers';
import type { AccessWay } from './Survey';

/** A service account without a role, whose pods have access to AWS in another way. */
export interface WithoutRole {
  readonly namespace: string;
  readonly name: string;
  readonly access: Extract<AccessWay, 'keys' | 'variables' | 'node-role'>;
  /** Names of the variables. Never their values. */
  readonly variables: readonly string[];
  readonly pods: readonly PodFacts[];
  readonly templates: readonly TemplateFacts[];
}

/**
 * Service accounts without an annotation and an association whose pods have keys in their environment, or web identity by variables that people wrote; and
 * those of known controllers that set nothing: their SDK can use the role of the node. Only the names of variables are known, and variables of `envFrom` are not.
 */
export function withoutRole(found: FoundCluster): readonly WithoutRole[] {
  const withRole = new Set(found.withRole.map(nameOf));
  const groups = new Map<string, { readonly pods: PodFacts[]; readonly templates: TemplateFacts[] }>();
  const groupOf = (id: string) => {
    const known = groups.get(id) ?? { pods: [], templates: [] };
    groups.set(id, known);
    return known;
  };
  for (const pod of found.pods) groupOf(`${pod.namespace}/${pod.serviceAccount}`).pods.push(pod);
  for (const one of found.controllers.templates) groupOf(`${one.namespace}/${one.serviceAccount}`).templates.push(one);
  return [...groups]
    .filter(([id]) => !withRole.has(id))
    .flatMap(([id, { pods, templates }]): readonly WithoutRole[] => {
      const [namespace = '', name = ''] = id.split('/');
      const account = { namespace, name, pods: runningPods(pods, name), templates: templates.filter(isLive) };
      const all = [...account.pods, ...account.templates];
      const keys = keysOf(all);
      if (keys.length > 0) return [{ ...account, access: 'keys', variables: keys }];
      const variables = [
        ...new Set(all.flatMap(({ containers }) => containers.flatMap(({ env }) => Object.keys(env)))),
      ];
      if (variables.length > 0) return [{ ...account, access: 'variables', variables: variables.sort() }];
      const isKnown = all.some(({ containers }) => containers.some(({ image }) => knownImage(image) !== undefined));
      return isKnown && canUseNode(account.pods, found) ? [{ ...account, access: 'node-role', variables: [] }] : [];
    })
    .toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

/** Templates that make pods: not those of Jobs that have ended. */
export function isLive({ finished }: TemplateFacts): boolean {
  return finished !== true;
}

/** Pods on Fargate have no node whose role they could use. Source: https://docs.aws.amazon.com/eks/latest/userguide/fargate-pod-configuration.html */
function canUseNode(pods: readonly PodFacts[], { nodes }: FoundCluster): boolean {
  const fargate = new Set(nodes.filter((node) => computeOf(node) === 'fargate').map(({ name }) => name));
  return pods.length === 0 || pods.some(({ node }) => node === undefined || !fargate.has(node));
}
