import { compareInventories } from '../../src/inventory/compare/compareInventories';
import type { Inventory } from '../../src/inventory/Inventory';
import { type Change, changed, checkMarked } from '../inventory/marked';

// Changes of the place of a state, and of who reads and deploys: each gives a warning.

function version(change: Change): Inventory {
  const { loaded } = checkMarked({ 'inventory.yaml': changed(change) });
  if (!loaded.inventory) throw new Error(JSON.stringify(loaded.findings, null, 2));
  return loaded.inventory;
}

function rulesOf(base: Change, head: Change): readonly string[] {
  const problems = compareInventories(version(base), version(head), { now: new Date('2026-11-20T12:00:00Z') });
  return [...new Set(problems.map(({ rule }) => rule))];
}

type Attack = readonly [what: string, base: Change, head: Change];

describe('state-moved', () => {
  const STATE = 'state: { s3: { bucket: acme-tfstate, region: us-west-2 } }\n    clusters';
  const state = (written: string): Change => ({ replace: { [STATE]: `${written}\n    clusters` } });
  const s3 = (fields: string): Change => state(`state: { s3: { ${fields} } }`);
  const PREFIXED = s3('bucket: acme-tfstate, region: us-west-2, prefix: podlift');
  const LOCAL: Change = { replace: { [`    ${STATE}`]: '    clusters' } };

  it.each<Attack>([
    ['another bucket', {}, s3('bucket: evil-tfstate, region: us-west-2')],
    ['a bucket that differs in one letter', {}, s3('bucket: acme-tfstates, region: us-west-2')],
    ['another region', {}, s3('bucket: acme-tfstate, region: us-east-1')],
    ['a prefix that is new', {}, PREFIXED],
    ['a prefix that goes', PREFIXED, {}],
    ['another prefix', PREFIXED, s3('bucket: acme-tfstate, region: us-west-2, prefix: podlifts')],
    ['a prefix in another case', PREFIXED, s3('bucket: acme-tfstate, region: us-west-2, prefix: Podlift')],
    ['a longer prefix', PREFIXED, s3('bucket: acme-tfstate, region: us-west-2, prefix: podlift/a')],
    ['a local file in place of a bucket', {}, LOCAL],
    ['a bucket in place of a local file', LOCAL, {}],
    [
      'with a step of the wave',
      {},
      { replace: { ...s3('bucket: x-tfstate, region: us-west-2').replace, 'dev: dual': 'dev: cutover' } },
    ],
    ['written as a block', {}, state('state:\n      s3:\n        region: us-west-2\n        bucket: evil-tfstate')],
  ])('finds %s', (_what, base, head) => {
    expect(rulesOf(base, head)).toContain('state-moved');
  });

  it('finds nothing where the same state is written in another way', () => {
    expect(rulesOf({}, state('state:\n      s3:\n        region: "us-west-2"\n        bucket: acme-tfstate'))).toEqual(
      [],
    );
  });
});

describe('access-moved', () => {
  const account = (fields: string): Change => ({ replace: { '"111111111111" }': `"111111111111"${fields} }` } });
  const arn = (name: string) => `"arn:aws:iam::111111111111:role/${name}"`;
  const DEPLOY = account(`, deployRole: ${arn('deploy')}`);
  const READ = account(`, readRole: ${arn('read')}`);
  const renamed = (fields: string): Change => ({
    replace: {
      '  apps: { id: "111111111111" }': `  lake: { id: "111111111111"${fields} }`,
      'account: apps': 'account: lake',
    },
  });
  const context = (name: string): Change => ({
    replace: { '        name: dev-main': `        kubernetes: { context: ${name} }\n        name: dev-main` },
  });

  it.each<Attack>([
    ['a deploy role that is new', {}, DEPLOY],
    ['a deploy role that goes', DEPLOY, {}],
    ['another deploy role', DEPLOY, account(`, deployRole: ${arn('evil')}`)],
    ['a deploy role below a path', DEPLOY, account(`, deployRole: ${arn('x/deploy')}`)],
    ['a deploy role in another case', DEPLOY, account(`, deployRole: ${arn('Deploy')}`)],
    ['a read role that is new', {}, READ],
    ['a read role that goes', READ, {}],
    ['another read role', READ, account(`, readRole: ${arn('evil')}`)],
    [
      'roles that change places',
      account(`, deployRole: ${arn('a')}, readRole: ${arn('b')}`),
      account(`, deployRole: ${arn('b')}, readRole: ${arn('a')}`),
    ],
    ['a deploy role under another key of the account', DEPLOY, renamed(`, deployRole: ${arn('evil')}`)],
    ['a read role under another key of the account', READ, renamed(`, readRole: ${arn('evil')}`)],
    ['another context of a cluster', context('dev'), context('prod')],
  ])('finds %s', (_what, base, head) => {
    expect(rulesOf(base, head)).toContain('access-moved');
  });

  it('finds nothing where only the key of the account changes', () => {
    expect(rulesOf(DEPLOY, renamed(`, deployRole: ${arn('deploy')}`))).toEqual([]);
  });
});
