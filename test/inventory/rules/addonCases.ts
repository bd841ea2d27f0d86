import type { RuleCase } from './RuleCase';

const DEV = '        agent: { version: v1.3.4-eksbuild.1 }\n    values: { bucket: acme-dev }';

/** The agent and other lines of the first cluster. */
function withAgent(agent: string, ...lines: readonly string[]) {
  const more = lines.map((line) => `        ${line}\n`).join('');
  return { [DEV]: `        agent: ${agent}\n${more}    values: { bucket: acme-dev }` };
}
function withAddon(name: string, version: string, rest = 'serviceAccounts: {}') {
  return withAgent('{ version: v1.3.4-eksbuild.1 }', `addons: { ${name}: { version: ${version}, ${rest} } }`);
}
const ON_1_35 = { 'name: dev-main\n        version: "1.33"': 'name: dev-main\n        version: "1.35"' };
const CONFIGURATION = 'environments.dev.clusters.main.agent.configuration';
const driver = (stage: string) =>
  `  driver:\n    namespace: kube-system\n    serviceAccount: s3-csi-driver-sa\n    environments: [dev]\n    stage: ${stage}\n    because: waits\n`;
const S3 = 'aws-mountpoint-s3-csi-driver';

/** Add-on versions, configurations and associations that EKS refuses. */
export const ADDON_CASES: readonly RuleCase[] = [
  {
    rule: 'unknown-agent-version',
    when: 'EKS lists the version for older clusters only',
    severity: 'warning',
    replace: { ...ON_1_35, ...withAgent('{ version: §v1.3.4-eksbuild.1 }') },
    path: 'environments.dev.clusters.main.agent.version',
    message:
      /^EKS does not list agent v1\.3\.4-eksbuild\.1 for Kubernetes 1\.35: podlift knows the versions of 2026-08-22$/,
    hint: /^Write v1\.3\.10-eksbuild\.3, the default for Kubernetes 1\.35, or ask EKS:\naws eks describe-addon-versions --addon-name eks-pod-identity-agent --kubernetes-version 1\.35 --region us-west-2 /,
  },
  {
    rule: 'unknown-agent-version',
    when: 'EKS does not list the version at all',
    severity: 'warning',
    replace: withAgent('{ version: §v1.3.3-eksbuild.1 }'),
    path: 'environments.dev.clusters.main.agent.version',
    message: /^EKS does not list agent v1\.3\.3-eksbuild\.1 for Kubernetes 1\.33/,
  },
  {
    rule: 'unknown-agent-version',
    when: 'the version is older than the first agent',
    replace: withAgent('{ version: §v0.9.0-eksbuild.1 }'),
    path: 'environments.dev.clusters.main.agent.version',
    message: /^agent v0\.9\.0-eksbuild\.1 does not exist: the first is v1\.0\.0-eksbuild\.1$/,
  },
  {
    rule: 'unknown-addon-version',
    when: 'the version is newer than the newest',
    severity: 'warning',
    replace: withAddon('aws-ebs-csi-driver', '§v14.0.0-eksbuild.1'),
    path: 'environments.dev.clusters.main.addons.aws-ebs-csi-driver.version',
    message: /^EKS does not list aws-ebs-csi-driver v14\.0\.0-eksbuild\.1 for Kubernetes 1\.33/,
    hint: /^Write v1\.64\.0-eksbuild\.1/,
  },
  {
    rule: 'unknown-addon',
    when: 'its name is misspelt',
    severity: 'warning',
    replace: withAgent(
      '{ version: v1.3.4-eksbuild.1 }',
      'addons: { §aws-ebs-csi-drivr: { version: v1.64.0-eksbuild.1, serviceAccounts: {} } }',
    ),
    path: 'environments.dev.clusters.main.addons.aws-ebs-csi-drivr',
    message: /^podlift does not know the add-on "aws-ebs-csi-drivr": did you mean "aws-ebs-csi-driver"\?$/,
    hint: /^Write aws-ebs-csi-driver, or list the add-ons:\naws eks describe-addon-versions --kubernetes-version 1\.33 --region us-west-2 /,
  },
  {
    rule: 'addon-configuration',
    when: 'a name is misspelt',
    replace: withAgent('{ version: v1.3.4-eksbuild.1, configuration: { §agnt: {} } }'),
    path: `${CONFIGURATION}.agnt`,
    message: /^agent v1\.3\.4-eksbuild\.1 has no configuration "agnt": did you mean "agent"\?/,
  },
  {
    rule: 'addon-configuration',
    when: 'a part of the agent has no such name',
    replace: withAgent('{ version: v1.3.4-eksbuild.1, configuration: { agent: { §additionalArg: {} } } }'),
    path: `${CONFIGURATION}.agent.additionalArg`,
    message: /has no configuration "agent\.additionalArg": did you mean "additionalArgs"\?/,
  },
  {
    rule: 'addon-configuration',
    when: 'a value has another type',
    replace: withAgent('{ version: v1.3.4-eksbuild.1, configuration: { priorityClassName: §1 } }'),
    path: `${CONFIGURATION}.priorityClassName`,
    message: /^the configuration "priorityClassName" of agent v1\.3\.4-eksbuild\.1 is a number, not a text$/,
    hint: /^Write a text\.$/,
  },
  {
    rule: 'addon-configuration',
    when: 'only later versions of the agent have the name',
    replace: withAgent('{ version: v1.3.9-eksbuild.5, configuration: { §podLabels: {} } }'),
    path: `${CONFIGURATION}.podLabels`,
    message: /^agent v1\.3\.9-eksbuild\.5 has no configuration "podLabels"/,
  },
  {
    rule: 'addon-configuration',
    when: 'another add-on has no such name',
    severity: 'warning',
    replace: withAgent(
      '{ version: v1.4.0-eksbuild.1, configuration: { agent: {} } }',
      'addons: { coredns: { version: v1.12.4-eksbuild.18, configuration: { §replicas: 2 }, serviceAccounts: {} } }',
    ),
    path: 'environments.dev.clusters.main.addons.coredns.configuration.replicas',
    message: /^add-on coredns has no configuration "replicas"/,
  },
  {
    rule: 'addon-pod-identity',
    when: 'a workload has an association, and the version supports none',
    replace: withAddon(S3, '§v1.11.0-eksbuild.1', 'serviceAccounts: { s3-csi-driver-sa: driver }'),
    append: driver('dual'),
    path: `environments.dev.clusters.main.addons.${S3}.version`,
    message:
      /^aws-mountpoint-s3-csi-driver v1\.11\.0-eksbuild\.1 does not support Pod Identity: the first version is v2\.0\.0-eksbuild\.1$/,
  },
  {
    rule: 'addon-pod-identity',
    when: 'no workload has an association yet',
    severity: 'warning',
    replace: withAddon(S3, '§v1.11.0-eksbuild.1', 'serviceAccounts: { s3-csi-driver-sa: driver }'),
    append: driver('prepared'),
    path: `environments.dev.clusters.main.addons.${S3}.version`,
    message: /does not support Pod Identity/,
  },
  {
    rule: 'addon-pod-identity',
    when: 'the version has another service account',
    severity: 'warning',
    replace: withAddon(S3, 'v2.0.0-eksbuild.1', 'serviceAccounts: { §s3-csi-driver: driver }'),
    append: driver('dual').replace('-sa', ''),
    path: `environments.dev.clusters.main.addons.${S3}.serviceAccounts.s3-csi-driver`,
    message:
      /^EKS is not known to support Pod Identity for service account s3-csi-driver of aws-mountpoint-s3-csi-driver, but for: s3-csi-driver-sa$/,
    hint: /describe-addon-configuration/,
  },
];
