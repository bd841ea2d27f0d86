import type { AssociationFacts } from '../../estate/aws/AwsPort';
import type { PodFacts, ServiceAccountFacts } from '../../estate/kubernetes/KubernetesPort';
import type { LeftOut } from './Proposal';
import type { LeftReason } from './leftReasons';
import { roleAnnotation } from '../../estate/kubernetes/roleAnnotation';

/** A service account with a role: by its annotation, by an association, or by both. */
export interface Subject {
  readonly namespace: string;
  readonly name: string;
  /** False where an association is there for a service account that is not. */
  readonly exists: boolean;
  /** ARN, as the annotation has it. */
  readonly annotation?: string;
  readonly association?: AssociationFacts;
  /** Those that use it and have not ended. */
  readonly pods: readonly PodFacts[];
}

/** The service accounts of a cluster that have a role, by namespace and name. */
export function subjectsOf(
  serviceAccounts: readonly ServiceAccountFacts[],
  associations: readonly AssociationFacts[],
  pods: readonly PodFacts[],
): readonly Subject[] {
  const subjects = new Map<string, Subject>();
  const idOf = (namespace: string, name: string) => `${namespace}/${name}`;
  const podsBy = new Map<string, PodFacts[]>();
  for (const pod of pods) {
    if (pod.phase === 'Succeeded' || pod.phase === 'Failed') continue;
    const id = idOf(pod.namespace, pod.serviceAccount);
    podsBy.set(id, [...(podsBy.get(id) ?? []), pod]);
  }
  const there = new Set(serviceAccounts.map(({ namespace, name }) => idOf(namespace, name)));
  const add = (namespace: string, name: string, more: Partial<Subject>): void => {
    const id = idOf(namespace, name);
    const known = subjects.get(id) ?? { namespace, name, exists: there.has(id), pods: podsBy.get(id) ?? [] };
    subjects.set(id, { ...known, ...more });
  };
  for (const facts of serviceAccounts) {
    const annotation = roleAnnotation(facts);
    if (annotation !== undefined) add(facts.namespace, facts.name, { annotation });
  }
  for (const association of associations) add(association.namespace, association.serviceAccount, { association });
  return [...subjects.values()].toSorted((a, b) => compare(a.namespace, b.namespace) || compare(a.name, b.name));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The role that a subject uses, where annotation and association agree or only one is there. */
export function roleOf({ annotation, association }: Subject): string | undefined {
  return association?.roleArn ?? annotation;
}

/** `namespace/name`. */
export function nameOf({ namespace, name }: Pick<Subject, 'namespace' | 'name'>): string {
  return `${namespace}/${name}`;
}

/** A subject that is left out, and why. */
export function leftOut(
  { namespace, name }: Subject,
  reason: LeftReason,
  message: string,
  hint: string | readonly string[],
  snippet?: string,
): LeftOut {
  return {
    namespace,
    serviceAccount: name,
    reason,
    message,
    hint: typeof hint === 'string' ? hint : hint.join('\n'),
    ...(snippet === undefined ? {} : { snippet }),
  };
}
