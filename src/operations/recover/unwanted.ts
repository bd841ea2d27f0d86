import { AGENT_ADDON } from '../../blueprint/agents';
import type { Blueprint } from '../../blueprint/Blueprint';
import { ask, type Ask, askAll, need, type NoAnswer } from '../../estate/ask';
import { roleAnnotation } from '../../comparison/annotation';
import type { AssociationFacts } from '../../estate/aws/AwsPort';
import type { Cluster, Environment, Inventory, Subject, Workload } from '../../inventory/Inventory';
import { identityStackName } from '../../inventory/stackNames';
import { EFFECTIVE_AFTER_SECONDS } from '../associationEffect';
import { annotate, aws, deleteAssociation, remedyOf, run } from '../remedies';
import { neededRestarts } from '../step/neededRestarts';
import type { FoundResource } from './Recovery';
import { KEYS } from './stateKeys';
import { isOwn } from './stackResources';

/** What the state of the identity stack has. */
type Keys = ReadonlySet<string>;

type Unwanted = Omit<FoundResource, 'environment'>;

/** What the questions about one cluster give. */
export type UnwantedAsk = Ask<readonly Unwanted[] | NoAnswer>;

/**
 * podlift's associations and agents that the inventory does not have at its stages and that no state has: an import would do nothing, and no apply removes
 * them. Resources of released workloads are not podlift's any more.
 */
export function unwantedOn(
  inventory: Inventory,
  environment: Environment,
  blueprint: Blueprint,
  cluster: Cluster,
  inState: Keys,
): readonly UnwantedAsk[] {
  const hasAgent = blueprint.agents.some((one) => one.cluster === cluster.key);
  return [
    unwantedAssociations(inventory, environment, blueprint, cluster, inState),
    ...(cluster.agent === undefined || hasAgent ? [] : [unwantedAgent(environment, cluster, inState)]),
  ];
}

function unwantedAssociations(
  inventory: Inventory,
  environment: Environment,
  blueprint: Blueprint,
  cluster: Cluster,
  inState: Keys,
): UnwantedAsk {
  return need([{ ask: 'associations', cluster: cluster.arn }], (all): readonly Unwanted[] | UnwantedAsk => {
    const found = all.flatMap((association) => {
      const { tags, id, namespace, serviceAccount } = association;
      const workload = environment.workloads.find(({ key }) => key === tags['podlift:workload']);
      const isWanted = blueprint.associations.some(
        (one) => one.cluster === cluster.key && one.namespace === namespace && one.serviceAccount === serviceAccount,
      );
      // Its owner can have adopted one that podlift made.
      if (
        workload === undefined ||
        workload.associationOwner !== undefined ||
        isWanted ||
        !isOwn(tags, environment) ||
        inState.has(KEYS.association(id))
      )
        return [];
      return [{ association, workload }];
    });
    return askAll<Unwanted, readonly Unwanted[]>(
      found.map(({ association, workload }) =>
        unwantedAssociation(inventory, environment, cluster, workload, association),
      ),
      (results) => results,
    );
  });
}

/**
 * An association that the stage does not have. New pods get Pod Identity by it, and running pods that got credentials by it lose them at the next
 * refresh once it is gone: the annotation comes first, and a restart follows, as in the step from dual to prepared.
 */
function unwantedAssociation(
  inventory: Inventory,
  environment: Environment,
  cluster: Cluster,
  workload: Workload,
  { id, namespace, serviceAccount, roleArn }: AssociationFacts,
): Ask<Unwanted> {
  const place = { namespace, name: serviceAccount };
  const account = { ask: 'serviceAccount', cluster: cluster.arn, ...place } as const;
  const wave = { key: workload.wave ?? '', stages: {} };
  const restarts = neededRestarts({
    ...{ inventory, environment, wave, direction: 'back', from: 'dual', to: 'prepared' },
    workloads: [{ ...onlyFor(workload, place, cluster), stage: 'dual' }],
  });
  return ask([account], (answer) => {
    const annotated = answer.ok && roleAnnotation(answer.value) === roleArn;
    return askAll([restarts], ([needed = []]) => {
      const trusts =
        workload.stage === 'irsa' ? 'the role does not trust Pod Identity: new pods get no credentials' : undefined;
      return {
        stack: identityStackName(environment.key),
        kind: 'association',
        workload: workload.key,
        cluster: cluster.key,
        where: `${namespace}/${serviceAccount} on ${cluster.name}`,
        id,
        what: 'unwanted',
        found: `${id}: role ${roleArn}, but ${workload.key} has no association at ${workload.stage}`,
        effect: trusts ?? 'new pods get Pod Identity instead of web identity (IRSA)',
        remedy: remedyOf(
          'Remove the association in this order, also if the wave goes to dual next: no gate passes while it exists before dual.',
          annotated
            ? []
            : [
                `First let the annotation of ${namespace}/${serviceAccount} name the role. Without the annotation pods get no credentials when the association is gone:`,
                annotate(cluster, place, roleArn),
              ],
          'Delete the association:',
          deleteAssociation(environment.account, cluster, id),
          `Wait ${EFFECTIVE_AFTER_SECONDS} seconds. Then restart the pods at once: those that use Pod Identity lose their credentials at the next refresh.`,
          needed.flatMap(({ reason, steps, check }) => [reason, ...steps, ...check]),
        ),
      };
    });
  });
}

/** The workload with one service account on one cluster, also where the inventory no longer has the account. */
function onlyFor(workload: Workload, { namespace, name }: Pick<Subject, 'namespace' | 'name'>, cluster: Cluster) {
  const known = workload.subjects.find((one) => one.namespace === namespace && one.name === name);
  const subject: Subject = {
    ...(known ?? { namespace, name, manage: 'none', isFirst: true }),
    clusters: [cluster.key],
  };
  return { ...workload, clusters: subject.clusters, subjects: [subject] };
}

function unwantedAgent(environment: Environment, cluster: Cluster, inState: Keys): UnwantedAsk {
  const question = { ask: 'addon', cluster: cluster.arn, name: AGENT_ADDON } as const;
  return need([question], (facts): readonly Unwanted[] => {
    if (facts === undefined || !isOwn(facts.tags, environment)) return [];
    if (inState.has(KEYS.addon(cluster.name, AGENT_ADDON))) return [];
    const { name, region } = cluster;
    const eks = aws(environment.account);
    return [
      {
        stack: identityStackName(environment.key),
        kind: 'agent',
        cluster: cluster.key,
        where: name,
        id: `${name}:${AGENT_ADDON}`,
        what: 'unwanted',
        found: `${AGENT_ADDON} ${facts.version}, but no workload on ${name} is past irsa`,
        effect: 'none for the workloads of the inventory: no pod of theirs uses the agent',
        remedy: remedyOf(
          `Keep the agent if a wave goes to prepared next, or if other teams use it. Write keep: true into the agent of cluster ${cluster.key} of environment ${environment.key}, and import the agent:`,
          run`npx podlift recover --environment ${environment.key} --write`,
          'Otherwise list the associations of the cluster. Delete the agent only if the list is empty:',
          eks`eks list-pod-identity-associations --cluster-name ${name} --region ${region}`,
          eks`eks delete-addon --cluster-name ${name} --addon-name ${AGENT_ADDON} --region ${region}`,
        ),
      },
    ];
  });
}
