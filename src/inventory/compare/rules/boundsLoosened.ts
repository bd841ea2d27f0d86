import type { RuleFinding } from '../../rules/Rule';
import type { KeptStatement, Target, Workload } from '../../Inventory';
import type { CompareRule, KeptWorkload } from '../compare';

export const boundsLoosened: CompareRule = {
  name: 'bounds-loosened',
  severities: ['warning'],
  what: 'A role, also that of a target, keeps its permissions boundary. Its `adoptedTrust` and the statements of `keepTrust` and `adoptedTrust` get no new `because`.',
  example: 'the role of workload "billing" in prod loses its permissions boundary',
  *check({ workloads }) {
    for (const workload of workloads) {
      yield* boundary(workload);
      yield* because(workload);
      yield* reasons(workload);
    }
  },
};

function* boundary({ base, head, environment, targets }: KeptWorkload): Generator<RuleFinding> {
  const path = ['workloads', head.key];
  yield* boundaryOf(base, head, path, `the role of workload "${head.key}" in ${environment.head.key}`);
  for (const { base: before, head: after } of targets.kept) {
    const role = `the role of target "${after.key}" of workload "${head.key}" in ${environment.head.key}`;
    yield* boundaryOf(before, after, [...path, 'targets', after.key], role);
  }
}

function* boundaryOf(
  base: Pick<Target, 'role'>,
  head: Pick<Target, 'role'>,
  path: readonly string[],
  role: string,
): Generator<RuleFinding> {
  const [before, now] = [base.role.permissionsBoundary, head.role.permissionsBoundary];
  if (before === undefined || before === now) return;
  yield {
    path: [...path, 'role', ...(now === undefined ? [] : ['permissionsBoundary'])],
    message: `${role} ${now === undefined ? 'loses its permissions boundary' : `changes its permissions boundary from ${before} to ${now}`}`,
    hint: 'Have a reviewer confirm that the role may do more now, or restore the boundary.',
  };
}

function* because({ base, head, environment }: KeptWorkload): Generator<RuleFinding> {
  if (head.role.adoptedTrust?.because === undefined || base.role.adoptedTrust === undefined) return;
  if (base.role.adoptedTrust.because !== undefined) return;
  yield {
    path: ['workloads', head.key, 'role', 'adoptedTrust', 'because'],
    message: `the proof now accepts others that the adopted trust of workload "${head.key}" in ${environment.head.key} allows, with the reason: ${head.role.adoptedTrust.because}`,
    hint: 'Have a reviewer confirm that they may assume the role: `npx podlift prove` lists them.',
  };
}

/** The statements of the trust policies of a workload's roles that the inventory has, with their places. */
function statementsOf({ role: { keepTrust = [], adoptedTrust = {} }, targets }: Workload) {
  const placed = (place: readonly string[], statements: readonly KeptStatement[] = []) =>
    statements.map((statement, index) => ({ statement, place: [...place, index] }));
  return [
    ...placed(['role', 'keepTrust'], keepTrust),
    ...placed(['role', 'adoptedTrust', 'oidc'], adoptedTrust.oidc),
    ...placed(['role', 'adoptedTrust', 'podIdentity'], adoptedTrust.podIdentity),
    ...targets.flatMap(({ key, role }) => placed(['targets', key, 'role', 'keepTrust'], role.keepTrust)),
  ];
}

/** A statement that is new with its reason counts as well: the proof accepts what it failed for without the reason. */
function* reasons({ base, head, environment }: KeptWorkload): Generator<RuleFinding> {
  const known = statementsOf(base).map((one) => textOf(one));
  for (const one of statementsOf(head)) {
    const { statement, place } = one;
    if (statement.because === undefined || known.includes(textOf(one))) continue;
    const whose = place[0] === 'targets' ? `target "${String(place[1])}" of workload` : 'workload';
    yield {
      path: ['workloads', head.key, ...place, 'because'],
      message: `the proof now accepts others that a statement in the trust policy of ${whose} "${head.key}" in ${environment.head.key} allows, with the reason: ${statement.because}`,
      hint: 'Have a reviewer confirm that they may assume the role: `npx podlift prove` lists them.',
    };
  }
}

/** A statement, its role, and whether it has a reason. Another text of the reason is not a new reason. */
function textOf({ statement: { because, ...statement }, place }: ReturnType<typeof statementsOf>[number]): string {
  return JSON.stringify([place[0] === 'targets' ? place[1] : '', statement, because !== undefined]);
}
