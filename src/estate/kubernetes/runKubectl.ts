import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter } from 'node:path';
import type { Cluster } from '../../inventory/Inventory';
import { kubeconfigFiles } from '../../inventory/kubeconfigFiles';
import type { Answer } from '../aws/AwsPort';
import { contextOf } from './contextOf';
import { kubectlFailure } from './kubectlFailure';

/** How to run kubectl. */
export interface KubectlSettings {
  /** Default: `kubectl`, found on PATH. */
  readonly binary?: string;
  /** Seconds for one request to the cluster (`--request-timeout`). Default: 30. */
  readonly requestTimeout?: number;
  /** Seconds for one question as a whole: an exec plugin may wait for a login for ever. Default: 120. */
  readonly timeout?: number;
  /** Default: that of the process, `KUBECONFIG` with it. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Ends kubectl at once when it is aborted. */
  readonly signal?: AbortSignal;
}

/** More than this is no list of a cluster's pods; it is also what a JavaScript string can hold. */
const MOST_BYTES = 512 * 1024 * 1024 - 1;

const GIVEN_UP: Answer<never> = { ok: false, why: 'timeout', message: 'kubectl was given up before it answered' };

const INSTALL = 'install kubectl (https://kubernetes.io/docs/tasks/tools/) and put it on PATH';

/** Runs `kubectl <arguments>` in a cluster's context, without input, and gives its standard output, or why there is none. */
export async function runKubectl(
  cluster: Cluster,
  arguments_: readonly string[],
  settings: KubectlSettings = {},
): Promise<Answer<string>> {
  const { binary = 'kubectl', requestTimeout = 30, timeout = 120, environment = process.env, signal } = settings;
  if (signal?.aborted === true) return GIVEN_UP;
  const { files: kubeconfigs = [] } = kubeconfigFiles({ KUBECONFIG: environment.KUBECONFIG }, process.cwd());
  return new Promise((resolve) => {
    const child = spawn(
      binary,
      ['--context', contextOf(cluster), `--request-timeout=${requestTimeout}s`, ...arguments_],
      {
        env: kubeconfigs.length === 0 ? environment : { ...environment, KUBECONFIG: kubeconfigs.join(delimiter) },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    const output: Buffer[] = [];
    let size = 0;
    let errors = '';
    const end = (answer: Answer<string>) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      resolve(answer);
    };
    // An exec plugin of the kubeconfig may outlive kubectl and hold its pipes: nobody waits for those.
    const giveUp = (answer: Answer<string>) => {
      end(answer);
      child.kill('SIGKILL');
      child.stdout.destroy();
      child.stderr.destroy();
    };
    const stop = () => {
      giveUp(GIVEN_UP);
    };
    signal?.addEventListener('abort', stop);
    const timer = setTimeout(() => {
      const said = errors.trim();
      const message = `kubectl gave no answer within ${timeout} s${said === '' ? '' : `; it said: ${said}`}`;
      giveUp({ ok: false, why: 'timeout', message });
    }, timeout * 1000);
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MOST_BYTES) giveUp({ ok: false, why: 'failed', message: 'kubectl gave more than 512 MB' });
      else output.push(chunk);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(-4000)));
    child.on('error', (error: NodeJS.ErrnoException) => {
      const message =
        error.code === 'ENOENT'
          ? `"${binary}" is not on PATH: ${INSTALL}`
          : `"${binary}" cannot be run: ${error.message}`;
      end({ ok: false, why: 'failed', message });
    });
    child.on('close', (code) => {
      end(
        code === 0
          ? { ok: true, value: Buffer.concat(output).toString('utf8') }
          : kubectlFailure(errors, cluster, kubeconfigs.map(orMissing)),
      );
    });
  });
}

/** A kubeconfig as messages name it; kubectl says nothing of a file that is not there. */
function orMissing(file: string): string {
  return existsSync(file) ? file : `${file} (not there)`;
}
