/** Every check of the gates, with what it makes sure of. Source: the gate table of docs/MIGRATION.md. */
export const CHECKS = {
  'cluster-version': 'the cluster’s version and platform know Pod Identity',
  compute: 'the pods run where the agent can run',
  sdk: 'the AWS SDK knows Pod Identity',
  'agent-available': 'the agent is built in, active, or comes with this plan',
  'hard-coded-env': 'no pod spec sets what the webhook would inject',
  'trust-length': 'every trust policy fits its quota at every stage to come',
  'trusts-pod-identity': 'the role in AWS lets EKS in for these pods',
  'agent-on-nodes': 'the agent is active, and ready on every node of the workload',
  'pods-restarted': 'every running pod holds Pod Identity',
  soak: 'the stage has lasted as long as the wave asks',
  'web-identity-unused': 'nobody has taken the role by web identity since the stage began',
  'role-used': 'the role has been used since the stage began',
  'restart-needed': 'what the step takes from running pods',
  'cluster-identity': 'the kubeconfig context leads to the cluster that is meant',
  'wave-order': 'waves keep their order',
  'role-agrees': 'roles in AWS trust whom this stage says',
  'association-agrees': 'associations in AWS are those of this stage',
  'annotation-agrees': 'service accounts are annotated as this stage says',
  adoption: 'the first apply of an adopted role removes nothing unseen',
} as const satisfies Record<string, string>;

export type CheckName = keyof typeof CHECKS;
