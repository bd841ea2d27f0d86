import type { StatementRef } from '../iam/Decision';
import type { KeptStatement, Stage } from '../inventory/Inventory';
import { inlinePolicyName, sourceOf } from './credentialPath';
import { evidenceOf, type PathResult, reasonOf } from './evaluator';
import type { CredentialMode, Failure, Mixture, Step } from './Proof';
import { PROOF_RULES, type ProofRule } from './proofRules';
import type { StagedWorkload } from './stagedWorkload';

/** A failure as it was found at one stage or step, on one cluster. Sightings of the same kind become one failure. */
export interface Sighting {
  readonly rule: ProofRule;
  readonly cluster?: string;
  readonly target?: string;
  readonly stage?: Stage;
  readonly step?: Step;
  readonly mixture?: Mixture;
  readonly who: string;
  readonly what: string;
  /** A result of an evaluation, or a text where nothing was evaluated. */
  readonly reason: PathResult | string;
}

export const MODE_NAMES: Readonly<Record<CredentialMode, string>> = { irsa: 'IRSA', 'pod-identity': 'Pod Identity' };

/**
 * The failures of a workload. Sightings that differ only by cluster or stage become one failure, and so do all attackers that one
 * statement allows.
 */
export function failuresOf(staged: StagedWorkload, sightings: readonly Sighting[]): Failure[] {
  const groups = new Map<string, [Sighting, ...Sighting[]]>();
  for (const sighting of sightings) {
    const key = JSON.stringify(kindOf(sighting));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [sighting]);
    else group.push(sighting);
  }
  return [...groups.values()].map((group) => failureOf(staged, group));
}

function kindOf({ rule, target, step, who, what, reason }: Sighting): unknown[] {
  const statement = typeof reason === 'string' ? undefined : reason.decision?.decidedBy?.statement;
  if (rule === 'proof-attack') return [rule, target, what, statement];
  return [rule, target, step, who, what, textOf(reason)];
}

function textOf(reason: Sighting['reason']): string {
  return typeof reason === 'string' ? reason : reasonOf(reason);
}

function failureOf(staged: StagedWorkload, sightings: readonly [Sighting, ...Sighting[]]): Failure {
  const { rule, target, step, mixture, who, what, reason } = sightings[0];
  const clusters = distinct(sightings.flatMap(({ cluster }) => cluster ?? []));
  const stages = distinct(sightings.flatMap(({ stage }) => stage ?? []));
  const also = distinct(sightings.map((sighting) => sighting.who)).filter((other) => other !== who);
  const evidence = typeof reason === 'string' ? {} : evidenceOf(reason);
  const when = [
    ...(stages.length === 0 ? [] : [` at ${listOf(stages)}`]),
    ...(step === undefined ? [] : [` in the step ${step.from} → ${step.to}${mixtureText(mixture)}`]),
    ...(clusters.length === 0 ? [] : [` on ${listOf(clusters)}`]),
  ].join(',');
  const others = also.length === 0 ? '' : ` (and ${also.length} more that should not, such as ${also.at(-1) ?? ''})`;
  return {
    severity: 'error',
    rule,
    path: pathOf(staged, target, evidence.decidedBy),
    message: `in ${staged.environment.key}${when}: ${who} ${what}${others}: ${textOf(reason)}`,
    hint: PROOF_RULES[rule].hint,
    environment: staged.environment.key,
    workload: staged.workload.key,
    clusters,
    ...(target === undefined ? {} : { target }),
    stages,
    ...(step === undefined ? {} : { step }),
    ...(mixture === undefined ? {} : { mixture }),
    who,
    ...(also.length === 0 ? {} : { also }),
    what,
    ...evidence,
  };
}

function distinct<Value>(values: readonly Value[]): Value[] {
  return [...new Set(values)];
}

/** Describes an incomplete step; empty for a complete one. */
function mixtureText(mixture: Mixture = {}): string {
  const slots = (age: 'old' | 'new') => Object.entries(mixture).flatMap(([slot, value]) => (value === age ? slot : []));
  if (slots('old').length === 0) return '';
  if (slots('new').length === 0) return ' (before its first change)';
  return ` (${listOf(slots('new'))} new, ${listOf(slots('old'))} still old)`;
}

/** The path of the deciding statement if the inventory contains it, else of the target or the workload. */
function pathOf({ workload, stages }: StagedWorkload, target: string | undefined, ref?: StatementRef): string {
  const at = `workloads.${workload.key}`;
  if (ref !== undefined) {
    const { keepTrust, adoptedTrust } = workload.role;
    const written = [
      ['keepTrust', keepTrust],
      ['adoptedTrust.oidc', adoptedTrust?.oidc],
      ['adoptedTrust.podIdentity', adoptedTrust?.podIdentity],
    ] as const;
    for (const [field, statements = []] of written) {
      const index = statements.findIndex((statement) => statement === ref.statement);
      if (index >= 0) return `${at}.role.${field}[${index}]`;
    }
    const source = sourceOf({ stages, workload });
    const named = source.inlinePolicies.find(({ document }) =>
      [document.Statement].flat().some((statement) => statement === ref.statement),
    );
    if (named !== undefined) return `${at}.permissions.inlinePolicies.${named.name}`;
    const own = ref.policy === inlinePolicyName(source.name);
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

/**
 * Whether the inventory accepts that others get the role. It accepts them through an adopted statement with its reason (`because`),
 * or through a kept statement that names the whole account. A failure of the workload's own path is never accepted.
 */
export function isAccepted({ workload, environment }: StagedWorkload, { rule, decidedBy }: Failure): boolean {
  if (rule !== 'proof-attack' || decidedBy === undefined) return false;
  const { keepTrust = [], adoptedTrust = {} } = workload.role;
  const { oidc = [], podIdentity = [], because } = adoptedTrust;
  const accepted = [
    ...(because === undefined ? [] : [...oidc, ...podIdentity]),
    ...keepTrust.filter((statement) => namesAccount(statement, environment.account.id)),
  ];
  return accepted.some((statement) => statement === decidedBy.statement);
}

/** Whether a statement names an account, by id or root, and has no wildcard and no other kind of principal. */
function namesAccount({ Principal }: KeptStatement, accountId: string): boolean {
  if (typeof Principal !== 'object' || Object.keys(Principal).join() !== 'AWS') return false;
  const named = [Principal.AWS ?? []].flat();
  return !named.includes('*') && named.some((one) => one === accountId || one.endsWith(`:iam::${accountId}:root`));
}
