import { repeated, type Rule } from '../Rule';

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html#id_tags_rules_creating (tag keys of IAM are not case sensitive) */
export const duplicateTag: Rule = {
  name: 'duplicate-tag',
  what: 'No two tags of a role, with those of its environment, differ only in case: IAM treats them as one.',
  example: 'the tags "Team" and "team" differ only in case, and IAM treats them as one',
  *check({ written, placed }) {
    for (const [environment, { tags = {} }] of Object.entries(written.environments)) {
      for (const { item, first } of repeated(Object.keys(tags), (tag) => tag.toLowerCase())) {
        yield {
          path: ['environments', environment, 'tags', item],
          message: `the tags "${first}" and "${item}" differ only in case, and IAM treats them as one`,
          hint: 'Remove or rename one of the two.',
          at: 'key',
        };
      }
    }
    for (const { workload, environment, at } of placed) {
      const first = new Map(Object.keys(environment.tags).map((tag) => [tag.toLowerCase(), tag]));
      for (const tag of Object.keys(workload.role.tags)) {
        const before = first.get(tag.toLowerCase());
        first.set(tag.toLowerCase(), before ?? tag);
        if (before === undefined || before === tag) continue;
        yield {
          path: at('role', 'tags', tag),
          message: `the tags "${before}" and "${tag}" differ only in case, and IAM treats them as one: the role would get only one of them`,
          hint: `Write "${before}" here too, or rename one of the two. Every resource of ${environment.key} has the tags of the environment.`,
          at: 'key',
        };
      }
    }
  },
};
