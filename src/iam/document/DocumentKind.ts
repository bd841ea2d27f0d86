/** What a document is for: a role's trust policy, or a policy of an identity (inline, managed, boundary or session). */
export type DocumentKind = 'trust' | 'identity';

/** A JSON object whose members are not known yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a JSON value is an object, lists and null aside. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Reads what may be one text or a list of them.
 * @returns nothing when it is neither, or when the list is empty or holds anything but texts
 */
export function textsIn(value: unknown): readonly string[] | undefined {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.length > 0 && list.every((one) => typeof one === 'string') ? list : undefined;
}

/** Names the JSON value that stood where something else was wanted, cut short. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) return 'nothing';
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
