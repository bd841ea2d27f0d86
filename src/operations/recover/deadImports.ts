import type { Blueprint } from '../../blueprint/Blueprint';
import type { Environment, Inventory } from '../../inventory/Inventory';
import { importPaths } from './importPaths';
import type { ImportPath } from './Recovery';

/** One entry under `imports` of an environment, and the kind of object that it imports. */
export interface WrittenImport extends ImportPath {
  readonly kind:
    | 'role'
    | 'target-role'
    | 'inline-policy'
    | 'managed-policy'
    | 'association'
    | 'agent'
    | 'addon'
    | 'oidc-provider'
    | 'service-account';
  readonly workload?: string;
  readonly target?: string;
  readonly cluster?: string;
  /** The name of a policy or of an add-on, the id of an association. */
  readonly name?: string;
}

/** All entries under `imports` of an environment. */
export function writtenImports(inventory: Inventory, environment: Environment): readonly WrittenImport[] {
  const paths = importPaths(inventory, environment.key);
  const ofWorkloads = environment.workloads.flatMap((one): readonly WrittenImport[] => {
    const workload = one.key;
    const roles = [
      { target: undefined, imports: one.role.imports },
      ...one.targets.map(({ key, imports }) => ({ target: key, imports })),
    ];
    return [
      ...roles.flatMap(({ target, imports }): readonly WrittenImport[] => {
        const owner = { workload, ...(target !== undefined && { target }) };
        if (imports === undefined) return [];
        const kind = target === undefined ? 'role' : 'target-role';
        return [
          ...(imports.role === true ? [{ kind, ...owner, ...paths.role(workload, target) } as const] : []),
          ...imports.inlinePolicies.map(
            (name) =>
              ({ kind: 'inline-policy', ...owner, name, ...paths.inlinePolicy(workload, target, name) }) as const,
          ),
          ...imports.managedPolicies.map(
            (name) =>
              ({ kind: 'managed-policy', ...owner, name, ...paths.managedPolicy(workload, target, name) }) as const,
          ),
        ];
      }),
      ...Object.entries(one.role.imports.associations).flatMap(([cluster, written]) => {
        const ids = typeof written === 'string' ? [[undefined, written] as const] : Object.entries(written);
        return ids.map(([subject, name]) => {
          const path = paths.association(workload, cluster, name, subject);
          return { kind: 'association', workload, cluster, name, ...path } as const;
        });
      }),
      ...one.subjects.flatMap((subject) =>
        (subject.imports ?? []).map((cluster) => {
          const path = paths.serviceAccount(workload, cluster, subject);
          return { kind: 'service-account', workload, cluster, ...path } as const;
        }),
      ),
    ];
  });
  const ofClusters = environment.clusters.flatMap(({ key: cluster, agent, addons, oidc }): readonly WrittenImport[] => [
    ...(agent?.imports === true ? [{ kind: 'agent', cluster, ...paths.agent(cluster) } as const] : []),
    ...addons.flatMap(({ name, imports }) =>
      imports === true ? [{ kind: 'addon', cluster, name, ...paths.addon(cluster, name) } as const] : [],
    ),
    ...(oidc?.imports === true ? [{ kind: 'oidc-provider', cluster, ...paths.oidcProvider(cluster) } as const] : []),
  ]);
  return [...ofWorkloads, ...ofClusters];
}

/**
 * The imports of associations and agents that a step makes dead: the apply of the step removes what they import, and a later import of what is gone would
 * stop the plan.
 */
export function importsOfStep(
  inventory: Inventory,
  environment: Environment,
  before: Blueprint,
  after: Blueprint,
): readonly WrittenImport[] {
  const has = ({ associations, agents }: Blueprint, { kind, workload, cluster }: WrittenImport) =>
    kind === 'agent'
      ? agents.some((one) => one.cluster === cluster)
      : associations.some((one) => one.workload === workload && one.cluster === cluster);
  return writtenImports(inventory, environment).filter(
    (one) => (one.kind === 'association' || one.kind === 'agent') && has(before, one) && !has(after, one),
  );
}
