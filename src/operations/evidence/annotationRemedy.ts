import { identityStackName, serviceAccountsStackName } from '../../inventory/stackNames';
import type { ServiceAccount } from '../../blueprint/Blueprint';
import type { Cluster, Stage } from '../../inventory/Inventory';
import type { ServiceAccountFacts } from '../../estate/kubernetes/KubernetesPort';
import { roleAnnotation } from '../../estate/kubernetes/roleAnnotation';
import { annotateCommand } from './annotateCommand';
import { isGivenUp, ownerSentences, repeatingOwners } from '../../comparison/annotationOwners';
import { APPLY_STAGE, applyCommands } from './applyCommands';
import { kubectlPlace } from './places';
import { shellWord } from '../../estate/shellWord';

/** A service account of the blueprint in its cluster, at the stage of its workload. */
export interface AnnotatedPlace {
  /** The environment's key. */
  readonly environment: string;
  readonly cluster: Cluster;
  readonly account: ServiceAccount;
  readonly stage: Stage;
}

/** How a service account gets the annotation that its stage has. */
export interface AnnotationRemedy {
  /** In lines; those that are commands can be pasted. */
  readonly remedy: string;
  /** The stacks whose apply is the remedy, or a part of it. */
  readonly apply?: readonly string[];
}

/** Whether podlift's stack of service accounts writes this one; an add-on writes its own. */
export function isWritten({ context, manage, addon }: ServiceAccount): boolean {
  return addon === undefined && context !== undefined && manage !== 'none';
}

/** Whether a service account that is not there must be there: the stage asks for its annotation, or podlift's stack writes it. */
export function isMissing(account: ServiceAccount, facts: ServiceAccountFacts | undefined): boolean {
  return facts === undefined && (roleAnnotation(account) !== undefined || isWritten(account));
}

/**
 * Whether a service account may keep an annotation that its stage has not: Terraform cannot remove the annotation of an add-on, and EKS goes
 * by the association.
 */
export function keepsAnnotation({ addon, annotations }: ServiceAccount): boolean {
  return addon !== undefined && roleAnnotation({ annotations }) === undefined;
}

/**
 * How a service account gets the annotation that its stage has, by who manages the account and who owns the annotation. `facts` are those of
 * the cluster; nothing: there is no such service account.
 */
export function annotationRemedy(place: AnnotatedPlace, facts: ServiceAccountFacts | undefined): AnnotationRemedy {
  if (facts === undefined) return creation(place);
  if (place.account.addon !== undefined) return applyOf(place);
  return isWritten(place.account) ? byPodlift(place, facts) : byOthers(place, facts);
}

/**
 * Who sets the annotation again once a step has removed it, and where to remove it before; nothing where nobody does, and where podlift's
 * stack does not write the account.
 */
export function repeatingOwnersNote(
  account: ServiceAccount,
  facts: ServiceAccountFacts | undefined,
): string | undefined {
  const owners = isWritten(account) ? repeatingOwners(account, facts?.roleOwners ?? []) : [];
  return owners.length === 0 ? undefined : ownerSentences('Remove', owners).join('\n');
}

function creation(place: AnnotatedPlace): AnnotationRemedy {
  const { cluster, account } = place;
  if (account.addon !== undefined || (isWritten(account) && account.manage === 'create')) return applyOf(place);
  const { namespace, name } = account;
  const role = roleAnnotation(account);
  const create = [
    `podlift does not create the service account ${namespace}/${name}. Create the service account where its manifests are kept (GitOps), or run:`,
    `${kubectlPlace(cluster)} -n ${shellWord(namespace)} create serviceaccount ${shellWord(name)}`,
  ];
  if (!isWritten(account))
    return { remedy: [...create, ...(role === undefined ? [] : [annotateCommand(cluster, account, role)])].join('\n') };
  const stacks = stacksOf(place);
  return {
    remedy: [...create, `Then: ${APPLY_STAGE}`, ...applyCommands(stacks)].join('\n'),
    apply: stacks,
  };
}

/** Where podlift's stack writes the annotation: by an apply, unless podlift owns nothing to remove. */
function byPodlift(place: AnnotatedPlace, { roleOwners }: ServiceAccountFacts): AnnotationRemedy {
  const { account, stage } = place;
  const repeating = repeatingOwners(account, roleOwners);
  if (roleAnnotation(account) !== undefined) return applyOf(place, ownerSentences('Change', repeating));
  const remove = annotateCommand(place.cluster, account, undefined);
  const others = ownerSentences('Remove', repeating);
  if (stage === 'cutover')
    return applyOf(place, [
      ...others,
      'If an admission policy refuses the empty value that the apply writes, remove the annotation:',
      remove,
    ]);
  const own = roleOwners.filter(isGivenUp);
  if (own.length === 0)
    return {
      remedy: [
        ...others,
        `An apply changes nothing at ${stage}: podlift does not own the annotation. Remove the annotation:`,
        remove,
      ].join('\n'),
    };
  if (own.length === roleOwners.length) return applyOf(place);
  return applyOf(place, [
    ...others,
    'The annotation stays after the apply while others own it. Remove the annotation:',
    remove,
  ]);
}

function byOthers({ cluster, account }: AnnotatedPlace, { roleOwners }: ServiceAccountFacts): AnnotationRemedy {
  const role = roleAnnotation(account);
  const repeating = repeatingOwners(account, roleOwners);
  const command = annotateCommand(cluster, account, role);
  const verb = role === undefined ? 'Remove' : 'Set';
  if (repeating.length === 0)
    return {
      remedy: `podlift does not manage the service account. ${verb} the annotation where its manifests are kept (GitOps), or run:\n${command}`,
    };
  return {
    remedy: [
      'podlift does not manage the service account.',
      ...ownerSentences(role === undefined ? 'Remove' : 'Change', repeating),
      `Until then, ${verb.toLowerCase()} the annotation by hand:`,
      command,
    ].join('\n'),
  };
}

function applyOf(place: AnnotatedPlace, more: readonly string[] = []): AnnotationRemedy {
  const stacks = stacksOf(place);
  return { remedy: [APPLY_STAGE, ...applyCommands(stacks), ...more].join('\n'), apply: stacks };
}

/** cdktf applies a stack only together with those that it depends on; an add-on annotates its own account, by its role. */
function stacksOf({ environment, cluster, account }: AnnotatedPlace): string[] {
  const identity = identityStackName(environment);
  return account.addon === undefined ? [identity, serviceAccountsStackName(environment, cluster.key)] : [identity];
}
