/**
 * A text as a Terraform JSON string that evaluates to just that text. `${…}` and `%{…}` are Terraform's templates, and cdktf
 * has markers of its own in strings (`${TfToken[…]}`, `#{TfToken[…]}`, `&{TfToken[…]}`, doubles around 1e289): nobody may reach
 * either language from the inventory, and IAM's policy variables must arrive as written.
 * Source: https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences, cdktf `lib/tokens/private/encoding.js`.
 */
export function literal(text: string): string {
  return text.replace(MARKERS, (marker) => `\${"${marker}"}`);
}

/**
 * What is wrapped as a quoted string of its own: runs of `$` or `%` before a brace (so that no `$` is left to join what follows),
 * cdktf's list and map markers, and the exponent of its number tokens.
 */
const MARKERS = /[$%]+(?=\{)|[$%]*[#&](?=\{TfToken\[)|(?<=[-|\d.+])e(?=[-|\d.eE+]*\+)/g;

/** {@link literal} for each key and value of a map. */
export function literals(map: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [literal(key), literal(value)]));
}
