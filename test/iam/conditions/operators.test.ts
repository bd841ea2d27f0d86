import { OPERATORS, parseOperator } from '../../../src/iam/conditions/operators';

const MAIN = 'arn:aws:eks:us-west-2:111122223333:cluster/main';

/** Operator, wanted, found, whether they match (the negation aside). */
const COMPARISONS: readonly (readonly [string, string, string, boolean])[] = [
  ['StringEquals', 'a', 'a', true],
  ['StringEquals', 'a', 'A', false],
  ['StringEquals', 'a*', 'ab', false],
  ['StringEquals', 'a*', 'a*', true],
  ['StringEquals', '', '', true],
  ['StringEqualsIgnoreCase', 'aB', 'Ab', true],
  ['StringEqualsIgnoreCase', 'a*', 'ab', false],
  ['StringLike', 'a*', 'ab', true],
  ['StringLike', 'a*', 'Ab', false],
  ['StringLike', 'system:serviceaccount:*:app', 'system:serviceaccount:a:b:app', true],
  ['ArnEquals', MAIN, MAIN, true],
  ['ArnEquals', 'arn:aws:eks:*:*:cluster/*', MAIN, true],
  ['ArnLike', 'arn:aws:eks:us-west-?:111122223333:cluster/ma?n', MAIN, true],
  ['ArnLike', 'arn:*:111122223333:cluster/main', MAIN, false],
  ['ArnLike', 'arn:aws:eks:*', MAIN, false],
  ['ArnLike', '*', MAIN, false],
  ['ArnLike', 'arn:aws:eks:us-west-2:111122223333:*', `${MAIN}:a:b`, true],
  ['ArnLike', 'arn:aws:s:*:111122223333:finance/*', 'arn:aws:s:r:999999999999:store/abc:111122223333:finance/x', false],
  ['ArnLike', MAIN.toUpperCase(), MAIN, false],
  ['ArnLike', 'a*', 'abc', false],
  ['ArnLike', 'same', 'same', false],
  ['Bool', 'true', 'true', true],
  ['Bool', 'True', 'true', true],
  ['Bool', 'false', 'true', false],
  ['Bool', 'false', 'False', true],
  ['Bool', 'true', 'false', false],
  ['Bool', 'yes', 'yes', false],
  ['NumericEquals', '5', '5.0', true],
  ['NumericEquals', '5', '6', false],
  ['NumericEquals', '-.5', '-0.5', true],
  ['NumericEquals', '', '', false],
  ['NumericEquals', '1e3', '1000', false],
  ['NumericEquals', '0x10', '16', false],
  ['NumericLessThan', '10', '9.5', true],
  ['NumericLessThan', '10', '10', false],
  ['NumericLessThan', '10', 'nine', false],
  ['NumericLessThanEquals', '10', '10', true],
  ['NumericLessThanEquals', '10', '11', false],
  ['NumericGreaterThan', '10', '11', true],
  ['NumericGreaterThan', '10', '10', false],
  ['NumericGreaterThanEquals', '10', '10', true],
  ['NumericGreaterThanEquals', '10', '9', false],
  ['DateEquals', '2026-11-21T10:00:00Z', '2026-11-21T12:00:00+02:00', true],
  ['DateEquals', '2026-11-21', '2026-11-21T00:00:00.000Z', true],
  ['DateEquals', '2026-11', '2026-11-01', true],
  ['DateEquals', '2026', '2026-01-01T00:00Z', true],
  ['DateEquals', '1767225600', '2026-01-01T00:00:00Z', true],
  ['DateEquals', '2028-02-29', '2028-02-29T00:00:00Z', true],
  ['DateEquals', '2026-02-30', '2026-03-02', false],
  ['DateEquals', '2026-02-29', '2026-03-01', false],
  ['DateEquals', '2026-11-21T10:00:00.5Z', '2026-11-21T10:00:00.500Z', true],
  ['DateEquals', '2026-11-21T10:00:00.123456789Z', '2026-11-21T10:00:00.123Z', true],
  ['DateEquals', '2026-13-01', '2026-13-01', false],
  ['DateEquals', 'today', 'today', false],
  ['DateEquals', '2026-11-21T10:00:00', '2026-11-21T10:00:00', false],
  ['DateLessThan', '2026-11-21T10:00:00Z', '2026-11-21T09:59:59.999Z', true],
  ['DateLessThan', '2026-11-21T10:00:00Z', '2026-11-21T10:00:00Z', false],
  ['DateLessThan', '2026-11-21', '2026-02-30', false],
  ['DateLessThan', '2026-11-21', 'yesterday', false],
  ['DateLessThanEquals', '2026-11-21T10:00:00Z', '2026-11-21T10:00:00Z', true],
  ['DateLessThanEquals', '2026-11-21T10:00:00Z', '2026-11-21T10:00:01Z', false],
  ['DateGreaterThan', '2026-11-21', '2026-11-22', true],
  ['DateGreaterThan', '2026-11-21', '2026-11-21', false],
  ['DateGreaterThanEquals', '2026-11-21', '2026-11-21', true],
  ['DateGreaterThanEquals', '2026-11-21', '2026-11-20', false],
  ['IpAddress', '10.0.0.0/8', '10.255.1.2', true],
  ['IpAddress', '10.0.0.0/8', '11.0.0.0', false],
  ['IpAddress', '192.0.2.7', '192.0.2.7', true],
  ['IpAddress', '192.0.2.7', '192.0.2.8', false],
  ['IpAddress', '0.0.0.0/0', '192.0.2.8', true],
  ['IpAddress', '192.0.2.0/25', '192.0.2.128', false],
  ['IpAddress', '192.0.2.0/33', '192.0.2.0', false],
  ['IpAddress', '192.0.2.0/24/1', '192.0.2.0', false],
  ['IpAddress', '192.0.2', '192.0.2', false],
  ['IpAddress', '192.0.2.256', '192.0.2.256', false],
  ['IpAddress', '192.0.02.1', '192.0.2.1', false],
  ['IpAddress', '2001:db8::/32', '2001:db8:ffff::1', true],
  ['IpAddress', '2001:DB8:0:0:0:0:0:1', '2001:db8::1', true],
  ['IpAddress', '2001:db8::1', '2001:db8::2', false],
  ['IpAddress', '::/0', '2001:db8::2', true],
  ['IpAddress', '::/0', '192.0.2.1', false],
  ['IpAddress', '0.0.0.0/0', '::1', false],
  ['IpAddress', '::ffff:192.0.2.1', '::ffff:c000:201', true],
  ['IpAddress', '1::2::3', '1::2::3', false],
  ['IpAddress', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7', false],
  ['IpAddress', '1:2:3:4:5:6:7:8::', '1:2:3:4:5:6:7:8', false],
  ['BinaryEquals', 'QmluYXJ5', 'QmluYXJ5', true],
  ['BinaryEquals', 'QmluYXJ5', 'QmluYXJ6', false],
  ['BinaryEquals', 'QQ==', 'QR==', true],
  ['BinaryEquals', 'not base 64', 'not base 64', false],
  ['BinaryEquals', 'QmluYXJ5', 'QmluYXJ5!', false],
  ['BinaryEquals', 'QmluYXJ5!', 'QmluYXJ5', false],
];

describe('a condition operator', () => {
  it.each(COMPARISONS)('%s %j on %j: %s', (name, wanted, found, expected) => {
    const value = { text: wanted, pieces: [{ text: wanted, literal: false }] };
    expect(OPERATORS[name]!.matches(found, value)).toBe(expected);
  });

  it('is compared in the table above, unless it negates another', () => {
    const positive = Object.entries(OPERATORS).filter(([, { negated }]) => !negated);
    const compared = new Set(COMPARISONS.map(([name]) => name));
    expect(positive.map(([name]) => name).sort()).toEqual([...compared].sort());
  });

  it.each([
    ['StringNotEquals', 'StringEquals'],
    ['StringNotEqualsIgnoreCase', 'StringEqualsIgnoreCase'],
    ['StringNotLike', 'StringLike'],
    ['ArnNotEquals', 'ArnEquals'],
    ['ArnNotLike', 'ArnLike'],
    ['NumericNotEquals', 'NumericEquals'],
    ['DateNotEquals', 'DateEquals'],
    ['NotIpAddress', 'IpAddress'],
  ])('%s is %s negated', (negation, name) => {
    expect(OPERATORS[negation]).toEqual({ ...OPERATORS[name], negated: true });
  });

  it('is open for a set of values where a variable has a wildcard as its value', () => {
    const pieces = [
      { text: 'a*', literal: true },
      { text: '*', literal: false },
    ];
    const among = OPERATORS.StringLike!.among!;
    expect(among({ like: 'ab*', except: [] }, [{ text: 'a**', pieces }])).toBe('open');
    expect(among({ like: 'ab*', except: [] }, [{ text: 'a**', pieces: [{ text: 'a**', literal: false }] }])).toBe(true);
  });

  it('takes policy variables when it compares strings, ARNs or truth values', () => {
    const takers = Object.entries(OPERATORS).filter(([, { variables }]) => variables);
    expect(takers.every(([name]) => /^(String|Arn|Bool)/.test(name))).toBe(true);
    expect(takers).toHaveLength(11);
  });
});

describe('the name of an operator', () => {
  it.each([
    ['StringEquals', { ifExists: false, test: OPERATORS.StringEquals }],
    ['stringequals', { ifExists: false, test: OPERATORS.StringEquals }],
    ['ArnLikeIfExists', { ifExists: true, test: OPERATORS.ArnLike }],
    ['ForAnyValue:StringLike', { set: 'ForAnyValue', ifExists: false, test: OPERATORS.StringLike }],
    ['forallvalues:stringlikeifexists', { set: 'ForAllValues', ifExists: true, test: OPERATORS.StringLike }],
    ['Null', { ifExists: false, test: 'Null' }],
  ])('%s is understood', (written, expected) => {
    expect(parseOperator(written)).toEqual(expected);
  });

  it.each([
    '',
    'StringMatches',
    'NullIfExists',
    'ForSomeValues:StringLike',
    'String Equals',
    'IfExists',
    'constructor',
  ])('%j is not', (written) => {
    expect(parseOperator(written)).toBeUndefined();
  });
});
