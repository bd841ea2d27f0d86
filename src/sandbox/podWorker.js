// Runs in a worker thread with its own environment. It is plain JavaScript, so that every loader starts it in the same
// way. Takes a CredentialTask of podCredentials.ts and posts a CredentialOutcome.
'use strict';

const { parentPort } = require('node:worker_threads');

function failure(error) {
  const named = error instanceof Error ? error : new Error(String(error));
  return { ok: false, error: { code: named.name, message: named.message } };
}

function client(credentials) {
  const { STSClient } = require('@aws-sdk/client-sts');
  return new STSClient({ credentials, region: process.env.AWS_REGION, maxAttempts: 1 });
}

async function identify(credentials) {
  const { GetCallerIdentityCommand } = require('@aws-sdk/client-sts');
  const sts = client(credentials);
  try {
    const { Arn, Account } = await sts.send(new GetCallerIdentityCommand({}));
    const expiration = credentials.expiration?.toISOString();
    return { ok: true, arn: Arn, account: Account, ...(expiration === undefined ? {} : { expiration }) };
  } finally {
    sts.destroy();
  }
}

async function assumeTarget(source, { roleArn, sessionName }) {
  const { AssumeRoleCommand } = require('@aws-sdk/client-sts');
  const sts = client(source);
  try {
    const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: sessionName }));
    const step = await identify({
      accessKeyId: Credentials.AccessKeyId,
      secretAccessKey: Credentials.SecretAccessKey,
      sessionToken: Credentials.SessionToken,
      expiration: Credentials.Expiration,
    });
    return { roleArn, ...step };
  } catch (error) {
    return { roleArn, ...failure(error) };
  } finally {
    sts.destroy();
  }
}

async function run({ env, targets }) {
  for (const key of Object.keys(process.env)) delete process.env[key];
  Object.assign(process.env, env);
  const { fromNodeProviderChain } = require('@aws-sdk/credential-providers');
  let credentials;
  let source;
  try {
    // A new chain each time: a chain keeps its credentials. Without retries: an error of the sandbox is final.
    credentials = await fromNodeProviderChain({ maxRetries: 0, timeout: 5000, clientConfig: { maxAttempts: 1 } })();
    source = await identify(credentials);
  } catch (error) {
    source = failure(error);
  }
  if (!source.ok) {
    const error = { code: 'NoSourceCredentials', message: 'the pod has no credentials to assume the role from' };
    return { source, targets: targets.map(({ roleArn }) => ({ roleArn, ok: false, error })) };
  }
  const reached = [];
  for (const target of targets) reached.push(await assumeTarget(credentials, target));
  return { source, targets: reached };
}

parentPort.on('message', (task) => {
  run(task).then(
    (outcome) => parentPort.postMessage(outcome),
    (error) => parentPort.postMessage({ source: failure(error), targets: [] }),
  );
});
