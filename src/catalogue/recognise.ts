import { catalogue, hasPermissions } from './catalogue';
import type { KnownController } from './catalogueSchema';
import { knownImage } from './images';

/** What is known of the service accounts that use a role. */
export interface SeenUsers {
  readonly accounts: readonly { readonly namespace: string; readonly name: string }[];
  /** Those of their pods. */
  readonly images: readonly string[];
  /** ARNs of the policies that the role has attached. */
  readonly managedPolicies: readonly string[];
}

/** A controller of the catalogue that service accounts look like. */
export interface Recognised {
  readonly controller: KnownController;
  readonly by: readonly ('image' | 'service account' | 'namespace' | 'managed policy')[];
}

/** Many controllers are there, so it tells none apart. */
const SHARED_NAMESPACE = 'kube-system';

/**
 * The controllers with permissions that the users of a role look like, in the order of the catalogue. One sign is not enough: an application can have an
 * image of Fluent Bit beside its own, and a service account any name.
 */
export function recognised({ accounts, images, managedPolicies }: SeenUsers): readonly Recognised[] {
  const names = images.map((image) => knownImage(image)?.controller.name);
  const found = catalogue()
    .filter(hasPermissions)
    .flatMap((controller): readonly Recognised[] => {
      const { name, namespace, serviceAccounts = [], managedPolicies: known = [] } = controller;
      const inNamespace = accounts.some((one) => one.namespace === namespace);
      const signs = {
        image: names.includes(name),
        'service account': accounts.some((one) => serviceAccounts.some((account) => account.name === one.name)),
        namespace: inNamespace && namespace !== SHARED_NAMESPACE,
        'managed policy': managedPolicies.some((arn) => known.some((one) => arn.endsWith(`:aws:policy/${one.name}`))),
      };
      const alone = names.length > 0 && names.every((one) => one === name);
      const isSure = signs['service account'] && (inNamespace || signs['managed policy']);
      if (!isSure && !(signs.image && (alone || Object.values(signs).filter(Boolean).length > 1))) return [];
      const by = (Object.keys(signs) as (keyof typeof signs)[]).filter((sign) => signs[sign]);
      return [{ controller, by }];
    });
  // An image says more than the name of a service account that several controllers have.
  const byImage = found.filter(({ by }) => by.includes('image'));
  return byImage.length > 0 ? byImage : found;
}
