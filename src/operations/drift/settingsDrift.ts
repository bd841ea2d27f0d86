import type { Role } from '../../blueprint/Blueprint';
import type { RoleFacts } from '../../estate/aws/AwsPort';
import { formatTimeSpan } from '../timeSpan';
import type { Remedy, Unlike } from './Difference';

/** Seconds; what IAM, and Terraform's provider, take where nothing is said. Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html */
const SESSION_DURATION = 3600;

/** Boundary, session duration and description of a role against what they should be. */
export function settingsDrift(role: Role, facts: RoleFacts, remedy: Remedy): readonly Unlike[] {
  const where = role.arn;
  const { permissionsBoundary: boundary } = facts;
  const seconds = role.maxSessionDuration ?? SESSION_DURATION;
  const lasts = (duration: number) => formatTimeSpan(duration * 1000);
  return [
    ...(boundary === role.permissionsBoundary
      ? []
      : [
          {
            kind: 'boundary' as const,
            where,
            expected: role.permissionsBoundary ?? 'none',
            found: boundary ?? 'none',
            effect:
              boundary === undefined ? 'nothing limits what its policies allow' : `limited to what ${boundary} allows`,
            ...remedy,
          },
        ]),
    ...(facts.maxSessionDuration === seconds
      ? []
      : [
          {
            kind: 'session-duration' as const,
            where,
            expected: `${seconds} seconds`,
            found: `${facts.maxSessionDuration} seconds`,
            effect: `a session may last ${lasts(facts.maxSessionDuration)} instead of ${lasts(seconds)}`,
            ...remedy,
          },
        ]),
    ...((facts.description ?? '') === (role.description ?? '')
      ? []
      : [
          {
            kind: 'description' as const,
            where,
            expected: JSON.stringify(role.description ?? ''),
            found: JSON.stringify(facts.description ?? ''),
            ...remedy,
          },
        ]),
  ];
}
