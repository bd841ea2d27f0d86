import type { StatementRef } from '../iam/Decision';
import type { Statement } from '../iam/PolicyDocument';
import { trustStatement } from '../blueprint/sourceTrust';
import type { KeptStatement, Stage } from '../inventory/Inventory';
import { inlinePolicyName, sourceOf } from './credentialPath';
import { evidenceOf, type Explanation, isConditional, reasonOf } from './evaluator';
import type { CredentialMode, Failure, Mixture, Step } from './Proof';
import { PROOF_RULES, type ProofRule } from './proofRules';
import type { StagedWorkload } from './stagedWorkload';

/** A failure as it was found at one stage or step, on one cluster. Sightings of the same kind become one failure. */
export interface Sighting {
  readonly rule: ProofRule;
  readonly cluster?: string;
  readonly target?: string | undefined;
  readonly stage?: Stage;
  readonly step?: Step;
  readonly mixture?: Mixture;
  readonly who: string;
  readonly what: string;
  readonly reason: Explanation;
  /** The fix, where it is another than that of the rule. */
  readonly hint?: string | undefined;
  /** The statement of the inventory that the hint changes. */
  readonly path?: string;
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
  if (rule === 'proof-attack') return [rule, target, what, reason.decision?.decidedBy?.statement];
  return [rule, target, step, who, what, reasonOf(reason)];
}

function failureOf(staged: StagedWorkload, sightings: readonly [Sighting, ...Sighting[]]): Failure {
  const { rule, target, step, mixture, who, what, reason, hint = PROOF_RULES[rule].hint, path } = sightings[0];
  const clusters = distinct(sightings.flatMap(({ cluster }) => cluster ?? []));
  const stages = distinct(sightings.flatMap(({ stage }) => stage ?? []));
  const also = distinct(sightings.map((sighting) => sighting.who)).filter((other) => other !== who);
  const evidence = evidenceOf(reason);
  const sources = sourcesOf(rule, evidence).map((ref) => writtenAt(staged, ref));
  const written = sources.find((one) => one !== undefined && one.because === undefined) ?? sources[0];
  const when = [
    ...(stages.length === 0 ? [] : [` at ${listOf(stages)}`]),
    ...(step === undefined ? [] : [` in the step ${step.from} → ${step.to}${mixtureText(mixture)}`]),
    ...(clusters.length === 0 ? [] : [` on ${listOf(clusters)}`]),
  ].join(',');
  const kinds = `${also.length} other ${also.length === 1 ? 'kind' : 'kinds'} of callers`;
  const others = also.length === 0 ? '' : ` (and ${kinds}, such as ${also.at(-1) ?? ''})`;
  return {
    severity: 'error',
    rule,
    path: path ?? pathOf(staged, target, written),
    message: `in ${staged.environment.key}${when}: ${who} ${what}${others}: ${reasonOf(reason)}`,
    hint: hintOf(rule, hint, reason, written),
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

/** The fix for a failure. What the inventory can accept with a reason, it names with the line to add. */
function hintOf(rule: ProofRule, hint: string, reason: Sighting['reason'], written: Written | undefined): string {
  const isAcceptable = rule === 'proof-attack' || (rule === 'proof-path' && isConditional(reason));
  if (written?.takesReason !== true || !isAcceptable) return hint;
  return `${hint} If this is intended, add to ${written.path}: because: "…"`;
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

/** A statement that the inventory contains: its path, and the reason that it gives. */
interface Written {
  readonly path: string;
  readonly because?: string | undefined;
  /** The entry can have a reason that covers this statement alone. */
  readonly takesReason: boolean;
}

/** Where the inventory has a statement; undefined for one of podlift's own. */
function writtenAt({ workload, stages }: StagedWorkload, ref: StatementRef): Written | undefined {
  const at = `workloads.${workload.key}`;
  const { keepTrust, adoptedTrust } = workload.role;
  const lists = [
    ['keepTrust', keepTrust, undefined],
    ['adoptedTrust.oidc', adoptedTrust?.oidc, adoptedTrust?.because],
    ['adoptedTrust.podIdentity', adoptedTrust?.podIdentity, adoptedTrust?.because],
  ] as const;
  for (const [field, statements, because] of lists) {
    const kept = statements?.find((one) => isWrittenAs(one, ref.statement));
    if (kept !== undefined)
      return {
        path: `${at}.role.${field}[${statements?.indexOf(kept)}]`,
        because: kept.because ?? because,
        takesReason: true,
      };
  }
  const source = sourceOf({ stages, workload });
  const named = source.inlinePolicies.find(({ document }) =>
    [document.Statement].flat().some((statement) => statement === ref.statement),
  );
  if (named !== undefined) return { path: `${at}.permissions.inlinePolicies.${named.name}`, takesReason: false };
  const owners = [
    { path: at, name: source.name, permissions: workload.permissions },
    ...workload.targets.map(({ key, role, permissions }) => ({
      path: `${at}.targets.${key}`,
      name: role.name,
      permissions,
    })),
  ];
  for (const { path, name, permissions } of owners) {
    const statement = ref.policy === inlinePolicyName(name) ? permissions.statements[ref.index] : undefined;
    if (statement !== undefined)
      return {
        path: `${path}.permissions.${statement.use === undefined ? `statements[${ref.index}]` : `use[${statement.use}]`}`,
        because: statement.because,
        takesReason: true,
      };
  }
  return undefined;
}

/** Whether a statement of a trust policy is this one of the inventory. Compiling keeps the order of its keys. */
export function isWrittenAs(kept: KeptStatement, statement: Statement): boolean {
  return JSON.stringify(trustStatement(kept)) === JSON.stringify(statement);
}

/** The path of the deciding statement if the inventory contains it, else of the target or the workload. */
function pathOf({ workload }: StagedWorkload, target: string | undefined, written: Written | undefined): string {
  if (written !== undefined) return written.path;
  const at = `workloads.${workload.key}`;
  return target === undefined ? at : `${at}.targets.${target}`;
}

function listOf(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}

/**
 * Whether the inventory accepts a failure, by a reason (`because`) in each statement that it comes from: others get the role through the statement, or
 * the workload's own pods get it only under conditions. That the workload's pods do not get it is never accepted.
 */
export function isAccepted(staged: StagedWorkload, { rule, decidedBy, dependsOn = [] }: Failure): boolean {
  if (rule === 'proof-path' && dependsOn.length === 0) return false;
  if ((rule !== 'proof-attack' && rule !== 'proof-path') || decidedBy === undefined) return false;
  return sourcesOf(rule, { decidedBy, dependsOn }).every((ref) => writtenAt(staged, ref)?.because !== undefined);
}

/** The statements that a failure comes from: those on which a path depends, else the one that decided. */
function sourcesOf(
  rule: ProofRule,
  { decidedBy, dependsOn = [] }: Pick<Failure, 'decidedBy' | 'dependsOn'>,
): readonly StatementRef[] {
  if (rule === 'proof-path' && dependsOn.length > 0) return dependsOn.map(({ of }) => of);
  return decidedBy === undefined ? [] : [decidedBy];
}
