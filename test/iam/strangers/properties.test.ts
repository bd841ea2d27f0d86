import fc from 'fast-check';
import { OPERATORS, type ParsedOperator, parseOperator } from '../../../src/iam/conditions/operators';
import { decideAssumeRole } from '../../../src/iam/decideAssumeRole';
import { type ConditionValue, listOf, type Statement } from '../../../src/iam/PolicyDocument';
import type { OwnSubject, Stranger } from '../../../src/iam/strangers/CallerClass';
import { strangersOf } from '../../../src/iam/strangers/strangersOf';
import { type Case, cases, HOME, type OneCaller, OWN, PROVIDER, restricted, ROLE } from './generated';

const [OWN_POD] = OWN.subjects as [OwnSubject];

const COUNT = 10_000;
const SEED = 11;
const generated = fc.sample(cases, { numRuns: COUNT, seed: SEED });

const policyOf = (statements: readonly Statement[]) => ({
  name: 'trust',
  document: { Version: '2012-10-17' as const, Statement: statements },
});

function conditionsOf(
  statements: readonly Statement[],
): readonly { operator: string; key: string; values: string[] }[] {
  return statements.flatMap(({ Condition = {} }) =>
    Object.entries(Condition).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]) => ({
        operator,
        key,
        values: listOf<ConditionValue>(values).map(String),
      })),
    ),
  );
}

/** Whether the workload is the caller, or a statement has the caller's name. */
function isMeant({ attempt: { caller, tags, context }, known }: OneCaller, statements: readonly Statement[]): boolean {
  const named = (key: string) => conditionsOf(statements).flatMap((one) => (one.key === key ? one.values : []));
  switch (caller.kind) {
    case 'federated': {
      const key = `${caller.provider.slice(caller.provider.indexOf('/') + 1)}:sub`;
      if (caller.provider === PROVIDER) return known[key] === 'system:serviceaccount:shop:w';
      return named(key).includes(known[key] ?? '');
    }
    case 'service': {
      if (caller.service === 'pods.eks.amazonaws.com')
        return (
          context?.['aws:SourceAccount'] === HOME &&
          tags?.['kubernetes-namespace'] === OWN_POD.namespace &&
          tags['kubernetes-service-account'] === OWN_POD.serviceAccount &&
          OWN.clusterArns.includes(tags['eks-cluster-arn'] ?? '')
        );
      const arn = known['aws:SourceArn']?.split(':') ?? [];
      return (
        named('aws:SourceAccount').includes(known['aws:SourceAccount'] ?? '') ||
        named('aws:SourceArn').some((one) => one.split(':')[4] === arn[4])
      );
    }
    default:
      return named('aws:PrincipalArn').includes(known['aws:PrincipalArn'] ?? '') || isPrincipal(known, statements);
  }
}

function isPrincipal(known: OneCaller['known'], statements: readonly Statement[]): boolean {
  const arns = statements.flatMap(({ Principal }) =>
    typeof Principal === 'object' ? listOf(Principal.AWS ?? []) : [],
  );
  return arns.includes(known['aws:PrincipalArn'] ?? '');
}

/** Whether a kind of strangers has the caller. */
function has(stranger: Stranger, { attempt: { caller, context, tags }, known }: OneCaller): boolean {
  switch (stranger.kind) {
    case 'tokens':
      return caller.kind === 'federated' && caller.provider === stranger.provider;
    case 'any provider':
      return caller.kind === 'federated';
    case 'service':
      return caller.kind === 'service' && caller.service === stranger.service;
    case 'any service':
      return caller.kind === 'service';
    case 'account':
      return known['aws:PrincipalAccount'] === stranger.accountId;
    case 'any account':
      return known['aws:PrincipalAccount'] !== undefined;
    case 'organisation':
      return known['aws:PrincipalOrgID'] === stranger.id;
    case 'principal':
      return known['aws:PrincipalArn'] === stranger.arn;
    case 'untagged pods':
      return isPod(caller) && tags === undefined && context?.['aws:SourceAccount'] === HOME;
    case 'pods': {
      if (!isPod(caller)) return false;
      if (stranger.other === 'accounts') return context?.['aws:SourceAccount'] !== HOME;
      if (stranger.other === 'namespaces') return tags?.['kubernetes-namespace'] !== OWN_POD.namespace;
      if (stranger.other === 'service accounts') return tags?.['kubernetes-service-account'] !== OWN_POD.serviceAccount;
      return !OWN.clusterArns.includes(tags?.['eks-cluster-arn'] ?? '');
    }
  }
}

function isPod(caller: OneCaller['attempt']['caller']): boolean {
  return caller.kind === 'service' && caller.service === 'pods.eks.amazonaws.com';
}

/** Whether the evaluator admits the caller, of whom it knows everything, although nobody means the caller. */
function admitsStranger({ one, statements }: Case): boolean {
  if (isMeant(one, statements)) return false;
  return decideAssumeRole({ ...one.attempt, roleArn: ROLE, trust: policyOf(statements) }).allowed;
}

function isReported({ one, statements }: Case): boolean {
  return strangersOf(ROLE, policyOf(statements), OWN).admitted.some(({ stranger }) => has(stranger, one));
}

const baseOf = (operator: string) => operator.replace(/^For(All|Any)Values?:/, '').replace(/IfExists$/, '');

const admitting = generated.filter(admitsStranger);

it('whoever the evaluator admits beyond the workload and beyond whom statements name is reported', () => {
  expect(admitting.filter((one) => !isReported(one)).slice(0, 1)).toEqual([]);
});

it('a statement that is the workload’s own, restricted further, is never reported', () => {
  const wrong = fc.sample(restricted, { numRuns: COUNT, seed: SEED }).filter((statements) => {
    const { admitted } = strangersOf(ROLE, policyOf(statements), OWN, []);
    return admitted.length > 0;
  });
  expect(wrong.slice(0, 1)).toEqual([]);
});

describe('the generated cases', () => {
  it('admit a stranger in three of ten at least', () => {
    expect(admitting.length / COUNT).toBeGreaterThanOrEqual(0.3);
  });

  it('have every operator and every set prefix, also among those that admit a stranger', () => {
    const written = admitting.flatMap(({ statements }) => conditionsOf(statements).map(({ operator }) => operator));
    expect(new Set(written.map(baseOf))).toEqual(new Set([...Object.keys(OPERATORS), 'Null']));
    const forms = written.map((operator) => /^(For\w+:)?\w+?(IfExists)?$/.exec(operator)?.slice(1).join('+'));
    expect(new Set(forms)).toEqual(
      new Set(['', 'ForAnyValue:', 'ForAllValues:'].flatMap((set) => [`${set}+`, `${set}+IfExists`])),
    );
  });

  it.each([...Object.keys(OPERATORS), 'Null'])('notice that nothing is evaluated with %s', (operator) => {
    const found = admitting.find(
      (one) => usesIn(one, operator).length > 0 && !withDisabled(usesIn(one, operator), () => isReported(one)),
    );
    expect(found).toBeDefined();
  });
});

/** The spellings of an operator that the statements which allow have. */
function usesIn({ statements }: Case, operator: string): readonly string[] {
  const allowing = statements.filter(({ Effect }) => Effect === 'Allow');
  return conditionsOf(allowing).flatMap((one) => (baseOf(one.operator) === operator ? [one.operator] : []));
}

/** An operator whose condition no value meets. */
const NEVER = { matches: () => false, negated: false, variables: false, among: () => false as const };

/** Runs with some operators replaced by one that never matches. */
function withDisabled<Result>(operators: readonly string[], run: () => Result): Result {
  const parsed = operators.map((written) => parseOperator(written) as { test: ParsedOperator['test'] });
  const tests = parsed.map(({ test }) => test);
  for (const one of parsed) one.test = NEVER;
  try {
    return run();
  } finally {
    parsed.forEach((one, index) => {
      one.test = tests[index] ?? one.test;
    });
  }
}
