import { appliedAt } from './appliedAt';
import type { Remedy, Unlike } from './Difference';

type Tags = Readonly<Record<string, string>>;

/** Tags that AWS itself sets, and nobody else can. Source: https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html */
const OF_AWS = /^aws:/i;

/** The tag by which a role says how far it is. */
const STAGE = 'podlift:stage';

/** Tags that are missing, say something else or are too many, as one difference. `keep` says how others are kept, or taken away. */
export function tagDrift(where: string, wanted: Tags, found: Tags, remedy: Remedy, keep?: Remedy): readonly Unlike[] {
  const unlike = Object.keys(wanted).filter((key) => found[key] !== wanted[key]);
  const extra = Object.keys(found).filter((key) => !(key in wanted) && !OF_AWS.test(key));
  if (unlike.length + extra.length === 0) return [];
  const stands = standingOf(wanted, found, unlike, extra);
  const text = (key: string, tags: Tags) => `${key}=${tags[key] ?? '(none)'}`;
  return [
    {
      kind: 'tags',
      where,
      expected: [...unlike.map((key) => text(key, wanted)), ...extra.map((key) => `no ${key}`)].join(', '),
      found: [...unlike, ...extra].map((key) => text(key, found)).join(', '),
      ...stands,
      ...(extra.length > 0 && keep !== undefined ? keep : remedy),
    },
  ];
}

/** What the tags say of the last apply, where they differ in nothing that it would not mend anyway. */
function standingOf(
  wanted: Tags,
  found: Tags,
  unlike: readonly string[],
  extra: readonly string[],
): Pick<Unlike, 'effect' | 'appliedAt'> {
  const stage = wanted[STAGE];
  const stands = appliedAt(found);
  if (stage === undefined || stands === undefined || extra.length > 0) return {};
  if (stands !== 'never')
    return unlike.every((key) => key === STAGE)
      ? { effect: `applied at ${stands}, the inventory says ${stage}`, appliedAt: stands }
      : {};
  const none = Object.keys(found).every((key) => !key.startsWith('podlift:'));
  return none && unlike.every((key) => found[key] === undefined)
    ? { effect: 'not applied yet', appliedAt: 'never' }
    : {};
}
