import type { ServiceAccount } from '../src/blueprint/Blueprint';
import { ROLE_ANNOTATION } from '../src/blueprint/serviceAccounts';
import { address } from './address';
import { Construct } from './cdktf';
import { forget } from './forget';
import type { Import } from './Import';
import { literal, literals } from './literal';
import { Annotations, ServiceAccountV1 } from './providers';

/** Owns podlift's annotations alone. The provider's default, `Terraform`, is also that of a team's own resources on the same account. */
const FIELD_MANAGER = 'podlift';

/** What charts, controllers and people write on an account that exists: the provider would remove all of these. */
const OTHERS_FIELDS = [
  'metadata[0].annotations',
  'metadata[0].labels',
  'automount_service_account_token',
  'image_pull_secret',
  'secret',
];

/**
 * A service account of a workload: the account itself where podlift creates it, and its annotations by server-side apply where podlift
 * manages them. Both are there for every account, so that a change of `manage` moves no address; what the account does not use is forgotten.
 * Source: hashicorp/terraform-provider-kubernetes, kubernetes/resource_kubernetes_annotations.go and resource_kubernetes_service_account_v1.go
 */
export class WorkloadServiceAccount extends Construct {
  /** The import block of an account that exists. */
  readonly imports: readonly Import[];
  /** Addresses that may be in the state from before: Terraform forgets them and changes nothing. */
  readonly removed: readonly string[];

  constructor(scope: Construct, id: string, account: ServiceAccount) {
    super(scope, id);
    const { namespace, name, manage, adopt } = account;
    const metadata = { name: literal(name), namespace: literal(namespace) };
    const created = literals(account.annotations);
    const serviceAccount = new ServiceAccountV1(this, 'service-account', {
      // An account that is created, or created again, has its role from the start: between two requests a pod could start without. Not the
      // empty annotation: this resource would own it too, and it would stay when podlift gives it up.
      metadata: { ...metadata, ...(Object.keys(created).length === 0 ? {} : { annotations: created }) },
      lifecycle: { ignoreChanges: OTHERS_FIELDS, ...(adopt ? { preventDestroy: true } : {}) },
    });
    const annotations = new Annotations(this, 'annotations', {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata,
      annotations: rendered(account),
      fieldManager: FIELD_MANAGER,
      // Forced: the inventory decides the annotation, also where another field manager set it.
      force: true,
    });
    if (manage === 'create') annotations.addOverride('depends_on', [address(serviceAccount)]);
    this.imports =
      manage === 'create' && adopt ? [{ to: address(serviceAccount), id: literal(`${namespace}/${name}`) }] : [];
    this.removed = [
      ...(manage === 'create' ? [] : forget(serviceAccount)),
      ...(manage === 'none' ? forget(annotations) : []),
    ];
  }
}

/**
 * The annotations as they are applied. An empty role is no role for the webhook; as a forced change of the value it makes podlift the only
 * owner, so that the API server deletes the annotation when podlift gives it up at the next stage.
 * Source: aws/amazon-eks-pod-identity-webhook, pkg/cache/cache.go; run on kube-apiserver 1.33
 */
function rendered({ annotations, clearsAnnotation }: ServiceAccount): Record<string, string> {
  return { ...literals(annotations), ...(clearsAnnotation ? { [ROLE_ANNOTATION]: '' } : {}) };
}
