import type { Principal } from '../api/Principal';
import type { Tags } from '../world/World';

/**
 * The tags that a principal's session hands on to every session it makes.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html (Chaining roles with session tags)
 */
export function inheritedTags(principal: Principal): Tags {
  if (principal.kind !== 'session') return {};
  const keys = new Set(principal.session.transitiveTagKeys.map((key) => key.toLowerCase()));
  return Object.fromEntries(Object.entries(principal.session.tags).filter(([key]) => keys.has(key.toLowerCase())));
}
