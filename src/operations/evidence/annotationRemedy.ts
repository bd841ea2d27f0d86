import type { ServiceAccount } from '../../blueprint/Blueprint';
import { roleAnnotation } from '../../comparison/annotation';
import type { ServiceAccountFacts } from '../../estate/kubernetes/KubernetesPort';
import type { Remedy } from '../../estate/Remedy';
import { shellWord } from '../../estate/shellWord';
import { type AnnotatedAccount, annotationRemedy as remedyOf } from '../annotationRemedy';

// The remedies of the annotation as text, for those who do not take them as data yet.

/**
 * Whether a service account may keep an annotation that its stage has not: Terraform cannot remove the annotation of an add-on, and EKS goes
 * by the association.
 */
export function keepsAnnotation({ addon, annotations }: ServiceAccount): boolean {
  return addon !== undefined && roleAnnotation({ annotations }) === undefined;
}

/** How a service account gets the annotation that its stage has, in lines. */
export function annotationRemedy(
  one: AnnotatedAccount,
  facts: ServiceAccountFacts | undefined,
): { readonly remedy: string; readonly apply?: readonly string[] } {
  const { remedy, ...rest } = remedyOf(one, facts);
  return { ...rest, remedy: textOf(remedy) };
}

function textOf(remedy: Remedy): string {
  return remedy.map((step) => ('say' in step ? step.say : step.run.map(shellWord).join(' '))).join('\n');
}
