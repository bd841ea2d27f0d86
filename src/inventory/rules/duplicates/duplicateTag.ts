import type { Rule } from '../Rule';

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html#id_tags_rules_creating (tag keys of IAM are not case sensitive) */
export const duplicateTag: Rule = {
  name: 'duplicate-tag',
  severities: ['error'],
  what: 'No two keys of `tags` differ in case only, those of a role and of its environment taken together: to IAM they are one.',
  example: 'the tags "Team" and "team" differ in case only, and IAM takes them for one',
  *check({ written, placed }) {
    for (const [environment, { tags = {} }] of Object.entries(written.environments)) {
      const first = new Map<string, string>();
      for (const tag of Object.keys(tags)) {
        const before = first.get(tag.toLowerCase());
        if (before === undefined) {
          first.set(tag.toLowerCase(), tag);
          continue;
        }
        yield {
          path: ['environments', environment, 'tags', tag],
          message: `the tags "${before}" and "${tag}" differ in case only, and IAM takes them for one`,
          hint: 'Remove one of the two, or rename it.',
          at: 'key',
        };
      }
    }
    for (const { workload, environment, isReal, at } of placed) {
      if (!isReal) continue;
      const first = new Map(Object.keys(environment.tags).map((tag) => [tag.toLowerCase(), tag]));
      for (const tag of Object.keys(workload.role.tags)) {
        const before = first.get(tag.toLowerCase());
        first.set(tag.toLowerCase(), before ?? tag);
        if (before === undefined || before === tag) continue;
        yield {
          path: at('role', 'tags', tag),
          message: `the tags "${before}" and "${tag}" differ in case only, and IAM takes them for one: only one of them would stand on the role`,
          hint: `Write "${before}" here as well, or rename one of the two; ${environment.key} has its tags on every resource.`,
          at: 'key',
        };
      }
    }
  },
};
