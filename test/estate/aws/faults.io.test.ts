import type { Answer, AwsPort } from '../../../src/estate/aws/AwsPort';
import { awsPorts } from '../../../src/estate/aws/awsPorts';
import type { AwsSettings } from '../../../src/estate/aws/clientConfig';
import type { SandboxFault } from '../../../src/sandbox/startSandbox';
import {
  accountTrust,
  allow,
  APPS,
  DATA,
  ISSUER,
  MAIN,
  podTrust,
  policy,
  PROVIDER,
  REGION,
  roleArn,
  seedWith,
  useSandbox,
} from '../../sandbox/testSandbox';

const READER = `arn:aws:iam::${APPS}:policy/reader`;
const AGENT = 'eks-pod-identity-agent';
const holder = useSandbox(() => ({
  seed: seedWith(
    [
      { account: APPS, name: 'orders', trust: policy(podTrust()), inline: { read: allow('s3:GetObject') } },
      {
        account: DATA,
        name: 'podlift-deploy',
        trust: policy(accountTrust(APPS, ['sts:AssumeRole', 'sts:TagSession'])),
        inline: { read: allow('iam:GetRole') },
      },
    ],
    {
      policies: [{ arn: READER, document: allow('s3:GetObject') }],
      clusters: [
        {
          ...MAIN,
          version: '1.33',
          issuer: ISSUER,
          nodeGroups: [{ name: 'workers', nodeRole: roleArn('node') }],
          addons: [{ name: AGENT }],
          associations: [{ namespace: 'shop', serviceAccount: 'orders', roleArn: roleArn('orders') }],
        },
      ],
    },
  ),
}));

const before = { ...process.env };
beforeEach(() => {
  Object.assign(process.env, holder.sandbox.environment());
});
afterEach(() => {
  holder.sandbox.faults.clear();
  process.env = { ...before };
});

type Service = 'eks' | 'iam' | 'sts' | 'cloudtrail';
type Ask = (port: AwsPort) => Promise<Answer<unknown>>;
const since = '2026-01-01T00:00:00Z';

/** Every call of AWS, and a question that makes it. */
const CALLS: readonly (readonly [Service, action: string, ask: Ask])[] = [
  ['sts', 'GetCallerIdentity', (port) => port.describeCluster('main')],
  ['eks', 'DescribeCluster', (port) => port.describeCluster('main')],
  ['eks', 'DescribeAddon', (port) => port.addon('main', AGENT)],
  ['eks', 'ListAddons', (port) => port.addons('main')],
  ['eks', 'ListNodegroups', (port) => port.nodeGroups('main')],
  ['eks', 'DescribeNodegroup', (port) => port.nodeGroups('main')],
  ['eks', 'ListPodIdentityAssociations', (port) => port.associations('main')],
  ['eks', 'DescribePodIdentityAssociation', (port) => port.associations('main')],
  ['iam', 'GetAccountAuthorizationDetails', (port) => port.accountRoles()],
  ['iam', 'ListRoles', (port) => port.accountRoles()],
  ['iam', 'GetRole', (port) => port.role('orders')],
  ['iam', 'ListAttachedRolePolicies', (port) => port.rolePolicies('orders')],
  ['iam', 'ListRolePolicies', (port) => port.rolePolicies('orders')],
  ['iam', 'GetRolePolicy', (port) => port.rolePolicies('orders')],
  ['iam', 'GetPolicy', (port) => port.managedPolicy(READER)],
  ['iam', 'GetPolicyVersion', (port) => port.managedPolicy(READER)],
  ['iam', 'GetOpenIDConnectProvider', (port) => port.oidcProvider(PROVIDER)],
  ['cloudtrail', 'LookupEvents', (port) => port.events(['AssumeRoleWithWebIdentity'], since)],
];

interface Failure {
  readonly title: string;
  readonly fault: SandboxFault;
  readonly why: string;
  readonly message: RegExp;
  readonly settings?: AwsSettings;
}

/** How a call goes wrong for good, and what the answer says. */
const FAILURES: readonly Failure[] = [
  { title: 'denied', fault: { kind: 'denied' }, why: 'denied', message: /not authorized to perform/ },
  {
    title: 'throttled without end',
    fault: { kind: 'throttle' },
    why: 'throttled',
    message: /Rate exceeded/,
    settings: { attempts: 1 },
  },
  {
    title: 'answered by 500',
    fault: { kind: 'server error', status: 500 },
    why: 'failed',
    message: / \(2 attempts\)/,
    settings: { attempts: 2 },
  },
  {
    title: 'answered by 503',
    fault: { kind: 'server error', status: 503 },
    why: 'failed',
    message: /./,
    settings: { attempts: 1 },
  },
  {
    title: 'never answered',
    fault: { kind: 'hang' },
    why: 'timeout',
    message: /./,
    settings: { attempts: 1, requestTimeout: 250 },
  },
];

/** A question ends as a whole too, whatever the attempts of its calls may take. */
const AS_A_WHOLE: Failure = {
  title: 'never answered, in time for all attempts',
  fault: { kind: 'hang' },
  why: 'timeout',
  message: /^no answer within/,
  settings: { timeout: 300, accountTimeout: 300 },
};

const apps = (settings: AwsSettings = {}) => awsPorts(settings)({ key: 'apps', id: APPS }, REGION);
const dataBy = (deployRole: string, settings: AwsSettings = {}) =>
  awsPorts(settings)({ key: 'data', id: DATA, deployRole }, REGION);

describe.each(CALLS)('a question to AWS, where %s:%s goes wrong', (service, action, ask) => {
  it.each([...FAILURES, ...(['sts', 'cloudtrail'].includes(service) ? [AS_A_WHOLE] : [])])(
    'has no answer but the reason: $title',
    async ({ fault, why, message, settings }) => {
      holder.sandbox.faults.set([{ ...fault, service, action }]);
      const answer = await ask(apps(settings));
      expect(answer).toMatchObject({ ok: false, why, message: expect.stringMatching(message) });
    },
  );
});

describe('a question to AWS by a deploy role', () => {
  it.each([...FAILURES, AS_A_WHOLE])(
    'has no answer but the reason where taking the role goes wrong: $title',
    async ({ fault, why, message, settings }) => {
      holder.sandbox.faults.set([{ ...fault, service: 'sts', action: 'AssumeRole' }]);
      const answer = await dataBy(roleArn('podlift-deploy', DATA), settings).role('ledger');
      expect(answer).toMatchObject({ ok: false, why, message: expect.stringMatching(message) });
    },
  );
});

describe('a question to AWS whose calls go wrong for a while', () => {
  it.each<readonly [string, SandboxFault & { readonly times: number }]>([
    ['throttling', { kind: 'throttle', times: 1 }],
    ['failures', { kind: 'server error', times: 2 }],
  ])('is answered after %s', async (_, fault) => {
    const { sandbox } = holder;
    sandbox.faults.set(CALLS.map(([service, action]) => ({ ...fault, service, action })));
    const made = sandbox.calls().length;
    for (const answer of await Promise.all(CALLS.map(([, , ask]) => ask(apps({ attempts: 5 })))))
      expect(answer).toMatchObject({ ok: true });
    const failed = sandbox
      .calls()
      .slice(made)
      .filter(({ error }) => error !== undefined);
    expect(failed.map((call) => call.action).toSorted()).toEqual(
      CALLS.flatMap(([, action]) => Array.from({ length: fault.times }, () => action)).toSorted(),
    );
  });
});

describe('a question to AWS with credentials', () => {
  it.each([
    [
      'of another account',
      { AWS_ACCESS_KEY_ID: DATA },
      new RegExp(`these credentials are of account ${DATA} .*not of apps \\(${APPS}\\)`),
    ],
    ['that nobody knows', { AWS_ACCESS_KEY_ID: 'AKIAUNKNOWN000000000' }, /./],
    ['with a wrong secret', { AWS_SECRET_ACCESS_KEY: 'wrong' }, /./],
  ])('%s is denied', async (_, variables, message) => {
    Object.assign(process.env, variables);
    const port = apps();
    for (const answer of [
      await port.describeCluster('main'),
      await port.addon('main', AGENT),
      await port.associations('main'),
      await port.role('orders'),
    ])
      expect(answer).toMatchObject({ ok: false, why: 'denied', message: expect.stringMatching(message) });
  });
});
