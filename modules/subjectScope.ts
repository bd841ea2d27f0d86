import { Construct } from './cdktf';

/**
 * The scope and the id of the construct of a further service account of a workload: `<workload>/<cluster>/<namespace>.<name>`. The first one of a
 * workload has the address that it has alone, so that others can be added.
 */
export function subjectScope(
  workload: Construct,
  { cluster, namespace, name }: { readonly cluster: string; readonly namespace: string; readonly name: string },
): readonly [Construct, string] {
  return [childOf(workload, cluster), `${namespace}.${name}`];
}

/** The child with an id, which is made if there is none. */
export function childOf(scope: Construct, id: string): Construct {
  const child = scope.node.tryFindChild(id);
  return child instanceof Construct ? child : new Construct(scope, id);
}
