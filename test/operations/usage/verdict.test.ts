import type { LastAccessedFacts, UnusedFindingFacts } from '../../../src/estate/aws/AwsPort';
import { judgeAction } from '../../../src/operations/usage/verdict';

const SINCE = '2026-08-30T00:00:00.000Z';
const IN = '2026-11-01T00:00:00.000Z';
const BEFORE = '2026-02-01T00:00:00.000Z';

const REPORT: LastAccessedFacts = {
  services: [
    {
      service: 'route53',
      lastAccessed: IN,
      tracked: [
        { action: 'route53:ChangeResourceRecordSets', lastAccessed: IN },
        { action: 'route53:ListHostedZones' },
        { action: 'route53:ListResourceRecordSets', lastAccessed: BEFORE },
      ],
    },
    { service: 's3', lastAccessed: IN, tracked: [] },
    { service: 'sqs', tracked: [] },
    { service: 'ssm', lastAccessed: BEFORE, tracked: [{ action: 'ssm:GetParameter', lastAccessed: BEFORE }] },
    { service: 'sts', tracked: [{ action: 'sts:AssumeRole' }] },
    { service: 'iam', lastAccessed: IN, tracked: [{ action: 'iam:GetRole', lastAccessed: IN }] },
    { service: 'kms', tracked: [] },
  ],
};
const verdictOf = (action: string, findings: readonly UnusedFindingFacts[] = [], report: LastAccessedFacts = REPORT) =>
  judgeAction(action, { report, findings, since: SINCE }).verdict;

describe('what AWS says of an action', () => {
  it.each([
    ['tried in the window', 'route53:ChangeResourceRecordSets', 'used'],
    ['in other letters', 'Route53:changeresourcerecordsets', 'used'],
    ['tracked and never tried', 'route53:ListHostedZones', 'unused'],
    ['tracked and tried before the window', 'route53:ListResourceRecordSets', 'unused'],
    ['a data event of a service in use', 's3:GetObject', 'not-tracked'],
    ['not in the list of a service in use', 'route53:ListTagsForResource', 'not-tracked'],
    ['of a service that was never reached, data events too', 'sqs:SendMessage', 'service-unused'],
    ['of a service that was reached before the window', 'ssm:GetParameter', 'service-unused'],
    ['a pattern of such a service', 'sqs:*', 'service-unused'],
    ['of a service that the report does not have', 'dynamodb:GetItem', 'unknown'],
    ['a pattern with an action in use', 'route53:*', 'pattern'],
    ['a pattern with an action that is not tracked', 'route53:List*', 'pattern'],
    ['a pattern of a service without tracked actions', 's3:Get*', 'pattern'],
    ['everything', '*', 'pattern'],
    ['a hop', 'sts:AssumeRole', 'needed'],
    ['the session tags of a hop', 'sts:TagSession', 'needed'],
    ['passing a role', 'iam:PassRole', 'needed'],
    ['a key that another service uses in its name', 'kms:Decrypt', 'needed'],
  ])('%s: %s', (_, action, expected) => {
    expect(verdictOf(action)).toBe(expected);
  });

  it('a pattern whose every action is tracked and unused can go', () => {
    const tracked = ['ListHostedZones', 'ListHostedZonesByName', 'ListHostedZonesByVPC'].map((name) => ({
      action: `route53:${name}`,
    }));
    const report = { services: [{ service: 'route53', lastAccessed: IN, tracked }] };
    expect(verdictOf('route53:ListHostedZones*', [], report)).toBe('unused');
    expect(
      verdictOf('route53:ListHosted*', [], { services: [{ ...report.services[0]!, tracked: tracked.slice(1) }] }),
    ).toBe('pattern');
  });

  it('names the tracked actions of a pattern that were not tried', () => {
    expect(judgeAction('route53:*', { report: REPORT, findings: [], since: SINCE }).unused).toEqual([
      'route53:ListHostedZones',
      'route53:ListResourceRecordSets',
    ]);
  });

  it('without a report nothing is unused', () => {
    const known = ['route53:ListHostedZones', 'sqs:SendMessage', 's3:*'].map((action) =>
      judgeAction(action, { findings: [], since: SINCE }),
    );
    expect(known.map(({ verdict }) => verdict)).toEqual(['unknown', 'unknown', 'unknown']);
  });
});

describe('what an analyzer says', () => {
  const finding = (parts: Partial<UnusedFindingFacts>): UnusedFindingFacts => ({
    findingType: 'UnusedPermission',
    findingStatus: 'ACTIVE',
    analyzedAt: IN,
    services: [{ service: 'dynamodb', unused: ['dynamodb:CreateTable'] }, { service: 'ec2' }],
    ...parts,
  });

  it('counts where the report has nothing', () => {
    expect(verdictOf('dynamodb:CreateTable', [finding({})])).toBe('unused');
    expect(verdictOf('dynamodb:GetItem', [finding({})])).toBe('unknown');
    expect(verdictOf('ec2:DescribeInstances', [finding({})])).toBe('service-unused');
  });

  it('does not count against a use that the report has', () => {
    const found = finding({ services: [{ service: 'route53', unused: ['route53:ChangeResourceRecordSets'] }] });
    expect(verdictOf('route53:ChangeResourceRecordSets', [found])).toBe('used');
  });

  it('keeps what somebody archived, also where the report says that it is unused', () => {
    const archived = (service: string, unused: string[]) =>
      finding({ findingStatus: 'ARCHIVED', services: [{ service, unused }] });
    expect(verdictOf('dynamodb:CreateTable', [archived('dynamodb', ['dynamodb:CreateTable'])])).toBe('archived');
    expect(verdictOf('route53:ListHostedZones', [archived('route53', ['route53:ListHostedZones'])])).toBe('archived');
  });
});
