import type { Blueprint, Role } from '../../blueprint/Blueprint';
import { SESSION_TAG_KEYS } from '../../iam/credentialRequests';
import type { OrganisationPolicies } from '../../iam/Decision';
import type { PolicyDocument } from '../../iam/PolicyDocument';
import type { Inventory } from '../../inventory/Inventory';
import type { Failure, Proof } from '../../proof/Proof';
import { proveInventory } from '../../proof/proveInventory';
import { type AccessCheck, accessChecks, type TooPermissive, tooPermissive } from './accessChecks';
import { MOST_CHARACTERS, resourceControlPolicy, serviceControlPolicy } from './organisationPolicies';

export type GuardrailKind = 'service-control-policy' | 'resource-control-policy' | 'access-check';

/** A file that keeps roles of pods as narrow as they are. */
export interface GuardrailFile {
  /** `scp.json`, without a folder. */
  readonly name: string;
  readonly kind: GuardrailKind;
  /** What the file has, as JSON. */
  readonly document: PolicyDocument | readonly AccessCheck['access'][];
  readonly text: string;
  /** The most characters that AWS takes. Absent: more than enough. */
  readonly most?: number;
}

/** A role of the inventory that has a tag with the key of a session tag. */
export interface TaggedRole {
  readonly environment: string;
  readonly workload: string;
  /** ARN. */
  readonly role: string;
  readonly keys: readonly string[];
}

/** The managed policies of a role: an inventory has only their ARNs. */
export interface ManagedOf {
  readonly environment: string;
  readonly workload: string;
  /** ARN. */
  readonly role: string;
  readonly policies: readonly string[];
}

/** The guardrails, and what they mean for an inventory. */
export interface Guardrails {
  readonly files: readonly GuardrailFile[];
  /** How many credential paths were evaluated with both policies. */
  readonly paths: number;
  /** Promises that the proof finds broken only with the policies. There must be none before they are attached. */
  readonly broken: readonly Failure[];
  /** The service control policy denies that anyone creates these roles, or tags them. */
  readonly tagged: readonly TaggedRole[];
  /** Inline policies of the inventory that fail an access check. */
  readonly tooPermissive: readonly (TooPermissive & { readonly environment: string })[];
  /** What the access checks cannot see here. */
  readonly managed: readonly ManagedOf[];
}

type OnProgress = (progress: { readonly done: number; readonly total: number; readonly what: string }) => void;

/** Builds the guardrails for some environments, and evaluates every promised path of their workloads with them. Pure. */
export function guardrails(
  inventory: Inventory,
  blueprints: readonly Blueprint[],
  onProgress?: OnProgress,
): Guardrails {
  const roles = blueprints.flatMap(({ environment, tags, ...blueprint }) =>
    [...blueprint.roles, ...blueprint.targetRoles].map((role) => ({
      environment,
      role: { ...role, tags: { ...tags, ...role.tags } },
    })),
  );
  const checks = accessChecks(roles.map(({ role }) => role));
  const organisation = {
    service: [{ name: 'service control policy', document: serviceControlPolicy() }],
    resource: [{ name: 'resource control policy', document: resourceControlPolicy() }],
  };
  const proved = blueprints.map(({ environment }) => pathsWith(organisation, inventory, environment, onProgress));
  return {
    files: [
      policyFile('scp.json', 'service-control-policy', serviceControlPolicy()),
      policyFile('rcp.json', 'resource-control-policy', resourceControlPolicy()),
      ...checks.map(({ name, access }): GuardrailFile => ({
        name: `access-${name}.json`,
        kind: 'access-check',
        document: [access],
        text: `${JSON.stringify([access], null, 2)}\n`,
      })),
    ],
    paths: proved.reduce((sum, { paths }) => sum + paths, 0),
    broken: proved.flatMap(({ broken }) => broken),
    tagged: roles.flatMap(({ environment, role }) => taggedRole(environment, role)),
    tooPermissive: roles.flatMap(({ environment, role }) =>
      tooPermissive(role, checks).map((found) => ({ environment, ...found })),
    ),
    managed: roles.flatMap(({ environment, role: { arn, workload, managedPolicies } }) =>
      managedPolicies.length === 0 ? [] : [{ environment, workload, role: arn, policies: managedPolicies }],
    ),
  };
}

/** How many paths an environment promises, and which promises only policies of the organisation break. */
export function pathsWith(
  organisation: OrganisationPolicies,
  inventory: Inventory,
  environment: string,
  onProgress?: OnProgress,
): Pick<Guardrails, 'paths' | 'broken'> {
  const { counts, ...proof } = proveInventory(inventory, {
    environment,
    oncePerGroup: true,
    organisation,
    ...(onProgress && { onProgress }),
  });
  const after = promises(proof);
  // Mostly nothing is broken: then it does not matter what is broken without the policies.
  const before = after.length === 0 ? [] : promises(proveInventory(inventory, { environment, oncePerGroup: true }));
  const known = new Set(before.map(keyOf));
  return { paths: counts.paths, broken: after.filter((failure) => !known.has(keyOf(failure))) };
}

/** What the proof finds of promised paths and steps. Attacks are no promise: fewer of them succeed with the policies. */
function promises({ failures, accepted }: Pick<Proof, 'failures' | 'accepted'>): readonly Failure[] {
  return [...failures, ...accepted].filter(({ rule }) => rule !== 'proof-attack' && rule !== 'proof-pattern');
}

function keyOf({ environment, workload, rule, clusters, target, stages, step, mixture, who, what }: Failure): string {
  return JSON.stringify([environment, workload, rule, clusters, target, stages, step, mixture, who, what]);
}

/** One statement a line: white space counts for the quota. */
function policyFile(name: string, kind: GuardrailKind, document: PolicyDocument): GuardrailFile {
  const statements = [document.Statement].flat().map((statement) => JSON.stringify(statement));
  const text = `{"Version":"${document.Version ?? ''}","Statement":[\n${statements.join(',\n')}\n]}\n`;
  return { name, kind, document, text, most: MOST_CHARACTERS };
}

function taggedRole(environment: string, { arn, workload, tags }: Role): readonly TaggedRole[] {
  const reserved: readonly string[] = SESSION_TAG_KEYS;
  const keys = Object.keys(tags).filter((key) => reserved.includes(key.toLowerCase()));
  return keys.length === 0 ? [] : [{ environment, workload, role: arn, keys }];
}
