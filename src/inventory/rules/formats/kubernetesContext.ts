import type { Format } from '../Format';

/**
 * A context is printed in commands that people paste into a shell: it holds nothing that a shell reads as more than text, nor what hides or
 * reorders text. What it allows covers the names that `aws eks update-kubeconfig`, eksctl and Teleport write.
 */
export const kubernetesContext: Format = {
  name: 'kubernetes-context',
  severities: ['error'],
  what: "A context's name means nothing else to a shell: it stands in the commands that podlift prints.",
  example: '"prod; id" is not the name of a context that podlift takes',
  subject: 'the name of a context that podlift takes',
  // A shell reads a leading - as an option, ~ as somebody's home; zsh a leading = as a command's path.
  pattern: /^[A-Za-z0-9._:/@+,%^][A-Za-z0-9._:/@+=,~%^-]{0,252}$/,
  expected: 'at most 253 letters, digits and ._:/@+=,~%^-, the first not one of -, ~ and =',
  hint: 'Rename it: kubectl config rename-context <old> <new>',
  unquoted: 'Write it in quotes: names are text.',
};
