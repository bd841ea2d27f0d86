import type { ServiceAccount } from '../src/blueprint/Blueprint';
import { ROLE_ANNOTATION } from '../src/blueprint/serviceAccounts';
import { address } from './address';
import { Construct } from './cdktf';
import { forget } from './forget';
import type { Import } from './Import';
import { literal, literals } from './literal';
import { Annotations, ServiceAccountV1 } from './providers';

/** The field manager of podlift's annotations. A team's own Terraform resources use the provider's default, `Terraform`. */
const FIELD_MANAGER = 'podlift';

/** Fields that charts, controllers and people write on an existing account. The provider would remove them. */
const OTHERS_FIELDS = [
  'metadata[0].annotations',
  'metadata[0].labels',
  'automount_service_account_token',
  'image_pull_secret',
  'secret',
];

/**
 * A service account of a workload: the account itself if podlift creates it, and its annotations by server-side apply if podlift manages
 * them. Every account has both constructs, so that a change of `manage` changes no address. Terraform forgets the unused one.
 * Source: hashicorp/terraform-provider-kubernetes, kubernetes/resource_kubernetes_annotations.go and resource_kubernetes_service_account_v1.go
 */
export class WorkloadServiceAccount extends Construct {
  /** The import block of an existing account. */
  readonly imports: readonly Import[];
  /** Addresses that an earlier state can have: Terraform forgets them without a change. */
  readonly removed: readonly string[];

  constructor(scope: Construct, id: string, account: ServiceAccount) {
    super(scope, id);
    const { namespace, name, manage, adopt, imports = false } = account;
    const metadata = { name: literal(name), namespace: literal(namespace) };
    const created = literals(account.annotations);
    const serviceAccount = new ServiceAccountV1(this, 'service-account', {
      // A new account has its role from the start: otherwise a pod could start without the role between two requests. It never has the
      // empty annotation: this resource would own it too, and the annotation would stay when podlift removes it.
      metadata: { ...metadata, ...(Object.keys(created).length === 0 ? {} : { annotations: created }) },
      lifecycle: { ignoreChanges: OTHERS_FIELDS, ...(adopt ? { preventDestroy: true } : {}) },
    });
    const annotations = new Annotations(this, 'annotations', {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata,
      annotations: rendered(account),
      fieldManager: FIELD_MANAGER,
      // The inventory decides the annotation, even if another field manager set it.
      force: true,
    });
    if (manage === 'create') annotations.addOverride('depends_on', [address(serviceAccount)]);
    this.imports =
      manage === 'create' && (adopt || imports)
        ? [{ to: address(serviceAccount), id: literal(`${namespace}/${name}`) }]
        : [];
    this.removed = [
      ...(manage === 'create' ? [] : forget(serviceAccount)),
      ...(manage === 'none' ? forget(annotations) : []),
    ];
  }
}

/**
 * The applied annotations. For the webhook an empty value means no role. The forced change makes podlift the only owner, so that the API
 * server deletes the annotation when podlift removes it at the next stage.
 * Source: aws/amazon-eks-pod-identity-webhook, pkg/cache/cache.go; run on kube-apiserver 1.33
 */
function rendered({ annotations, clearsAnnotation }: ServiceAccount): Record<string, string> {
  return { ...literals(annotations), ...(clearsAnnotation ? { [ROLE_ANNOTATION]: '' } : {}) };
}
