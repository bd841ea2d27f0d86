import type { ServiceAccount } from '../blueprint/Blueprint';
import { isGivenUp, isWritten, repeatingOwners, roleAnnotation } from '../comparison/annotation';
import type { ServiceAccountFacts } from '../estate/kubernetes/KubernetesPort';
import type { Remedy } from '../estate/Remedy';
import type { Cluster, Stage } from '../inventory/Inventory';
import { annotate, applyStacks, kubectl, remedyOf, say, stacks, type Advice } from './remedies';

/** A service account of the blueprint on its cluster, at the stage of its workload. */
export interface AnnotatedAccount {
  /** The environment's key. */
  readonly environment: string;
  readonly cluster: Cluster;
  readonly account: ServiceAccount;
  readonly stage: Stage;
}

/** How a service account gets the annotation that its stage has. */
export interface AnnotationRemedy {
  readonly remedy: Remedy;
  /** The stacks whose apply is the remedy, or a part of it. */
  readonly apply?: readonly string[];
}

/**
 * How a service account gets the annotation that its stage has, by who manages the account and who owns the annotation. `facts` are those of
 * the cluster; nothing: there is no such service account.
 */
export function annotationRemedy(one: AnnotatedAccount, facts: ServiceAccountFacts | undefined): AnnotationRemedy {
  if (facts === undefined) return creation(one);
  if (one.account.addon !== undefined) return applyOf(one);
  return isWritten(one.account) ? byPodlift(one, facts) : byOthers(one, facts);
}

/**
 * The owners that set the annotation again once a step has removed it, and where to remove it before; nothing where there are none, and where podlift’s
 * stack does not write the account.
 */
export function repeatingOwnersNote(
  account: ServiceAccount,
  facts: ServiceAccountFacts | undefined,
): Remedy | undefined {
  const owners = isWritten(account) ? repeatingOwners(account, facts?.roleOwners ?? []) : [];
  return owners.length === 0 ? undefined : ownerSentences('Remove', owners);
}

function creation(one: AnnotatedAccount): AnnotationRemedy {
  const { cluster, account } = one;
  if (account.addon !== undefined || (isWritten(account) && account.manage === 'create')) return applyOf(one);
  const { namespace, name } = account;
  const role = roleAnnotation(account);
  const create = [
    `podlift does not create the service account ${namespace}/${name}. Create the service account where its manifests are kept (GitOps), or run:`,
    kubectl(cluster, namespace)`create serviceaccount ${name}`,
  ];
  if (!isWritten(account))
    return { remedy: remedyOf(create, role === undefined ? [] : annotate(cluster, account, role)) };
  const apply = stacksOf(one);
  const sentence = 'Then compare with the plan, and apply the stage that the inventory has:';
  return { remedy: remedyOf(create, applyStacks(apply, sentence)), apply };
}

/** Where podlift's stack writes the annotation: by an apply, unless podlift owns nothing to remove. */
function byPodlift(one: AnnotatedAccount, { roleOwners }: ServiceAccountFacts): AnnotationRemedy {
  const { account, stage } = one;
  const repeating = repeatingOwners(account, roleOwners);
  if (roleAnnotation(account) !== undefined) return applyOf(one, ownerSentences('Change', repeating));
  const remove = annotate(one.cluster, account, undefined);
  const others = ownerSentences('Remove', repeating);
  if (stage === 'cutover')
    return applyOf(one, [
      others,
      'If an admission policy refuses the empty value that the apply writes, remove the annotation:',
      remove,
    ]);
  const own = roleOwners.filter(isGivenUp);
  if (own.length === 0)
    return {
      remedy: remedyOf(
        others,
        `An apply changes nothing at ${stage}: podlift does not own the annotation. Remove the annotation:`,
        remove,
      ),
    };
  if (own.length === roleOwners.length) return applyOf(one);
  return applyOf(one, [
    others,
    'The annotation stays after the apply while others own it. Remove the annotation:',
    remove,
  ]);
}

function byOthers(
  { cluster, account, stage }: AnnotatedAccount,
  { roleOwners }: ServiceAccountFacts,
): AnnotationRemedy {
  const role = roleAnnotation(account);
  const repeating = repeatingOwners(account, roleOwners);
  const command = annotate(cluster, account, role);
  const verb = role === undefined ? 'Remove' : 'Set';
  // At cutover the role still trusts the OIDC provider: without the association, the annotation is what new pods have.
  const first =
    role === undefined && stage === 'cutover'
      ? ' First check that the association exists: without it, new pods need the annotation.'
      : '';
  if (repeating.length === 0)
    return {
      remedy: remedyOf(
        `podlift does not manage the service account.${first} ${verb} the annotation where its manifests are kept (GitOps), or run:`,
        command,
      ),
    };
  return {
    remedy: remedyOf(
      `podlift does not manage the service account.${first}`,
      ownerSentences(role === undefined ? 'Remove' : 'Change', repeating),
      `Until then, ${verb.toLowerCase()} the annotation by hand:`,
      command,
    ),
  };
}

function applyOf(one: AnnotatedAccount, more: Advice = []): AnnotationRemedy {
  const apply = stacksOf(one);
  return { remedy: remedyOf(applyStacks(apply), more), apply };
}

/** An add-on annotates its own account, by its role. */
function stacksOf({ environment: key, cluster, account }: AnnotatedAccount): readonly string[] {
  return account.addon === undefined ? stacks.serviceAccounts({ key }, cluster.key) : stacks.identity({ key });
}

/** A tool that writes service accounts, by its field manager. */
interface Tool {
  readonly name: string;
  /** Where the tool takes the annotation from, as the object of a sentence. */
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
 * Names that the API server itself gives to what was written before the first apply, and to the oldest of many writers: no tool sets
 * the annotation again by these names.
 * Source: k8s.io/apimachinery util/managedfields/internal/fieldmanager.go (`before-first-apply`), capmanagers.go (`ancient-changes`)
 */
const UNNAMED: ReadonlySet<string> = new Set(['before-first-apply', 'ancient-changes']);

/** What each of these field managers does, and where to change or to remove the annotation for good. */
function ownerSentences(verb: 'Change' | 'Remove', managers: readonly string[]): Remedy {
  return managers.map((manager) => {
    const tool = TOOLS[manager];
    if (UNNAMED.has(manager))
      return say(
        `The API server does not know who set the annotation before podlift (${manager}). If Helm or GitOps sets the annotation, ${verb.toLowerCase()} the annotation there.`,
      );
    const named = tool === undefined ? manager : `${manager} (${tool.name})`;
    const again = tool === undefined ? 'can set it again' : 'sets it again';
    const source = tool?.source ?? `the source that ${manager} applies`;
    return say(`The field manager ${named} owns the annotation and ${again}. ${verb} the annotation in ${source}.`);
  });
}
