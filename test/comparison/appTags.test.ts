import { sessionAccess } from '../../src/comparison/access';
import type { Statement } from '../../src/iam/PolicyDocument';
import { clusterOf, environmentOf, podsOf, workloadOf } from '../blueprint/inventoryOf';

// An app that assumes a target role can send session tags of its own, beside those that its session carries.

const SOURCE = 'arn:aws:iam::333333333333:role/orders';
const ARN = 'arn:aws:iam::444444444444:role/ledger';
const everything = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } } as const;
const cluster = clusterOf({});
const environment = environmentOf({ clusters: [cluster] });
const pods = podsOf(workloadOf({}));

function access(Condition: NonNullable<Statement['Condition']>, chained = false, deny?: Statement['Condition']) {
  const allow: Statement = {
    Effect: 'Allow',
    Principal: { AWS: SOURCE },
    Action: ['sts:AssumeRole', 'sts:TagSession'],
    Condition,
  };
  const denies: Statement[] = deny ? [{ Effect: 'Deny', Principal: '*', Action: 'sts:*', Condition: deny }] : [];
  const trust = { Version: '2012-10-17', Statement: [allow, ...denies] } as const;
  const session = {
    from: SOURCE,
    identity: [{ name: 'all', document: everything }],
    mode: 'pod-identity',
    chained,
  } as const;
  return sessionAccess({ name: 'ledger', arn: ARN, trust }, environment, pods, cluster, session).result;
}

const TEAM = { 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['team'] } };

it.each([
  ['aws:TagKeys', TEAM],
  ['sts:TransitiveTagKeys', { 'ForAnyValue:StringEquals': { 'sts:TransitiveTagKeys': ['team'] } }],
  ['aws:RequestTag', { StringEquals: { 'aws:RequestTag/team': 'shop' } }],
])('a condition on %s that wants a tag of the app can be met: the result depends on it', (_, condition) => {
  expect(access(condition)).toBe('depends');
});

it('EKS sends no other tags: the hop of an association is denied', () => {
  expect(access(TEAM, true)).toBe('denied');
});

it('a condition that the tags of EKS meet is met, whatever else an app could send', () => {
  expect(access({ 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['kubernetes-namespace'] } })).toBe('allowed');
  expect(access({ StringEquals: { 'aws:RequestTag/kubernetes-namespace': pods.namespace } }, false, TEAM)).toBe(
    'allowed',
  );
});

it('an app cannot leave out the tags that its session carries', () => {
  expect(access({ Null: { 'aws:TagKeys': 'true' } })).toBe('denied');
  expect(access({ StringEquals: { 'aws:RequestTag/kubernetes-namespace': 'other' } })).toBe('denied');
});
