import { AGENT_ADDON } from '../../blueprint/agents';
import { isUnderWay, statusText } from '../../comparison/addon';
import { ask, need } from '../../estate/ask';
import type { AddonFacts } from '../../estate/aws/AwsPort';
import type { Remedy } from '../../estate/Remedy';
import { identityStackName } from '../../inventory/stackNames';
import { aws, say } from '../remedies';
import { applyStage, importFails, neverApplied } from './applying';
import {
  type CheckFunction,
  type CheckResult,
  fail,
  needsPodIdentity,
  pass,
  type State,
  type WorkloadOnCluster,
} from './Check';
import { podsOf, severity } from './modes';

/** From `prepared` on the cluster has the agent: built in (Auto Mode), or as an add-on that is `ACTIVE`; before that, the next step may bring it. */
export const agent: CheckFunction = (subject) => {
  if (!needsPodIdentity(subject)) return [];
  const { environment, cluster, parts } = subject;
  if (cluster.autoMode)
    return [
      need([{ ask: 'cluster', cluster: cluster.arn }], (facts) => {
        if (facts === undefined) return [];
        if (facts.autoMode) return [pass('Auto Mode: the agent is built in')];
        return [
          fail(
            'problem',
            'the inventory has autoMode: true, but the cluster is not in Auto Mode: no agent is built in',
            [
              say(
                `In the inventory, remove autoMode from cluster ${cluster.key} and write agent: { version: VERSION }. Then apply.`,
              ),
            ],
          ),
        ];
      }),
    ];
  return [
    ask([podsOf(subject), { ask: 'role', account: environment.account.id, name: parts.role.name }], (pods, role) =>
      need([{ ask: 'addon', cluster: cluster.arn, name: AGENT_ADDON }], (addon) => [
        asAddon(subject, addon, severity(subject, pods, 'pod-identity'), neverApplied(role)),
      ]),
    ),
  ];
};

function asAddon(
  subject: WorkloadOnCluster,
  addon: AddonFacts | undefined,
  state: Exclude<State, 'ok'>,
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
  const wait = aws(
    environment.account,
    ...['eks', 'wait', 'addon-active', '--cluster-name', name, '--addon-name', AGENT_ADDON, '--region', region],
  );
  return fail(state, `the agent ${addon.version} is ${statusText(addon)}`, [
    say(isUnderWay(addon) ? 'Wait for EKS:' : 'Fix the issue that EKS reports for the add-on, then wait:'),
    wait,
  ]);
}

function missing(subject: WorkloadOnCluster, never: boolean): Remedy {
  const { environment, cluster } = subject;
  const { agent: declared } = cluster;
  if (declared === undefined)
    return [
      say(
        `Write agent: { version: v1.3.4-eksbuild.1 } into cluster ${cluster.key} of environment ${environment.key}, then apply.`,
      ),
    ];
  if (!declared.adopt || !never) return applyStage(subject);
  return [
    say(
      `${importFails(AGENT_ADDON)}. Remove adopt from the agent of cluster ${cluster.key} in the inventory, or create the add-on again:`,
    ),
    aws(
      environment.account,
      ...['eks', 'create-addon', '--cluster-name', cluster.name, '--addon-name', AGENT_ADDON],
      ...['--addon-version', declared.version, '--region', cluster.region],
    ),
    ...applyStage(subject),
  ];
}
