import { type CatalogueKind, catalogueKinds, resourceOf } from '../catalogue/catalogue';
import type { Conditions, KnownController, KnownMode, KnownSecrets } from '../catalogue/catalogueSchema';
import { isOlder, isTooOldForPodIdentity, type KnownImage, knownImage } from '../catalogue/images';
import type { CustomObjectFacts, OwnerFacts, PodFacts, TemplateFacts } from '../estate/kubernetes/KubernetesPort';

/** Pods of one service account, running ones and those of templates. */
export type OwnPods = readonly (
  | Pick<PodFacts, 'containers' | 'secretProviderClasses' | 'volumeClaims' | 'owner'>
  | Pick<TemplateFacts, 'containers' | 'secretProviderClasses' | 'volumeClaims' | 'kind' | 'name'>
)[];

/** A service account with its role and its pods. */
export interface UsedAccount {
  readonly namespace: string;
  readonly name: string;
  /** The ARN of its role. */
  readonly roleArn: string;
  readonly pods: OwnPods;
  /** Pods and templates of the whole cluster, where a controller is looked for whose own pods are not those of the account. */
  readonly cluster?: OwnPods;
}

/** An object by which people find it: `SecretStore shop/orders`. */
export interface ObjectRef {
  readonly kind: string;
  /** `secretstores.external-secrets.io` */
  readonly resource: string;
  readonly namespace?: string;
  readonly name: string;
}

/** An object of a known controller uses the role of a service account. */
export interface ControllerUse {
  readonly controller: KnownController;
  readonly mode: KnownMode;
  readonly object: ObjectRef;
  /** The object whose fields decide: the object itself, or the one that it names. */
  readonly decidedBy: ObjectRef;
  /** The value of the field that `mode.change` changes. Absent: the field is not there. */
  readonly value?: string;
  /** The versions of the controller decide, and its images do not tell them. */
  readonly versionUnknown?: true;
}

/** The objects on a cluster, by resource. */
export type CustomObjects = ReadonlyMap<string, readonly CustomObjectFacts[]>;

/** The kinds of the catalogue whose objects can use the role of an account: those of a controller only where the account is the controller's own. */
export function kindsFor({ pods }: Pick<UsedAccount, 'pods'>): readonly CatalogueKind[] {
  const images = imagesOf(pods);
  const mounts = pods.some(({ secretProviderClasses = [] }) => secretProviderClasses.length > 0);
  return [...catalogueKinds().values()].filter(({ controller, modes }) =>
    modes.some(({ account }) => {
      if ('pods' in account) return images.some((image) => image.controller.name === controller.name);
      if ('mountedBy' in account) return mounts;
      if ('claimedBy' in account) return pods.some(({ volumeClaims = [] }) => volumeClaims.length > 0);
      return 'named' in account || workloadsOf(pods).length > 0;
    }),
  );
}

/** The resources that must be read to judge the objects of a kind. */
export function resourcesOf(kind: CatalogueKind): readonly string[] {
  const through = kind.modes.flatMap((mode) => Object.values(mode.through?.resources ?? {}));
  return [...new Set([resourceOf(kind), ...through])];
}

/** Whether the version of a controller decides about objects of a kind, and its pods are not those of the account. */
export function needsController({ modes }: Pick<CatalogueKind, 'modes'>): boolean {
  return modes.some(({ below, account }) => below !== undefined && !('pods' in account));
}

/** The objects of a kind that use the role of an account, each with its mode. */
export function usesOf(kind: CatalogueKind, objects: CustomObjects, account: UsedAccount): readonly ControllerUse[] {
  const [resource = ''] = resourcesOf(kind);
  return (objects.get(resource) ?? []).flatMap((facts) =>
    kind.modes.flatMap((mode) =>
      itemsOf(mode, facts).flatMap((item) => useOf(kind, mode, facts, item, objects, account) ?? []),
    ),
  );
}

/** The items of the list that `each` names; without a list the object itself. */
function itemsOf({ each }: KnownMode, { fields }: CustomObjectFacts): readonly (number | undefined)[] {
  if (each === undefined) return [undefined];
  const list = each.split('.').reduce<unknown>((value, key) => memberOf(value, key), fields);
  return Array.isArray(list) ? list.map((_, index) => index) : [];
}

function useOf(
  kind: CatalogueKind,
  mode: KnownMode,
  facts: CustomObjectFacts,
  item: number | undefined,
  objects: CustomObjects,
  account: UsedAccount,
): ControllerUse | undefined {
  const own: Fields = { fields: facts.fields, item };
  if (!meets(own, mode.when) || !isOf(kind, mode, facts, own, account)) return undefined;
  if (mode.role !== undefined && textAt(own, mode.role) !== account.roleArn) return undefined;
  const object: ObjectRef = refOf(kind.kind, resourceOf(kind), facts);
  const through =
    mode.through === undefined ? { ref: object, fields: own } : throughOf(mode.through, own, facts, objects);
  if (through === undefined) return undefined;
  const value = mode.change && textAt(through.fields, mode.change.field);
  const use = {
    controller: kind.controller,
    mode,
    object,
    decidedBy: through.ref,
    ...(value !== undefined && { value }),
  };
  if (mode.below === undefined) return use;
  return inVersion(use, mode.below, imagesOf('pods' in mode.account ? account.pods : (account.cluster ?? [])));
}

interface Fields {
  readonly fields: unknown;
  /** Which item `list[]` stands for. */
  readonly item: number | undefined;
}

function refOf(kind: string, resource: string, { namespace, name }: CustomObjectFacts): ObjectRef {
  return { kind, resource, ...(namespace !== undefined && { namespace }), name };
}

function throughOf(
  { resources, kind: kindPath, name: namePath, when }: NonNullable<KnownMode['through']>,
  own: Fields,
  { namespace }: CustomObjectFacts,
  objects: CustomObjects,
): { readonly ref: ObjectRef; readonly fields: Fields } | undefined {
  const kind = textAt(own, kindPath) ?? Object.keys(resources)[0] ?? '';
  const resource = resources[kind];
  const name = textAt(own, namePath);
  if (resource === undefined || name === undefined) return undefined;
  const found = (objects.get(resource) ?? []).find(
    (one) => one.name === name && (one.namespace === undefined || one.namespace === namespace),
  );
  const fields = found && { fields: found.fields, item: undefined };
  if (found === undefined || fields === undefined || !meets(fields, when)) return undefined;
  return { ref: refOf(kind, resource, found), fields };
}

/** Whether an object of a mode is one of the account. */
function isOf(
  { controller }: CatalogueKind,
  { account: how }: KnownMode,
  { namespace, name }: CustomObjectFacts,
  own: Fields,
  account: UsedAccount,
): boolean {
  if ('pods' in how) return imagesOf(account.pods).some((image) => image.controller.name === controller.name);
  if ('mountedBy' in how)
    return (
      namespace === account.namespace &&
      account.pods.some(({ secretProviderClasses = [] }) => secretProviderClasses.includes(name))
    );
  if ('claimedBy' in how) {
    const claim = textAt(own, `${how.claimedBy}.name`) ?? '';
    return (
      textAt(own, `${how.claimedBy}.namespace`) === account.namespace &&
      account.pods.some(({ volumeClaims = [] }) => volumeClaims.includes(claim))
    );
  }
  if ('target' in how) {
    const kind = textAt(own, `${how.target}.kind`) ?? 'Deployment';
    const target = textAt(own, `${how.target}.name`);
    return (
      namespace === account.namespace && workloadsOf(account.pods).some((one) => isTarget(one, kind, target ?? ''))
    );
  }
  if (textAt(own, how.named) !== account.name) return false;
  // An object of the whole cluster that names no namespace can mean that of any object that refers to it.
  const wanted = (how.namespace === undefined ? undefined : textAt(own, how.namespace)) ?? namespace;
  return wanted === undefined || wanted === account.namespace;
}

function meets(own: Fields, conditions: Conditions = {}): boolean {
  return Object.entries(conditions).every(([path, wanted]) => {
    const value = textAt(own, path);
    return wanted === 'present' ? value !== undefined : wanted.includes(value ?? null);
  });
}

/** The text at a path; an empty text is the same as none. */
function textAt({ fields, item }: Fields, path: string): string | undefined {
  const value = path.split('.').reduce<unknown>((parent, step) => {
    if (!step.endsWith('[]')) return memberOf(parent, step);
    const list = memberOf(parent, step.slice(0, -2));
    return Array.isArray(list) && item !== undefined ? (list as readonly unknown[])[item] : undefined;
  }, fields);
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

function memberOf(parent: unknown, key: string): unknown {
  return typeof parent === 'object' && parent !== null && Object.hasOwn(parent, key)
    ? (parent as Readonly<Record<string, unknown>>)[key]
    : undefined;
}

/** The pods of an Argo Rollout belong to a ReplicaSet with the Rollout's name and a hash. Source: argoproj/argo-rollouts utils/replicaset/replicaset.go */
function isTarget({ kind, name }: OwnerFacts, targetKind: string, target: string): boolean {
  if (targetKind === 'Rollout') return kind === 'ReplicaSet' && name.replace(/-[a-z0-9]+$/, '') === target;
  return kind === targetKind && name === target;
}

/** The workloads of an account, as objects name them. */
function workloadsOf(pods: OwnPods): readonly OwnerFacts[] {
  return pods.flatMap((pod) => ('kind' in pod ? { kind: pod.kind, name: pod.name } : (pod.owner ?? [])));
}

/** The images of known controllers in pods. */
function imagesOf(pods: OwnPods): readonly KnownImage[] {
  return pods.flatMap(({ containers }) => containers.flatMap(({ image }) => knownImage(image) ?? []));
}

function inVersion(use: ControllerUse, below: string, images: readonly KnownImage[]): ControllerUse | undefined {
  const own = images.filter(({ controller }) => controller.name === use.controller.name);
  if (own.some(({ version }) => version !== undefined && isOlder(version, below))) return use;
  const unknown = own.length === 0 || own.some(({ version }) => version === undefined);
  return unknown ? { ...use, versionUnknown: true } : undefined;
}

/** An image of a known controller that is too old for Pod Identity. */
export interface OldImage {
  readonly image: string;
  readonly controller: KnownController;
}

/** The images in pods that cannot use Pod Identity, by their versions; each once. */
export function oldImages(pods: OwnPods): readonly OldImage[] {
  const images = new Set(pods.flatMap(({ containers }) => containers.map(({ image }) => image)));
  return [...images].flatMap((image): readonly OldImage[] => {
    const known = knownImage(image);
    return known !== undefined && isTooOldForPodIdentity(known) ? [{ image, controller: known.controller }] : [];
  });
}

/** Secrets of a controller, and the controller. */
export interface UnreadSecrets extends KnownSecrets {
  readonly controller: KnownController;
}

/** The Secrets whose values decide about the sessions of a controller that runs in these pods. podlift reads none of them. */
export function unreadSecrets(pods: OwnPods): readonly UnreadSecrets[] {
  const controllers = new Set(imagesOf(pods).map(({ controller }) => controller));
  return [...controllers].flatMap((controller) => (controller.secrets ?? []).map((one) => ({ ...one, controller })));
}

/** Whether a mode can never work on Pod Identity: not after a change of its field either. */
export function neverMoves({ works, change }: Pick<KnownMode, 'works' | 'change'>): boolean {
  return !works.includes('pod-identity') && change === undefined;
}
