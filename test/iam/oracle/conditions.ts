import fc from 'fast-check';
import type { ConditionBlock } from '../../../src/iam/PolicyDocument';
import type { Context } from '../../../src/iam/Request';

type Family = 'text' | 'arn' | 'list' | 'address' | 'time' | 'truth' | 'number';

/** The operators that make sense for a kind of key. */
const OPERATORS_FOR: Readonly<Record<Family, readonly string[]>> = {
  text: [
    'StringEquals',
    'StringNotEquals',
    'StringEqualsIgnoreCase',
    'StringNotEqualsIgnoreCase',
    'StringLike',
    'StringNotLike',
  ],
  arn: ['ArnEquals', 'ArnLike', 'ArnNotEquals', 'ArnNotLike', 'StringEquals', 'StringLike'],
  list: ['StringEquals', 'StringNotEquals', 'StringLike', 'StringNotLike', 'StringEqualsIgnoreCase'],
  address: ['IpAddress', 'NotIpAddress'],
  time: [
    'DateEquals',
    'DateNotEquals',
    'DateLessThan',
    'DateLessThanEquals',
    'DateGreaterThan',
    'DateGreaterThanEquals',
  ],
  truth: ['Bool'],
  number: [
    'NumericEquals',
    'NumericNotEquals',
    'NumericLessThan',
    'NumericLessThanEquals',
    'NumericGreaterThan',
    'NumericGreaterThanEquals',
  ],
};

/** What policies want of a kind of key, beside the value that the request carries. */
const WANTED: Readonly<Record<Family, readonly string[]>> = {
  text: [
    'production',
    'prod*',
    '*',
    'PRODUCTION',
    '111122223333',
    '${aws:PrincipalTag/kubernetes-namespace}',
    '${aws:PrincipalTag/kubernetes-namespace}*',
    "${aws:PrincipalTag/nowhere, 'production'}",
    'system:serviceaccount:production:*',
    'sts.amazonaws.com',
    '',
  ],
  arn: [
    'arn:aws:eks:us-west-2:111122223333:cluster/*',
    'arn:aws:eks:*:111122223333:cluster/main',
    'arn:*:eks:us-west-?:*:cluster/main',
    "arn:aws:eks:us-west-2:111122223333:${aws:PrincipalTag/nowhere, 'cluster'}/main",
    'arn:aws:sns:*:*:*',
  ],
  list: ['eks-cluster-arn', 'kubernetes-namespace', 'kubernetes-*', 'kubernetes-pod-name', 'EKS-cluster-arn'],
  address: ['10.0.0.0/8', '10.1.2.3', '192.0.2.0/24', '192.0.0.0/2', '128.0.0.0/1'],
  time: ['2026-01-01T00:00:00Z', '2026-11-21T10:00:00Z', '2026-11-21T12:00:00+02:00', '2030-12-31T23:59:59.5Z'],
  truth: ['true', 'false', 'True'],
  number: ['10', '3600', '60.5', '-1'],
};

/** What the oracle and the documentation do not agree on, or what IAM would not understand. */
const QUEER: Readonly<Record<Family, readonly string[]>> = {
  text: ['${aws:PrincipalTag/nowhere}', '${aws:SourceIp}', '${*}'],
  arn: ['*', 'arn:aws:eks:us-west-2:*', '${aws:SourceArn}', 'arn:aws:eks:us-west-2:${aws:SourceAccount}:cluster/main'],
  list: [''],
  address: ['0.0.0.0/0', '::/0', '2001:db8::/32', 'nowhere'],
  time: ['2026', '1767225600', 'soon'],
  truth: ['yes'],
  number: ['many', '1e3'],
};

function wantedOf(family: Family): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 30, arbitrary: fc.constantFrom(...WANTED[family]) },
    { weight: 1, arbitrary: fc.constantFrom(...QUEER[family]) },
  );
}

const FAMILY: Readonly<Record<string, Family>> = {
  'aws:SourceAccount': 'text',
  'aws:RequestTag/kubernetes-namespace': 'text',
  'aws:PrincipalTag/kubernetes-namespace': 'text',
  'aws:SourceArn': 'arn',
  'aws:TagKeys': 'list',
  'aws:SourceIp': 'address',
  'aws:CurrentTime': 'time',
  'aws:MultiFactorAuthPresent': 'truth',
  'aws:MultiFactorAuthAge': 'number',
  'oidc.eks.us-west-2.amazonaws.com/id/D1D1:sub': 'text',
  'oidc.eks.us-west-2.amazonaws.com/id/D1D1:aud': 'text',
};

function carried(context: Context, key: string): readonly string[] {
  const values = context[key] ?? [];
  return typeof values === 'string' ? [values] : values;
}

// A list wants a set operator; without one it is not specified. A single value wants none.
const LIST_SETS = [...Array<string>(10).fill('ForAllValues:'), ...Array<string>(10).fill('ForAnyValue:'), ''];
const SINGLE_SETS = ['', '', '', '', '', '', 'ForAnyValue:', 'ForAllValues:'];

function operatorFor(family: Family): fc.Arbitrary<string> {
  const sets = family === 'list' ? LIST_SETS : SINGLE_SETS;
  return fc
    .tuple(fc.constantFrom(...sets), fc.constantFrom(...OPERATORS_FOR[family]), fc.constantFrom('', '', '', 'IfExists'))
    .map((parts) => parts.join(''));
}

/** One key under one operator; values are what the request carries, more often than not. */
function condition(context: Context): fc.Arbitrary<ConditionBlock> {
  const present = Object.keys(context);
  const keys = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...present) },
    { weight: 1, arbitrary: fc.constantFrom(...Object.keys(FAMILY)) },
  );
  return keys.chain((key) => {
    const family = FAMILY[key]!;
    const own = carried(context, key);
    const value = own.length === 0 ? wantedOf(family) : fc.oneof(fc.constantFrom(...own), wantedOf(family));
    const compare = fc
      .tuple(
        operatorFor(family),
        fc.array(value, { minLength: 1, maxLength: 3 }),
        fc.constantFrom(key, key, key.toUpperCase()),
      )
      .map(([operator, values, name]) => ({ [operator]: { [name]: values.length === 1 ? values[0]! : values } }));
    const present = fc.constantFrom('true', 'false').map((wanted) => ({ Null: { [key]: wanted } }));
    return fc.oneof({ weight: 9, arbitrary: compare }, { weight: 1, arbitrary: present });
  });
}

/** A condition block of one to three operators. */
export function conditions(context: Context): fc.Arbitrary<ConditionBlock> {
  return fc
    .array(condition(context), { minLength: 1, maxLength: 3 })
    .map((blocks) => Object.assign({}, ...blocks) as ConditionBlock);
}
