// Names and versions of clusters and of what EKS and Kubernetes keep in them.

import { region } from './awsFormats';
import { format } from './Format';

/** Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html */
export const clusterName = format({
  name: 'cluster-name',
  what: "A cluster's name is one that EKS takes.",
  example: '"arn:aws:eks:…" is not an EKS cluster\'s name',
  subject: "an EKS cluster's name",
  pattern: /^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/,
  expected: 'at most 100 letters, digits, - and _, the first a letter or digit',
  hint: 'Write the name that EKS shows, not the ARN.',
  unquoted: 'Write it in quotes: names are text.',
});

/** Only real regions: `oidc.eks.s3.amazonaws.com` is anyone's bucket. */
const REGION = region.pattern.source.slice(1, -1);

/**
 * An OIDC issuer is one of EKS: the owner of any other host could mint tokens for every role that trusts it.
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/enable-iam-roles-for-service-accounts.html and, for the dual-stack form,
 * https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html
 */
export const oidcIssuer = format({
  name: 'oidc-issuer',
  what: 'An OIDC issuer is one of EKS, without a trailing slash or query: the owner of another host could mint tokens for every role.',
  example: '"https://oidc.example.com" is not the OIDC issuer of an EKS cluster',
  subject: 'the OIDC issuer of an EKS cluster',
  pattern: new RegExp(
    String.raw`^https:\/\/(?:oidc\.eks\.${REGION}\.amazonaws\.com(?:\.cn)?|oidc-eks\.${REGION}\.api\.(?:aws|amazonwebservices\.com\.cn))\/id\/[A-Za-z0-9]{1,128}$`,
  ),
  expected:
    'https://oidc.eks.<region>.amazonaws.com/id/<letters and digits> (or its dual-stack form, oidc-eks.<region>.api.aws; the domains of China there), without query, port or trailing slash',
  hint: 'Copy it from: aws eks describe-cluster --query cluster.identity.oidc.issuer',
});

export const kubernetesVersion = format({
  name: 'kubernetes-version',
  what: "A cluster's version is `1.NN`, quoted.",
  example: '"1.3" is not a Kubernetes version',
  subject: 'a Kubernetes version',
  pattern: /^1\.[1-9]\d$/,
  expected: '1.NN in quotes, such as "1.33"',
  hint: 'Write major and minor version only, in quotes.',
  unquoted: 'Write it in quotes: without them YAML reads 1.30 as the number 1.3.',
});

/**
 * A context is printed in commands that people paste into a shell: it holds nothing that a shell reads as more than text, nor what hides or
 * reorders text. What it allows covers the names that `aws eks update-kubeconfig`, eksctl and Teleport write.
 */
export const kubernetesContext = format({
  name: 'kubernetes-context',
  what: "A context's name means nothing else to a shell: it stands in the commands that podlift prints.",
  example: '"prod; id" is not the name of a context that podlift takes',
  subject: 'the name of a context that podlift takes',
  // A shell reads a leading - as an option, ~ as somebody's home; zsh a leading = as a command's path.
  pattern: /^[A-Za-z0-9._:/@+,%^][A-Za-z0-9._:/@+=,~%^-]{0,252}$/,
  expected: 'at most 253 letters, digits and ._:/@+=,~%^-, the first not one of -, ~ and =',
  hint: 'Rename it: kubectl config rename-context <old> <new>',
  unquoted: 'Write it in quotes: names are text.',
});

/** Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
export const namespace = format({
  name: 'namespace',
  what: 'A namespace is a DNS-1123 label.',
  example: '"Production" is not a namespace',
  subject: 'a namespace',
  pattern: /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
  expected: 'a lower-case DNS label: a-z, 0-9 and -, at most 63, no - at its ends',
  hint: 'Write the name of the Kubernetes namespace; wildcards are not possible.',
  unquoted: 'Write it in quotes: Kubernetes names are text.',
});

/** Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
export const serviceAccount = format({
  name: 'service-account',
  what: 'A service account is named by a DNS-1123 subdomain.',
  example: '"orders_api" is not a service account\'s name',
  subject: "a service account's name",
  pattern: /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
  expected: 'a lower-case DNS subdomain: a-z, 0-9, - and ., at most 253',
  hint: 'Write the name of the Kubernetes service account; wildcards are not possible.',
  unquoted: 'Write it in quotes: Kubernetes names are text.',
});

/**
 * The name of an EKS add-on. The agent has a place of its own.
 * Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAddon.html
 */
export const addonName = format({
  name: 'addon-name',
  what: 'A key of `addons` is the name of an EKS add-on other than the agent.',
  example: '"EBS CSI" is not the name of an add-on',
  subject: 'the name of an add-on (the agent stands under `agent`)',
  pattern: /^(?!eks-pod-identity-agent$)[a-z0-9][a-z0-9_-]{0,99}$/,
  expected: 'lower-case letters, digits and -',
  hint: 'List them with: aws eks describe-addon-versions --query addons[].addonName',
});

/** The version of an EKS add-on is `vX.Y.Z-eksbuild.N`. */
export const addonVersion = format({
  name: 'addon-version',
  what: 'The `version` of an add-on is `vX.Y.Z-eksbuild.N`.',
  example: '"1.40.0" is not a version of an add-on',
  subject: 'a version of an add-on',
  pattern: /^v\d+\.\d+\.\d+([.-][\w.]+)?-eksbuild\.\d+$/,
  expected: 'vX.Y.Z-eksbuild.N',
  hint: 'List them with: aws eks describe-addon-versions --addon-name <name>',
});

export const agentVersion = format({
  name: 'agent-version',
  what: '`agent.version` is `vX.Y.Z-eksbuild.N`.',
  example: '"1.3.4" is not a version of the agent add-on',
  subject: 'a version of the agent add-on',
  pattern: /^v\d+\.\d+\.\d+-eksbuild\.\d+$/,
  expected: 'vX.Y.Z-eksbuild.N',
  hint: 'List them with: aws eks describe-addon-versions --addon-name eks-pod-identity-agent',
});

/**
 * The id of an association.
 * Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_PodIdentityAssociation.html
 */
export const associationId = format({
  name: 'association-id',
  what: 'An association under `role.imports.associations` is named by its id, `a-…`.',
  example: '"orders-api" is not the id of an association',
  subject: 'the id of an association',
  pattern: /^a-[a-z0-9]{1,64}$/,
  expected: 'a- and lower-case letters and digits',
  hint: 'List them with: aws eks list-pod-identity-associations --cluster-name <cluster>',
});
