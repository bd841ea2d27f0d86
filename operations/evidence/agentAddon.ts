/** The add-on that brings the agent. Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html */
export const AGENT_ADDON = 'eks-pod-identity-agent';

/** Its DaemonSet's namespace, and the label `app.kubernetes.io/name` of its pods. */
export const AGENT_NAMESPACE = 'kube-system';
export const AGENT_APP = 'eks-pod-identity-agent';
