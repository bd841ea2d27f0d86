import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Pod } from './kubernetes/createKubernetes';

/** Credentials that came, or the error that came instead. `code` is the error's name as the SDK has it. */
export type CredentialResult =
  | { readonly ok: true; readonly arn: string; readonly account: string; /** ISO 8601. */ readonly expiration?: string }
  | { readonly ok: false; readonly error: { readonly code: string; readonly message: string } };

/** What a pod reached: its own credentials, and each target role from them, in the order asked. */
export interface CredentialOutcome {
  readonly source: CredentialResult;
  readonly targets: readonly (CredentialResult & { readonly roleArn: string })[];
}

export interface PodCredentialsOptions {
  /** The sandbox's endpoint. */
  readonly endpoint: string;
  /** Roles that the pod's application assumes itself, each from the pod's own credentials. Default session name: `podlift`. */
  readonly targets?: readonly { readonly roleArn: string; readonly sessionName?: string }[];
  /** Further variables of the pod's own spec; they stand over the webhook's, as in a pod. */
  readonly env?: Readonly<Record<string, string>>;
}

interface Job {
  readonly env: Readonly<Record<string, string>>;
  readonly targets: readonly { readonly roleArn: string; readonly sessionName: string }[];
}

interface PodWorker {
  readonly run: (job: Job) => Promise<CredentialOutcome>;
  readonly close: () => Promise<void>;
}

/** A file that is not there: no shared configuration of the machine may speak for a pod. */
const NO_FILE = '/nonexistent/aws/config';

function startWorker(): PodWorker {
  const worker = new Worker(join(__dirname, 'pods', 'podWorker.js'), { env: {} });
  worker.unref();
  // One after the other: the worker has one environment, and each job puts its own into it.
  let last: Promise<unknown> = Promise.resolve();
  const post = (job: Job): Promise<CredentialOutcome> =>
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
      worker.postMessage(job);
    });
  return {
    run: (job) => {
      const result = last.then(() => post(job));
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

/** Ends the worker that runs pods' credential chains; the next call of `podCredentials` starts another. */
export async function closePodWorkers(): Promise<void> {
  const worker = shared;
  shared = undefined;
  await worker?.close();
}

/**
 * Gets a pod's credentials as the pod would: the AWS SDK's own default credential chain, in an environment that holds what
 * the webhook put there and nothing of this process, then GetCallerIdentity; then AssumeRole and GetCallerIdentity for each
 * target. A refusal is an answer, not an exception. Rejects only when the worker itself breaks.
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
