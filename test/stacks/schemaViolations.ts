import kubernetes from './kubernetes-provider.json';

/** A type as `terraform providers schema -json` writes it: `"string"`, `["list", "string"]`. */
type SchemaType = string | readonly [string, SchemaType];

interface Attribute {
  readonly type: SchemaType;
  readonly required?: boolean;
  readonly optional?: boolean;
  readonly computed?: boolean;
}

interface BlockType {
  readonly nesting_mode: string;
  readonly block: Block;
  readonly min_items?: number;
  readonly max_items?: number;
}

interface Block {
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly block_types?: Readonly<Record<string, BlockType>>;
}

type Fields = Readonly<Record<string, unknown>>;

/** Arguments of Terraform itself, which every resource takes, and the comment that cdktf writes. */
const OF_EVERY_RESOURCE = new Set(['lifecycle', 'depends_on', 'provider', 'count', 'for_each', '//']);

/** The provider's schema: hashicorp/kubernetes 2.38.0, as `terraform providers schema -json` printed it. */
const PROVIDER = kubernetes.provider_schema.block as unknown as Block;
const RESOURCES = kubernetes.resource_schemas as unknown as Readonly<Record<string, { readonly block: Block }>>;

/** What a stack has of the Kubernetes provider. */
export interface KubernetesStack {
  readonly provider: Readonly<Record<string, readonly unknown[]>>;
  readonly resource?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly import?: readonly { readonly to: string; readonly id: string }[];
  readonly removed?: readonly unknown[];
}

/** What the Kubernetes provider, or Terraform, would refuse in a service-account stack: one line for each, none where all is well. */
export function schemaViolations(stack: KubernetesStack): string[] {
  const configured = (stack.provider.kubernetes ?? []).flatMap((fields) => inBlock(PROVIDER, fields, 'provider'));
  const resources = Object.entries(stack.resource ?? {}).flatMap(([type, all]) =>
    Object.entries(all).flatMap(([id, fields]) => inResource(type, fields, `${type}.${id}`)),
  );
  const there = new Set(
    Object.entries(stack.resource ?? {}).flatMap(([type, all]) => Object.keys(all).map((id) => `${type}.${id}`)),
  );
  const imports = (stack.import ?? []).flatMap(({ to, id }) => [
    ...(there.has(to) ? [] : [`import: ${to} is not in the stack`]),
    // Source: hashicorp/terraform-provider-kubernetes, docs/resources/service_account_v1.md, Import
    ...(/^[^/]+\/[^/]+$/.test(id) ? [] : [`import: ${id} is not namespace/name`]),
  ]);
  return [
    ...configured,
    ...resources,
    ...imports,
    ...(stack.removed ?? []).flatMap((block) => inRemoved(block, there)),
  ];
}

function inResource(type: string, fields: unknown, path: string): string[] {
  const schema = RESOURCES[type];
  if (schema === undefined) return [`${path}: there is no resource ${type}`];
  if (!isFields(fields)) return [`${path}: not a block`];
  const own = Object.fromEntries(Object.entries(fields).filter(([name]) => !OF_EVERY_RESOURCE.has(name)));
  return [...inBlock(schema.block, own, path), ...inLifecycle(schema.block, fields.lifecycle, path)];
}

function inLifecycle(block: Block, lifecycle: unknown, path: string): string[] {
  if (!isFields(lifecycle)) return lifecycle === undefined ? [] : [`${path}.lifecycle: not a block`];
  const { ignore_changes: ignored = [], ...rest } = lifecycle as { ignore_changes?: readonly string[] };
  return [
    ...ignored.flatMap((reference) => unknownReference(block, reference, `${path}.lifecycle`)),
    ...Object.entries(rest).flatMap(([name, value]) =>
      name === 'prevent_destroy' && typeof value === 'boolean' ? [] : [`${path}.lifecycle: ${name} is not expected`],
    ),
  ];
}

/** `metadata[0].labels`: the block or the attribute that a reference names must be there. */
function unknownReference(block: Block, reference: string, path: string): string[] {
  const [name = '', ...rest] = reference.replaceAll(/\[\d+\]/g, '').split('.');
  const nested = block.block_types?.[name];
  if (nested !== undefined) return rest.length === 0 ? [] : unknownReference(nested.block, rest.join('.'), path);
  const attribute = block.attributes?.[name];
  if (attribute === undefined || rest.length > 0) return [`${path}: there is no ${reference}`];
  // Terraform warns of it: "Redundant ignore_changes element".
  return attribute.required === true || attribute.optional === true ? [] : [`${path}: ${name} is computed`];
}

function inBlock({ attributes = {}, block_types: blocks = {} }: Block, fields: unknown, path: string): string[] {
  if (!isFields(fields)) return [`${path}: not a block`];
  const missing = Object.entries(attributes).flatMap(([name, { required }]) =>
    required === true && !(name in fields) ? [`${path}: ${name} is required`] : [],
  );
  const tooFew = Object.entries(blocks).flatMap(([name, { min_items: least = 0 }]) =>
    least > 0 && !(name in fields) ? [`${path}: a block ${name} is required`] : [],
  );
  const wrong = Object.entries(fields).flatMap(([name, value]) => {
    const [attribute, block] = [attributes[name], blocks[name]];
    if (block !== undefined) return inNested(block, value, `${path}.${name}`);
    if (attribute === undefined) return [`${path}: there is no argument ${name}`];
    if (attribute.required !== true && attribute.optional !== true) return [`${path}: ${name} is computed`];
    return ofType(attribute.type, value) ? [] : [`${path}: ${name} is not ${JSON.stringify(attribute.type)}`];
  });
  return [...missing, ...tooFew, ...wrong];
}

/** In JSON a block that may stand more than once is one object, or a list of them. */
function inNested({ nesting_mode: mode, block, max_items: most = Infinity }: BlockType, value: unknown, path: string) {
  if (mode !== 'list' && mode !== 'set') return inBlock(block, value, path);
  const all: readonly unknown[] = Array.isArray(value) ? value : [value];
  return [
    ...(all.length > most ? [`${path}: at most ${most} blocks`] : []),
    ...all.flatMap((one) => inBlock(block, one, path)),
  ];
}

function ofType(type: SchemaType, value: unknown): boolean {
  if (type === 'string' || type === 'number') return typeof value === type;
  if (type === 'bool') return typeof value === 'boolean';
  const [kind, element] = type as readonly [string, SchemaType];
  if (kind === 'map') return isFields(value) && Object.values(value).every((one) => ofType(element, one));
  return Array.isArray(value) && value.every((one) => ofType(element, one));
}

/** Source: https://developer.hashicorp.com/terraform/language/block/removed */
function inRemoved(block: unknown, there: ReadonlySet<string>): string[] {
  const { from, lifecycle, ...rest } = block as { from?: unknown; lifecycle?: unknown };
  const address = typeof from === 'string' ? from : '';
  return [
    ...(RESOURCES[address.split('.')[0] ?? ''] === undefined ? [`removed: ${address} is of no known type`] : []),
    ...(there.has(address) ? [`removed: ${address} is in the stack still`] : []),
    ...(JSON.stringify(lifecycle) === '{"destroy":false}' ? [] : [`removed: ${address} would be destroyed`]),
    ...Object.keys(rest).map((name) => `removed: there is no argument ${name}`),
  ];
}

function isFields(value: unknown): value is Fields {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
