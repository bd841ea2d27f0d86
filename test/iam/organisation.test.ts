import { decide } from '../../src/iam/decide';
import type { Caller } from '../../src/iam/Request';

const BUCKET = 'arn:aws:s3:::b/key';
const ALLOW = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } } as const;
const DENY = { Version: '2012-10-17', Statement: { Effect: 'Deny', Action: 's3:GetObject', Resource: '*' } } as const;
const OPEN = {
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' },
} as const;

const role = (name: string): Caller => ({ kind: 'role', roleArn: `arn:aws:iam::333333333333:role/${name}` });
const decided = (caller: Caller, kind: 'service' | 'resource', action = 's3:GetObject') =>
  decide(
    { caller, action, resource: BUCKET },
    {
      identity: [{ name: 'own', document: ALLOW }],
      resource: { name: 'bucket', document: { ...OPEN, Statement: [OPEN.Statement, SERVICES] } },
      organisation: { [kind]: [{ name: 'organisation', document: DENY }] },
    },
  );
const SERVICES = { ...OPEN.Statement, Principal: { Service: 'ec2.amazonaws.com', Federated: 'p' } } as const;

describe('a service control policy concerns roles, users and root users, a resource control policy everyone', () => {
  it.each<[string, Caller, boolean, boolean]>([
    ['a role', role('app'), false, false],
    ['a session', { kind: 'session', roleArn: 'arn:aws:iam::333333333333:role/app', sessionName: 's' }, false, false],
    ['a user', { kind: 'user', arn: 'arn:aws:iam::333333333333:user/u' }, false, false],
    ['a root user', { kind: 'account', arn: 'arn:aws:iam::333333333333:root' }, false, false],
    ['a service', { kind: 'service', service: 'ec2.amazonaws.com' }, true, false],
    ['a token', { kind: 'federated', provider: 'p' }, true, false],
    ['nobody known', { kind: 'anonymous' }, true, false],
    ['a service-linked role', role('aws-service-role/eks.amazonaws.com/AWSServiceRoleForAmazonEKS'), true, true],
  ])('%s', (_, caller, underService, underResource) => {
    expect(decided(caller, 'service').allowed).toBe(underService);
    expect(decided(caller, 'resource').allowed).toBe(underResource);
    expect(decided(caller, 'service', 's3:PutObject').allowed).toBe(true);
  });

  it('the decision names the policy', () => {
    expect(decided(role('app'), 'service')).toMatchObject({
      reason: 'explicit deny',
      decidedBy: { policy: 'organisation', index: 0 },
    });
  });
});
