import { parseArn, parseRoleArn, sessionArn, splitArn } from '../../src/iam/Arn';

describe('an ARN', () => {
  it('is read into its parts, the resource with its colons', () => {
    expect(parseArn('arn:aws-cn:logs:cn-north-1:111122223333:log-group:a:b')).toEqual({
      partition: 'aws-cn',
      service: 'logs',
      region: 'cn-north-1',
      account: '111122223333',
      resource: 'log-group:a:b',
    });
    expect(parseArn('arn:aws:s3:::bucket')).toMatchObject({ region: '', account: '', resource: 'bucket' });
  });

  it.each(['', '*', 'arn', 'arn:aws:s3', 'arn:aws:iam::111122223333', 'urn:aws:s3:::bucket'])('is not %j', (text) => {
    expect(parseArn(text)).toBeUndefined();
    expect(splitArn(text)).toBeUndefined();
  });
});

describe('the ARN of a session', () => {
  it.each([
    ['arn:aws:iam::111122223333:role/orders', 'arn:aws:sts::111122223333:assumed-role/orders/pod'],
    ['arn:aws:iam::111122223333:role/a/b/orders', 'arn:aws:sts::111122223333:assumed-role/orders/pod'],
    ['arn:aws-us-gov:iam::111122223333:role/orders', 'arn:aws-us-gov:sts::111122223333:assumed-role/orders/pod'],
  ])('of %s is %s', (roleArn, expected) => {
    expect(sessionArn(roleArn, 'pod')).toBe(expected);
  });

  it.each(['arn:aws:iam::111122223333:user/ana', 'orders', 'arn:aws:s3:::role/orders'])(
    'cannot be had of %s',
    (text) => {
      expect(() => sessionArn(text, 'pod')).toThrow(`not the ARN of a role: ${text}`);
    },
  );
});

describe('the ARN of a role', () => {
  it.each([
    ['arn:aws:iam::111122223333:role/orders', '/', 'orders'],
    ['arn:aws:iam::111122223333:role/a/b/orders', '/a/b/', 'orders'],
    ['arn:aws-cn:iam::111122223333:role/or+d=e,r.s@-_1', '/', 'or+d=e,r.s@-_1'],
    ['arn:aws-us-gov:iam::111122223333:role/orders', '/', 'orders'],
  ])('%s has the path %s and the name %s', (text, path, name) => {
    expect(parseRoleArn(text)).toStrictEqual({ accountId: '111122223333', path, name });
  });

  it.each([
    ['a user', 'arn:aws:iam::111122223333:user/ana'],
    ['a session', 'arn:aws:sts::111122223333:assumed-role/orders/pod'],
    ['a short account id', 'arn:aws:iam::11112222333:role/orders'],
    ['no name', 'arn:aws:iam::111122223333:role/'],
    ['a name of 65 characters', `arn:aws:iam::111122223333:role/${'a'.repeat(65)}`],
    ['a region', 'arn:aws:iam:eu-west-1:111122223333:role/orders'],
    ['another partition', 'arn:azure:iam::111122223333:role/orders'],
    ['text before it', ' arn:aws:iam::111122223333:role/orders'],
    ['text after it', 'arn:aws:iam::111122223333:role/orders/*'],
    ['nothing', ''],
  ])('is not an ARN with %s', (_, text) => {
    expect(parseRoleArn(text)).toBeUndefined();
  });
});
