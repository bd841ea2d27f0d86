import { EKSClient } from '@aws-sdk/client-eks';
import { IAMClient } from '@aws-sdk/client-iam';
import { STSClient } from '@aws-sdk/client-sts';
import type { PolicyDocument, Statement } from '../../src/iam/PolicyDocument';
import type { SandboxSeed, SeedRole } from '../../src/sandbox/Seed';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/startSandbox';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

export const APPS = '111111111111';
export const DATA = '222222222222';
export const REGION = 'us-west-2';
export const ISSUER = 'https://oidc.eks.us-west-2.amazonaws.com/id/AAAA1111AAAA1111AAAA1111AAAA1111';
export const OTHER_ISSUER = 'https://oidc.eks.us-west-2.amazonaws.com/id/BBBB2222BBBB2222BBBB2222BBBB2222';
export const PROVIDER = `arn:aws:iam::${APPS}:oidc-provider/${ISSUER.slice('https://'.length)}`;
export const MAIN = { account: APPS, region: REGION, name: 'main' };
export const OTHER = { account: APPS, region: REGION, name: 'other' };
export const MAIN_ARN = `arn:aws:eks:${REGION}:${APPS}:cluster/main`;

export function policy(...statements: Statement[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: statements };
}

export function allow(action: string | string[], resource: string | string[] = '*'): PolicyDocument {
  return policy({ Effect: 'Allow', Action: action, Resource: resource });
}

/** Trust of Pod Identity, with conditions of one's own. */
export function podTrust(conditions?: Record<string, string>): Statement {
  return {
    Effect: 'Allow',
    Principal: { Service: 'pods.eks.amazonaws.com' },
    Action: ['sts:AssumeRole', 'sts:TagSession'],
    ...(conditions === undefined ? {} : { Condition: { StringEquals: conditions } }),
  };
}

/** Trust of IRSA for one service account. */
export function irsaTrust(namespace: string, serviceAccount: string): Statement {
  const url = ISSUER.slice('https://'.length);
  return {
    Effect: 'Allow',
    Principal: { Federated: PROVIDER },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: {
      StringEquals: {
        [`${url}:sub`]: `system:serviceaccount:${namespace}:${serviceAccount}`,
        [`${url}:aud`]: 'sts.amazonaws.com',
      },
    },
  };
}

/** Trust of an account, for a role that a source role may hop to. */
export function accountTrust(
  account: string,
  action: string | string[],
  condition?: Statement['Condition'],
): Statement {
  const statement: Statement = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: action };
  return condition === undefined ? statement : { ...statement, Condition: condition };
}

export function roleArn(name: string, account = APPS): string {
  return `arn:aws:iam::${account}:role/${name}`;
}

/** Two clusters in one account, the first with an OIDC provider, and what a test adds. */
export function seedWith(roles: readonly SeedRole[] = [], rest: Partial<SandboxSeed> = {}): SandboxSeed {
  return {
    ambientAccount: APPS,
    clusters: [
      { account: APPS, name: 'main', region: REGION, version: '1.33', issuer: ISSUER, autoMode: true },
      { account: APPS, name: 'other', region: REGION, version: '1.33', issuer: OTHER_ISSUER },
    ],
    oidcProviders: [{ account: APPS, issuer: ISSUER }],
    roles,
    ...rest,
  };
}

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Real SDK clients against a sandbox, as the administrator of an account or with given credentials; the offset is in milliseconds. */
export function clients(sandbox: Sandbox, credentials: string | Credentials = APPS, systemClockOffset = 0) {
  const config = {
    endpoint: sandbox.endpoint,
    region: REGION,
    maxAttempts: 1,
    systemClockOffset,
    credentials:
      typeof credentials === 'string'
        ? { accessKeyId: credentials, secretAccessKey: sandbox.secretAccessKey }
        : credentials,
  };
  return { iam: new IAMClient(config), sts: new STSClient(config), eks: new EKSClient(config) };
}

/** Starts a sandbox for the tests of one describe block, and ends it after them. */
export function useSandbox(options: () => SandboxOptions): { readonly sandbox: Sandbox } {
  const holder: { sandbox: Sandbox } = { sandbox: undefined as unknown as Sandbox };
  beforeAll(async () => {
    holder.sandbox = await startSandbox(options());
  });
  afterAll(async () => {
    await holder.sandbox.stop();
  });
  return holder;
}

/** The error that a promise rejects with, as name, status and message. */
export async function errorOf(
  promise: Promise<unknown>,
): Promise<{ name: string; status: number | undefined; message: string }> {
  try {
    await promise;
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    return { name, message, status: $metadata?.httpStatusCode };
  }
  throw new Error('the call succeeded');
}
