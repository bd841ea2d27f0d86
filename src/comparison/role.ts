import type { Role } from '../blueprint/Blueprint';
import type { RoleFacts } from '../estate/aws/AwsPort';
import { type Stage, STAGES } from '../inventory/Inventory';
import { type Mismatch, property } from './Mismatch';

/** Seconds; what IAM and Terraform's provider take where nothing is said. Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html */
export const SESSION_DURATION = 3600;

/** `arn`: IAM has a role of the name under another path. `session-duration`: seconds. */
export type RoleMismatch = Mismatch<'arn' | 'boundary' | 'session-duration' | 'description'>;

/** A role against the one that stands, trust policy, permissions and tags aside. */
export function compareRole(wanted: Role, found: RoleFacts | undefined): readonly RoleMismatch[] {
  if (found === undefined) return [{ what: 'missing', wanted: wanted.arn }];
  if (found.arn !== wanted.arn) return property('arn', wanted.arn, found.arn);
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

/** The stage of the last apply; `never`: no apply has made or adopted the role. */
export type AppliedAt = Stage | 'never';

/** At which stage a role was applied last, by its tags; nothing where the tags name no stage. */
export function appliedAt(tags: RoleFacts['tags']): AppliedAt | undefined {
  return isApplied(tags) ? STAGES.find((stage) => stage === tags['podlift:stage']) : 'never';
}

/** Whether podlift has applied a role before, by the tag that its first apply gives. */
export function isApplied(tags: RoleFacts['tags']): boolean {
  return tags['podlift:workload'] !== undefined;
}

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

/** The tags that a thing must have against those that it has, those of AWS aside. */
export function compareTags(wanted: RoleFacts['tags'], found: RoleFacts['tags']): TagMismatch {
  return {
    different: Object.keys(wanted).filter((key) => found[key] !== wanted[key]),
    extra: Object.keys(found).filter((key) => !Object.hasOwn(wanted, key) && !isTagOfAws(key)),
  };
}
