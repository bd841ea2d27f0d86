// Names and versions of clusters, and of resources of EKS and Kubernetes.

import { region } from './awsFormats';
import type { Format } from './Format';

/** Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html */
export const clusterName: Format = {
  name: 'cluster-name',
  what: 'EKS accepts the name of the cluster.',
  example: '"arn:aws:eks:…" is not an EKS cluster\'s name',
  subject: "an EKS cluster's name",
  pattern: /^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/,
  expected: 'at most 100 letters, digits, - and _, the first a letter or digit',
  hint: 'Write the name in EKS, not the ARN.',
  unquoted: 'Write it in quotes: names are text.',
};

/** Only real regions: anyone can own a bucket at `oidc.eks.s3.amazonaws.com`. */
const REGION = region.pattern.source.slice(1, -1);

/**
 * The owner of another host could issue tokens for every role that trusts it.
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/enable-iam-roles-for-service-accounts.html and, for the dual-stack form,
 * https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html
 */
export const oidcIssuer: Format = {
  name: 'oidc-issuer',
  what: 'An OIDC issuer is an issuer of EKS, without a trailing slash or query: the owner of another host could issue tokens for every role.',
  example: '"https://oidc.example.com" is not the OIDC issuer of an EKS cluster',
  subject: 'the OIDC issuer of an EKS cluster',
  pattern: new RegExp(
    String.raw`^https:\/\/(?:oidc\.eks\.${REGION}\.amazonaws\.com(?:\.cn)?|oidc-eks\.${REGION}\.api\.(?:aws|amazonwebservices\.com\.cn))\/id\/[A-Za-z0-9]{1,128}$`,
  ),
  expected:
    'https://oidc.eks.<region>.amazonaws.com/id/<letters and digits> (or dual-stack: oidc-eks.<region>.api.aws; in China its domains), without query, port or trailing slash',
  hint: 'Copy it. NAME is the name of the cluster in EKS, and REGION is its region:\naws eks describe-cluster --name NAME --region REGION --query cluster.identity.oidc.issuer --output text',
};

export const kubernetesVersion: Format = {
  name: 'kubernetes-version',
  what: "A cluster's version is `1.NN` in quotes.",
  example: '"1.3" is not a Kubernetes version',
  subject: 'a Kubernetes version',
  pattern: /^1\.[1-9]\d$/,
  expected: '1.NN in quotes, such as "1.33"',
  hint: 'Write only the major and minor version, in quotes.',
  unquoted: 'Write it in quotes: without them YAML reads 1.30 as the number 1.3.',
};

/**
 * podlift prints the context in commands that people paste into a shell. So it must contain no special character of a shell, and none that
 * hides or reorders text. The names that `aws eks update-kubeconfig`, eksctl and Teleport write are allowed.
 */
export const kubernetesContext: Format = {
  name: 'kubernetes-context',
  what: 'The name of a context has no special character of a shell: podlift prints it in commands.',
  example: '"prod; id" is not the name of a context that podlift accepts',
  subject: 'the name of a context that podlift accepts',
  // A shell reads a leading - as an option and ~ as a home folder; zsh reads a leading = as the path of a command.
  pattern: /^[A-Za-z0-9._:/@+,%^][A-Za-z0-9._:/@+=,~%^-]{0,252}$/,
  expected: 'at most 253 letters, digits and ._:/@+=,~%^-, the first not one of -, ~ and =',
  hint: 'Rename it from OLD to NEW:\nkubectl config rename-context OLD NEW',
  unquoted: 'Write it in quotes: names are text.',
};

/** Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
export const namespace: Format = {
  name: 'namespace',
  what: 'A namespace is a DNS-1123 label.',
  example: '"Production" is not a namespace',
  subject: 'a namespace',
  pattern: /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
  expected: 'a lower-case DNS label: a-z, 0-9 and -, at most 63, no - at its ends',
  hint: 'Write the name of the Kubernetes namespace, without wildcards.',
  unquoted: 'Write it in quotes: Kubernetes names are text.',
};

/** Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
export const serviceAccount: Format = {
  name: 'service-account',
  what: 'The name of a service account is a DNS-1123 subdomain.',
  example: '"orders_api" is not a service account\'s name',
  subject: "a service account's name",
  pattern: /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
  expected: 'a lower-case DNS subdomain: a-z, 0-9, - and ., at most 253',
  hint: 'Write the name of the Kubernetes service account, without wildcards.',
  unquoted: 'Write it in quotes: Kubernetes names are text.',
};

/** Parts of names of Kubernetes, with the wildcards of IAM. The rule `subjects` refuses a pair that would admit every account of the cluster. */
export const subjectPattern: Format = {
  name: 'subject-pattern',
  what: 'A pattern of `subjects` has lower-case letters, digits, - and ., and the wildcards * and ?.',
  example: '"PR_*" is not a pattern of names',
  subject: 'a pattern of names',
  pattern: /^(?=.{1,253}$)[a-z0-9*?][-.a-z0-9*?]*$/,
  expected: 'lower-case letters, digits, -, ., * and ?',
  hint: 'Write what the names have in common: pr-*',
  unquoted: 'Write it in quotes: names are text.',
};

/**
 * The agent has its own field.
 * Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAddon.html
 */
export const addonName: Format = {
  name: 'addon-name',
  what: 'A key of `addons` is the name of an EKS add-on other than the agent.',
  example: '"EBS CSI" is not the name of an add-on',
  subject: 'the name of an add-on (the agent belongs under `agent`)',
  pattern: /^(?!eks-pod-identity-agent$)[a-z0-9][a-z0-9_-]{0,99}$/,
  expected: 'lower-case letters, digits and -',
  hint: "List them for the cluster's REGION:\naws eks describe-addon-versions --region REGION --query 'addons[].addonName'",
};

export const addonVersion: Format = {
  name: 'addon-version',
  what: 'The `version` of an add-on is `vX.Y.Z-eksbuild.N`.',
  example: '"1.40.0" is not a version of an add-on',
  subject: 'a version of an add-on',
  pattern: /^v\d+\.\d+\.\d+([.-][\w.]+)?-eksbuild\.\d+$/,
  expected: 'vX.Y.Z-eksbuild.N',
  hint: "List those of the add-on NAME for the cluster's REGION:\naws eks describe-addon-versions --addon-name NAME --region REGION --query 'addons[].addonVersions[].addonVersion'",
};

export const agentVersion: Format = {
  name: 'agent-version',
  what: '`agent.version` is `vX.Y.Z-eksbuild.N`.',
  example: '"1.3.4" is not a version of the agent add-on',
  subject: 'a version of the agent add-on',
  pattern: /^v\d+\.\d+\.\d+-eksbuild\.\d+$/,
  expected: 'vX.Y.Z-eksbuild.N',
  hint: "List them for the cluster's REGION:\naws eks describe-addon-versions --addon-name eks-pod-identity-agent --region REGION --query 'addons[].addonVersions[].addonVersion'",
};

/**
 * Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_PodIdentityAssociation.html
 */
export const associationId: Format = {
  name: 'association-id',
  what: '`role.imports.associations` contains ids of associations, `a-…`.',
  example: '"orders-api" is not the id of an association',
  subject: 'the id of an association',
  pattern: /^a-[a-z0-9]{1,64}$/,
  expected: 'a- with lower-case letters and digits',
  hint: 'List them. NAME is the name of the cluster in EKS, and REGION is its region:\naws eks list-pod-identity-associations --cluster-name NAME --region REGION',
};
