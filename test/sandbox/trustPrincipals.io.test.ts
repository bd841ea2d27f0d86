import { CreateRoleCommand, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import {
  accountTrust,
  APPS,
  clients,
  DATA,
  errorOf,
  podTrust,
  policy,
  roleArn,
  seedWith,
  useSandbox,
} from './testSandbox';

const UNKNOWN = '123456789012';
const [VENDOR, MEMBER, TRUSTED] = ['333333333333', '444444444444', '555555555555'] as const;

function trusting(principal: string): string {
  return JSON.stringify(policy({ Effect: 'Allow', Principal: { AWS: principal }, Action: 'sts:AssumeRole' }));
}

describe('The principals of a trust policy', () => {
  const at = useSandbox(() => ({
    seed: seedWith(
      [
        { account: APPS, name: 'app', trust: policy(podTrust()) },
        { account: DATA, name: 'data', trust: policy(accountTrust(TRUSTED, 'sts:AssumeRole')) },
      ],
      { accounts: [VENDOR], organisations: [{ id: 'o-1', accounts: [MEMBER] }] },
    ),
  }));
  const iam = () => clients(at.sandbox).iam;
  let made = 0;
  const create = (principal: string) =>
    iam().send(
      new CreateRoleCommand({ RoleName: `made-${(made += 1)}`, AssumeRolePolicyDocument: trusting(principal) }),
    );
  const update = (principal: string) =>
    iam().send(new UpdateAssumeRolePolicyCommand({ RoleName: 'app', PolicyDocument: trusting(principal) }));

  it.each([
    ['an account that does not exist', `arn:aws:iam::${UNKNOWN}:root`],
    ['the id of an account that does not exist', UNKNOWN],
    ['a session in an account that does not exist', `arn:aws:sts::${UNKNOWN}:assumed-role/a/b`],
    ['an account of another partition', `arn:aws-us-gov:iam::${DATA}:root`],
    ['a session of another partition', `arn:aws-cn:sts::${APPS}:assumed-role/app/b`],
    ['a role of another partition', roleArn('app').replace('arn:aws:', 'arn:aws-us-gov:')],
  ])('are refused for %s', async (_what, principal) => {
    const error = {
      name: 'MalformedPolicyDocumentException',
      status: 400,
      message: `Invalid principal in policy: "AWS":"${principal}"`,
    };
    expect(await errorOf(create(principal))).toMatchObject(error);
    expect(await errorOf(update(principal))).toMatchObject(error);
  });

  it.each([
    ['everyone', '*'],
    ['an account with a role', `arn:aws:iam::${DATA}:root`],
    ['its id', DATA],
    ['an account that the seed names', `arn:aws:iam::${VENDOR}:root`],
    ['an account of an organisation', `arn:aws:iam::${MEMBER}:root`],
    ['an account that a trust policy of the seed names', `arn:aws:iam::${TRUSTED}:root`],
  ])('can be %s', async (_what, principal) => {
    expect((await create(principal)).Role?.Arn).toContain(':role/made-');
    await update(principal);
  });
});

describe('A role of another partition', () => {
  const at = useSandbox(() => ({
    seed: seedWith([{ account: APPS, name: 'app', trust: policy(accountTrust(APPS, 'sts:AssumeRole')) }]),
  }));

  it('cannot be assumed', async () => {
    const RoleArn = roleArn('app').replace('arn:aws:', 'arn:aws-us-gov:');
    const assume = clients(at.sandbox).sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'me' }));
    expect(await errorOf(assume)).toMatchObject({ name: 'AccessDenied', status: 403 });
  });
});
