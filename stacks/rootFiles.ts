/** A value of a JSON document. */
type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = Readonly<Record<string, Json>>;

/** Terraform 1.10 and OpenTofu 1.10: both lock an S3 state without DynamoDB and forget resources by `removed` blocks. */
const REQUIRED_VERSION = '>= 1.10.0';

/**
 * The files of one Terraform root from the JSON that cdktf gives for a stack: no metadata of cdktf, texts as a person writes them, and each policy document in a file of its own,
 * which a reviewer can read.
 *
 * @param content what `TerraformStack.toTerraform()` gives
 * @param statePath the path of a local state from the folder of the root, where Terraform runs. Absent: the state is elsewhere
 */
export function rootFiles(content: object, statePath?: string): ReadonlyMap<string, string> {
  const policies = new Map<string, string>();
  const plain = withoutMetadata(content as JsonObject);
  const { terraform = {}, resource = {}, ...rest } = plain;
  const main = {
    ...rest,
    ...blocksByAddress(rest, 'import', 'to'),
    ...blocksByAddress(rest, 'removed', 'from'),
    terraform: { ...localState(terraform as JsonObject, statePath), required_version: REQUIRED_VERSION },
    ...(Object.keys(resource as JsonObject).length > 0 && {
      resource: withPolicyFiles(resource as Resources, policies),
    }),
  };
  return new Map([
    ['main.tf.json', jsonText(asTemplates(main))],
    ...[...policies].sort(([one], [other]) => (one < other ? -1 : 1)),
  ]);
}

/** Blocks whose order means nothing to Terraform, by their addresses: the order of the inventory's keys changes no file. */
function blocksByAddress(root: JsonObject, kind: 'import' | 'removed', key: 'to' | 'from'): JsonObject {
  const blocks = root[kind] as readonly Readonly<Record<typeof key, string>>[] | undefined;
  if (blocks === undefined) return {};
  return { [kind]: [...blocks].sort((one, other) => (one[key] < other[key] ? -1 : 1)) };
}

/** The resources of a root by type and name. */
type Resources = Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;

/** The attribute with a policy document, by the type of the resource. */
const DOCUMENTS: Readonly<Record<string, string>> = {
  aws_iam_role: 'assume_role_policy',
  aws_iam_role_policy: 'policy',
};

/** Puts each policy document into a file, and `file()` in its place. */
function withPolicyFiles(resources: Resources, files: Map<string, string>): JsonObject {
  const roles = resources.aws_iam_role ?? {};
  const taken = new Set<string>();
  return mapObject(resources, (ofType, type) => {
    const attribute = DOCUMENTS[type];
    if (attribute === undefined) return ofType;
    return mapObject(ofType, (resource) => {
      const document = resource[attribute];
      if (typeof document !== 'string') return resource;
      const name =
        type === 'aws_iam_role' ? [resource.name, 'trust'] : [roles[roleOf(resource.role)]?.name, resource.name];
      const file = freeName(name.map((part) => meant(typeof part === 'string' ? part : '')).join('.'), taken);
      files.set(file, jsonText(sorted(JSON.parse(meant(document)) as Json)));
      return { ...resource, [attribute]: `\${file("\${path.module}/${file}")}` };
    });
  });
}

/** The name in Terraform of the role in `${aws_iam_role.NAME.name}`. */
function roleOf(reference: Json | undefined): string {
  return /^\$\{aws_iam_role\.(.+)\.name\}$/.exec(typeof reference === 'string' ? reference : '')?.[1] ?? '';
}

/** A path below `policies/` that no other document has, also where capitals do not count: a role `a` can have a policy `trust`. */
function freeName(name: string, taken: Set<string>): string {
  for (let count = 1; ; count += 1) {
    const file = `policies/${name}${count === 1 ? '' : `-${count}`}.json`;
    if (taken.has(file.toLowerCase())) continue;
    taken.add(file.toLowerCase());
    return file;
  }
}

/** cdktf notes paths and overrides under the key `//`. */
function withoutMetadata(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object)
      .filter(([key]) => key !== '//')
      .map(([key, value]) => [key, isObject(value) ? withoutMetadata(value) : value]),
  );
}

function isObject(value: Json): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function localState(terraform: JsonObject, path: string | undefined): JsonObject {
  const { backend } = terraform as { backend?: { local?: { path: string } } };
  if (backend?.local === undefined || path === undefined) return terraform;
  return { ...terraform, backend: { local: { ...backend.local, path } } };
}

/** A document with its keys in alphabetical order, and its lists of texts too: IAM reads them as sets. */
function sorted(value: Json): Json {
  if (Array.isArray(value)) {
    const all = (value as readonly Json[]).map(sorted);
    return all.every((one) => typeof one === 'string') ? [...all].sort() : all;
  }
  return value === null || typeof value !== 'object' ? value : mapObject(value as JsonObject, sorted);
}

/** The text that `literal` of modules/literal.ts was given. */
function meant(text: string): string {
  return text.replace(QUOTED, '$1');
}

/** What `literal` writes for a marker: `${"$"}`. */
const QUOTED = /\$\{"([$%#&e]+)"\}/g;

/**
 * Each text as a person writes it for Terraform: `$${aws:username}` for the text `${aws:username}`. Where more than one `$` or `%` stands before a brace, Terraform
 * has no short form.
 * Source: https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences-1
 */
function asTemplates(value: Json): Json {
  if (typeof value === 'string') return templateText(value);
  if (Array.isArray(value)) return (value as readonly Json[]).map(asTemplates);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value as JsonObject).map(([key, one]) => [templateText(key), asTemplates(one)]),
  );
}

function templateText(text: string): string {
  return text.replace(/\$\{"([$%#&e]+)"\}(?=(\{?))/g, (whole: string, marker: string, brace: string) => {
    if (brace === '' || !/^[$%]+$/.test(marker)) return marker;
    return marker.length === 1 ? `${marker}${marker}` : whole;
  });
}

function mapObject<T>(object: Readonly<Record<string, T>>, change: (value: T, key: string) => Json): JsonObject {
  return Object.fromEntries(
    Object.entries(object)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, value]) => [key, change(value, key)]),
  );
}

/** JSON with sorted keys, two spaces and a final newline. */
function jsonText(value: Json): string {
  return `${JSON.stringify(ordered(value), null, 2)}\n`;
}

function ordered(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(ordered);
  return value === null || typeof value !== 'object' ? value : mapObject(value as JsonObject, ordered);
}
