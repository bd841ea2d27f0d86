import { checkAnswer } from './checkAnswer';
import { checkPages, type PagedCall } from './pagesRun';
import type { RawAnswer } from './rawCall';

const JSON_HEADERS = { 'content-type': 'application/json', 'x-amzn-requestid': 'id' };
const XML_HEADERS = { 'content-type': 'text/xml', 'x-amzn-requestid': 'id' };

const ASSOCIATION = {
  clusterName: 'main',
  namespace: 'shop',
  serviceAccount: 'orders',
  roleArn: 'arn:aws:iam::111111111111:role/orders',
  associationArn: 'arn:aws:eks:us-west-2:111111111111:podidentityassociation/main/a-1',
  associationId: 'a-1',
  tags: { team: 'shop' },
  createdAt: 1_700_000_000,
  modifiedAt: 1_700_000_000,
  disableSessionTags: false,
};

const ROLE =
  `<GetRoleResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><GetRoleResult><Role><Path>/</Path><RoleName>r</RoleName>
<RoleId>AROA1</RoleId><Arn>arn:aws:iam::111111111111:role/r</Arn><CreateDate>2026-01-01T00:00:00Z</CreateDate>
<AssumeRolePolicyDocument>%7B%7D</AssumeRolePolicyDocument><MaxSessionDuration>3600</MaxSessionDuration>
<Tags><member><Key>team</Key><Value>shop</Value></member></Tags></Role></GetRoleResult>
<ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></GetRoleResponse>`.replace(/\n/g, '');

const DENIAL =
  `<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>NoSuchEntity</Code>
<Message>none</Message></Error><RequestId>id</RequestId></ErrorResponse>`.replace(/\n/g, '');

function role(change: (body: string) => string): RawAnswer {
  return { status: 200, headers: XML_HEADERS, body: change(ROLE) };
}

function association(change: Readonly<Record<string, unknown>>, status = 200): RawAnswer {
  return { status, headers: JSON_HEADERS, body: JSON.stringify({ association: { ...ASSOCIATION, ...change } }) };
}

function failure(code: string, status: number, members: object = { message: 'no' }): RawAnswer {
  return { status, headers: { ...JSON_HEADERS, 'x-amzn-errortype': code }, body: JSON.stringify(members) };
}

const DESCRIBE = ['eks', 'DescribePodIdentityAssociation'] as const;
const GET_ROLE = ['iam', 'GetRole'] as const;

describe('The checker of answers', () => {
  it.each([
    ['an association', DESCRIBE, association({})],
    ['a role', GET_ROLE, role((body) => body)],
    ['an error of the operation', DESCRIBE, failure('ResourceNotFoundException', 404)],
    ['a common error', DESCRIBE, failure('AccessDeniedException', 403)],
    ['an error in XML', GET_ROLE, { status: 404, headers: XML_HEADERS, body: DENIAL }],
  ] as const)('accepts %s', (_what, operation, answer) => {
    expect(checkAnswer(operation[0], operation[1], answer)).toEqual([]);
  });

  it.each([
    [
      'a required member that is missing',
      GET_ROLE,
      role((body) => body.replace('<RoleId>AROA1</RoleId>', '')),
      'missing member',
    ],
    ['a member that AWS always answers with', DESCRIBE, association({ roleArn: undefined }), 'missing member'],
    ['an unknown member', DESCRIBE, association({ Foo: 1 }), 'unknown member'],
    ['an unknown element', GET_ROLE, role((body) => body.replace('<Path>', '<Foo>1</Foo><Path>')), 'unknown member'],
    ['a text instead of a time', DESCRIBE, association({ createdAt: '2026-01-01T00:00:00Z' }), 'type'],
    ['a text instead of a boolean', DESCRIBE, association({ disableSessionTags: 'false' }), 'type'],
    ['a null', DESCRIBE, association({ targetRoleArn: null }), 'type'],
    ['a number in a map of texts', DESCRIBE, association({ tags: { team: 1 } }), 'type'],
    ['a time with a fraction', GET_ROLE, role((body) => body.replace('00:00:00Z', '00:00:00.000Z')), 'type'],
    ['a number that is none', GET_ROLE, role((body) => body.replace('3600', '1h')), 'type'],
    ['a list without member', GET_ROLE, role((body) => body.replaceAll('member>', 'Tag>')), 'envelope'],
    ['another root', GET_ROLE, role((body) => body.replaceAll('GetRoleResponse', 'Response')), 'envelope'],
    ['another namespace', GET_ROLE, role((body) => body.replace('2010-05-08', '2011-06-15')), 'envelope'],
    ['no request id', GET_ROLE, role((body) => body.replace('<RequestId>id</RequestId>', '')), 'envelope'],
    ['XML that is not well-formed', GET_ROLE, role((body) => body.replace('</Role>', '')), 'envelope'],
    [
      'a result of an operation without output',
      ['iam', 'DeleteRole'],
      role((body) => body.replaceAll('GetRole', 'DeleteRole')),
      'envelope',
    ],
    [
      'another content type',
      DESCRIBE,
      { ...association({}), headers: { ...JSON_HEADERS, 'content-type': 'text/plain' } },
      'envelope',
    ],
    ['a body that is not JSON', DESCRIBE, { status: 200, headers: JSON_HEADERS, body: '<html>' }, 'envelope'],
    [
      'a value outside an enum',
      ['eks', 'DescribeUpdate'],
      {
        status: 200,
        headers: JSON_HEADERS,
        body: '{"update":{"id":"1","status":"Done","type":"AddonUpdate","params":[],"createdAt":1,"errors":[]}}',
      },
      'enum',
    ],
    ['another status of a success', DESCRIBE, association({}, 202), 'status'],
    ['another status of an error', DESCRIBE, failure('ResourceNotFoundException', 418), 'status'],
    ['another status of a common error', DESCRIBE, failure('AccessDeniedException', 400), 'status'],
    ['an error of another operation', DESCRIBE, failure('ResourceInUseException', 409), 'error code'],
    [
      'an unknown error',
      GET_ROLE,
      { status: 404, headers: XML_HEADERS, body: DENIAL.replace('NoSuchEntity', 'Foo') },
      'error code',
    ],
    [
      'a member that the error does not have',
      DESCRIBE,
      failure('ResourceNotFoundException', 404, { Message: 'no' }),
      'error member',
    ],
    ['an error without a code', DESCRIBE, { status: 400, headers: JSON_HEADERS, body: '{"message":"no"}' }, 'envelope'],
  ] as const)('notices %s', (_what, operation, answer, kind) => {
    expect(checkAnswer(operation[0], operation[1], answer).map((violation) => violation.kind)).toContain(kind);
  });
});

describe('The checker of pages', () => {
  const call: PagedCall = { service: 'eks', operation: 'ListClusters', input: {}, item: /"([a-z])"(?=[,\]])/g };
  const all = ['a', 'b', 'c'];

  /** Pages of one by position. `change` gives the items and the token of a page. */
  function pages(change: (at: number, size: number) => { clusters?: string[]; nextToken?: string } = () => ({})) {
    return (_service: string, _operation: string, input: Readonly<Record<string, unknown>>): Promise<RawAnswer> => {
      const { maxResults: size = 100, nextToken = '0' } = input as { maxResults?: number; nextToken?: string };
      if (!/^\d$/.test(nextToken)) return Promise.resolve(failure('InvalidParameterException', 400));
      const at = Number(nextToken);
      const next = at + size < all.length ? { nextToken: String(at + size) } : {};
      const body = { clusters: all.slice(at, at + size), ...next, ...change(at, size) };
      return Promise.resolve({ status: 200, headers: JSON_HEADERS, body: JSON.stringify(body) });
    };
  }

  it('accepts pages that have each item once', async () => {
    expect(await checkPages(call, pages())).toEqual([]);
  });

  it.each([
    ['a page too many', (at: number) => (at === 2 ? { nextToken: '3' } : {}), 'the last page is empty'],
    [
      'a page of two',
      (at: number, size: number) => (size === 1 && at === 0 ? { clusters: ['a', 'b'] } : {}),
      'a page of one has 2',
    ],
    [
      'an item that is missing',
      (at: number, size: number) => (size === 1 && at === 1 ? { clusters: ['c'] } : {}),
      'pages of one have',
    ],
    ['a token that comes twice', (at: number) => (at === 1 ? { nextToken: '1' } : {}), 'came twice'],
  ])('notices %s', async (_what, change, problem) => {
    expect((await checkPages(call, pages(change))).join()).toContain(problem);
  });

  it('notices that a token of nobody is accepted', async () => {
    const send = pages();
    const accepting: typeof send = (service, operation, input) =>
      send(service, operation, input.nextToken === 'foreign' ? {} : input);
    expect(await checkPages(call, accepting)).toEqual(['a token of nobody is accepted']);
  });
});
