import type { Rule } from '../Rule';
import { tagUses } from '../statements';

/** Without session tags no condition on them can match, and their variables are empty. */
export const sessionTagCondition: Rule = {
  name: 'session-tag-condition',
  what: 'A workload with `sessionTags: false` uses none of the session tags of EKS.',
  example: 'aws:PrincipalTag/kubernetes-namespace is never set: sessionTags is false',
  *check({ statements }) {
    for (const held of statements) {
      if (held.holder.placed.workload.sessionTags) continue;
      for (const { key, tag, path, at } of tagUses(held)) {
        if (!/^(eks|kubernetes)-/i.test(tag)) continue;
        yield {
          path,
          about: key,
          message: `${key} is never set for workload "${held.holder.placed.workload.key}": its sessionTags is false`,
          hint: 'Remove it, or remove `sessionTags: false`.',
          ...(at && { at }),
        };
      }
    }
  },
};
