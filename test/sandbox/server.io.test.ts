import { APPS, ISSUER, seedWith, useSandbox } from './testSandbox';

describe('The server', () => {
  const NOW = new Date('2027-01-01T12:00:00.000Z');
  const at = useSandbox(() => ({ seed: seedWith(), clock: () => NOW }));
  const url = (path: string) => `${at.sandbox.endpoint}${path}`;

  it('states the time of the sandbox, whatever it answers', async () => {
    for (const path of ['/', '/clusters/main', '/kubernetes/111111111111/us-west-2/main/version'])
      expect((await fetch(url(path))).headers.get('date')).toBe(NOW.toUTCString());
  });

  it('answers bodies over one mebibyte with 413', async () => {
    const body = Buffer.alloc(1024 * 1024 + 1, 'a');
    const answer = await fetch(url('/'), { method: 'POST', body }).then(
      (response) => response.status,
      () => 413,
    );
    expect(answer).toBe(413);
  });

  it.each(['constructor', '__proto__', 'toString'])('does not have a service %s', async (service) => {
    const signature = `Credential=${APPS}/20270101/us-west-2/${service}/aws4_request, SignedHeaders=host, Signature=${'0'.repeat(64)}`;
    const answer = await fetch(url('/'), {
      method: 'POST',
      headers: {
        authorization: `AWS4-HMAC-SHA256 ${signature}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: 'Action=toString',
    });
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('IncompleteSignature')]);
  });

  it.each([
    ['POST', '/clusters/%E2%82/addons', '{}', 'InvalidParameterException'],
    ['DELETE', '/clusters/main/addons/%', undefined, 'InvalidParameterException'],
  ])('answers %s %s with an error that EKS has', async (method, path, body, code) => {
    const answer = await fetch(url(path), { method, ...(body === undefined ? {} : { body }) });
    expect([answer.status, await answer.json()]).toEqual([400, expect.objectContaining({ __type: code })]);
  });

  it.each([
    ['GET', '/', undefined],
    ['GET', '/%', undefined],
    ['DELETE', '/clusters/%E0%A4%A/addons/x', undefined],
    ['POST', '/', 'Action=AssumeRoleWithWebIdentity'],
    ['POST', '/', 'Action=AssumeRoleWithWebIdentity&Tags.member.x.Key=1'],
    ['POST', '/', 'Action=AssumeRoleWithWebIdentity&RoleArn.member=1&RoleArn=2&RoleArn.x.y.z=3'],
    ['POST', '/', 'Action=__proto__&Version=&__proto__.x=1'],
    ['POST', '/clusters', '{'],
    ['GET', '/oidc/constructor/keys', undefined],
    ['GET', `/oidc/${ISSUER}/keys/../../x`, undefined],
    ['GET', '/v1/credentials', undefined],
    ['OPTIONS', '*', undefined],
  ])('answers %s %s %s with an error of the caller, and goes on', async (method, path, body) => {
    const headers = body?.startsWith('Action') === true ? { 'content-type': 'application/x-www-form-urlencoded' } : {};
    const response = await fetch(url(path.startsWith('/') ? path : `/${path}`), {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
    });
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
  });
});
