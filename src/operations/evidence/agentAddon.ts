/** The namespace of the agent's DaemonSet, and the label `app.kubernetes.io/name` of its pods. */
export const AGENT_NAMESPACE = 'kube-system';
export const AGENT_APP = 'eks-pod-identity-agent';
