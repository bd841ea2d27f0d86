import { AGENT_ADDON, agents } from '../../blueprint/agents';
import { environmentTags } from '../../blueprint/environmentTags';
import { isUnderWay, makerOf, statusText } from '../../comparison/addon';
import { otherOwner } from '../../comparison/otherOwner';
import { ask, need } from '../../estate/ask';
import type { AddonFacts } from '../../estate/aws/AwsPort';
import { defaultVersion } from '../../inventory/aws/addonVersions';
import { AGENT_VERSIONS } from '../../inventory/aws/listedVersions';
import type { Cluster, Environment } from '../../inventory/Inventory';
import { identityStackName } from '../../inventory/stackNames';
import { letGo, ownedText } from '../otherOwnerText';
import { type Advice, aws, run } from '../remedies';
import {
  applyStage,
  type CheckFunction,
  type CheckResult,
  fail,
  importFails,
  needsPodIdentity,
  neverApplied,
  pass,
  problem,
  type WorkloadOnCluster,
} from './Check';
import { severity } from './pods';

/** From `prepared` on the cluster has the agent: built in (Auto Mode), or as an add-on that is `ACTIVE`; before that, the next step may bring it. */
export const agent: CheckFunction = (subject) => {
  if (!needsPodIdentity(subject)) return [];
  const { cluster, questions } = subject;
  if (cluster.autoMode)
    return need([questions.cluster], (facts) => {
      if (facts === undefined) return [];
      if (facts.autoMode) return pass('Auto Mode: the agent is built in');
      return problem(
        'the inventory has autoMode: true, but the cluster is not in Auto Mode: no agent is built in',
        `In the inventory, remove autoMode from cluster ${cluster.key} and write agent: { version: VERSION }. Then apply.`,
      );
    });
  return ask([questions.pods, questions.role], (pods, role) =>
    need([{ ask: 'addon', cluster: cluster.arn, name: AGENT_ADDON }], (addon) => [
      asAddon(
        subject,
        addon,
        subject.next === undefined ? severity(subject, pods, 'pod-identity') : 'problem',
        neverApplied(role),
      ),
      ...(addon === undefined || subject.next === undefined ? [] : conflict(subject, addon)),
    ]),
  );
};

/**
 * Whether the apply of the step stops at an add-on that exists: EKS takes no second one of the name. Where the inventory has no agent on the cluster before the
 * step, no state has the add-on. Where it has one, an add-on without podlift's tag was made by others or by an earlier version of podlift: the next apply
 * writes the tag, or fails.
 */
function conflict({ environment, cluster }: WorkloadOnCluster, addon: AddonFacts): readonly CheckResult[] {
  const { agent: declared, key } = cluster;
  const owner = declared?.adopt === true ? otherOwner(addon.tags) : undefined;
  if (owner !== undefined)
    return [
      fail(
        'warning',
        ownedText(`the add-on ${AGENT_ADDON}`, owner),
        letGo(owner, { kind: 'addon', id: `${cluster.name}:${AGENT_ADDON}` }),
      ),
    ];
  if (declared?.adopt === true || declared?.imports === true) return [];
  const maker = makerOf(addon, environment);
  const isManaged = agents(environment).some((one) => one.cluster === key);
  if (maker === 'this environment') {
    if (isManaged) return [];
    return [
      problem(`the add-on ${AGENT_ADDON} exists, and podlift has none at this stage: ${CONFLICT}`, [
        'If the apply after a rollback is due, apply first. If an apply was interrupted, this command finds the add-on:',
        run`npx podlift recover --environment ${environment.key}`,
      ]),
    ];
  }
  const adopt = adoptAgent(environment, cluster, addon);
  if (isManaged && maker === 'unmarked')
    return [
      fail(
        'warning',
        `the add-on ${AGENT_ADDON} has no tag ${Object.keys(environmentTags(environment)).join()}: others made it, or podlift has not applied since it writes the tag`,
        [
          'The next apply writes the tag. If the apply fails with ResourceInUseException, others made the add-on.',
          adopt,
        ],
      ),
    ];
  const by = maker === 'unmarked' ? 'others' : 'another environment of podlift';
  return [
    problem(`the add-on ${AGENT_ADDON} exists, made by ${by}, and the inventory does not adopt it: ${CONFLICT}`, adopt),
  ];
}

/** Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAddon.html (Errors) */
const CONFLICT = 'the apply fails with ResourceInUseException (409)';

/** How the inventory adopts the agent of a cluster that others made. */
export function adoptAgent({ key: environment }: Environment, { key }: Cluster, { version }: AddonFacts): string {
  return `To adopt it, write agent: { version: ${version}, adopt: true } into cluster ${key} of environment ${environment}. podlift then imports the add-on, and never removes it.`;
}

function asAddon(
  subject: WorkloadOnCluster,
  addon: AddonFacts | undefined,
  state: 'problem' | 'warning',
  never: boolean,
): CheckResult {
  const { environment, cluster, row } = subject;
  if (addon === undefined) {
    if (!row.trustsPodIdentity && cluster.agent !== undefined)
      return pass(`not installed yet: ${identityStackName(environment.key)} installs ${cluster.agent.version}`);
    return fail(
      state,
      `there is no add-on ${AGENT_ADDON}: no agent gives pods their credentials`,
      missing(subject, never),
    );
  }
  if (addon.status === 'ACTIVE') return pass(`the agent ${addon.version} is ACTIVE`);
  const { name, region } = cluster;
  return fail(state, `the agent ${addon.version} is ${statusText(addon)}`, [
    isUnderWay(addon) ? 'Wait for EKS:' : 'Fix the issue that EKS reports for the add-on, then wait:',
    aws(
      environment.account,
    )`eks wait addon-active --cluster-name ${name} --addon-name ${AGENT_ADDON} --region ${region}`,
  ]);
}

function missing(subject: WorkloadOnCluster, never: boolean): Advice {
  const { environment, cluster } = subject;
  const { agent: declared, key, name, region } = cluster;
  const agentVersion = defaultVersion(cluster.version, AGENT_VERSIONS) ?? 'VERSION';
  if (declared === undefined)
    return `Write agent: { version: ${agentVersion} } into cluster ${key} of environment ${environment.key}, then apply.`;
  if (!declared.adopt || !never) return applyStage(subject);
  return [
    `${importFails(AGENT_ADDON)}. Remove adopt from the agent of cluster ${key} in the inventory, or create the add-on again:`,
    aws(environment.account)`eks create-addon --cluster-name ${name} --addon-name ${AGENT_ADDON}
      --addon-version ${declared.version} --region ${region}`,
    applyStage(subject),
  ];
}
