import { AGENT_ADDON } from '../../blueprint/agents';
import { isUnderWay, statusText } from '../../comparison/addon';
import { ask, need } from '../../estate/ask';
import type { AddonFacts } from '../../estate/aws/AwsPort';
import { defaultVersion } from '../../inventory/aws/addonVersions';
import { AGENT_VERSIONS } from '../../inventory/aws/listedVersions';
import { identityStackName } from '../../inventory/stackNames';
import { type Advice, aws } from '../remedies';
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
    need([{ ask: 'addon', cluster: cluster.arn, name: AGENT_ADDON }], (addon) =>
      asAddon(
        subject,
        addon,
        subject.next === undefined ? severity(subject, pods, 'pod-identity') : 'problem',
        neverApplied(role),
      ),
    ),
  );
};

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
