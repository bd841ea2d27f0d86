import { type Permissions, type PolicyImports, STAGES, subjectName, subjectsOn } from '../../Inventory';
import type { PlacedWorkload } from '../../resolve/Model';
import { shellLine } from '../../shellWord';
import type { RuleFinding, Rule } from '../Rule';

/** The same as INLINE_POLICY of the blueprint, which this folder cannot import. */
const OWN_POLICY = 'podlift';

/** Terraform refuses an import block without a configured resource, or for a resource that no longer exists. */
export const roleImports: Rule = {
  name: 'role-imports',
  severities: ['error', 'warning'],
  what: '`role.imports` lists only policies that are under `permissions` too. Its associations are on clusters of the workload, at a stage with associations, each of one service account.',
  example: 'imports lists the inline policy "s3-read", which is not under permissions',
  *check({ staged }) {
    for (const placed of staged) {
      const { role, permissions, targets } = placed.workload;
      const hops = targets.length > 0;
      yield* policies(placed, { imports: role.imports, permissions, field: [], hops });
      for (const target of targets) {
        if (target.imports === undefined) continue;
        const field = ['targets', target.key];
        yield* policies(placed, { imports: target.imports, permissions: target.permissions, field, hops: false });
      }
      yield* associations(placed);
      yield* sameIds(placed);
      yield* ownedByAddon(placed);
    }
  },
};

interface Imported {
  readonly imports: PolicyImports;
  readonly permissions: Permissions;
  /** The path of the role's owner below the workload. */
  readonly field: readonly string[];
  /** podlift's own policy lets the role assume its targets. */
  readonly hops: boolean;
}

function* policies({ at }: PlacedWorkload, { imports, permissions, field, hops }: Imported): Generator<RuleFinding> {
  const path = (...rest: (string | number)[]) => at(...field, 'role', 'imports', ...rest);
  const list = (name: string) => [...field, 'permissions', name].join('.');
  for (const [index, arn] of imports.managedPolicies.entries()) {
    if (permissions.managedPolicies.includes(arn)) continue;
    yield missing(path('managedPolicies', index), `the policy ${arn}`, list('managedPolicies'));
  }
  for (const [index, name] of imports.inlinePolicies.entries()) {
    const isOwn = name === OWN_POLICY && (permissions.statements.length > 0 || hops);
    if (isOwn || Object.hasOwn(permissions.inlinePolicies, name)) continue;
    yield missing(path('inlinePolicies', index), `the inline policy "${name}"`, list('inlinePolicies'));
  }
}

function* associations({ workload, at }: PlacedWorkload): Generator<RuleFinding> {
  for (const [cluster, written] of Object.entries(workload.role.imports.associations)) {
    const path = at('role', 'imports', 'associations', cluster);
    if (!workload.clusters.includes(cluster)) {
      yield {
        path,
        message: `imports lists an association on cluster "${cluster}", where the workload does not run: clusters: ${workload.clusters.join(', ')}`,
        hint: 'Write the key of a cluster of the workload, or remove it.',
        at: 'key',
      };
      continue;
    }
    const subjects = subjectsOn(workload, { key: cluster });
    const there = subjects.map(subjectName);
    if (typeof written === 'string' && subjects.every(({ isExpanded }) => isExpanded === true))
      yield {
        path,
        message: `imports lists association ${written} of cluster "${cluster}", and the workload names no service account there to which it can belong`,
        hint: `Write the service account before the id: { NAMESPACE/SERVICE-ACCOUNT: ${written} }. It must be in \`expanded\`.`,
      };
    const ids = typeof written === 'string' ? [written] : Object.values(written);
    for (const name of typeof written === 'string' ? [] : Object.keys(written))
      if (!there.includes(name))
        yield {
          path: [...path, name],
          message: `imports lists an association of ${name}, which is no service account of the workload on cluster "${cluster}": ${there.join(', ')}`,
          hint: 'Write namespace/service-account of a subject, or remove it.',
          at: 'key',
        };
    if (STAGES.indexOf(workload.stage) < STAGES.indexOf('dual')) {
      yield {
        severity: 'warning',
        path,
        message: `imports lists association ${ids.join(', ')}, but a workload at ${workload.stage} has none`,
        hint: 'Delete it: at a stage with associations podlift creates a new one.',
        at: 'key',
      };
    }
  }
}

/** EKS has one association for a service account: an import of the same one for a second account would replace it. */
function* sameIds({ workload, clusters, at }: PlacedWorkload): Generator<RuleFinding> {
  const first = new Map<string, string>();
  for (const [cluster, written] of Object.entries(workload.role.imports.associations)) {
    if (typeof written === 'string') continue;
    const where = clusters.find(({ key }) => key === cluster);
    for (const [name, id] of Object.entries(written)) {
      const other = first.get(`${cluster} ${id}`);
      first.set(`${cluster} ${id}`, other ?? name);
      if (other === undefined) continue;
      yield {
        path: at('role', 'imports', 'associations', cluster, name),
        message: `imports has association ${id} on cluster "${cluster}" for ${other} and for ${name}, and an association is of one service account`,
        hint: `Write the id of its own association. This lists them:\n${shellLine([
          ...['aws', 'eks', 'list-pod-identity-associations', '--cluster-name', where?.name ?? cluster],
          ...(where === undefined ? [] : ['--region', where.region]),
        ])}`,
      };
    }
  }
}

/** Associations that an add-on owns are in no stack of their own. */
function* ownedByAddon({ workload, clusters, at }: PlacedWorkload): Generator<RuleFinding> {
  for (const subject of workload.subjects)
    for (const [key, id] of Object.entries(subject.importIds ?? {})) {
      const owner = clusters
        .find((one) => one.key === key)
        ?.addons.find(({ serviceAccounts }) => serviceAccounts[subject.name] === workload.key);
      if (owner === undefined) continue;
      yield {
        severity: 'warning',
        path: at('role', 'imports', 'associations', key),
        message: `imports has association ${id} for ${subjectName(subject)} on cluster "${key}", and add-on ${owner.name} owns it`,
        hint: 'Remove it. The id of another service account needs its name: { namespace/service-account: id }.',
        at: 'key',
      };
    }
}

function missing(path: RuleFinding['path'], what: string, field: string): RuleFinding {
  return {
    path,
    message: `imports lists ${what}, which is not under permissions`,
    hint: `Add it to ${field}, or remove it here.`,
  };
}
