import type { Unlike } from './Difference';

type Tags = Readonly<Record<string, string>>;

/** Tags that AWS itself sets, and nobody else can. Source: https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html */
const OF_AWS = /^aws:/i;

/** Tags that are missing, say something else or are too many, as one difference. `keep` says how others are kept, or taken away. */
export function tagDrift(where: string, wanted: Tags, found: Tags, remedy: string, keep?: string): readonly Unlike[] {
  const unlike = Object.keys(wanted).filter((key) => found[key] !== wanted[key]);
  const extra = Object.keys(found).filter((key) => !(key in wanted) && !OF_AWS.test(key));
  if (unlike.length + extra.length === 0) return [];
  const text = (key: string, tags: Tags) => `${key}=${tags[key] ?? '(none)'}`;
  return [
    {
      kind: 'tags',
      where,
      expected: [...unlike.map((key) => text(key, wanted)), ...extra.map((key) => `no ${key}`)].join(', '),
      found: [...unlike, ...extra].map((key) => text(key, found)).join(', '),
      remedy: extra.length > 0 && keep !== undefined ? keep : remedy,
    },
  ];
}
