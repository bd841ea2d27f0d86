import { compile } from '../../blueprint/compile';
import type { Environment, Inventory } from '../../inventory/Inventory';
import { askOnce } from '../../estate/askOnce';
import type { Ports } from '../../estate/Ports';
import { askAddons } from './askAddons';
import { askAdoption, withoutApply } from './askAdoption';
import { askAnnotations } from './askAnnotations';
import { askAssociations } from './askAssociations';
import { askOidcProviders } from './askOidcProviders';
import { askRoles } from './askRoles';
import { type Difference, DRIFT_KINDS } from './Difference';
import type { Scope } from './Scope';

/** What AWS and the clusters are compared about. */
export interface DriftRequest {
  /** Keys. */
  readonly environments: readonly string[];
  /** Its key; default: every workload of the environments, in waves or not. */
  readonly workload?: string;
}

/** How AWS and the clusters differ from the inventory. */
export interface Drift {
  /** ISO 8601. */
  readonly when: string;
  readonly environments: readonly string[];
  /** How many were asked about, counted in each environment. */
  readonly workloads: number;
  /** How many questions were put. */
  readonly asked: number;
  /** In the inventory's order: each workload's, the gravest kind first, then those of clusters; an empty list means that all agrees. */
  readonly differences: readonly Difference[];
}

/**
 * Asks AWS and the clusters for everything that the inventory says must be there, each question once and a few at a time, and gives what
 * differs. Documents are compared by what they say. A question without an answer is a difference that is `unknown`. Never rejects for an answer
 * that is missing.
 */
export async function drift(
  inventory: Inventory,
  { environments, workload }: DriftRequest,
  ports: Ports,
  now: Date,
): Promise<Drift> {
  const askedOnce = askOnce(ports);
  const scopes = inventory.environments
    .filter(({ key }) => environments.includes(key))
    .map((environment) => scopeOf(inventory, environment, workload));
  const questions = scopes.flatMap((scope) => questionsOf(scope, askedOnce));
  const answers = await Promise.all(questions);
  return {
    when: now.toISOString(),
    environments: scopes.map(({ environment }) => environment.key),
    workloads: scopes.reduce((sum, { workloads }) => sum + workloads.length, 0),
    asked: questions.length,
    differences: inOrder(scopes, withoutApply(answers.flat())),
  };
}

function scopeOf(inventory: Inventory, environment: Environment, workload: string | undefined): Scope {
  const workloads = environment.workloads.filter(({ key }) => workload === undefined || key === workload);
  return {
    environment,
    blueprint: compile(inventory, environment.key),
    workloads,
    clusters:
      workload === undefined
        ? environment.clusters
        : environment.clusters.filter(({ key }) => workloads.some(({ clusters }) => clusters.includes(key))),
  };
}

function questionsOf(scope: Scope, ports: Ports): readonly Promise<readonly Difference[]>[] {
  return [
    ...scope.workloads.flatMap((workload) => [
      ...askAdoption(scope, ports, workload),
      ...askRoles(scope, ports, workload),
      ...askAssociations(scope, ports, workload),
    ]),
    ...scope.clusters.flatMap((cluster) => [
      ...askAnnotations(scope, ports, cluster),
      ...askAddons(scope, ports, cluster),
    ]),
    ...askOidcProviders(scope, ports),
  ];
}

const KINDS = Object.keys(DRIFT_KINDS);

function inOrder(scopes: readonly Scope[], differences: readonly Difference[]): readonly Difference[] {
  return scopes.flatMap(({ environment, workloads }) => {
    const here = differences.filter((one) => one.environment === environment.key);
    const place = new Map(workloads.map(({ key }, index) => [key, index]));
    const placeOf = ({ workload }: Difference) => place.get(workload ?? '') ?? workloads.length;
    return here.toSorted(
      (one, other) => placeOf(one) - placeOf(other) || KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind),
    );
  });
}
