import { EVERYTHING, type PodSession, sessionAccess } from '../../src/comparison/access';
import type { Statement } from '../../src/iam/PolicyDocument';
import { clusterOf, environmentOf, podsOf, workloadOf } from '../blueprint/inventoryOf';
import { documentOf } from './roleOf';

// Sessions of the source role that ask for a target role: by the app, or by EKS for an association.

const SOURCE = 'arn:aws:iam::333333333333:role/prod-orders-api';
const TARGET = 'arn:aws:iam::444444444444:role/ledger';
const CLUSTER = clusterOf();
const EXTERNAL_ID = 'us-west-2/333333333333/prod-main/production/orders-api';

type Conditions = NonNullable<Statement['Condition']>;
interface Asked extends Partial<PodSession> {
  readonly arn?: string;
  readonly sessionTags?: boolean;
  readonly now?: Date;
}

function result(Condition: Conditions, { arn = TARGET, sessionTags = true, now, ...session }: Asked = {}) {
  const hop = { Effect: 'Allow', Principal: { AWS: SOURCE } } as const;
  // sts:TagSession has no external id and no source identity.
  const trust = documentOf({ ...hop, Action: 'sts:AssumeRole', Condition }, { ...hop, Action: 'sts:TagSession' });
  return sessionAccess(
    { name: 'ledger', arn, trust },
    environmentOf(),
    podsOf(workloadOf({ sessionTags })),
    CLUSTER,
    { from: SOURCE, identity: [EVERYTHING], mode: 'pod-identity', chained: false, ...session },
    now,
  ).result;
}

const carried = (key: string, value: string): Conditions => ({ StringEquals: { [`aws:PrincipalTag/${key}`]: value } });
const CARRIED = carried('kubernetes-service-account', 'orders-api');
const BY_ID: Conditions = { StringEquals: { 'sts:ExternalId': EXTERNAL_ID } };
const OTHER_ID: Conditions = { StringEquals: { 'sts:ExternalId': `${EXTERNAL_ID}-2` } };
const BY_SOURCE_IDENTITY: Conditions = { StringEquals: { 'sts:SourceIdentity': 'orders' } };
const CHAINED = { chained: true };
const UNTAGGED = { sessionTags: false };
const IRSA = { mode: 'irsa' } as const;

describe('a session of the pods', () => {
  it.each<[string, Conditions, Asked, string]>([
    ['of Pod Identity carries the tags of EKS', CARRIED, {}, 'allowed'],
    ['of Pod Identity carries no other value of them', carried('kubernetes-service-account', 'x'), {}, 'denied'],
    ['without session tags carries none', CARRIED, UNTAGGED, 'denied'],
    ['of IRSA carries none', CARRIED, IRSA, 'denied'],
    ['has the tags of its role', carried('team', 'shop'), { roleTags: { team: 'shop' } }, 'allowed'],
    ['of one pod: which one is not known', carried('kubernetes-pod-name', 'orders-0'), {}, 'depends'],
    ['needs permissions of its own', {}, { identity: [] }, 'denied'],
    ['needs permissions within its boundary', {}, { boundary: { name: 'none', document: documentOf() } }, 'denied'],
  ])('%s', (_what, condition, asked, expected) => {
    expect(result(condition, asked)).toBe(expected);
  });
});

describe('what a session sends', () => {
  it.each<[string, Conditions, Asked, string]>([
    ['an app can send an external id', BY_ID, {}, 'depends'],
    ['an app of IRSA can send an external id', BY_ID, IRSA, 'depends'],
    ['an app that sends nothing sends no external id', BY_ID, { sendsNothing: true }, 'denied'],
    ['an app can send a source identity', BY_SOURCE_IDENTITY, {}, 'depends'],
    ['EKS sends no source identity', BY_SOURCE_IDENTITY, CHAINED, 'denied'],
    ['EKS sends no external id with session tags', BY_ID, CHAINED, 'denied'],
    ['a session of IRSA is never chained by EKS', BY_ID, { ...CHAINED, ...IRSA }, 'depends'],
    ['an app without session tags can send any external id', BY_ID, UNTAGGED, 'depends'],
    [
      'an app without session tags that sends nothing sends no external id',
      BY_ID,
      { ...UNTAGGED, sendsNothing: true },
      'denied',
    ],
    ['an app that assumes its own role again sends nothing', BY_ID, { arn: SOURCE }, 'denied'],
    ['EKS sends the external id of pods without session tags', BY_ID, { ...CHAINED, ...UNTAGGED }, 'allowed'],
    [
      'EKS sends their external id, and nothing else',
      BY_ID,
      { ...CHAINED, ...UNTAGGED, sendsNothing: true },
      'allowed',
    ],
    ['EKS sends no other external id', OTHER_ID, { ...CHAINED, ...UNTAGGED }, 'denied'],
    ['EKS sends no external id for IRSA', BY_ID, { ...CHAINED, ...UNTAGGED, ...IRSA, sendsNothing: true }, 'denied'],
  ])('%s', (_what, condition, asked, expected) => {
    expect(result(condition, asked)).toBe(expected);
  });

  it('depends on the time until it is known', () => {
    const condition = { DateLessThan: { 'aws:CurrentTime': '2026-06-01T00:00:00Z' } };
    expect(result(condition)).toBe('depends');
    expect(result(condition, { now: new Date('2026-05-01T00:00:00Z') })).toBe('allowed');
    expect(result(condition, { now: new Date('2026-07-01T00:00:00Z') })).toBe('denied');
  });
});
