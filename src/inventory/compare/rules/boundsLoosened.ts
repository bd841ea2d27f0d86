import type { Found } from '../../rules/Rule';
import type { KeptWorkload } from '../compare';
import type { CompareRule } from '../CompareRule';

/** What bounds a role that exists is not taken away unseen. */
export const boundsLoosened: CompareRule = {
  name: 'bounds-loosened',
  severities: ['warning'],
  what: 'A role that exists keeps its permissions boundary, and `adoptedTrust` gets no `because` unseen.',
  example: 'the role of workload "billing" in prod loses its permissions boundary',
  *check({ workloads }) {
    for (const workload of workloads) {
      yield* boundary(workload);
      yield* because(workload);
    }
  },
};

function* boundary({ base, head, environment }: KeptWorkload): Generator<Found> {
  const [before, now] = [base.role.permissionsBoundary, head.role.permissionsBoundary];
  if (before === undefined || before === now) return;
  yield {
    path: ['workloads', head.key, 'role', ...(now === undefined ? [] : ['permissionsBoundary'])],
    message: `the role of workload "${head.key}" in ${environment.head.key} ${now === undefined ? 'loses its permissions boundary' : `is bounded by ${now}, no longer by ${before}`}`,
    hint: 'Have someone confirm in review that it may do more now, or put it back.',
  };
}

function* because({ base, head, environment }: KeptWorkload): Generator<Found> {
  if (head.role.adoptedTrust?.because === undefined || base.role.adoptedTrust === undefined) return;
  if (base.role.adoptedTrust.because !== undefined) return;
  yield {
    path: ['workloads', head.key, 'role', 'adoptedTrust', 'because'],
    message: `the proof accepts from now on whom the adopted trust of workload "${head.key}" in ${environment.head.key} lets in: ${head.role.adoptedTrust.because}`,
    hint: 'Have someone confirm in review that they may have the role; `npx podlift prove` says who they are.',
  };
}
