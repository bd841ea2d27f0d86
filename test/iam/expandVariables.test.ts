import { expandVariables, patternOf } from '../../src/iam/expandVariables';
import { matchPattern } from '../../src/iam/matchPattern';
import { requestContext } from '../../src/iam/requestContext';

const context = new Map([
  ['aws:principaltag/team', ['yellow']],
  ['aws:username', ['a*b']],
  ['aws:tagkeys', ['a', 'b']],
]);

function expand(value: string, afterColons = 0): string | undefined {
  return expandVariables(value, context, { variables: true, afterColons })?.text;
}

describe('policy variables', () => {
  it.each([
    ['plain', 'plain'],
    ['${aws:PrincipalTag/team}', 'yellow'],
    ['a-${AWS:principaltag/TEAM}-z', 'a-yellow-z'],
    ['${aws:PrincipalTag/team}/${aws:username}', 'yellow/a*b'],
    ["${aws:PrincipalTag/team, 'none'}", 'yellow'],
    ["${aws:PrincipalTag/nowhere, 'company-wide'}", 'company-wide'],
    ["${aws:PrincipalTag/nowhere,'tight'}", 'tight'],
    ["${aws:PrincipalTag/nowhere, ''}", ''],
    ['${ aws:PrincipalTag/team }', 'yellow'],
    ["${aws:PrincipalTag/team , 'none'}", 'yellow'],
    ['${*}${?}${$}', '*?$'],
    ['${$}{aws:username}', '${aws:username}'],
    ['${', '${'],
    ['${}', '${}'],
    ['$aws:username', '$aws:username'],
  ])('turn %j into %j', (value, expected) => {
    expect(expand(value)).toBe(expected);
  });

  it.each(['${aws:PrincipalTag/nowhere}', 'a/${aws:nowhere}/b', '${aws:TagKeys}'])(
    'leave nothing of %j, which has no single value and no default',
    (value) => {
      expect(expand(value)).toBeUndefined();
    },
  );

  it('have no value that could be another one', () => {
    const part = requestContext({
      caller: { kind: 'anonymous' },
      action: 's3:GetObject',
      resource: '*',
      context: { 'aws:SourceVpc': 'vpc-1', 'aws:TagKeys': 'a' },
      completeKeys: ['aws:PrincipalTag/'],
      openLists: ['aws:TagKeys'],
    });
    const values = ['SourceVpc', 'TagKeys', 'PrincipalTag/team', 'SourceIp', 'CurrentTime'].map(
      (key) => expandVariables(`\${aws:${key}, 'none'}`, part, { variables: true })?.text,
    );
    expect(values).toEqual(['vpc-1', undefined, 'none', undefined, undefined]);
  });

  it('give a key with several values its default', () => {
    expect(expand("${aws:TagKeys, 'one'}")).toBe('one');
  });

  it('are plain text where the version has none', () => {
    expect(expandVariables('${aws:username}', context, { variables: false })?.text).toBe('${aws:username}');
  });

  it('are replaced after the fifth colon of a resource only', () => {
    expect(expand('arn:aws:s3:${aws:username}::b/${aws:username}', 5)).toBe('arn:aws:s3:${aws:username}::b/a*b');
  });

  it('bring no wildcards where they are not replaced', () => {
    expect(expand('arn:aws:s3:a::${aws:username}:${aws:username}', 5)).toBe('arn:aws:s3:a::a*b:a*b');
    expect(expand('a:${*}:${aws:username}:${aws:username}', 3)).toBe('a:*:${aws:username}:a*b');
  });

  it('bring no wildcards along', () => {
    const matches = (value: string, text: string): boolean =>
      matchPattern(patternOf(expandVariables(value, context, { variables: true })!), text);
    expect(matches('${aws:username}', 'a*b')).toBe(true);
    expect(matches('${aws:username}', 'axb')).toBe(false);
    expect(matches('${aws:username}*', 'a*bcd')).toBe(true);
    expect(matches("${aws:nowhere, 'a*'}", 'abc')).toBe(false);
    expect(matches('${*}', 'x')).toBe(false);
  });
});
