import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Pod } from './kubernetes/Kubernetes';

/** The identity of credentials, or the error of the SDK. `code` is the error's name. */
export type CredentialResult =
  | { readonly ok: true; readonly arn: string; readonly account: string; /** ISO 8601. */ readonly expiration?: string }
  | { readonly ok: false; readonly error: { readonly code: string; readonly message: string } };

/** The result of a pod's own credentials, and of each target role in the given order. */
export interface CredentialOutcome {
  readonly source: CredentialResult;
  readonly targets: readonly (CredentialResult & { readonly roleArn: string })[];
}

export interface PodCredentialsOptions {
  /** The sandbox's endpoint. */
  readonly endpoint: string;
  /** Roles that the application assumes with the pod's own credentials. Default session name: `podlift`. */
  readonly targets?: readonly { readonly roleArn: string; readonly sessionName?: string }[];
  /** More variables of the pod's own spec. They override those of the webhook, as in a pod. */
  readonly env?: Readonly<Record<string, string>>;
}

interface CredentialTask {
  readonly env: Readonly<Record<string, string>>;
  readonly targets: readonly { readonly roleArn: string; readonly sessionName: string }[];
}

interface PodWorker {
  readonly run: (task: CredentialTask) => Promise<CredentialOutcome>;
  readonly close: () => Promise<void>;
}

/** A file that does not exist: a pod must not use the shared configuration of this machine. */
const NO_FILE = '/nonexistent/aws/config';

function startWorker(): PodWorker {
  const worker = new Worker(join(__dirname, 'podWorker.js'), { env: {} });
  worker.unref();
  // One after the other: the worker has one environment, and each task replaces it.
  let last: Promise<unknown> = Promise.resolve();
  const post = (task: CredentialTask): Promise<CredentialOutcome> =>
    new Promise((resolve, reject) => {
      const settle = (done: () => void): void => {
        worker.off('message', onMessage);
        worker.off('error', onError);
        worker.unref();
        done();
      };
      const onMessage = (outcome: CredentialOutcome): void => {
        settle(() => {
          resolve(outcome);
        });
      };
      const onError = (error: Error): void => {
        settle(() => {
          reject(error);
        });
      };
      worker.ref();
      worker.on('message', onMessage);
      worker.on('error', onError);
      worker.postMessage(task);
    });
  return {
    run: (task) => {
      const result = last.then(() => post(task));
      last = result.catch(() => undefined);
      return result;
    },
    close: async () => {
      await last;
      await worker.terminate();
    },
  };
}

let shared: PodWorker | undefined;

/** Stops the worker that runs the credential chains of pods. The next call of `podCredentials` starts another worker. */
export async function closePodWorkers(): Promise<void> {
  const worker = shared;
  shared = undefined;
  await worker?.close();
}

/**
 * Gets the credentials of a pod as the pod does: with the default credential chain of the AWS SDK, in the pod's environment and without that of
 * this process. Then calls GetCallerIdentity, and for each target role AssumeRole and GetCallerIdentity. A denied call is a result, not an
 * exception. Rejects only when the worker fails.
 */
export async function podCredentials(pod: Pod, options: PodCredentialsOptions): Promise<CredentialOutcome> {
  shared ??= startWorker();
  return shared.run({
    env: {
      AWS_REGION: pod.cluster.region,
      ...pod.env,
      ...options.env,
      AWS_ENDPOINT_URL: options.endpoint,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: NO_FILE,
      AWS_SHARED_CREDENTIALS_FILE: NO_FILE,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
    targets: (options.targets ?? []).map(({ roleArn, sessionName = 'podlift' }) => ({ roleArn, sessionName })),
  });
}
