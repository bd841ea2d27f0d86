import { isTooOldForPodIdentity, knownImage } from '../../catalogue/images';
import { recognised } from '../../catalogue/recognise';
import { computeOf } from '../../comparison/nodes';
import { otherOwner } from '../../comparison/otherOwner';
import type { PodFacts, TemplateFacts } from '../../estate/kubernetes/KubernetesPort';
import { listOf } from '../../iam/PolicyDocument';
import type { Finding } from '../../inventory/Finding';
import type { ClusterAnswers } from '../discover/askCluster';
import { type FoundCluster, type FoundServiceAccount, nameOf, usesRole } from '../discover/FoundCluster';
import type { LeftOut } from '../discover/LeftOut';
import { blockersOf, type Judged, keysOf, readersOf } from './blockers';
import { roleTrust } from './roleTrust';
import type { SurveyedAccount, SurveyedImage, SurveyedRole } from './Survey';
import { isLive, type WithoutRole } from './withoutRole';

/** Quotas of AWS that the entry of a workload exceeds at a later stage. */
export type Exceeded = (workload: string) => readonly Finding[];

/** A service account that has a role. `left`: those of its cluster that are in no entry. */
export function surveyedAccount(
  cluster: string,
  account: FoundServiceAccount,
  found: FoundCluster,
  { left: lefts, exceeded }: { readonly left: readonly LeftOut[]; readonly exceeded: Exceeded },
): SurveyedAccount {
  const { namespace, name, exists, annotation, association, known, roleArn, role } = account;
  const templates = templatesOf(account, found);
  const left = lefts.find((one) => one.namespace === namespace && one.serviceAccount === name);
  const judged: Judged = {
    ...{ account, found, templates },
    ...(left && { left }),
    ...(known && { entry: { key: known.key, written: known } }),
    exceeded: known === undefined ? [] : exceeded(known.key),
  };
  const access = usesRole(account).result;
  const works = role === undefined ? 'unknown' : access === 'allowed' ? 'yes' : access === 'denied' ? 'no' : 'unknown';
  const isMissing = role === undefined && account.noAnswer === undefined && left?.reason === 'role-missing';
  return {
    ...{ cluster, namespace, name, exists },
    access: annotation === undefined ? 'pod-identity' : association === undefined ? 'irsa' : 'both',
    works: isMissing ? 'no' : works,
    role: surveyedRole(roleArn, account, found),
    variables: keysOf([...account.pods, ...templates]),
    ...podsText(account.pods, templates, found),
    use: useOf(account, [...account.pods, ...templates], role?.policies.attached),
    readers: readersOf(judged).map(({ object: { kind, namespace: of, name: called } }) => ({
      ...{ kind, name: called },
      ...(of !== undefined && { namespace: of }),
    })),
    blockers: blockersOf(judged),
    ...(known && left === undefined && { workload: known.key, stage: known.stage }),
    ...(known?.wave !== undefined && left === undefined && { wave: known.wave }),
  };
}

function surveyedRole(arn: string, account: FoundServiceAccount, found: FoundCluster): SurveyedRole {
  const { role, association } = account;
  const owner = role && otherOwner(role.facts.tags);
  const inline = Object.values(role?.policies.inline ?? {}).flatMap(({ Statement }) => listOf(Statement));
  const hops = inline
    .filter(
      ({ Effect, Action = [] }) =>
        Effect === 'Allow' && listOf(Action).some((one) => /^sts:(\*|assumerole)$/i.test(one)),
    )
    .flatMap(({ Resource = [] }) => listOf(Resource));
  const targets = [...hops, ...(association?.targetRoleArn === undefined ? [] : [association.targetRoleArn])];
  return {
    ...{ arn, ...roleTrust(account, found) },
    ...(role?.facts.lastUsed !== undefined && { lastUsed: role.facts.lastUsed }),
    ...(owner && { owner: owner.name }),
    targets: [...new Set(targets)],
  };
}

/** A service account that has no role. */
export function surveyedWithout(cluster: string, account: WithoutRole, found: FoundCluster): SurveyedAccount {
  const { namespace, name, access, variables, pods, templates } = account;
  const exists = found.serviceAccounts.some((one) => nameOf(one) === nameOf(account));
  return {
    ...{ cluster, namespace, name, exists, access, variables },
    works: 'unknown',
    ...podsText(pods, templates, found),
    use: useOf(account, [...pods, ...templates]),
    readers: [],
    blockers: [],
  };
}

/** The templates of the pods of a service account. */
function templatesOf(
  { namespace, name }: FoundServiceAccount,
  { controllers }: Pick<ClusterAnswers, 'controllers'>,
): readonly TemplateFacts[] {
  return controllers.templates.filter(
    (one) => one.namespace === namespace && one.serviceAccount === name && isLive(one),
  );
}

function podsText(
  pods: readonly PodFacts[],
  templates: readonly TemplateFacts[],
  { nodes }: FoundCluster,
): Pick<SurveyedAccount, 'pods' | 'owners' | 'compute' | 'images'> {
  const computes = new Map(nodes.map((node) => [node.name, computeOf(node) || 'ec2']));
  const owners = [
    ...templates.map(({ kind, name }) => ({ kind, name })),
    ...pods.flatMap(({ owner }) => owner ?? []).filter(({ kind }) => kind !== 'Job' || templates.length === 0),
  ];
  const images = [...pods, ...templates].flatMap(({ containers }) => containers.map(({ image }) => image));
  return {
    pods: pods.length,
    owners: [...new Map(owners.map((one) => [`${one.kind}/${one.name}`, one])).values()],
    compute: [...new Set(pods.flatMap(({ node }) => (node === undefined ? [] : (computes.get(node) ?? []))))].sort(),
    images: [...new Set(images)].flatMap(surveyedImage),
  };
}

/** The controllers of the catalogue that a service account looks like. */
function useOf(
  account: { readonly namespace: string; readonly name: string },
  pods: readonly Pick<PodFacts, 'containers'>[],
  managedPolicies: readonly string[] = [],
): readonly string[] {
  const images = pods.flatMap(({ containers }) => containers.map(({ image }) => image));
  return recognised({ accounts: [account], images, managedPolicies }).map(({ controller }) => controller.name);
}

function surveyedImage(image: string): readonly SurveyedImage[] {
  const known = knownImage(image);
  if (known === undefined) return [];
  const { controller } = known;
  const since = controller.podIdentity?.since;
  return [
    {
      ...{ image, known: controller.name },
      ...(since !== undefined && { since }),
      tooOld: isTooOldForPodIdentity(known),
    },
  ];
}
