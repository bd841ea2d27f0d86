import type { Statement } from '../../../src/iam/PolicyDocument';
import { allow, isCovered, trust } from './documents';

const HOME = '111122223333';
const ROLE = `arn:aws:iam::${HOME}:role/x`;
const QUEUE = `arn:aws:sqs:us-west-2:${HOME}:q`;
const on = (Resource: string): Statement => allow({ Resource });
const to = (Action: string): Statement => allow({ Action });
const butActions = (NotAction: string): Statement => ({ Effect: 'Allow', NotAction, Resource: '*' });
const butResources = (NotResource: string): Statement => ({ Effect: 'Allow', Action: 's3:*', NotResource });
const butPrincipals: Statement = { Effect: 'Deny', Action: '*', NotPrincipal: { AWS: HOME } };

describe('a statement covers another one', () => {
  it.each<[string, Statement, Statement]>([
    ['that has the same elements', allow(), allow()],
    ['for one action by a pattern', to('s3:GetObject'), to('s3:Get*')],
    ['for a pattern of actions by a wider pattern', to('s3:Get?bject'), to('S3:*')],
    ['for all but some actions by all actions', butActions('iam:*'), allow({ Action: '*', Resource: '*' })],
    ['for one resource by a pattern', on('arn:aws:s3:::acme/x'), on('arn:aws:s3:::acme/*')],
    ['for a pattern of resources by a wider pattern', on('arn:aws:sqs:*:1?:q?'), on('arn:aws:sqs:*:1*:q*')],
    ['for a resource by patterns of its parts', on(QUEUE), on('arn:*:sqs:us-*:*:?')],
    ['for a resource by a pattern whose star matches colons', on('arn:aws:x:a:b:c:d'), on('arn:aws:x:*:c:d')],
    [
      'for a resource whose last part has colons',
      on('arn:aws:logs:r:1:log-group:g:*'),
      on('arn:aws:logs:r:1:log-group:*'),
    ],
    ['for a resource with a variable by all resources', on('arn:aws:s3:::${aws:username}'), on('*')],
    [
      'for all but some resources by all resources',
      butResources('arn:aws:s3:::x'),
      allow({ Action: 's3:*', Resource: '*' }),
    ],
    ['for a text that is no ARN by all resources', on('x'), on('*')],
    ['for one principal by everyone', trust(), trust({ Principal: '*' })],
    ['for an account by everyone', trust({ Principal: { AWS: HOME } }), trust({ Principal: { AWS: ['*', ROLE] } })],
    ['for all but some actions, principals and resources by the same', butPrincipals, butPrincipals],
  ])('%s', (_, narrow, wide) => {
    expect(isCovered(narrow, wide)).toBe(true);
  });
});

describe('a statement does not cover another one', () => {
  it.each<[string, Statement, Statement]>([
    ['of another effect', { ...allow(), Effect: 'Deny' }, allow()],
    ['of another action', to('s3:PutObject'), to('s3:Get*')],
    ['for more actions', to('s3:*'), to('s3:Get*')],
    ['for all but some actions, by all of a service', butActions('iam:*'), allow({ Resource: '*', Action: 's3:*' })],
    [
      'for all but some actions, by a pattern that matches their names',
      butActions('s3:*'),
      allow({ Resource: '*', Action: '*3:*' }),
    ],
    [
      'with both Action and NotAction, by all actions',
      { ...butActions('iam:*'), Action: 's3:*' },
      allow({ Resource: '*', Action: '*' }),
    ],
    [
      'with both Resource and NotResource, by all resources',
      { ...butResources('x'), Resource: 'y' },
      { Effect: 'Allow', Action: 's3:*', Resource: '*' },
    ],
    [
      'with both Principal and NotPrincipal, by everyone',
      trust({ NotPrincipal: { AWS: HOME } }),
      trust({ Principal: '*' }),
    ],
    ['for one action, by all but others', allow({ Resource: '*' }), butActions('s3:GetObject')],
    ['for fewer actions, by all but others', butActions('s3:*'), butActions('s3:GetObject')],
    ['without an action, by all actions', { Effect: 'Allow', Resource: '*' }, allow({ Resource: '*', Action: '*' })],
    ['of an action, without one', allow({ Resource: '*' }), { Effect: 'Allow', Resource: '*' }],
    ['of another resource', on('arn:aws:s3:::other/x'), on('arn:aws:s3:::acme/*')],
    ['for more resources', on('arn:aws:s3:::acme/*'), on('arn:aws:s3:::acme/x')],
    ['for a pattern with a star, by a ?', on('arn:aws:s3:::acme/*'), on('arn:aws:s3:::acme/?')],
    ['for a pattern of another service', on('arn:aws:sqs:*:*:x*'), on('arn:aws:s3:::x*')],
    ['for a pattern that is no ARN', on('arn:*'), on('arn:aws:s3:::*')],
    ['for all resources', on('*'), on('arn:aws:s3:::*')],
    ['for a pattern, by a text that is no ARN', on('arn:aws:s3:::*'), on('arn:aws*')],
    ['for a resource, by an ARN without all its parts', on(QUEUE), on('arn:aws:sqs')],
    ['for a resource with a variable', on('arn:aws:s3:::acme/${aws:username}'), on('arn:aws:s3:::acme/*')],
    ['for a resource, by a pattern with a variable', on('arn:aws:s3:::${aws:username}'), on('arn:aws:s3:::${aws:*')],
    ['for a resource that only a variable of the pattern can match', on('arn:aws:s3:::x/${'), on('arn:aws:s3:::?/${')],
    [
      'for all but some resources, by one of them',
      butResources('arn:aws:s3:::x'),
      allow({ Action: 's3:*', Resource: 'arn:aws:s3:::*' }),
    ],
    ['for a resource, by all but others', allow({ Action: 's3:*' }), butResources('arn:aws:s3:::x')],
    ['for the resource of its policy, by all resources', trust(), trust({ Resource: '*' })],
    ['for a resource, by the resource of its policy', trust({ Resource: '*' }), trust()],
    ['for a role, by its account', trust({ Principal: { AWS: ROLE } }), trust({ Principal: { AWS: HOME } })],
    ['for everyone, by an account', trust({ Principal: '*' }), trust({ Principal: { AWS: HOME } })],
    ['for all but an account, by everyone', butPrincipals, { Effect: 'Deny', Action: '*', Principal: '*' }],
    ['for nobody, by everyone', { Effect: 'Allow', Action: '*' }, { Effect: 'Allow', Action: '*', Principal: '*' }],
    [
      'without principals, by NotPrincipal that names nobody',
      { Effect: 'Deny', Action: '*' },
      { Effect: 'Deny', Action: '*', NotPrincipal: {} },
    ],
  ])('%s', (_, narrow, wide) => {
    expect(isCovered(narrow, wide)).toBe(false);
  });
});
