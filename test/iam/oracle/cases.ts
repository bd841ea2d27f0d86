import fc from 'fast-check';
import { sessionArn } from '../../../src/iam/Arn';
import type { NamedPolicy } from '../../../src/iam/Decision';
import type { PolicyDocument, PrincipalElement, Statement } from '../../../src/iam/PolicyDocument';
import type { Caller, Context } from '../../../src/iam/Request';
import type { Case } from './Case';
import { conditions } from './conditions';
import { contexts } from './contexts';
import { actionPatterns, mostly, oneOrMany, resourcePatterns, trustActions } from './patterns';

const HOME = '111122223333';
const AWAY = '444455556666';
const PROVIDER = `arn:aws:iam::${HOME}:oidc-provider/oidc.eks.us-west-2.amazonaws.com/id/D1D1`;

const CALLERS: readonly { readonly weight: number; readonly value: Caller }[] = [
  { weight: 5, value: { kind: 'session', roleArn: `arn:aws:iam::${HOME}:role/orders`, sessionName: 'eks-main-pod' } },
  { weight: 2, value: { kind: 'session', roleArn: `arn:aws:iam::${AWAY}:role/orders`, sessionName: 'eks-main-pod' } },
  { weight: 1, value: { kind: 'session', roleArn: `arn:aws:iam::${HOME}:role/podlift/orders`, sessionName: 'pod' } },
  { weight: 3, value: { kind: 'user', arn: `arn:aws:iam::${HOME}:user/ana` } },
  { weight: 1, value: { kind: 'user', arn: `arn:aws:iam::${AWAY}:user/ana` } },
  { weight: 1, value: { kind: 'role', roleArn: `arn:aws:iam::${HOME}:role/orders` } },
  { weight: 1, value: { kind: 'account', arn: `arn:aws:iam::${HOME}:root` } },
  { weight: 4, value: { kind: 'service', service: 'pods.eks.amazonaws.com' } },
  { weight: 1, value: { kind: 'service', service: 'ec2.amazonaws.com' } },
  { weight: 4, value: { kind: 'federated', provider: PROVIDER } },
  { weight: 1, value: { kind: 'anonymous' } },
];

const ROLE = `arn:aws:iam::${HOME}:role/ledger`;

/** What is asked of which resource; the pairs that fit are found by the caller's kind. */
const TARGETS: readonly { readonly action: string; readonly resource: string }[] = [
  { action: 's3:GetObject', resource: 'arn:aws:s3:::orders/production/orders-api/1:2.txt' },
  { action: 'dynamodb:GetItem', resource: `arn:aws:dynamodb:us-west-2:${HOME}:table/orders` },
  { action: 'kms:Decrypt', resource: `arn:aws:kms:us-west-2:${HOME}:key/1234` },
  { action: 'sts:AssumeRole', resource: ROLE },
  { action: 'sts:AssumeRole', resource: ROLE },
  { action: 'sts:TagSession', resource: ROLE },
];

function targetsFor(caller: Caller): readonly { readonly action: string; readonly resource: string }[] {
  return caller.kind === 'federated' ? [{ action: 'sts:AssumeRoleWithWebIdentity', resource: ROLE }] : TARGETS;
}

function principals(caller: Caller, anyKind: boolean): fc.Arbitrary<PrincipalElement> {
  const other = fc.constantFrom<PrincipalElement>(
    { AWS: `arn:aws:iam::${AWAY}:root` },
    { AWS: [HOME, `arn:aws:iam::${AWAY}:user/bob`] },
    { Service: ['lambda.amazonaws.com', 'ec2.amazonaws.com'] },
    { Federated: `arn:aws:iam::${AWAY}:oidc-provider/example.com` },
    ...(anyKind ? (['*', { AWS: '*' }] as const) : []),
  );
  const everyone = fc.constantFrom<PrincipalElement>('*', { AWS: '*' });
  return mostly(fc.oneof({ weight: 8, arbitrary: namesOf(caller) }, { weight: 1, arbitrary: everyone }), other);
}

function namesOf(caller: Caller): fc.Arbitrary<PrincipalElement> {
  switch (caller.kind) {
    case 'service':
      return oneOrMany(fc.constant(caller.service)).map((Service) => ({ Service }));
    case 'federated':
      return oneOrMany(fc.constant(caller.provider)).map((Federated) => ({ Federated }));
    case 'anonymous':
      return fc.constant('*');
    default:
      return oneOrMany(fc.constantFrom(...awsNamesOf(caller))).map((AWS) => ({ AWS }));
  }
}

function awsNamesOf(caller: Extract<Caller, { kind: 'account' | 'user' | 'role' | 'session' }>): readonly string[] {
  const arn = caller.kind === 'account' || caller.kind === 'user' ? caller.arn : caller.roleArn;
  const account = arn.split(':')[4]!;
  const session = caller.kind === 'session' ? [sessionArn(caller.roleArn, caller.sessionName)] : [];
  return [account, `arn:aws:iam::${account}:root`, arn, ...session];
}

const effects = fc.oneof(
  { weight: 7, arbitrary: fc.constant('Allow' as const) },
  { weight: 1, arbitrary: fc.constant('Deny' as const) },
);

interface Part {
  readonly caller: Caller;
  readonly action: string;
  readonly resource: string;
  readonly context: Context;
}

function statement(part: Part, kind: 'identity' | 'resource' | 'trust'): fc.Arbitrary<Statement> {
  const actions = kind === 'trust' ? trustActions(part.action) : actionPatterns(part.action);
  const notActions = fc.constantFrom(kind === 'trust' ? 'sts:SetSourceIdentity' : 'ec2:*', part.action);
  const resources = resourcePatterns(part.resource);
  const inverted = fc.constantFrom(false, false, false, false, false, false, true);
  return fc
    .record({
      Effect: effects,
      flags: fc.record({ notAction: inverted, notResource: inverted, notPrincipal: inverted }),
      action: actions,
      notAction: notActions,
      resource: resources,
      principal: principals(part.caller, kind === 'resource'),
      condition: fc.option(conditions(part.context), { nil: undefined, freq: 3 }),
    })
    .map(({ Effect, flags, action, notAction, resource, principal, condition }) => {
      const notPrincipal = flags.notPrincipal && kind === 'resource' && Effect === 'Deny';
      return {
        Effect,
        ...(kind === 'identity' ? {} : notPrincipal ? { NotPrincipal: principal } : { Principal: principal }),
        ...(flags.notAction ? { NotAction: notAction } : { Action: action }),
        ...(kind === 'trust' ? {} : flags.notResource ? { NotResource: resource } : { Resource: resource }),
        ...(condition === undefined ? {} : { Condition: condition }),
      };
    });
}

function policy(name: string, part: Part, kind: 'identity' | 'resource' | 'trust'): fc.Arbitrary<NamedPolicy> {
  const documents: fc.Arbitrary<PolicyDocument> = fc.record({
    Version: fc.oneof(
      { weight: 20, arbitrary: fc.constant('2012-10-17' as const) },
      { weight: 1, arbitrary: fc.constant('2008-10-17' as const) },
    ),
    Statement: fc.array(statement(part, kind), { minLength: 1, maxLength: 3 }),
  });
  return documents.map((document) => ({ name, document }));
}

/** Requests and policies that speak of them: guided, so that a good part is allowed. */
export const cases: fc.Arbitrary<Case> = fc
  .tuple(fc.oneof(...CALLERS.map(({ weight, value }) => ({ weight, arbitrary: fc.constant(value) }))), contexts)
  .chain(([caller, context]) =>
    fc.constantFrom(...targetsFor(caller)).chain(({ action, resource }) => {
      const part = { caller, action, resource, context };
      const hasIdentity = ['user', 'role', 'session'].includes(caller.kind);
      const own = action.startsWith('sts:') ? 'trust' : 'resource';
      const wantsOwn = !hasIdentity || /^(sts|kms):/.test(action);
      const identity = policy('identity', part, 'identity');
      const boundary = fc.oneof(
        { weight: 3, arbitrary: fc.constant(undefined) },
        { weight: 1, arbitrary: policy('boundary', part, 'identity') },
      );
      return fc
        .record({
          identity: hasIdentity ? fc.array(identity, { maxLength: 2 }) : fc.constant([]),
          boundary: hasIdentity ? boundary : fc.constant(undefined),
          // One of so many cases is without.
          resourcePolicy: fc.option(policy('resource', part, own), { nil: undefined, freq: wantsOwn ? 50 : 3 }),
        })
        .map(({ identity, boundary, resourcePolicy }) => ({
          request: { caller, action, resource, resourceAccount: HOME, context },
          policies: {
            identity,
            ...(boundary === undefined ? {} : { boundary }),
            ...(resourcePolicy === undefined ? {} : { resource: resourcePolicy }),
          },
        }));
    }),
  );
