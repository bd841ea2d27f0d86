/**
 * A text as a Terraform JSON string that evaluates to this text. `${…}` and `%{…}` are templates of Terraform, and cdktf has its own markers
 * (`${TfToken[…]}`, `#{TfToken[…]}`, `&{TfToken[…]}`, doubles around 1e289). A text of the inventory must not be evaluated in either language,
 * and IAM's policy variables must stay unchanged.
 * Source: https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences, cdktf `lib/tokens/private/encoding.js`.
 */
export function literal(text: string): string {
  return text.replace(MARKERS, (marker) => `\${"${marker}"}`);
}

/**
 * The texts that become separate quoted strings: runs of `$` or `%` before a brace (so that no `$` remains before it), cdktf's list and map
 * markers, and the exponent of its number tokens.
 */
const MARKERS = /[$%]+(?=\{)|[$%]*[#&](?=\{TfToken\[)|(?<=[-|\d.+])e(?=[-|\d.eE+]*\+)/g;

/** {@link literal} for each key and value of a map. */
export function literals(map: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [literal(key), literal(value)]));
}
