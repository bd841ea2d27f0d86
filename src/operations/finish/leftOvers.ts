import { compile } from '../../blueprint/compile';
import type { ServiceAccount } from '../../blueprint/Blueprint';
import { IRSA_AUDIENCE, serviceAccountSubject } from '../../blueprint/sourceTrust';
import { isKeptByAddon, repeatingOwners, roleAnnotation } from '../../comparison/annotation';
import { compareContext } from '../../comparison/cluster';
import { podCredentials } from '../../comparison/podCredentials';
import type { AssociationFacts } from '../../estate/aws/AwsPort';
import type { PodFacts, ServiceAccountFacts, TemplateFacts } from '../../estate/kubernetes/KubernetesPort';
import type { Remedy } from '../../estate/Remedy';
import type { Cluster, Stage } from '../../inventory/Inventory';
import { inSentence } from '../../inventory/printable';
import { type AnnotatedAccount, annotationRemedy } from '../annotationRemedy';
import { annotate, named, remedyOf, restartPods, run } from '../remedies';
import type { ClusterReading, FinishScope, Readings } from './readings';

/**
 * Why something on a cluster counts. `pods`: pods that have web identity; `token`: pods with a token for STS whose variables podlift does not see; `annotation`: a service
 * account with the annotation of IRSA; `variables`: a pod template that sets the variables of web identity itself; `addon`: an EKS add-on with a role for IRSA.
 */
export type LeftOverKind = 'pods' | 'token' | 'annotation' | 'variables' | 'addon';

/** Something on a cluster that is left of IRSA. */
export interface LeftOver {
  readonly kind: LeftOverKind;
  /** The keys of the environment and of its cluster. */
  readonly environment: string;
  readonly cluster: string;
  /** Absent: an add-on. */
  readonly namespace?: string;
  /** Of the service account; of the template (`Deployment api`) for `variables`; of the add-on. */
  readonly name: string;
  /** The name of the service account. Absent: an add-on. */
  readonly serviceAccount?: string;
  /** The role that it names, any text. Absent: none. */
  readonly role?: string;
  /** The workload of the inventory whose service account it is, with its stage. Absent: the inventory does not have it. */
  readonly workload?: string;
  readonly stage?: Stage;
  /**
   * `uses`: credentials come through the provider now, or would for a new pod; it loses them with the trust. `left`: nothing gets credentials through it. `kept`: an add-on
   * keeps it, and its association is what EKS uses: nobody has to remove it.
   */
  readonly state: 'uses' | 'left' | 'kept';
  /** The pods, or the containers whose variables are set. Absent: none. */
  readonly objects?: readonly string[];
  readonly remedy: Remedy;
}

/** What is known of the roles that something on a cluster names, by their ARNs. */
export interface Access {
  /** Whether the role can still be assumed through the provider; nothing where its account could not be read. */
  readonly admits: (roleArn: string) => boolean | undefined;
  /** The last session of the role through the provider by a subject, as CloudTrail has it. */
  readonly lastSession: (roleArn: string, subject: string) => string | undefined;
}

/** Everything on the clusters that is left of IRSA, in the order of the clusters. What could not be read gives nothing: see `unreadOf`. */
export function leftOversOf(
  scope: FinishScope,
  readings: Readings,
  { admits, lastSession }: Access,
): readonly LeftOver[] {
  const accounts = accountsOf(scope);
  return readings.clusters.flatMap((reading): readonly LeftOver[] => {
    const { cluster, content } = reading;
    if (content === undefined || !leadsTo(reading)) return [];
    const { serviceAccounts, pods, templates, associations, addons } = content;
    const at: Place = {
      environment: scope.environment.key,
      cluster,
      admits,
      lastSession,
      known: (namespace, name) => accounts.get(`${cluster.arn} ${namespace}/${name}`),
      association: (namespace, name) =>
        valueOf(associations)?.find((one) => one.namespace === namespace && one.serviceAccount === name),
      pods: (valueOf(pods) ?? []).filter(({ phase, ending }) => phase !== 'Succeeded' && phase !== 'Failed' && !ending),
    };
    // Without the associations nobody knows whether an annotation decides: they are not read, and everything counts as in use.
    return [
      ...podsLeft(at),
      ...(valueOf(serviceAccounts) ?? []).flatMap((one) => annotationLeft(at, one)),
      ...(valueOf(templates) ?? []).flatMap((one) => variablesLeft(at, one)),
      ...(valueOf(addons) ?? []).flatMap(({ name, serviceAccountRoleArn: role, associationArns }) =>
        role === undefined ? [] : [addonLeft(at, { name, role, isAssociated: associationArns.length > 0 })],
      ),
    ];
  });
}

/** Whether the context of a cluster leads to it: another cluster says nothing about this one. */
export function leadsTo({ cluster, facts, content }: ClusterReading): boolean {
  const [issuer, found] = [content?.contextIssuer.answer, facts.answer];
  if (issuer?.ok !== true || !found.ok) return false;
  return compareContext(cluster, issuer.value, found.value).every(({ what }) => what === 'issuer');
}

/** The value of a question that has an answer. */
export function valueOf<T>({
  answer,
}: {
  readonly answer: { readonly ok: boolean; readonly value?: T };
}): T | undefined {
  return answer.ok ? answer.value : undefined;
}

interface Place extends Access {
  readonly environment: string;
  readonly cluster: Cluster;
  readonly known: (namespace: string, name: string) => AnnotatedAccount | undefined;
  readonly association: (namespace: string, name: string) => AssociationFacts | undefined;
  readonly pods: readonly PodFacts[];
}

/** The service accounts of the inventory, by cluster and name. */
function accountsOf({ inventory, environments }: FinishScope): ReadonlyMap<string, AnnotatedAccount> {
  return new Map(
    environments.flatMap((environment) => {
      const stages = new Map(environment.workloads.map(({ key, stage }) => [key, stage]));
      const clusters = new Map(environment.clusters.map((cluster) => [cluster.key, cluster]));
      return compile(inventory, environment.key).serviceAccounts.flatMap((account: ServiceAccount) => {
        const [cluster, stage] = [clusters.get(account.cluster), stages.get(account.workload)];
        if (cluster === undefined || stage === undefined) return [];
        const one: AnnotatedAccount = { environment: environment.key, cluster, account, stage };
        return [[`${cluster.arn} ${account.namespace}/${account.name}`, one] as const];
      });
    }),
  );
}

function partsOf(at: Place, known: AnnotatedAccount | undefined) {
  return {
    environment: known?.environment ?? at.environment,
    cluster: at.cluster.key,
    ...(known && { workload: known.account.workload, stage: known.stage }),
  };
}

/** Pods by service account and role: those with the variables of web identity, and those with a token for STS alone. */
function podsLeft(at: Place): readonly LeftOver[] {
  const groups = new Map<string, PodFacts[]>();
  for (const pod of at.pods) {
    const kind = podCredentials(pod).webIdentity ? 'pods' : hasToken(pod) ? 'token' : undefined;
    if (kind === undefined) continue;
    const key = JSON.stringify([kind, pod.namespace, pod.serviceAccount, roleOf(pod)]);
    groups.set(key, [...(groups.get(key) ?? []), pod]);
  }
  return [...groups].map(([key, pods]): LeftOver => {
    const [kind, namespace, name, role] = JSON.parse(key) as ['pods' | 'token', string, string, string | null];
    const known = at.known(namespace, name);
    const denied = role !== null && at.admits(role) === false;
    return {
      kind,
      ...partsOf(at, known),
      ...{ namespace, name, serviceAccount: name },
      ...(role !== null && { role }),
      state: denied ? 'left' : 'uses',
      objects: pods.map((pod) => pod.name),
      remedy: podsRemedy(at, known, pods, kind),
    };
  });
}

function roleOf({ containers }: PodFacts): string | undefined {
  return containers.flatMap(({ env }) => env.AWS_ROLE_ARN ?? [])[0];
}

/** A projected token for STS, without the variables that SDKs read: the program finds it by itself. */
function hasToken({ tokenVolumes }: Pick<PodFacts, 'tokenVolumes'>): boolean {
  return Object.values(tokenVolumes).includes(IRSA_AUDIENCE);
}

function podsRemedy(
  at: Place,
  known: AnnotatedAccount | undefined,
  pods: readonly PodFacts[],
  kind: 'pods' | 'token',
): Remedy {
  if (known === undefined) return moveRemedy(at);
  if (known.stage !== 'pod-identity') return waveRemedy(known);
  if (kind === 'token')
    return remedyOf(
      'Find out which program in these pods uses the token for STS, and let it use the default chain of credentials of its SDK. Then remove the volume from the pod template.',
    );
  const [first] = pods;
  // New pods have an association: these started before it, or their template sets the variables.
  return at.association(first?.namespace ?? '', first?.serviceAccount ?? '') === undefined
    ? doctorRemedy(known)
    : remedyOf('New pods use the association. Restart these pods:', restartPods(at.cluster, pods));
}

/** A workload at the last stage without an association: drift and doctor say why. */
function doctorRemedy({ environment, account }: AnnotatedAccount): Remedy {
  return remedyOf(
    'The service account has no association. Find out why:',
    run`npx podlift doctor ${account.workload} --environment ${environment}`,
  );
}

function waveRemedy({ environment, account, stage }: AnnotatedAccount): Remedy {
  return remedyOf(
    `Workload ${account.workload} is at ${stage}. Move it to pod-identity:`,
    run`npx podlift next --environment ${environment}`,
  );
}

/** What the inventory does not have moves like everything else: discover, then the stages. */
function moveRemedy({ environment, cluster }: Pick<Place, 'environment' | 'cluster'>): Remedy {
  return remedyOf(
    'The inventory does not have it. Change nothing in AWS before it has moved: let its owner move it, or add it to the inventory and to a wave. discover proposes the entry:',
    run`npx podlift discover --environment ${environment} --cluster ${cluster.key}`,
  );
}

function annotationLeft(at: Place, facts: ServiceAccountFacts): readonly LeftOver[] {
  const role = roleAnnotation(facts);
  if (role === undefined) return [];
  const { namespace, name } = facts;
  const known = at.known(namespace, name);
  const association = at.association(namespace, name);
  const isKept =
    association?.ownerArn !== undefined ||
    (association !== undefined && known !== undefined && isKeptByAddon(known.account, facts));
  const denied = at.admits(role) === false;
  const session = denied ? undefined : at.lastSession(role, serviceAccountSubject(namespace, name));
  const state =
    session !== undefined ? 'uses' : isKept ? 'kept' : association !== undefined || denied ? 'left' : 'uses';
  return [
    {
      kind: 'annotation',
      ...partsOf(at, known),
      ...{ namespace, name, serviceAccount: name, role, state },
      remedy:
        state === 'kept'
          ? []
          : session !== undefined && association !== undefined
            ? readerRemedy(session)
            : annotationLeftRemedy(at, known, facts, state),
    },
  ];
}

/** New pods have the association: whoever started the session is a pod from before, or a controller that reads the annotation. */
function readerRemedy(session: string): Remedy {
  return remedyOf(
    `Its pods have an association, and a session through the provider started at ${session}. Restart the pods that are older than the association. External Secrets, the Secrets Store CSI driver and KEDA also use the annotation: let them use Pod Identity. If the session was before that, wait, or count fewer days: --days 1.`,
  );
}

function annotationLeftRemedy(
  at: Place,
  known: AnnotatedAccount | undefined,
  facts: ServiceAccountFacts,
  state: 'uses' | 'left',
): Remedy {
  if (known !== undefined && known.stage !== 'pod-identity') return waveRemedy(known);
  if (state === 'uses') return known === undefined ? moveRemedy(at) : doctorRemedy(known);
  if (known !== undefined) return annotationRemedy(known, facts).remedy;
  const owners = repeatingOwners({ manage: 'none' }, facts.roleOwners);
  return remedyOf(
    'External Secrets, the Secrets Store CSI driver and KEDA read the annotation too. If none of them uses this service account, remove the annotation where its manifest is kept, and here:',
    owners.length === 0 ? [] : `${named(owners.map(inSentence))} can set it again.`,
    annotate(at.cluster, facts, undefined),
  );
}

/** SDKs use web identity before Pod Identity: a template that sets the variables keeps its pods on web identity, whatever the association is. */
function variablesLeft(at: Place, template: TemplateFacts): readonly LeftOver[] {
  const { namespace, kind, name, serviceAccount, containers, finished } = template;
  if (finished === true) return [];
  const set = containers.flatMap((container) =>
    (['AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE'] as const).flatMap((variable) =>
      container.env[variable] === undefined ? [] : [`${container.name}: ${variable}`],
    ),
  );
  if (set.length === 0 && !hasToken(template)) return [];
  const role = containers.flatMap(({ env }) => env.AWS_ROLE_ARN ?? [])[0];
  const known = at.known(namespace, serviceAccount);
  const denied = role !== undefined && at.admits(role) === false;
  const what = set.length === 0 ? 'the volume with a token for STS' : named(set);
  return [
    {
      kind: 'variables',
      ...partsOf(at, known),
      ...{ namespace, name: `${kind} ${name}`, serviceAccount },
      ...(role !== undefined && { role }),
      state: denied ? 'left' : 'uses',
      objects: set,
      remedy:
        known === undefined
          ? moveRemedy(at)
          : known.stage !== 'pod-identity'
            ? waveRemedy(known)
            : remedyOf(
                `SDKs use web identity before Pod Identity. Remove ${what} from the pod template of ${kind} ${namespace}/${name} where it is kept. New pods then use the association.`,
              ),
    },
  ];
}

interface AddonWithRole {
  readonly name: string;
  readonly role: string;
  readonly isAssociated: boolean;
}

function addonLeft(at: Place, { name, role, isAssociated }: AddonWithRole): LeftOver {
  const state = isAssociated ? 'kept' : at.admits(role) === false ? 'left' : 'uses';
  return {
    kind: 'addon',
    ...{ environment: at.environment, cluster: at.cluster.key, name, role, state },
    remedy:
      state === 'kept'
        ? []
        : state === 'uses'
          ? moveRemedy(at)
          : remedyOf(
              'The role does not trust the provider, so the add-on gets no credentials from it. Give the add-on an association, or no role, where the add-on is managed.',
            ),
  };
}
