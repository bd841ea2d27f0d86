import type { Tag } from '@aws-sdk/client-iam';
import type { PolicyDocument } from '../../iam/PolicyDocument';

/** What IAM answers with where there is no such thing. */
export const NO_SUCH_ENTITY = ['NoSuchEntityException', 'NoSuchEntity'];

/** A policy as IAM sends it: JSON, URL-encoded (RFC 3986). Throws when it is not JSON; nothing at all is a document without statements. */
export function documentOf(sent: string | undefined): PolicyDocument {
  return JSON.parse(decodeURIComponent(sent ?? '{"Statement":[]}')) as PolicyDocument;
}

/** A list of tags as a map. */
export function tagsOf(tags: readonly Tag[] = []): Readonly<Record<string, string>> {
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}
