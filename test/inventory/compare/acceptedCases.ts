import { type CompareCase, twoClusters, waves, TIME, since, api, SECOND, GRANTS, LEDGER, core } from './CompareCase';

const stateOfDev = (written: string): CompareCase['base'] & object => ({
  replace: { '    state: { s3: { bucket: acme-tfstate, region: us-west-2 } }\n': `    state: ${written}\n` },
});

/** What is no problem on the way from one version to another. */
export const ACCEPTED: readonly Pick<CompareCase, 'when' | 'base' | 'head' | 'baseTime'>[] = [
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
  {
    when: 'the workspaces stay, by a cloud block in place of the backend remote',
    base: stateOfDev('{ remote: { organization: Acme } }'),
    head: stateOfDev('{ cloud: { organization: acme, hostname: app.terraform.io, project: shops } }'),
  },
  {
    when: 'an http state gets a lock',
    base: stateOfDev('{ http: { address: "https://s.acme.com/{stack}" } }'),
    head: stateOfDev(
      '{ http: { address: "https://s.acme.com/{stack}", lockAddress: "https://s.acme.com/{stack}/lock" } }',
    ),
  },
  {
    when: 'Terraform authenticates in another way',
    base: stateOfDev('{ azurerm: { storageAccountName: acmestate, containerName: tfstate } }'),
    head: stateOfDev('{ azurerm: { storageAccountName: acmestate, containerName: tfstate, useOidc: true } }'),
  },
  { when: 'a wave is new', head: core('{ dev: irsa }') },
  {
    when: 'a key that nothing uses as a target changes',
    head: { replace: { '  data: {': '  lake: {', 'account: data': 'account: lake' } },
  },
  {
    when: 'a stage changes at the very time of the commit before',
    base: since('prepared', TIME),
    head: since('dual', '2026-11-19T09:00:00Z'),
    baseTime: '2026-11-19T09:00:00Z',
  },
  {
    when: 'a stage that did not change is older than the commit before',
    base: since('dual', TIME),
    head: since('dual', TIME),
    baseTime: '2026-11-19T09:00:00Z',
  },
  {
    when: 'nobody knows when the version before was committed',
    base: since('prepared', TIME),
    head: since('dual', '2026-11-15T09:00:00Z'),
  },
  {
    when: 'a wave soaks for as long, in another unit',
    base: waves('{ soak: 1w, stages: { dev: dual, prod: prepared } }'),
    head: waves('{ soak: 7d, stages: { dev: dual, prod: prepared } }'),
  },
  {
    when: 'a wave soaks for longer, and waits for another than none',
    base: core('{ dev: dual }, soak: 2d', ''),
    head: core('{ dev: dual }, soak: 49h'),
  },
  {
    when: 'a workload changes its wave at the same stage',
    base: { ...core('{ dev: dual, prod: prepared }', ''), append: SECOND },
    head: { ...core('{ dev: dual, prod: prepared }', ''), append: SECOND.replace('wave: pilot', 'wave: core') },
  },
  {
    when: 'a cluster is new that runs nothing',
    base: api('environments: [dev]\n    clusters: [main]'),
    head: twoClusters('    clusters: [main]\n'),
  },
  { when: 'permissions change', head: api(GRANTS) },
  { when: 'a target is new', head: api(LEDGER) },
  {
    when: 'the state of an environment without workloads moves',
    base: api('environments: [prod]'),
    head: { replace: { 'bucket: acme-tfstate': 'bucket: acme-state' }, append: '    environments: [prod]\n' },
  },
];
