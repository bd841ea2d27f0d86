import type { OrganisationPolicies } from '../iam/Decision';
import type { Environment, Inventory, PermissionStatement, Workload } from '../inventory/Inventory';
import type { Counts, EnvironmentProof, Failure, GatedLoss, Proof } from './Proof';
import { sharedRoles, sharesRole } from './proveSharedRoles';
import { EXPECTED_LOSSES } from './proveSteps';
import { proveWorkload, type WorkloadProof } from './proveWorkload';
import { stagedWorkloadOf } from './stagedWorkload';

/** Selects workloads. Default: all. An unknown name selects none. */
interface ProveOptions {
  readonly environment?: string;
  readonly wave?: string;
  /** Prove one workload of each group, see `proofGroupOf`. Default: false, which proves each workload. */
  readonly oncePerGroup?: boolean;
  /** The policies of the organisation that all accounts have. Default: none. */
  readonly organisation?: OrganisationPolicies;
  /** Called before each workload is proved; `what` is its key. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number; readonly what: string }) => void;
}

/**
 * Evaluates the compiled documents, and proves the rules of docs/PROOF.md: at each stage and in each half-applied step
 * every pod gets what it is promised except for two expected losses, and no other identity gets a role. It always reads the
 * associations of the whole inventory, since any of them could give a role away.
 */
export function proveInventory(inventory: Inventory, options: ProveOptions = {}): Proof {
  const isSelected = (environment: Environment, workload: Workload): boolean =>
    (options.environment ?? environment.key) === environment.key && (options.wave ?? workload.wave) === workload.wave;
  const roles = sharedRoles();
  const isShared = sharesRole(inventory);
  const failures: Failure[] = [];
  const accepted: Failure[] = [];
  const gated = EXPECTED_LOSSES.map(() => new Map<string, number>());
  const perEnvironment = new Map<string, Counts>();
  const proven = new Map<string, WorkloadProof>();
  const count = ({ key }: Environment, { counts, expected }: WorkloadProof): void => {
    perEnvironment.set(key, sum(perEnvironment.get(key) ?? NOTHING, { workloads: 1, ...counts }));
    for (const index of expected) gated[index]?.set(key, (gated[index].get(key) ?? 0) + 1);
  };
  const total = inventory.environments.reduce((all, { workloads }) => all + workloads.length, 0);
  let done = 0;
  for (const environment of inventory.environments) {
    perEnvironment.set(environment.key, NOTHING);
    for (const workload of environment.workloads) {
      options.onProgress?.({ done, total, what: workload.key });
      done += 1;
      // Every association of a shared role counts, so each of its workloads is compiled.
      const inGroup = options.oncePerGroup === true && !isShared(environment, workload);
      const group = inGroup ? proofGroupOf(environment, workload) : undefined;
      const known = group === undefined ? undefined : proven.get(group);
      if (known !== undefined) {
        // A group has one wave, so all of it is selected.
        count(environment, known);
        continue;
      }
      const staged = stagedWorkloadOf(environment, workload);
      roles.add(staged);
      if (!isSelected(environment, workload)) continue;
      const proof = proveWorkload(staged, options.organisation);
      count(environment, proof);
      failures.push(...proof.failures);
      accepted.push(...proof.accepted);
      // A failure names its workload, so each workload of such a group is proved.
      if (group !== undefined && proof.failures.length + proof.accepted.length === 0) proven.set(group, proof);
    }
  }
  failures.push(...roles.failures(isSelected));
  const environments = [...perEnvironment]
    .filter(([key]) => (options.environment ?? key) === key)
    .map(([environment, counts]): EnvironmentProof => ({
      environment,
      ...counts,
      failures: failures.filter((failure) => failure.environment === environment).length,
    }));
  const counts = environments.reduce<Counts>(sum, NOTHING);
  return {
    workloads: counts.workloads,
    counts,
    environments,
    gated: EXPECTED_LOSSES.map((loss, index): GatedLoss => ({
      ...loss,
      workloads: Object.fromEntries(gated[index] ?? []),
    })),
    failures,
    accepted,
  };
}

const NOTHING: Counts = { workloads: 0, paths: 0, mixtures: 0, attacks: 0, decisions: 0 };

function sum(one: Counts, other: Counts): Counts {
  return {
    workloads: one.workloads + other.workloads,
    paths: one.paths + other.paths,
    mixtures: one.mixtures + other.mixtures,
    attacks: one.attacks + other.attacks,
    decisions: one.decisions + other.decisions,
  };
}

/**
 * A text that is equal for workloads whose documents differ only in names. Names are labels without wildcards, and documents compare
 * them whole, so the proof of one workload holds for its group. Undefined where a text of the inventory could tell names apart:
 * kept or adopted trust, inline policies, permissions for STS or for every service, and tags with the name of a session tag.
 */
export function proofGroupOf(environment: Environment, workload: Workload): string | undefined {
  const { role, permissions, targets, wave, stage, compute, sessionTags, clusters } = workload;
  // Its trust policy has wildcards.
  if (workload.patterns !== undefined) return undefined;
  const all = [permissions, ...targets.map((target) => target.permissions)];
  const statements = all.flatMap((one) => one.statements);
  if (targets.some((one) => one.role.keepTrust !== undefined)) return undefined;
  if (role.keepTrust !== undefined || role.adoptedTrust !== undefined || statements.some(namesSts)) return undefined;
  if (all.some(({ inlinePolicies }) => Object.keys(inlinePolicies).length > 0)) return undefined;
  if ([role.tags, environment.tags].flatMap(Object.keys).some((tag: string) => SESSION_TAG.test(tag))) return undefined;
  return JSON.stringify([
    environment.key,
    [wave, stage, compute, sessionTags, clusters],
    [role.path, role.adopt, role.manage],
    targets.map(({ account, via, role: { path } }) => [account, via, path]),
    // Whether the role has podlift's inline policy.
    statements.length > 0,
  ]);
}

/** Tag keys are not case sensitive. Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html */
const SESSION_TAG = /^(eks|kubernetes)-/i;

function namesSts({ actions, effect }: PermissionStatement): boolean {
  return effect === 'Deny' || actions.some((action) => /^(sts:|[^:]*[*?])/i.test(action));
}
