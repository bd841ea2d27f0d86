import { ADDON_VERSIONS_DATE, defaultVersion, standingOf, versionsFor } from '../../aws/addonVersions';
import { AGENT, KNOWN_ADDONS } from '../../aws/knownAddons';
import { agentVersion } from '../../formats/clusterFormats';
import { clustersOf, type Rule, type RuleFinding } from '../Rule';
import { showVersions } from '../../showCommands';

/**
 * A warning, because AWS adds versions and the list has a date. A version older than the first agent is an error: AWS never had it.
 * EKS refuses to install a version that it does not list for the Kubernetes version.
 */
export const unknownAgentVersion: Rule = {
  name: 'unknown-agent-version',
  severities: ['warning', 'error'],
  what: 'EKS lists `agent.version` for the Kubernetes version of the cluster. The list inside podlift has a date.',
  example: 'EKS does not list agent v1.3.4-eksbuild.1 for Kubernetes 1.35',
  *check(model) {
    const { versions = [] } = KNOWN_ADDONS[AGENT] ?? {};
    for (const { environment, cluster } of clustersOf(model)) {
      const { agent, version: kubernetes } = cluster;
      if (agent === undefined || !agentVersion.pattern.test(agent.version)) continue;
      // A cluster that takes no agent has the finding of cluster-too-old.
      if (versionsFor(kubernetes, versions).length === 0) continue;
      const standing = standingOf(agent.version, kubernetes, versions);
      if (standing === 'taken') continue;
      yield {
        path: ['environments', environment.key, 'clusters', cluster.key, 'agent', 'version'],
        ...found(standing === 'never', agent.version, kubernetes),
        hint: `Write ${String(defaultVersion(kubernetes, versions))}, the default for Kubernetes ${kubernetes}, or ask EKS:\n${showVersions(cluster, AGENT)}`,
      };
    }
  },
};

function found(isNever: boolean, version: string, kubernetes: string): Pick<RuleFinding, 'message' | 'severity'> {
  if (isNever) return { severity: 'error', message: `agent ${version} does not exist: the first is v1.0.0-eksbuild.1` };
  return {
    message: `EKS does not list agent ${version} for Kubernetes ${kubernetes}: podlift knows the versions of ${ADDON_VERSIONS_DATE}`,
  };
}
