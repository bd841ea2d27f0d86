import { type CompareCase, TIME, since, api, SECOND, GRANTS, LEDGER, core } from './CompareCase';

/** What is no problem on the way from one version to another. */
export const ACCEPTED: readonly Pick<CompareCase, 'when' | 'base' | 'head'>[] = [
  { when: 'nothing changes' },
  { when: 'a wave goes one stage on', base: since('dual', TIME), head: since('cutover', '2026-11-19T09:00:00Z') },
  { when: 'a wave goes one stage back', base: since('dual', TIME), head: since('prepared', '2026-11-19T09:00:00Z') },
  {
    when: 'the same time is written with another offset',
    base: since('dual', TIME),
    head: since('dual', '2026-11-14T10:00:00+01:00'),
  },
  {
    when: 'the clock of another is minutes ahead',
    base: since('prepared', TIME),
    head: since('dual', '2026-11-20T12:04:00Z'),
  },
  { when: 'a workload is new', head: { append: SECOND } },
  { when: 'a wave is new', head: core('{ dev: irsa }') },
  {
    when: 'a workload at irsa is removed',
    base: { append: SECOND.replace('wave: pilot', 'stage: irsa, because: later') },
  },
  {
    when: 'a key that nothing uses as a target changes',
    head: { replace: { '  data: {': '  lake: {', 'account: data': 'account: lake' } },
  },
  { when: 'permissions change', head: api(GRANTS) },
  { when: 'a target is new', head: api(LEDGER) },
];
