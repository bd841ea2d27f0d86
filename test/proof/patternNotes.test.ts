import type { Subject, SubjectPattern } from '../../src/inventory/Inventory';
import { patternNotes } from '../../src/proof/patternNotes';
import { stagedWorkloadOf } from '../../src/proof/stagedWorkload';
import { clusterOf, environmentOf, workloadOf } from '../blueprint/inventoryOf';

const pattern = (namespaces: string, serviceAccounts: string, clusters = ['main']): SubjectPattern => ({
  namespaces: [namespaces],
  serviceAccounts: [serviceAccounts],
  clusters,
});
const subject = (namespace: string, name: string, isExpanded = false): Subject => ({
  namespace,
  name,
  manage: 'none',
  clusters: ['main'],
  isFirst: !isExpanded,
  ...(isExpanded && { isExpanded }),
});

const PREVIEWS = workloadOf({
  key: 'previews',
  stage: 'dual',
  because: 'one role for all previews',
  subjects: [subject('pr-1', 'app', true)],
  patterns: [pattern('pr-*', 'app')],
});

/** What the note on `previews` says beside these workloads. */
function messageBeside(...others: ReturnType<typeof workloadOf>[]): string {
  const environment = environmentOf({
    clusters: [clusterOf(), clusterOf({ key: 'batch' })],
    workloads: [PREVIEWS, ...others],
  });
  return patternNotes(stagedWorkloadOf(environment, PREVIEWS))
    .map(({ message }) => message)
    .join('\n');
}

describe('the note of the proof on a pattern', () => {
  it('says who gets the role, and why', () => {
    expect(messageBeside()).toBe(
      'in prod: each service account pr-*/app (1 expanded on main) gets role prod-previews: because: one role for all previews',
    );
  });

  it.each<[string, ReturnType<typeof workloadOf>, string]>([
    ['names', workloadOf({ key: 'own', subjects: [subject('pr-9', 'app')] }), 'pr-9/app of workload own'],
    [
      'admits by a pattern that meets this one',
      workloadOf({ key: 'nines', subjects: [], patterns: [pattern('pr-9?', 'a*')] }),
      'pr-9?/a* of workload nines',
    ],
  ])('names what another workload %s: its pods can use both roles', (_what, other, text) => {
    expect(messageBeside(other)).toContain(`(1 expanded on main; also ${text})`);
  });

  it.each<[string, ReturnType<typeof workloadOf>]>([
    ['another name', workloadOf({ key: 'own', subjects: [subject('pr-9', 'web')] })],
    ['another namespace', workloadOf({ key: 'own', subjects: [subject('shop', 'app')] })],
    [
      'the name on another cluster',
      workloadOf({ key: 'own', subjects: [{ ...subject('pr-9', 'app'), clusters: ['batch'] }] }),
    ],
    ['a pattern that cannot meet', workloadOf({ key: 'own', subjects: [], patterns: [pattern('*-pr', 'app-*')] })],
    [
      'a pattern on another cluster',
      workloadOf({ key: 'own', subjects: [], patterns: [pattern('*', 'app', ['batch'])] }),
    ],
  ])('does not name a workload that has %s', (_what, other) => {
    expect(messageBeside(other)).toContain('(1 expanded on main)');
  });
});
