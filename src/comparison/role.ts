import type { Role } from '../blueprint/Blueprint';
import { INLINE_POLICY } from '../blueprint/permissionPolicy';
import type { RoleFacts, RolePolicyFacts } from '../estate/aws/AwsPort';
import type { PolicyDocument } from '../iam/PolicyDocument';
import { policyDifference } from '../iam/sameMeaning';
import type { Workload } from '../inventory/Inventory';
import { type DocumentMismatch, type Mismatch, property } from './Mismatch';

/** Seconds; what IAM and Terraform's provider take where nothing is said. Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html */
export const SESSION_DURATION = 3600;

/** `arn`: IAM has a role of the name under another path. `session-duration`: seconds. */
export type RoleMismatch = Mismatch<'arn' | 'boundary' | 'session-duration' | 'description'>;

/** A role against the one that stands, trust policy, permissions and tags aside. */
export function compareRole(wanted: Role, found: RoleFacts | undefined): readonly RoleMismatch[] {
  if (found === undefined) return [{ what: 'missing', wanted: wanted.arn }];
  if (found.arn !== wanted.arn) return property('arn', wanted.arn, found.arn);
  // The settings of an external role are its owner's.
  if (wanted.manage === 'external') return [];
  return [
    ...property('boundary', wanted.permissionsBoundary, found.permissionsBoundary),
    ...property(
      'session-duration',
      String(wanted.maxSessionDuration ?? SESSION_DURATION),
      String(found.maxSessionDuration),
    ),
    ...property('description', wanted.description ?? '', found.description ?? ''),
  ];
}

/** Whether podlift has applied a role before, by the tag that its first apply gives. */
export function isApplied(tags: RoleFacts['tags']): boolean {
  return tags['podlift:workload'] !== undefined;
}

/**
 * Whether an apply of podlift has reached a workload. An external role has no tag of podlift: its entry is where it was found until its stage
 * is another than `found`, and without `found` it starts at `irsa`, where an apply changes nothing for its pods.
 */
export function appliedBefore(
  { role, stage, found }: Pick<Workload, 'role' | 'stage' | 'found'>,
  tags: RoleFacts['tags'],
) {
  return role.manage === 'external' ? found !== stage : isApplied(tags);
}

/**
 * The tag with the stage of the workload that podlift wrote up to version 0.1. The first apply after the upgrade removes the tag, and nothing reads it:
 * `appliedStages` (appliedStages.ts) finds the stage of the last apply.
 */
export const FORMER_STAGE_TAG = 'podlift:stage';

/** Tags that AWS itself sets, and nobody else can. Source: https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html */
export function isTagOfAws(key: string): boolean {
  return /^aws:/i.test(key);
}

/** Keys of tags by how they differ. */
export interface TagMismatch {
  /** Wanted, and missing or of another value. */
  readonly different: readonly string[];
  /** Found, and not wanted. */
  readonly extra: readonly string[];
}

/** The tags that a thing must have against those that it has, aside from those of AWS and the former tag of podlift. */
export function compareTags(wanted: RoleFacts['tags'], found: RoleFacts['tags']): TagMismatch {
  return {
    different: Object.keys(wanted).filter((key) => found[key] !== wanted[key]),
    extra: Object.keys(found).filter(
      (key) => !Object.hasOwn(wanted, key) && !isTagOfAws(key) && key !== FORMER_STAGE_TAG,
    ),
  };
}

/** `missing`: it must be there. `unwanted`: it must not. `document`: an inline policy says something else. */
export type PermissionsMismatch =
  | { readonly of: 'managed-policy'; readonly arn: string; readonly what: 'missing' | 'unwanted' }
  | ({
      readonly of: 'inline-policy';
      readonly name: string;
      readonly what: 'missing' | 'unwanted' | 'document';
      readonly wanted: PolicyDocument;
      readonly found: PolicyDocument;
    } & DocumentMismatch);

const EMPTY: PolicyDocument = { Version: '2012-10-17', Statement: [] };

/** The inline policies that a role must have, by name. */
export function inlinePolicies({ inline, inlinePolicies: others }: Role): ReadonlyMap<string, PolicyDocument> {
  return new Map([
    ...(inline === undefined ? [] : [[INLINE_POLICY, inline] as const]),
    ...others.map(({ name, document }) => [name, document] as const),
  ]);
}

/**
 * The inline and attached policies that a role must have against those that it has; documents are compared by what they say. Nothing of an
 * external role: its owner decides.
 */
export function comparePermissions(role: Role, found: RolePolicyFacts): readonly PermissionsMismatch[] {
  if (role.manage === 'external') return [];
  const wanted = inlinePolicies(role);
  const names = new Set([...wanted.keys(), ...Object.keys(found.inline)]);
  const attached = new Set([...role.managedPolicies, ...found.attached]);
  return [
    ...[...names].flatMap((name): readonly PermissionsMismatch[] => {
      const [should, is] = [wanted.get(name), found.inline[name]];
      const documents = { wanted: should ?? EMPTY, found: is ?? EMPTY };
      const difference = policyDifference(documents.found, documents.wanted);
      const what = should === undefined ? 'unwanted' : is === undefined ? 'missing' : 'document';
      if (what === 'document' && difference.missing.length + difference.extra.length === 0) return [];
      return [{ of: 'inline-policy', name, what, ...documents, ...difference }];
    }),
    ...[...attached].flatMap((arn): readonly PermissionsMismatch[] => {
      const [should, is] = [role.managedPolicies.includes(arn), found.attached.includes(arn)];
      return should === is ? [] : [{ of: 'managed-policy', arn, what: should ? 'missing' : 'unwanted' }];
    }),
  ];
}
