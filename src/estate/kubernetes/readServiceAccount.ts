import type { FieldOwner, ServiceAccountFacts } from './KubernetesPort';
import { ROLE_ANNOTATION } from '../../blueprint/serviceAccounts';

/** The parts of a service account's JSON that podlift reads. Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/ */
export interface ServiceAccountJson {
  readonly metadata: {
    readonly namespace: string;
    readonly name: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly labels?: Readonly<Record<string, string>>;
    readonly managedFields?: readonly ManagedFieldsJson[];
  };
}

interface ManagedFieldsJson {
  readonly manager?: string;
  readonly operation?: string;
  readonly fieldsV1?: {
    readonly 'f:metadata'?: { readonly 'f:annotations'?: Readonly<Record<string, unknown>> };
  };
}

/** A service account as `kubectl get serviceaccounts -o json --show-managed-fields` lists it, cut down to what podlift reads. */
export function readServiceAccount({ metadata }: ServiceAccountJson): ServiceAccountFacts {
  const { namespace, name, annotations = {}, labels = {}, managedFields = [] } = metadata;
  return { namespace, name, annotations, labels, roleOwners: managedFields.flatMap(roleOwner) };
}

/** Source of the form: https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management */
function roleOwner({ manager = '', operation, fieldsV1 }: ManagedFieldsJson): FieldOwner[] {
  const owned = fieldsV1?.['f:metadata']?.['f:annotations']?.[`f:${ROLE_ANNOTATION}`] !== undefined;
  return owned ? [{ manager, operation: operation === 'Apply' ? 'Apply' : 'Update' }] : [];
}
