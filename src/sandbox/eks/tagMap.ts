import { validationFault } from '../api/Fault';
import type { Input } from '../api/Input';
import { recordOf } from '../world/recordOf';
import type { Tags } from '../world/World';

/** The `tags` of an EKS request. Throws a validation fault for values that are no text, reserved keys and too many of them. */
export function readTagMap(input: Input, quota: number): Tags {
  const value = input.tags;
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw validationFault('tags must be a map of text to text');
  const tags = recordOf<string>();
  for (const [key, text] of Object.entries(value as Record<string, unknown>)) {
    if (typeof text !== 'string' || text.length > 256)
      throw validationFault(`the value of tag ${key} must be a text of at most 256 characters`);
    if (key.length === 0 || key.length > 128) throw validationFault('a tag key has 1 to 128 characters');
    if (key.toLowerCase().startsWith('aws:'))
      throw validationFault(`tag keys that start with aws: are reserved: ${key}`);
    tags[key] = text;
  }
  if (Object.keys(tags).length > quota) throw validationFault(`a resource has at most ${quota} tags`);
  return tags;
}
