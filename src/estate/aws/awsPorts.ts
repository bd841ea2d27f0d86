import { AccessAnalyzerClient } from '@aws-sdk/client-accessanalyzer';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { EKSClient } from '@aws-sdk/client-eks';
import { IAMClient } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { createRequire } from 'node:module';
import type { Account } from '../../inventory/Inventory';
import { readAnalyzers, readUnusedFindings } from './analyzerReads';
import { ask, EACH_RESPONSE, heardBy } from './ask';
import type { Answer, AwsPort, AwsPorts } from './AwsPort';
import { AWS_DEFAULTS, type AwsSettings, clientConfig } from './clientConfig';
import { lookUpEvents } from './cloudTrailReads';
import { readAddon, readAddons, readAssociations, readCluster, readClusterNames, readNodeGroups } from './eksReads';
import type * as OrganizationReads from './organizationReads';
import { readLastAccessed } from './lastAccessedReads';
import {
  readAccountPolicies,
  readAccountRoles,
  readManagedPolicy,
  readOidcProvider,
  readRole,
  readRolePolicies,
} from './iamReads';

/**
 * The ports to the real AWS (or to what `AWS_ENDPOINT_URL` names): each account by its `readRole`, else by its `deployRole`, or with
 * the ambient credentials where it has neither. Before the first question to an account its identity is asked, once; where the
 * credentials are of another account, no question is asked at all.
 */
export function awsPorts(settings: AwsSettings = {}): AwsPorts {
  const identities = new Map<string, Promise<Answer<true>>>();
  return (account, region, signal) => {
    const verified = () => {
      const known = identities.get(account.key) ?? verifyAccount(account, region, settings, signal);
      identities.set(account.key, known);
      return known;
    };
    return awsPort(account, region, settings, verified, signal);
  };
}

function awsPort(
  account: Account,
  region: string,
  settings: AwsSettings,
  verified: () => Promise<Answer<true>>,
  until: AbortSignal | undefined,
): AwsPort {
  const { timeout, accountTimeout, onCall } = { ...AWS_DEFAULTS, ...settings };
  const config = clientConfig(account, region, settings, until);
  const eks = new EKSClient(config);
  const iam = new IAMClient(config);
  const trail = new CloudTrailClient(config);
  const analyzer = new AccessAnalyzerClient(config);
  eks.middlewareStack.add((next) => heardBy(next, onCall), EACH_RESPONSE);
  iam.middlewareStack.add((next) => heardBy(next, onCall), EACH_RESPONSE);
  trail.middlewareStack.add((next) => heardBy(next, onCall), EACH_RESPONSE);
  analyzer.middlewareStack.add((next) => heardBy(next, onCall), EACH_RESPONSE);
  const within =
    (milliseconds: number) =>
    async <T>(question: (signal: AbortSignal) => Promise<T>): Promise<Answer<T>> => {
      const identity = await verified();
      return identity.ok ? ask(milliseconds, question, until) : identity;
    };
  const one = within(timeout);
  const whole = within(accountTimeout);
  const calls = (signal: AbortSignal) => ({ config, onCall, signal });
  return {
    organizationAccounts: () => one((signal) => organizationReads().readOrganizationAccounts(calls(signal))),
    regions: () => one((signal) => organizationReads().readRegions(calls(signal))),
    clusterNames: () => one((signal) => readClusterNames(eks, signal)),
    describeCluster: (name) => one((signal) => readCluster(eks, name, signal)),
    addon: (cluster, name) => one((signal) => readAddon(eks, cluster, name, signal)),
    addons: (cluster) => one((signal) => readAddons(eks, cluster, signal)),
    nodeGroups: (cluster) => one((signal) => readNodeGroups(eks, cluster, signal)),
    associations: (cluster, wanted) => one((signal) => readAssociations(eks, cluster, wanted, signal)),
    accountRoles: () => whole((signal) => readAccountRoles(iam, signal)),
    accountPolicies: () => whole((signal) => readAccountPolicies(iam, signal)),
    role: (name) => one((signal) => readRole(iam, name, signal)),
    rolePolicies: (name) => one((signal) => readRolePolicies(iam, name, signal)),
    managedPolicy: (arn) => one((signal) => readManagedPolicy(iam, arn, signal)),
    oidcProvider: (arn) => one((signal) => readOidcProvider(iam, arn, signal)),
    lastAccessed: (arn) => whole((signal) => readLastAccessed(iam, arn, signal)),
    analyzers: () => one((signal) => readAnalyzers(analyzer, signal)),
    unusedFindings: (arn, role) => one((signal) => readUnusedFindings(analyzer, arn, role, signal)),
    events: (names, since) => whole((signal) => lookUpEvents(trail, { EventName: names }, since, signal)),
    roleEvents: (arn, since) => whole((signal) => lookUpEvents(trail, { ResourceName: [arn] }, since, signal)),
  };
}

/** Only a survey needs these clients: they are loaded when they are needed. */
function organizationReads(): typeof OrganizationReads {
  return createRequire(__filename)('./organizationReads') as typeof OrganizationReads;
}

/** The account and the ARN of the ambient credentials. Needs no permission. Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
export async function ambientCaller(
  region: string,
  settings: AwsSettings = {},
): Promise<Answer<{ readonly account: string; readonly arn: string }>> {
  const config = clientConfig({ key: 'ambient', id: '' }, region, settings);
  const identity = await whoAmI(config, settings, undefined);
  return identity.ok
    ? { ...identity, value: { account: identity.value.Account ?? '', arn: identity.value.Arn ?? '' } }
    : identity;
}

function whoAmI(config: ReturnType<typeof clientConfig>, settings: AwsSettings, until: AbortSignal | undefined) {
  const { timeout } = { ...AWS_DEFAULTS, ...settings };
  const sts = new STSClient(config);
  sts.middlewareStack.add((next) => heardBy(next), EACH_RESPONSE);
  return ask(timeout, (abortSignal) => sts.send(new GetCallerIdentityCommand({}), { abortSignal }), until);
}

/**
 * Makes sure that the credentials are of the account that is asked about: with those of another account the answers would look right and
 * be about something else. A mismatch is `denied` and names both accounts.
 */
async function verifyAccount(
  account: Account,
  region: string,
  settings: AwsSettings,
  until: AbortSignal | undefined,
): Promise<Answer<true>> {
  const identity = await whoAmI(clientConfig(account, region, settings, until), settings, until);
  if (!identity.ok) return identity;
  const { value, ...answered } = identity;
  const { Account: found = 'unknown', Arn = 'an unknown caller' } = value;
  if (found === account.id) {
    settings.onCaller?.(account.key, Arn);
    return { ...answered, value: true };
  }
  const { key, id, deployRole, readRole = deployRole } = account;
  return {
    ...answered,
    ok: false,
    why: 'denied',
    message: `these credentials are of account ${found} (${Arn}), not of ${key} (${id})`,
    fix: [
      {
        say:
          readRole === undefined
            ? `${key} has no readRole and no deployRole in the inventory: use credentials of ${id}, or name one.`
            : `The ${readRole === deployRole ? 'deployRole' : 'readRole'} of ${key} in the inventory is ${readRole}.`,
      },
    ],
  };
}
