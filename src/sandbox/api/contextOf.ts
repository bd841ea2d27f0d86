import type { Context } from '../../iam/Request';
import type { Tags } from '../world/World';
import type { Principal } from './Principal';

/** Tags as condition keys: `aws:RequestTag/team` and so on. */
export function tagContext(
  prefix: 'aws:RequestTag' | 'aws:ResourceTag' | 'aws:PrincipalTag',
  tags: Readonly<Tags>,
): Context {
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [`${prefix}/${key}`, value]));
}

/** Tags that a request brings: `aws:RequestTag/…` and `aws:TagKeys`. Empty when it brings none. */
export function requestTagContext(tags: Readonly<Tags>): Context {
  const keys = Object.keys(tags);
  return keys.length === 0 ? {} : { ...tagContext('aws:RequestTag', tags), 'aws:TagKeys': keys };
}

/**
 * The global condition keys of a principal at a time, beside those that the policy engine takes from the caller itself.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export function principalContext(principal: Principal, roleTags: Readonly<Tags>, time: Date): Context {
  const common = {
    'aws:CurrentTime': time.toISOString(),
    'aws:EpochTime': String(Math.floor(time.getTime() / 1000)),
    'aws:SourceIp': '127.0.0.1',
  };
  switch (principal.kind) {
    case 'anonymous':
      return common;
    case 'administrator':
    case 'node':
      return { ...common, 'aws:userid': principal.id };
    case 'session': {
      const { session } = principal;
      return {
        ...common,
        ...session.context,
        'aws:userid': principal.id,
        'aws:TokenIssueTime': session.issuedAt.toISOString(),
        // A session tag takes the place of a role tag with the same key.
        ...tagContext('aws:PrincipalTag', { ...roleTags, ...session.tags }),
      };
    }
  }
}
