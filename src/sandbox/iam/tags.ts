import { optionalText, requiredText, structureList, textList, type Input } from '../api/Input';
import { recordOf } from '../world/recordOf';
import type { Tags } from '../world/World';
import { invalidInput, limitExceeded } from './faults';
import { RULES } from './rules';

/** The `Tags` of a request as a map. Throws for a key that stands there twice or that AWS keeps for itself. */
export function readTags(input: Input): Tags {
  const tags = recordOf<string>();
  const seen = new Set<string>();
  for (const tag of structureList(input, 'Tags')) {
    const key = requiredText(tag, 'Key', RULES.tagKey);
    if (seen.has(key.toLowerCase()))
      throw invalidInput('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
    if (key.toLowerCase().startsWith('aws:')) throw invalidInput(`Tag keys that start with aws: are reserved: ${key}`);
    seen.add(key.toLowerCase());
    tags[key] = optionalText(tag, 'Value', RULES.tagValue) ?? '';
  }
  return tags;
}

/** The tags with others put over them; keys that differ in case alone are one key. Throws when there are more than the quota. */
export function mergeTags(old: Readonly<Tags>, added: Readonly<Tags>, quota: number): Tags {
  const replaced = new Set(Object.keys(added).map((key) => key.toLowerCase()));
  const kept = Object.entries(old).filter(([key]) => !replaced.has(key.toLowerCase()));
  const merged = { ...Object.fromEntries(kept), ...added };
  if (Object.keys(merged).length > quota)
    throw limitExceeded(`The number of tags has reached the maximum limit: ${quota}.`);
  return merged;
}

/** The tags without those whose keys the request's `TagKeys` name. */
export function withoutTags(old: Readonly<Tags>, input: Input): Tags {
  const gone = new Set(textList(input, 'TagKeys', RULES.tagKey).map((key) => key.toLowerCase()));
  return Object.fromEntries(Object.entries(old).filter(([key]) => !gone.has(key.toLowerCase())));
}

/** Tags as IAM lists them; undefined when there are none, as IAM leaves the element out. */
export function tagList(tags: Readonly<Tags>): readonly { Key: string; Value: string }[] | undefined {
  const list = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  return list.length === 0 ? undefined : list;
}
