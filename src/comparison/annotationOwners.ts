import type { ServiceAccount } from '../blueprint/Blueprint';
import type { FieldOwner } from '../estate/kubernetes/KubernetesPort';

/** A tool that writes service accounts, by its field manager. */
interface Tool {
  readonly name: string;
  /** The place that the tool takes the annotation from, as the object of a sentence. */
  readonly source: string;
}

/**
 * The tools that write the annotation again from a source of their own, by field manager.
 * - Helm: helm/helm cmd/helm/helm.go (`kube.ManagedFieldsManager = "helm"`); Helm 2 and copies of the binary under another case: `Helm`.
 * - Argo CD: argoproj/argo-cd common/common.go (`ArgoCDSSAManager`, and `ApplicationController`, the name of its binary, for syncs by Update).
 * - Flux: fluxcd/kustomize-controller and fluxcd/helm-controller, each main.go (`controllerName`, `kube.ManagedFieldsManager`).
 * - Terraform: hashicorp/terraform-provider-kubernetes kubernetes/provider.go (the user agent `HashiCorp/1.0 Terraform/…` of `kubernetes_service_account`).
 */
const TOOLS: Readonly<Record<string, Tool>> = {
  helm: { name: 'Helm', source: 'the values or the templates of the chart' },
  Helm: { name: 'Helm', source: 'the values or the templates of the chart' },
  'argocd-controller': { name: 'Argo CD', source: 'the manifest in git that the application syncs' },
  'argocd-application-controller': { name: 'Argo CD', source: 'the manifest in git that the application syncs' },
  'kustomize-controller': { name: 'Flux', source: 'the manifest in git that the Kustomization applies' },
  'helm-controller': { name: 'Flux', source: 'the values of the HelmRelease' },
  HashiCorp: { name: 'Terraform', source: 'the configuration that has the service account' },
};

/**
 * Names that the API server itself gives to what was written before somebody first applied, and to the oldest of many writers: nobody sets
 * the annotation again by these names.
 * Source: k8s.io/apimachinery util/managedfields/internal/fieldmanager.go (`before-first-apply`), capmanagers.go (`ancient-changes`)
 */
const UNNAMED: ReadonlySet<string> = new Set(['before-first-apply', 'ancient-changes']);

/** podlift's field manager, and the one of its earlier applies: the provider's default. Source: modules/WorkloadServiceAccount.ts. */
const OWN: ReadonlySet<string> = new Set(['podlift', 'Terraform']);

/** Whether podlift's stack owns the annotation. A service account that the stack creates is written by `HashiCorp` as well. */
function isOwn({ manage }: Pick<ServiceAccount, 'manage'>, { manager }: FieldOwner): boolean {
  return OWN.has(manager) || (manager === 'HashiCorp' && manage === 'create');
}

/** Whether the stack of the last stage gives the annotation up: podlift's field manager alone, since that is the one which it applies as. */
export function isGivenUp({ manager, operation }: FieldOwner): boolean {
  return manager === 'podlift' && operation === 'Apply';
}

/** The field managers that write the annotation again: all but podlift's own, and kubectl's, by which people write once. */
export function repeatingOwners(
  account: Pick<ServiceAccount, 'manage'>,
  owners: readonly FieldOwner[],
): readonly string[] {
  const repeating = owners.filter((owner) => !isOwn(account, owner) && !/^kubectl(-|$)/.test(owner.manager));
  return [...new Set(repeating.map(({ manager }) => manager))];
}

/** What each of these field managers does, and where to change or to remove the annotation for good; a line each. */
export function ownerSentences(verb: 'Change' | 'Remove', managers: readonly string[]): readonly string[] {
  return managers.map((manager) => {
    const tool = TOOLS[manager];
    if (UNNAMED.has(manager))
      return `The API server does not know who set the annotation before podlift (${manager}). If Helm or GitOps sets the annotation, ${verb.toLowerCase()} the annotation there.`;
    if (tool === undefined)
      return `The field manager ${manager} owns the annotation and can set it again. ${verb} the annotation in the source that ${manager} applies.`;
    return `The field manager ${manager} (${tool.name}) owns the annotation and sets it again. ${verb} the annotation in ${tool.source}.`;
  });
}
