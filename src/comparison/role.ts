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
