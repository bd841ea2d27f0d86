import type { RuleCase } from './RuleCase';

const AGENT = 'agent: { version: v1.3.4-eksbuild.1 }\n    values: { bucket: acme-dev }';
const workload = (key: string, more = '') =>
  `  ${key}: { stage: pod-identity, namespace: kube-system, serviceAccount: ${key}, environments: [dev]${more} }\n`;
const EFS = {
  [AGENT]:
    'agent: { version: v1.3.4-eksbuild.1 }\n        addons: { §aws-network-flow-monitoring-agent: { version: v2.1.0-eksbuild.1, serviceAccounts: { efs: efs, efs-node: efs-node } } }\n    values: { bucket: acme-dev }',
};

/** Workloads that podlift lets go. */
export const RELEASE_CASES: readonly RuleCase[] = [
  {
    rule: 'released-addon',
    when: 'one of two workloads of an add-on is released',
    replace: EFS,
    append: workload('efs', ', released: true') + workload('efs-node'),
    path: 'environments.dev.clusters.main.addons.aws-network-flow-monitoring-agent',
    message:
      /^add-on aws-network-flow-monitoring-agent of cluster "main" has the released workload "efs" and "efs-node", which is not released$/,
    hint: /^Write released: true at workloads\.efs-node too/,
  },
  {
    rule: 'released-addon',
    when: 'an override releases one of them',
    replace: EFS,
    append: workload('efs') + workload('efs-node', ', overrides: { dev: { released: true } }'),
    path: 'environments.dev.clusters.main.addons.aws-network-flow-monitoring-agent',
    message: /has the released workload "efs-node" and "efs", which is not released$/,
  },
  {
    rule: 'unknown-value',
    when: 'a released workload has it: its entry stays whole until the apply that forgets it',
    append: workload('web', ', released: true, role: { name: §"{nope}-web" }'),
    path: 'workloads.web.role.name',
    message: /\{nope\} has no value/,
  },
];
