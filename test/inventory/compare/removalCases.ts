import type { Change } from '../marked';
import { BATCH, type CompareCase, LATER, LEDGER } from './CompareCase';

const RULE = 'adopted-removed';
const path = 'environments.dev.clusters.main';
const AGENT = '        agent: { version: v1.3.4-eksbuild.1 }\n';
const VALUES = '    values: { bucket: acme-dev }';

/** The cluster of dev with another agent, and with add-ons. */
const inDev = (agent: string, more = '', append = ''): Change => ({
  replace: {
    [AGENT + VALUES]: `        agent: { version: v1.3.4-eksbuild.1${agent} }\n${more}${VALUES}`,
  },
  append,
});
/** The same, while the workload of dev is at irsa. */
const withoutPast = (agent: string): Change => {
  const { replace } = inDev(agent);
  return { replace: { ...replace, 'dev: dual': 'dev: irsa' } };
};
const ADDON = (adopt: string, serviceAccounts = '{}') =>
  `        addons: { aws-ebs-csi-driver: { version: v1.40.0-eksbuild.1, serviceAccounts: ${serviceAccounts}${adopt} } }\n`;
const PROVIDER = (more: string): Change => ({ replace: { 'id/D1D1" }': `id/D1D1"${more} }` } });
const AUTO_MODE: Change = { replace: { [AGENT + VALUES]: `        autoMode: true\n${VALUES}` } };

/** The service accounts of the add-on: the controller is workload `ebs`, the nodes are workload `node`. */
const OF_EBS = '{ ebs-sa: ebs }';
const OF_BOTH = '{ ebs-sa: ebs, node-sa: node }';
const owner = (key: string, fields: string) =>
  `  ${key}: { namespace: kube-system, serviceAccount: ${key}-sa, environments: [dev], ${fields} }\n`;
const EBS = owner('ebs', LATER);
const RELEASED_EBS = owner('ebs', `${LATER}, released: true`);
/** An add-on may have two workloads once both are past dual. */
const RELEASED_BOTH = ['ebs', 'node'].map((key) => owner(key, 'stage: cutover, released: true')).join('');

/** A second cluster in dev; the workload `api` stays on the first. */
const withBatch = (fields: string, append = ''): Change => ({
  replace: {
    [VALUES]: `${BATCH.replace('        autoMode: true\n', '').replace(/oidc: (\{.*) \}/, fields)}${VALUES}`,
  },
  append: `    environments: [dev]\n    clusters: [main]\n${append}`,
});
const RELEASED = 'release the workloads of its add-ons \\(released: true\\)';
const OIDC = 'oidc: $1 }';
const web = (stage: string, more = 'clusters: [main]') =>
  `  web: { namespace: shop, serviceAccount: web, environments: [dev], ${stage}, ${more} }\n`;
const WITHOUT_BATCH: Change = { append: '    environments: [dev]\n    clusters: [main]\n' };

/** What a change takes from a cluster, or with the cluster. */
export const REMOVAL_CASES: readonly CompareCase[] = [
  {
    rule: RULE,
    when: 'the agent is no longer adopted',
    base: inDev(', adopt: true'),
    head: inDev(''),
    path,
    message:
      /^the agent of cluster "main" of dev is no longer adopted: podlift would remove the agent with its last workload$/,
    hint: /^Restore agent\.adopt: true\. Or remove agent/,
  },
  {
    rule: RULE,
    when: 'the agent is no longer kept, and no workload needs it',
    base: withoutPast(', keep: true'),
    head: withoutPast(''),
    path,
    message:
      /^the agent of cluster "main" of dev is no longer kept, and no workload is past irsa: the next apply would destroy it$/,
    hint: /^Restore agent\.keep: true while pods of others use the agent\. .*--allow-removal addon\/eks-pod-identity-agent\.$/,
  },
  ...[', adopt: true', ''].map((adopt): CompareCase => ({
    rule: RULE,
    when: `an add-on without workloads is removed${adopt}`,
    base: inDev('', ADDON(adopt)),
    head: inDev(''),
    path,
    message: /^add-on aws-ebs-csi-driver of cluster "main" of dev is removed: the next apply would destroy it$/,
    hint: /^Restore the add-on\. To destroy add-on .* on purpose, .*: podlift check --base REVISION --allow-removal addon\/aws-ebs-csi-driver\.$/,
  })),
  {
    rule: RULE,
    when: 'an add-on is removed, and its workload stays',
    base: inDev('', ADDON('', OF_EBS), EBS),
    head: inDev('', '', EBS),
    path,
    message: /^add-on aws-ebs-csi-driver of cluster "main" of dev is removed/,
    hint: /^Restore the add-on\. Release its workloads \(released: true\) and apply/,
  },
  {
    rule: RULE,
    when: 'an add-on is removed, and the removal of a workload of the same name is accepted',
    base: inDev('', ADDON('')),
    head: inDev(''),
    allowedRemovals: ['aws-ebs-csi-driver'],
    path,
    message: /^add-on aws-ebs-csi-driver of cluster "main" of dev is removed/,
  },
  {
    rule: RULE,
    when: 'an add-on is removed in the change that releases its workload',
    base: inDev('', ADDON('', OF_EBS), EBS),
    head: inDev('', '', RELEASED_EBS),
    path,
    message: /^add-on aws-ebs-csi-driver of cluster "main" of dev is removed/,
  },
  {
    rule: RULE,
    when: 'an adopted add-on is no longer adopted',
    base: inDev('', ADDON(', adopt: true')),
    head: inDev('', ADDON('')),
    path,
    message:
      /^add-on aws-ebs-csi-driver of cluster "main" of dev is no longer adopted: Terraform would overwrite its configuration$/,
    hint: /^Restore adopt: true\.$/,
  },
  ...(
    [
      [
        'an adopted agent',
        'the agent',
        `${OIDC}\n        agent: { version: v1.3.4-eksbuild.1, adopt: true }`,
        'remove its agent',
      ],
      ['an add-on', 'add-on aws-ebs-csi-driver', `${OIDC}\n${ADDON('').trimEnd()}`, RELEASED],
      ['an adopted add-on', 'add-on aws-ebs-csi-driver', `${OIDC}\n${ADDON(', adopt: true').trimEnd()}`, RELEASED],
      [
        'a managed OIDC provider',
        'the OIDC provider',
        'oidc: $1, provider: managed }',
        'write oidc.provider: existing',
      ],
    ] as const
  ).map(([has, what, fields, steps]): CompareCase => ({
    rule: RULE,
    when: `a cluster that has ${has} is removed`,
    base: withBatch(fields),
    head: WITHOUT_BATCH,
    path: 'environments.dev.clusters',
    message: new RegExp(
      `^${what} of cluster "batch" of dev is removed with its cluster: the next apply would destroy it$`,
    ),
    hint: new RegExp(
      `^Restore the cluster\\. Then ${steps}, and apply\\. After that remove the cluster\\.( To destroy add-on .* on purpose, .*)?$`,
    ),
  })),
  {
    rule: RULE,
    when: 'a cluster is removed on which a workload past irsa needs the agent',
    base: withBatch(`${OIDC}\n${AGENT.trimEnd()}`, web('stage: prepared', 'clusters: [main, batch]')),
    head: { append: `${WITHOUT_BATCH.append ?? ''}${web('stage: prepared')}` },
    path: 'environments.dev.clusters',
    message: /^the agent of cluster "batch" of dev is removed with its cluster: the next apply would destroy it$/,
    hint: /^Restore the cluster\. Then once no pod of web runs there, write clusters without batch for web, remove its agent, and/,
    also: ['workload-removed'],
  },
  ...(
    [
      ['at dual', 'stage: dual'],
      ['at irsa', LATER],
    ] as const
  ).map(([at, stage]): CompareCase => ({
    rule: 'workload-removed',
    when: `a target leaves ${at}`,
    base: { append: web(stage, LEDGER) },
    head: { append: web(stage) },
    path: 'workloads.web',
    message: /^target "ledger" of workload "web" is removed from dev: role dev-web-ledger in data would be destroyed$/,
    hint: /^Restore the target while an app assumes its role\. .* --base REVISION --allow-removal web\.$/,
  })),
];

/** What may leave a cluster's entry, and what may leave with a cluster. */
export const REMOVAL_ACCEPTED: readonly Pick<CompareCase, 'when' | 'base' | 'head' | 'allowedRemovals'>[] = [
  { when: 'an agent is no longer kept, and a workload needs the agent', base: inDev(', keep: true'), head: inDev('') },
  {
    when: 'the removal of an agent that is no longer kept is accepted',
    base: withoutPast(', keep: true'),
    head: withoutPast(''),
    allowedRemovals: ['addon/eks-pod-identity-agent'],
  },
  { when: 'a kept agent is adopted', base: withoutPast(', keep: true'), head: withoutPast(', adopt: true') },
  {
    when: 'the entry of a kept agent goes: Terraform forgets it',
    base: withoutPast(', keep: true'),
    head: { replace: { [AGENT + VALUES]: VALUES, 'dev: dual': 'dev: irsa' } },
  },
  { when: 'autoMode replaces an agent', head: AUTO_MODE },
  { when: 'autoMode replaces an adopted agent', base: inDev(', adopt: true'), head: AUTO_MODE },
  {
    when: 'an OIDC provider is no longer managed',
    base: PROVIDER(', provider: managed'),
    head: PROVIDER(', provider: existing'),
  },
  {
    when: 'an adopted OIDC provider is no longer managed',
    base: PROVIDER(', provider: managed, adopt: true'),
    head: PROVIDER(''),
  },
  {
    when: 'an add-on is removed after its workload was released',
    base: inDev('', ADDON('', OF_EBS), RELEASED_EBS),
    head: inDev('', '', RELEASED_EBS),
  },
  {
    when: 'an adopted add-on is removed after its workload was released, and so is the workload',
    base: inDev('', ADDON(', adopt: true', OF_EBS), RELEASED_EBS),
    head: inDev(''),
  },
  {
    when: 'an add-on is removed after both of its workloads were released, and so are the workloads',
    base: inDev('', ADDON('', OF_BOTH), RELEASED_BOTH),
    head: inDev(''),
  },
  {
    when: 'a cluster is removed that has an agent for no workload',
    base: withBatch(`${OIDC}\n${AGENT.trimEnd()}`),
    head: WITHOUT_BATCH,
  },
  {
    when: 'a cluster is removed that has an add-on whose workload was released, and so is the workload',
    base: withBatch(
      `${OIDC}\n${ADDON('', OF_EBS).trimEnd()}`,
      owner('ebs', `${LATER}, released: true, clusters: [batch]`),
    ),
    head: WITHOUT_BATCH,
  },
  {
    when: 'the removal of an add-on is accepted',
    base: inDev('', ADDON('')),
    head: inDev(''),
    allowedRemovals: ['addon/aws-ebs-csi-driver'],
  },
  {
    when: 'a cluster is removed, and the removal of its add-on is accepted',
    base: withBatch(`${OIDC}\n${ADDON('').trimEnd()}`),
    head: WITHOUT_BATCH,
    allowedRemovals: ['addon/aws-ebs-csi-driver'],
  },
  {
    when: 'the removal of a target is accepted',
    base: { append: web('stage: dual', LEDGER) },
    head: { append: web('stage: dual') },
    allowedRemovals: ['web'],
  },
];
