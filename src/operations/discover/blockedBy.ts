import type { Cluster } from '../../inventory/Inventory';
import type { AddonFacts, Answer, AssociationFacts, ClusterFacts, OidcProviderFacts } from '../../estate/aws/AwsPort';
import { shellWord } from '../../estate/shellWord';
import { remedyLines } from '../evidence/evidenceOf';
import { contextOf } from '../../estate/kubernetes/contextOf';
import type { NodeFacts, PodFacts, ServiceAccountFacts } from '../../estate/kubernetes/KubernetesPort';
import type { ClusterSurvey, Surroundings } from './ClusterSurvey';
import type { Blocked } from './Proposal';
import { withCredentials } from './withCredentials';

/** The answers that every proposal needs, all there. */
export interface Open {
  readonly facts: ClusterFacts;
  readonly provider?: OidcProviderFacts;
  readonly addons: readonly AddonFacts[];
  readonly associations: readonly AssociationFacts[];
  readonly serviceAccounts: readonly ServiceAccountFacts[];
  readonly pods: readonly PodFacts[];
  readonly nodes: readonly NodeFacts[];
}

/**
 * The answers about a cluster, or why nothing can be proposed for it: it is not there, the context leads to another cluster, the
 * inventory means another one, or a question about the whole cluster was not answered.
 */
export function blockedBy(
  { account }: Pick<Surroundings, 'account'>,
  cluster: Cluster,
  survey: ClusterSurvey,
): Open | { readonly blocked: Blocked } {
  const { name, region, key } = cluster;
  const facts = survey.cluster;
  if (!facts.ok) return unanswered(missing({ 'the cluster': facts }));
  if (facts.value === undefined)
    return blocked(
      'no-cluster',
      `there is no cluster ${name} in ${region}`,
      [
        'Name a cluster of the environment by its key, or one of these by its name.',
        ...withCredentials(account, [`aws eks list-clusters --region ${region}`]),
      ].join('\n'),
    );
  const { contextIssuer, oidcProvider, addons, associations, serviceAccounts, pods, nodes } = survey;
  const open = missing({
    'where the context leads': contextIssuer,
    'the OIDC provider': oidcProvider,
    'the add-ons': addons,
    'the associations': associations,
    'the service accounts': serviceAccounts,
    'the pods': pods,
    'the nodes': nodes,
  });
  if (open.length > 0) return unanswered(open);
  if (
    !contextIssuer.ok ||
    !oidcProvider.ok ||
    !addons.ok ||
    !associations.ok ||
    !serviceAccounts.ok ||
    !pods.ok ||
    !nodes.ok
  )
    throw new Error('an answer is missing that was there');
  const { issuer } = facts.value;
  if (contextIssuer.value !== issuer)
    return blocked(
      'other-cluster',
      `the context ${contextOf(cluster)} leads to another cluster: its issuer is ${contextIssuer.value}, that of ${name} is ${issuer ?? 'none'}`,
      [
        `Let the context lead to ${name}.`,
        ...withCredentials(account, [
          `aws eks update-kubeconfig --name ${shellWord(name)} --region ${region} --alias=${shellWord(contextOf(cluster))}`,
        ]),
      ].join('\n'),
    );
  if (cluster.oidc !== undefined && cluster.oidc.issuer !== issuer)
    return blocked(
      'cluster-differs',
      `the issuer of ${name} is ${issuer}, not ${cluster.oidc.issuer} as the inventory says`,
      `Write oidc: { issuer: "${issuer}" } at cluster ${key}, or correct its name.`,
    );
  return {
    facts: facts.value,
    ...(oidcProvider.value && { provider: oidcProvider.value }),
    addons: addons.value,
    associations: associations.value,
    serviceAccounts: serviceAccounts.value,
    pods: pods.value,
    nodes: nodes.value,
  };
}

function missing(answers: Readonly<Record<string, Answer<unknown>>>): readonly (readonly [string, string])[] {
  return Object.entries(answers).flatMap(([what, answer]) =>
    answer.ok ? [] : [[what, [answer.message, ...remedyLines(answer.fix)].join('\n')] as const],
  );
}

function unanswered(open: readonly (readonly [string, string])[]): { readonly blocked: Blocked } {
  return blocked(
    'unanswered',
    `not answered: ${open.map(([what]) => what).join(', ')}`,
    [
      ...open.map(([what, message]) => `${what}: ${message}`),
      'Fix that, then run discover again: what is not known is not guessed.',
    ].join('\n'),
  );
}

function blocked(rule: Blocked['rule'], message: string, hint: string): { readonly blocked: Blocked } {
  return { blocked: { rule, message, hint } };
}
