import type { AwsPort } from '../../../src/estate/aws/AwsPort';
import { awsPorts } from '../../../src/estate/aws/awsPorts';
import type { AwsSettings } from '../../../src/estate/aws/clientConfig';
import type { Account } from '../../../src/inventory/Inventory';
import { callerIdentity, type FakeAnswer, type FakeAws, fakeAws, type FakeCall, fault } from './fakeAws';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
const ACCOUNT = { key: 'apps', id: '111111111111' };
const DATA = { key: 'data', id: '222222222222' };
const DEPLOY = 'arn:aws:iam::222222222222:role/deploy';
const READ = 'arn:aws:iam::222222222222:role/read';
const before = { ...process.env };
let aws: FakeAws;

beforeAll(() => {
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_EC2_METADATA_DISABLED: 'true',
  });
});
afterAll(() => {
  process.env = before;
});
afterEach(() => aws.stop());

async function portTo(
  answer: (call: FakeCall, earlier: number) => FakeAnswer,
  settings: AwsSettings = {},
  account: Account = ACCOUNT,
): Promise<AwsPort> {
  aws = await fakeAws((call, calls) =>
    call.operation === 'GetCallerIdentity'
      ? callerIdentity('111111111111')
      : answer(call, calls.filter(({ operation }) => operation === call.operation).length - 1),
  );
  return awsPorts({ endpoint: aws.endpoint, ...settings })(account, 'us-west-2');
}

const json = (value: unknown): FakeAnswer => ({ body: JSON.stringify(value) });
const operations = () => aws.calls.map(({ operation }) => operation);

describe('the adapter of AWS', () => {
  it('asks for the identity once, however many questions follow', async () => {
    const port = await portTo(() =>
      json({ cluster: { arn: 'arn', version: '1.33', platformVersion: 'eks.1', status: 'ACTIVE' } }),
    );
    await Promise.all([port.describeCluster('a'), port.describeCluster('b'), port.describeCluster('c')]);
    expect(operations().filter((operation) => operation === 'GetCallerIdentity')).toHaveLength(1);
  });

  it('asks nothing of an account that the credentials are not of, and names both', async () => {
    const port = await portTo(() => json({}), {}, DATA);
    const answer = await port.describeCluster('a');
    expect(answer).toMatchObject({ ok: false, why: 'denied' });
    expect(answer.ok ? '' : answer.message).toMatch(/account 111111111111 .*not of data \(222222222222\)$/);
    expect(operations()).toEqual(['GetCallerIdentity']);
  });

  it.each<[object, string, RegExp | undefined]>([
    [
      {},
      'data has no readRole and no deployRole in the inventory: use credentials of 222222222222, or name one.',
      undefined,
    ],
    [{ deployRole: DEPLOY }, `The deployRole of data in the inventory is ${DEPLOY}.`, /role%2Fdeploy/],
    [{ deployRole: DEPLOY, readRole: READ }, `The readRole of data in the inventory is ${READ}.`, /role%2Fread/],
    [{ readRole: READ }, `The readRole of data in the inventory is ${READ}.`, /role%2Fread/],
  ])('reads by the account’s role %j, and names it where it is of another account', async (roles, say, assumed) => {
    const credentials =
      '<Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken></Credentials>';
    const port = await portTo(
      () => ({
        type: 'text/xml',
        body: `<AssumeRoleResponse><AssumeRoleResult>${credentials}</AssumeRoleResult></AssumeRoleResponse>`,
      }),
      {},
      { ...DATA, ...roles },
    );
    expect(await port.describeCluster('a')).toMatchObject({ ok: false, why: 'denied', fix: [{ say }] });
    const [first] = aws.calls;
    if (assumed === undefined) expect(first?.operation).toBe('GetCallerIdentity');
    else expect([first?.operation, first?.body]).toEqual(['AssumeRole', expect.stringMatching(assumed)]);
  });

  it('tries again when it is throttled, and then has its answer', async () => {
    const port = await portTo((_, earlier) =>
      earlier < 2
        ? fault(429, 'ThrottlingException')
        : json({
            addon: {
              addonName: 'eks-pod-identity-agent',
              addonArn: 'arn:addon',
              status: 'ACTIVE',
              addonVersion: 'v1.3.4-eksbuild.1',
              health: { issues: [] },
            },
          }),
    );
    expect(await port.addon('main', 'eks-pod-identity-agent')).toMatchObject({
      ok: true,
      value: {
        name: 'eks-pod-identity-agent',
        arn: 'arn:addon',
        status: 'ACTIVE',
        version: 'v1.3.4-eksbuild.1',
        issues: [],
        associationArns: [],
        tags: {},
      },
    });
    expect(operations().filter((operation) => operation.startsWith('GET'))).toHaveLength(3);
  });

  it.each<[string, FakeAnswer, string, RegExp]>([
    ['a throttle that goes on', fault(429, 'ThrottlingException'), 'throttled', /2 attempts/],
    ['a missing permission', fault(403, 'AccessDeniedException'), 'denied', /AccessDeniedException it is/],
    ['an expired token', fault(403, 'ExpiredTokenException'), 'denied', /Expired/],
    ['an error of the server’s', fault(500, 'ServerException'), 'failed', /2 attempts/],
    ['a proxy’s page', { status: 502, type: 'text/html', body: '<html>' }, 'failed', /./],
    ['an answer that never comes', { body: '{}', after: 1_500 }, 'timeout', /./],
  ])('says what became of %s', async (_, answer, why, message) => {
    const port = await portTo(() => answer, { attempts: 2, requestTimeout: 300 });
    const result = await port.describeCluster('main');
    expect(result).toMatchObject({ ok: false, why });
    expect(result.ok ? '' : result.message).toMatch(message);
  });

  it('gives up when the question as a whole takes too long', async () => {
    const port = await portTo(() => fault(429, 'ThrottlingException'), { timeout: 400 });
    expect(await port.describeCluster('main')).toMatchObject({ ok: false, why: 'timeout' });
  });

  it('states the time of the last response, whatever it was', async () => {
    const dates = ['Fri, 27 Nov 2026 10:00:00 GMT', 'Fri, 27 Nov 2026 10:00:07 GMT'];
    const port = await portTo(
      ({ operation }, earlier) => ({
        ...(operation.endsWith('/old') ? json({ cluster: {} }) : fault(earlier === 0 ? 500 : 403, 'ServerException')),
        ...(operation.endsWith('/odd') ? { date: 'soon' } : { date: dates[earlier] ?? '' }),
      }),
      { attempts: 2 },
    );
    const [old, denied, odd] = await Promise.all(['old', 'denied', 'odd'].map((name) => port.describeCluster(name)));
    expect(old).toMatchObject({ ok: true, at: '2026-11-27T10:00:00.000Z' });
    expect(denied).toMatchObject({ ok: false, at: '2026-11-27T10:00:07.000Z' });
    expect(odd).not.toHaveProperty('at');
  });

  it('says that an endpoint is unreachable', async () => {
    await portTo(() => json({}));
    const port = awsPorts({ endpoint: 'http://127.0.0.1:9', attempts: 1 })(ACCOUNT, 'us-west-2');
    const answer = await port.describeCluster('main');
    expect(answer).toMatchObject({ ok: false, why: 'unreachable' });
    expect(answer).not.toHaveProperty('at');
  });

  it('takes what is not there for nothing, not for a failure', async () => {
    const port = await portTo(() => fault(404, 'ResourceNotFoundException'));
    expect(await port.describeCluster('main')).toMatchObject({ ok: true, value: undefined });
    expect(await port.addon('main', 'x')).toMatchObject({ ok: true, value: undefined });
  });

  it('takes a cluster that is not there for a failure when its lists are asked for', async () => {
    const port = await portTo(() => fault(404, 'ResourceNotFoundException'));
    expect(await port.addons('main')).toMatchObject({ ok: false, why: 'failed' });
    expect(await port.nodeGroups('main')).toMatchObject({ ok: false, why: 'failed' });
  });

  it('describes every add-on of every page, and leaves out what is gone by then', async () => {
    const port = await portTo(({ operation, url }) => {
      const query = new URL(url, 'http://x').searchParams;
      if (operation === 'GET /clusters/main/addons') {
        const page = Number(query.get('nextToken') ?? 0);
        const addons = Array.from({ length: 20 }, (_, index) => `addon-${page * 20 + index}`);
        return json({ addons: page === 1 ? [] : addons, ...(page < 2 ? { nextToken: `${page + 1}` } : {}) });
      }
      const name = operation.split('/').at(-1);
      if (name === 'addon-7') return fault(404, 'ResourceNotFoundException');
      return json({ addon: { addonName: name, status: 'ACTIVE' } });
    });
    const answer = await port.addons('main');
    const names = answer.ok ? answer.value.map(({ name }) => name) : [];
    expect(names).toHaveLength(39);
    expect(names.slice(6, 8)).toEqual(['addon-6', 'addon-8']);
  });

  it('says that a list has no answer when one description has none', async () => {
    const port = await portTo(({ operation }) =>
      operation.endsWith('/addons') ? json({ addons: ['a', 'b'] }) : fault(403, 'AccessDeniedException'),
    );
    expect(await port.addons('main')).toMatchObject({ ok: false, why: 'denied' });
  });

  it('follows the pages of CloudTrail to the end, for each name', async () => {
    const record = (name: string, index: number) => ({
      CloudTrailEvent: JSON.stringify({
        eventID: `${name}-${index}`,
        eventName: name,
        eventTime: '2026-11-16T00:00:00Z',
        userIdentity: {
          type: 'WebIdentityUser',
          userName: 'system:serviceaccount:a:b',
          identityProvider: 'arn:provider',
        },
        requestParameters: { roleArn: 'arn:aws:iam::111111111111:role/x' },
      }),
    });
    const port = await portTo(({ body }) => {
      const { NextToken: token = '0', LookupAttributes, MaxResults } = JSON.parse(body);
      expect(MaxResults).toBe(50);
      const page = Number(token);
      const events = Array.from({ length: 50 }, (_, index) =>
        record(LookupAttributes[0].AttributeValue, page * 50 + index),
      );
      return json({ Events: page === 1 ? [] : events, ...(page < 3 ? { NextToken: `${page + 1}` } : {}) });
    });
    const answer = await port.events(['AssumeRole', 'AssumeRoleWithWebIdentity'], '2026-11-14T00:00:00Z');
    const events = answer.ok ? answer.value : [];
    // An empty page in the middle is no end.
    expect(new Set(events.map(({ id }) => id)).size).toBe(300);
    expect(events[0]).toEqual({
      id: 'AssumeRole-0',
      name: 'AssumeRole',
      at: '2026-11-16T00:00:00Z',
      roleArns: ['arn:aws:iam::111111111111:role/x'],
      by: 'system:serviceaccount:a:b',
      provider: 'arn:provider',
    });
  });

  it('does not pass over an event of CloudTrail that it cannot read', async () => {
    const port = await portTo(() => json({ Events: [{ CloudTrailEvent: '{"eventName":"AssumeRole"}' }] }));
    const answer = await port.events(['AssumeRole'], '2026-11-14T00:00:00Z');
    expect(answer).toMatchObject({ ok: false, why: 'failed' });
  });

  it('tells that the deploy role cannot be taken', async () => {
    const denied = `<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not allowed to assume podlift-deploy</Message></Error></ErrorResponse>`;
    const port = await portTo(
      () => ({ status: 403, type: 'text/xml', body: denied }),
      {},
      {
        ...ACCOUNT,
        deployRole: 'arn:aws:iam::111111111111:role/podlift-deploy',
      },
    );
    const answer = await port.role('x');
    expect(answer).toMatchObject({ ok: false, why: 'denied' });
    expect(answer.ok ? '' : answer.message).toMatch(/not allowed to assume podlift-deploy/);
    expect(operations()).toEqual(['AssumeRole']);
  });

  describe('reading all roles of an account', () => {
    const xml = (action: string, list: string, members: readonly string[], marker?: string): FakeAnswer => ({
      type: 'text/xml',
      body: [
        `<${action}Response xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><${action}Result>`,
        `<${list}>${members.map((member) => `<member>${member}</member>`).join('')}</${list}>`,
        `<IsTruncated>${marker !== undefined}</IsTruncated>`,
        marker === undefined ? '' : `<Marker>${marker}</Marker>`,
        `</${action}Result></${action}Response>`,
      ].join(''),
    });
    const trust = encodeURIComponent('{"Version":"2012-10-17","Statement":[]}');
    const role = (name: string, id: string) =>
      `<Path>/</Path><RoleName>${name}</RoleName><RoleId>${id}</RoleId><Arn>arn:${name}</Arn><AssumeRolePolicyDocument>${trust}</AssumeRolePolicyDocument>`;
    const details = (members: readonly string[], marker?: string) =>
      xml('GetAccountAuthorizationDetails', 'RoleDetailList', members, marker);
    const listed = (members: readonly string[], marker?: string) => xml('ListRoles', 'Roles', members, marker);
    const form = ({ body }: FakeCall) => new URLSearchParams(body);

    it('follows all pages of both lists, of 1,000 each, and of roles alone', async () => {
      const port = await portTo((call) => {
        const parameters = form(call);
        expect(parameters.get('MaxItems')).toBe('1000');
        const page = Number(parameters.get('Marker') ?? 0);
        const next = page < 2 ? String(page + 1) : undefined;
        if (call.operation === 'ListRoles') return listed([role(`r${2 - page}`, `id${2 - page}`)], next);
        expect(parameters.get('Filter.member.1')).toBe('Role');
        // An empty page in the middle is no end.
        return details(page === 1 ? [] : [role(`r${page}`, `id${page}`)], next);
      });
      const answer = await port.accountRoles();
      expect(answer.ok && answer.value.map(({ role: { name } }) => name)).toEqual(['r0', 'r2']);
      expect(operations().sort()).toEqual([
        ...Array<string>(3).fill('GetAccountAuthorizationDetails'),
        'GetCallerIdentity',
        ...Array<string>(3).fill('ListRoles'),
      ]);
    });

    it('leaves out a role that was made, deleted or made again meanwhile', async () => {
      const port = await portTo(({ operation }) =>
        operation === 'ListRoles'
          ? listed([role('new', 'id1'), role('stays', 'id2'), role('again', 'id4')])
          : details([role('stays', 'id2'), role('gone', 'id3'), role('again', 'id5')]),
      );
      const answer = await port.accountRoles();
      expect(answer.ok && answer.value).toEqual([
        {
          role: {
            name: 'stays',
            path: '/',
            arn: 'arn:stays',
            trust: { Version: '2012-10-17', Statement: [] },
            maxSessionDuration: 3600,
            tags: {},
          },
          policies: { attached: [], inline: {} },
        },
      ]);
    });

    it.each(['ListRoles', 'GetAccountAuthorizationDetails'])('has no answer where %s is denied', async (denied) => {
      const error = `<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not authorized to perform: iam:${denied}</Message></Error></ErrorResponse>`;
      const port = await portTo(({ operation }) => {
        if (operation === denied) return { status: 403, type: 'text/xml', body: error };
        return operation === 'ListRoles' ? listed([]) : details([]);
      });
      expect(await port.accountRoles()).toMatchObject({
        ok: false,
        why: 'denied',
        message: `AccessDenied: not authorized to perform: iam:${denied}`,
      });
    });
  });
});
