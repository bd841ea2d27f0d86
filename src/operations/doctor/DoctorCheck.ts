/** Every check of `podlift doctor`, in the order of causes: what fails first explains what fails after it. */
export const DOCTOR_CHECKS = [
  'cluster',
  'compute',
  'service-account',
  'role',
  'agent',
  'agent-on-nodes',
  'node-role',
  'association',
  'oidc-provider',
  'annotation',
  'trust',
  'permissions',
  'pod-credentials',
  'sdk',
  'credential-chain',
  'proxy',
  'network-policy',
  'target-hop',
  'self-assume',
  'access',
] as const;
export type DoctorCheck = (typeof DOCTOR_CHECKS)[number];
