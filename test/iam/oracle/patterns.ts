import fc from 'fast-check';

const HOME = '111122223333';
const AWAY = '444455556666';

/** Mostly what fits, now and then what does not. */
export function mostly<T>(fitting: fc.Arbitrary<T>, other: fc.Arbitrary<T>, weight = 7): fc.Arbitrary<T> {
  return fc.oneof({ weight, arbitrary: fitting }, { weight: 1, arbitrary: other });
}

export function oneOrMany<T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | T[]> {
  return fc.oneof(
    { weight: 3, arbitrary: one },
    { weight: 1, arbitrary: fc.array(one, { minLength: 1, maxLength: 3 }) },
  );
}

/** The text itself, or with a stretch of it replaced by a wildcard. */
function globOf(text: string, from = 0): fc.Arbitrary<string> {
  const cut = fc
    .tuple(fc.integer({ min: from, max: text.length }), fc.nat(6), fc.constantFrom('*', '*', '?', '**', '?*'))
    .map(([at, length, wildcard]) => text.slice(0, at) + wildcard + text.slice(at + (wildcard === '?' ? 1 : length)));
  return fc.oneof(fc.constant(text), fc.constant(text), cut);
}

/** An ARN with a wildcard in its partition, region or account. */
function globOfSegment(parts: readonly string[]): fc.Arbitrary<string> {
  return fc.constantFrom(1, 3, 4).chain((at) => globOf(parts[at]!).map((segment) => parts.with(at, segment).join(':')));
}

export function actionPatterns(action: string): fc.Arbitrary<string | string[]> {
  const service = action.slice(0, action.indexOf(':') + 1);
  const fitting = fc.oneof(
    globOf(action, service.length),
    fc.constantFrom('*', `${service}*`, action.toUpperCase(), action.toLowerCase()),
  );
  return oneOrMany(mostly(fitting, fc.constantFrom('ec2:RunInstances', `${service}Delete*`, 'sqs:*')));
}

export function trustActions(action: string): fc.Arbitrary<string | string[]> {
  const others = fc.constantFrom(
    'sts:TagSession',
    'sts:AssumeRole',
    'sts:AssumeRoleWithWebIdentity',
    'sts:SetSourceIdentity',
  );
  return oneOrMany(mostly(fc.constantFrom(action, action, 'sts:*', 'sts:Assume*', action.toLowerCase()), others));
}

export function resourcePatterns(resource: string): fc.Arbitrary<string | string[]> {
  const ns = '${aws:PrincipalTag/kubernetes-namespace}';
  const parts = resource.split(':');
  const head = parts.slice(0, 5).join(':').length + 1;
  const fitting = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom('*', resource) },
    // Behind the resource type, where a wildcard may stand.
    { weight: 8, arbitrary: globOf(resource, resource.startsWith('arn:aws:s3') ? head : resource.indexOf('/') + 1) },
    // The type of the resource as well, and one of partition, region and account.
    { weight: 1, arbitrary: globOf(resource, head) },
    { weight: 1, arbitrary: globOfSegment(parts) },
    { weight: 1, arbitrary: fc.constantFrom(3, 4, 5).map((count) => parts.slice(0, count).join(':')) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        resource.replace('production', ns),
        resource.replace('orders', `\${aws:PrincipalTag/nowhere, 'orders'}`),
      ),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        resource.replace('production', '${aws:PrincipalTag/nowhere}'),
        resource.replace(HOME, '${aws:PrincipalAccount}'),
        `${resource.slice(0, -1)}\${?}`,
      ),
    },
  );
  return oneOrMany(mostly(fitting, fc.constantFrom('arn:aws:s3:::elsewhere/*', `arn:aws:iam::${AWAY}:role/*`)));
}
