import { remedyText } from '../../../src/cli/report';
import type { Statement } from '../../../src/iam/PolicyDocument';
import { checkedWith, ONE_CLUSTER } from './checked';
import { estateOf, foundOf } from './foundOf';
import { AUD, oidcOf, openPodIdentity, type Shape, sub, trustOf } from './shapes';

const like = (...subjects: string[]): Statement => oidcOf({ StringLike: sub(...subjects), StringEquals: AUD });
const shapesFor = (accounts: readonly string[], ...statements: Statement[]): readonly Shape[] =>
  accounts.map((of) => ({
    of,
    annotated: true,
    found: 'irsa',
    role: { name: 'previews', trust: trustOf(...statements) },
  }));
const check = (shapes: readonly Shape[], more: Parameters<typeof checkedWith>[2] = {}, text = ONE_CLUSTER) =>
  checkedWith(text, estateOf(foundOf(shapes)), more);
const everyText = ({ proposal }: ReturnType<typeof check>) =>
  [
    ...proposal.left.flatMap(({ message, remedy }) => [message, remedyText(remedy)]),
    ...proposal.workloads.flatMap(({ notes }) => notes),
  ].join('\n');

describe('a trust policy with a pattern', () => {
  it.each<[string, readonly string[], readonly Statement[], object]>([
    [
      'of namespaces',
      ['pr-1/app', 'pr-2/app'],
      [like('pr-*:app')],
      { subjects: [{ namespaces: 'pr-*', serviceAccounts: 'app' }] },
    ],
    [
      'of service accounts, as Crossplane names them',
      ['crossplane-system/provider-aws-s3-1a2b'],
      [like('crossplane-system:provider-aws-*')],
      { subjects: [{ namespaces: 'crossplane-system', serviceAccounts: 'provider-aws-*' }] },
    ],
    ['without a second colon, which admits every name', ['pr-1/app'], [like('pr-*')], {}],
    [
      'beside a name that it does not admit',
      ['pr-1/app', 'shop/api'],
      [like('pr-*:app', 'shop:api')],
      {
        subjects: [
          { namespace: 'shop', serviceAccount: { name: 'api', manage: 'none' } },
          { namespaces: 'pr-*', serviceAccounts: 'app' },
        ],
      },
    ],
    ['of every namespace', ['a/app', 'b/app'], [like('*:app')], { subjects: expect.anything() }],
    ['of a namespace', ['left/app'], [like('left:*')], {}],
    ['for any subject', ['a/app', 'b/web'], [oidcOf({ StringEquals: AUD })], { subjects: expect.anything() }],
    [
      'of one character',
      ['pr-1/app'],
      [like('pr-?:app')],
      { subjects: [{ namespaces: 'pr-?', serviceAccounts: 'app' }] },
    ],
  ])('%s gets one entry that stays at irsa, and nobody is shut out', (_what, accounts, statements, expected) => {
    const checked = check(shapesFor(accounts, ...statements));
    const { proposal, findings } = checked;
    expect([findings, proposal.left]).toEqual([[], []]);
    expect(proposal.workloads).toHaveLength(1);
    const { entry } = proposal.workloads[0]!;
    expect(entry).toMatchObject({
      stage: 'irsa',
      because: expect.stringContaining('AWS has no patterns'),
      ...expected,
    });
    expect(entry.wave).toBeUndefined();
    expect(everyText(checked)).toContain('keep it, since it admits the next one too');
    expect(everyText(checked)).not.toMatch(/write the subject|name only|narrow/i);
  });

  it('prints the command that comes next', () => {
    const { proposal } = check(shapesFor(['pr-1/app'], like('pr-*:app')));
    expect(proposal.workloads[0]!.notes.join()).toContain('npx podlift expand -e prod --write');
  });

  it('gets a wave of its own with --expand', () => {
    const { proposal, edit } = check(shapesFor(['pr-1/app', 'pr-2/app'], like('pr-*:app')), { patterns: 'expand' });
    expect(proposal.workloads[0]!.entry).toMatchObject({
      wave: 'prod-main-patterns',
      subjects: [{ namespaces: 'pr-*', serviceAccounts: 'app' }],
    });
    expect(proposal.workloads[0]!.notes.join()).toContain('Before the wave goes to dual');
    expect(edit!.text).toContain('prod-main-patterns:');
  });

  it('is known when the next service account comes', () => {
    const { edit } = check(shapesFor(['pr-1/app'], like('pr-*:app')));
    const again = check(shapesFor(['pr-1/app', 'pr-2/app', 'pr-3/app'], like('pr-*:app')), {}, edit!.text);
    expect(again.proposal.left.map(({ agrees }) => agrees)).toEqual([true, true, true]);
    expect([again.proposal.workloads, again.proposal.edits]).toEqual([[], []]);
  });

  it('keeps its pattern past irsa, with the associations by name', () => {
    const shapes = shapesFor(['pr-1/app', 'pr-2/app'], like('pr-*:app'), openPodIdentity).map((one) => ({
      ...one,
      association: {},
    }));
    const { proposal, findings } = check(shapes);
    expect([findings, proposal.left]).toEqual([[], []]);
    expect(proposal.workloads[0]!.entry).toMatchObject({
      wave: 'prod-main-patterns-dual',
      subjects: [
        { namespace: 'pr-1', serviceAccount: { name: 'app', manage: 'none' } },
        { namespace: 'pr-2', serviceAccount: { name: 'app', manage: 'none' } },
        { namespaces: 'pr-*', serviceAccounts: 'app' },
      ],
    });
  });
});
