import type { StatementRef } from '../iam/Decision';
import type { Draft } from './Draft';
import { inlinePolicyName, sourceOf } from './credentialPath';
import type { Failure, Mixture } from './Proof';
import { PROOF_RULES } from './proofRules';
import type { Subject } from './Subject';
import { evidenceOf, reasonOf } from './Verdict';

/**
 * Makes failures of what was seen of a subject: what differs only by cluster or stage is said once, and so is what one statement
 * lets in, whoever asks.
 */
export function failuresOf(subject: Subject, drafts: readonly Draft[]): Failure[] {
  const groups = new Map<string, Draft[]>();
  for (const draft of drafts) {
    const key = JSON.stringify(kindOf(draft));
    groups.set(key, [...(groups.get(key) ?? []), draft]);
  }
  return [...groups.values()].flatMap((seen) => failureOf(subject, seen));
}

function kindOf({ rule, target, step, who, what, why }: Draft): unknown[] {
  const statement = typeof why === 'string' ? undefined : why.decision?.decidedBy?.statement;
  if (rule === 'proof-attack') return [rule, target, what, statement];
  return [rule, target, step, who, what, typeof why === 'string' ? why : reasonOf(why)];
}

function failureOf(subject: Subject, seen: readonly Draft[]): Failure[] {
  const [first] = seen;
  if (first === undefined) return [];
  const { rule, target, step, mixture, who, what, why } = first;
  const clusters = distinct(seen.flatMap(({ cluster }) => cluster ?? []));
  const stages = distinct(seen.flatMap(({ stage }) => stage ?? []));
  const also = distinct(seen.map((draft) => draft.who)).filter((other) => other !== who);
  const evidence = typeof why === 'string' ? {} : evidenceOf(why);
  const when = [
    ...(stages.length === 0 ? [] : [` at ${listOf(stages)}`]),
    ...(step === undefined ? [] : [` in the step ${step.from} → ${step.to}${stateOf(mixture)}`]),
    ...(clusters.length === 0 ? [] : [` on ${listOf(clusters)}`]),
  ].join(',');
  const others = also.length === 0 ? '' : ` (and ${also.length} more that should not, such as ${also.at(-1) ?? ''})`;
  return [
    {
      severity: 'error',
      rule,
      path: pathOf(subject, target, evidence.decidedBy),
      message: `in ${subject.environment.key}${when}: ${who} ${what}${others}: ${typeof why === 'string' ? why : reasonOf(why)}`,
      hint: PROOF_RULES[rule].hint,
      environment: subject.environment.key,
      workload: subject.workload.key,
      clusters,
      ...(target === undefined ? {} : { target }),
      stages,
      ...(step === undefined ? {} : { step }),
      ...(mixture === undefined ? {} : { mixture }),
      who,
      ...(also.length === 0 ? {} : { also }),
      what,
      ...evidence,
    },
  ];
}

function distinct<Value>(values: readonly Value[]): Value[] {
  return [...new Set(values)];
}

/** Words for a half-finished step; nothing for one that is finished or has not begun. */
function stateOf(mixture: Mixture | undefined): string {
  const slots = Object.entries(mixture ?? {});
  const names = (age: 'old' | 'new') => slots.filter(([, value]) => value === age).map(([slot]) => slot);
  if (names('old').length === 0) return '';
  if (names('new').length === 0) return ' (before its first change)';
  return ` (${listOf(names('new'))} new, ${listOf(names('old'))} still old)`;
}

/** Where the deciding statement stands if people wrote it, else the target or the workload. */
function pathOf({ workload, stages }: Subject, target: string | undefined, ref: StatementRef | undefined): string {
  const at = `workloads.${workload.key}`;
  if (ref !== undefined) {
    const { keepTrust, adoptedTrust } = workload.role;
    const written = [
      ['keepTrust', keepTrust],
      ['adoptedTrust.oidc', adoptedTrust?.oidc],
      ['adoptedTrust.podIdentity', adoptedTrust?.podIdentity],
    ] as const;
    for (const [field, statements] of written) {
      const index = statements?.findIndex((statement) => statement === ref.statement) ?? -1;
      if (index >= 0) return `${at}.role.${field}[${index}]`;
    }
    const named = sourceOf({ stages, workload }).inlinePolicies.find(({ document }) =>
      [document.Statement].flat().some((statement) => statement === ref.statement),
    );
    if (named !== undefined) return `${at}.permissions.inlinePolicies.${named.name}`;
    const own = ref.policy === inlinePolicyName(sourceOf({ stages, workload }).name);
    if (own && ref.index < workload.permissions.statements.length) return `${at}.permissions.statements[${ref.index}]`;
    for (const { key, role, permissions } of workload.targets)
      if (ref.policy === inlinePolicyName(role.name) && ref.index < permissions.statements.length)
        return `${at}.targets.${key}.permissions.statements[${ref.index}]`;
  }
  return target === undefined ? at : `${at}.targets.${target}`;
}

function listOf(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}
