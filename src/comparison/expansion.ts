import { roleArn } from '../blueprint/arns';
import { environmentTags } from '../blueprint/environmentTags';
import type { AssociationFacts } from '../estate/aws/AwsPort';
import type { ServiceAccountFacts } from '../estate/kubernetes/KubernetesPort';
import {
  namespace as namespaceFormat,
  serviceAccount as serviceAccountFormat,
} from '../inventory/formats/clusterFormats';
import { fits } from '../inventory/formats/Format';
import { type Cluster, type Environment, subjectName, subjectsOn, type Workload } from '../inventory/Inventory';
import { isAdmitted } from '../inventory/resolve/resolveExpanded';
import { roleAnnotation } from './annotation';

/** A service account of a cluster. */
export interface AccountName {
  readonly namespace: string;
  readonly serviceAccount: string;
}

/** An account that a pattern admits and that `expanded` does not get. */
export interface LeftAccount extends AccountName {
  /**
   * `workload`: another workload names it, or has it in `expanded`. `patterns`: a pattern of another workload admits it too, and no annotation or
   * association says whose it is. `annotation`, `association`: it has another role: an association would take that role from its pods. `standing`:
   * others made its association with the role already, so that an apply would fail (`ResourceInUseException`).
   */
  readonly why: 'workload' | 'patterns' | 'annotation' | 'association' | 'standing';
  /** The key of the workload, the ARN of the role, or the id of the association. */
  readonly of: string;
}

/** What a cluster has for the patterns of a workload, and what `expanded` has of it. */
export interface Expansion {
  /** In `expanded`, and on the cluster. */
  readonly kept: readonly AccountName[];
  /** On the cluster alone. Sorted. */
  readonly added: readonly AccountName[];
  /** In `expanded` alone. Sorted. */
  readonly gone: readonly AccountName[];
  /** Sorted. */
  readonly left: readonly LeftAccount[];
}

/**
 * Compares the service accounts of a cluster with the patterns of a workload. Decides by names alone, with two exceptions. An account that has the role
 * of somebody else is left out, because its pods would lose that role. So is an account with an association that podlift did not create: EKS accepts one
 * association for a service account.
 * Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_CreatePodIdentityAssociation.html (ResourceInUseException)
 *
 * @param associations those of the cluster
 */
export function expansionOn(
  environment: Environment,
  workload: Workload,
  cluster: Cluster,
  accounts: readonly ServiceAccountFacts[],
  associations: readonly AssociationFacts[],
): Expansion {
  const own = new Map(subjectsOn(workload, cluster).map((subject) => [subjectName(subject), subject]));
  const others = environment.workloads.filter((one) => one !== workload && one.clusters.includes(cluster.key));
  const owner = new Map(
    [...others, ...(environment.released ?? [])].flatMap((one) =>
      subjectsOn(one, cluster).map((subject) => [subjectName(subject), one.key] as const),
    ),
  );
  const role = roleArn(environment.partition, environment.account.id, workload.role.path, workload.role.name);
  const associated = new Map(
    associations.map((one) => [subjectName({ namespace: one.namespace, name: one.serviceAccount }), one]),
  );
  const there = new Set(accounts.map(subjectName));
  const expanded = [...own.values()].filter(({ isExpanded }) => isExpanded === true).map(nameOf);
  const added: AccountName[] = [];
  const left: LeftAccount[] = [];
  for (const account of accounts) {
    const name = nameOf(account);
    const id = subjectName(account);
    if (own.has(id) || !isName(name) || !isAdmitted(workload, { cluster: cluster.key, ...name })) continue;
    const annotated = roleAnnotation(account);
    const standing = associated.get(id);
    const taken = owner.get(id);
    const rival =
      annotated === role || standing?.roleArn === role
        ? undefined
        : others.find((one) => isAdmitted(one, { cluster: cluster.key, ...name }))?.key;
    if (taken !== undefined) left.push({ ...name, why: 'workload', of: taken });
    else if (standing !== undefined && standing.roleArn !== role)
      left.push({ ...name, why: 'association', of: standing.roleArn });
    else if (annotated !== undefined && annotated !== role) left.push({ ...name, why: 'annotation', of: annotated });
    else if (rival !== undefined) left.push({ ...name, why: 'patterns', of: rival });
    else if (standing !== undefined && !isManaged(environment, workload, standing))
      left.push({ ...name, why: 'standing', of: standing.id });
    else added.push(name);
  }
  return {
    kept: expanded.filter((one) => there.has(idOf(one))),
    added: added.toSorted(byName),
    gone: expanded.filter((one) => !there.has(idOf(one))).toSorted(byName),
    left: left.toSorted(byName),
  };
}

/** Whether an apply can have the association: podlift created it for this environment, or another tool owns those of the workload. */
function isManaged(environment: Environment, { associationOwner }: Workload, { tags }: AssociationFacts): boolean {
  if (associationOwner !== undefined) return true;
  return Object.entries(environmentTags(environment)).every(([key, value]) => tags[key] === value);
}

/** The order of names in `expanded`: by namespace, then by name, by the codes of their characters. */
export function byName(one: AccountName, other: AccountName): number {
  return compareText(one.namespace, other.namespace) || compareText(one.serviceAccount, other.serviceAccount);
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function nameOf({ namespace, name }: { readonly namespace: string; readonly name: string }): AccountName {
  return { namespace, serviceAccount: name };
}

function idOf({ namespace, serviceAccount: name }: AccountName): string {
  return subjectName({ namespace, name });
}

/** Kubernetes has no other names: what a proxy or a file of `--estate` says beside them never gets into the inventory. */
function isName({ namespace, serviceAccount }: AccountName): boolean {
  return fits(namespaceFormat, namespace) && fits(serviceAccountFormat, serviceAccount);
}
