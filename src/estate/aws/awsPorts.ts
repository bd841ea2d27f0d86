import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { EKSClient } from '@aws-sdk/client-eks';
import { IAMClient } from '@aws-sdk/client-iam';
import { STSClient } from '@aws-sdk/client-sts';
import type { Account } from '../../inventory/Inventory';
import { readAddon, readAddons } from './addonQuestions';
import type { Answer, AwsPort, AwsPorts } from './AwsPort';
import { ask } from './ask';
import { AWS_DEFAULTS, type AwsSettings } from './AwsSettings';
import { clientConfig } from './clientConfig';
import { readAssociations, readCluster } from './eksQuestions';
import { lookUpEvents } from './lookUpEvents';
import { readNodeGroups } from './readNodeGroups';
import { readOidcProvider } from './readOidcProvider';
import { readManagedPolicy, readRolePolicies } from './readPolicies';
import { readRole } from './readRole';
import { verifyAccount } from './verifyAccount';

/**
 * The ports to the real AWS (or to what `AWS_ENDPOINT_URL` names): each account by its `deployRole`, or with the ambient
 * credentials where it has none. Before the first question to an account its identity is asked, once; where that is another
 * account, no question is asked at all.
 */
export function awsPorts(settings: AwsSettings = {}): AwsPorts {
  const identities = new Map<string, Promise<Answer<true>>>();
  return (account, region) => {
    const verified = () => {
      const known = identities.get(account.key) ?? identify(account, region, settings);
      identities.set(account.key, known);
      return known;
    };
    return awsPort(account, region, settings, verified);
  };
}

function identify(account: Account, region: string, settings: AwsSettings): Promise<Answer<true>> {
  const { timeout } = { ...AWS_DEFAULTS, ...settings };
  return verifyAccount(account, new STSClient(clientConfig(account, region, settings)), timeout);
}

/** What stands at low priority in the last step is run again by each retry. */
const EACH_ATTEMPT = { step: 'finalizeRequest', priority: 'low', name: 'podliftCalls' } as const;

function awsPort(
  account: Account,
  region: string,
  settings: AwsSettings,
  verified: () => Promise<Answer<true>>,
): AwsPort {
  const { timeout, trailTimeout } = { ...AWS_DEFAULTS, ...settings };
  const config = clientConfig(account, region, settings);
  const eks = new EKSClient(config);
  const iam = new IAMClient(config);
  const trail = new CloudTrailClient(config);
  const { onCall } = settings;
  if (onCall !== undefined) {
    eks.middlewareStack.add((next) => (call) => (onCall(), next(call)), EACH_ATTEMPT);
    iam.middlewareStack.add((next) => (call) => (onCall(), next(call)), EACH_ATTEMPT);
    trail.middlewareStack.add((next) => (call) => (onCall(), next(call)), EACH_ATTEMPT);
  }
  const after = async <T>(milliseconds: number, question: (signal: AbortSignal) => Promise<T>): Promise<Answer<T>> => {
    const identity = await verified();
    return identity.ok ? ask(milliseconds, question) : identity;
  };
  return {
    describeCluster: (name) => after(timeout, (signal) => readCluster(eks, name, signal)),
    addon: (cluster, name) => after(timeout, (signal) => readAddon(eks, cluster, name, signal)),
    addons: (cluster) => after(timeout, (signal) => readAddons(eks, cluster, signal)),
    nodeGroups: (cluster) => after(timeout, (signal) => readNodeGroups(eks, cluster, signal)),
    associations: (clusterName, wanted) => {
      const [only, ...others] = wanted ?? [];
      const filter = { clusterName, ...(only !== undefined && others.length === 0 ? only : {}) };
      return after(timeout, (signal) => readAssociations(eks, filter, signal));
    },
    accountRoles: () => Promise.resolve({ ok: false, why: 'denied', message: 'not read' }),
    accountPolicies: () => Promise.resolve({ ok: false, why: 'denied', message: 'not read' }),
    role: (name) => after(timeout, (signal) => readRole(iam, name, signal)),
    rolePolicies: (name) => after(timeout, (signal) => readRolePolicies(iam, name, signal)),
    managedPolicy: (arn) => after(timeout, (signal) => readManagedPolicy(iam, arn, signal)),
    oidcProvider: (arn) => after(timeout, (signal) => readOidcProvider(iam, arn, signal)),
    events: (names, since, until) => after(trailTimeout, (signal) => lookUpEvents(trail, names, since, until, signal)),
  };
}
