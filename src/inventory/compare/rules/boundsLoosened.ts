import type { RuleFinding } from '../../rules/Rule';
import type { CompareRule, KeptWorkload } from '../compare';

export const boundsLoosened: CompareRule = {
  name: 'bounds-loosened',
  severities: ['warning'],
  what: 'A role keeps its permissions boundary, and its `adoptedTrust` gets no new `because`.',
  example: 'the role of workload "billing" in prod loses its permissions boundary',
  *check({ workloads }) {
    for (const workload of workloads) {
      yield* boundary(workload);
      yield* because(workload);
    }
  },
};

function* boundary({ base, head, environment }: KeptWorkload): Generator<RuleFinding> {
  const [before, now] = [base.role.permissionsBoundary, head.role.permissionsBoundary];
  if (before === undefined || before === now) return;
  yield {
    path: ['workloads', head.key, 'role', ...(now === undefined ? [] : ['permissionsBoundary'])],
    message: `the role of workload "${head.key}" in ${environment.head.key} ${now === undefined ? 'loses its permissions boundary' : `changes its permissions boundary from ${before} to ${now}`}`,
    hint: 'Have a reviewer confirm that the role may do more now, or restore the boundary.',
  };
}

function* because({ base, head, environment }: KeptWorkload): Generator<RuleFinding> {
  if (head.role.adoptedTrust?.because === undefined || base.role.adoptedTrust === undefined) return;
  if (base.role.adoptedTrust.because !== undefined) return;
  yield {
    path: ['workloads', head.key, 'role', 'adoptedTrust', 'because'],
    message: `the proof now accepts others that the adopted trust of workload "${head.key}" in ${environment.head.key} allows: ${head.role.adoptedTrust.because}`,
    hint: 'Have a reviewer confirm that they may assume the role: `npx podlift prove` lists them.',
  };
}
