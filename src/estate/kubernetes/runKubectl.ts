import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter } from 'node:path';
import type { Cluster } from '../../inventory/Inventory';
import { kubeconfigFiles } from '../../inventory/kubeconfigFiles';
import type { Answer } from '../aws/AwsPort';
import type { Remedy } from '../Remedy';
import { contextOf } from '../places';
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
  /** What kubectl reads from its standard input. Default: it has none. */
  readonly input?: string;
}

/** More than this is no list of a cluster's pods; it is also what a JavaScript string can hold. */
const MOST_BYTES = 512 * 1024 * 1024 - 1;

const GIVEN_UP: Answer<never> = { ok: false, why: 'timeout', message: 'kubectl was stopped before it answered' };

const INSTALL: Remedy = [{ say: 'Install kubectl (https://kubernetes.io/docs/tasks/tools/) and put it on PATH.' }];

/**
 * With this flag kubectl logs the headers of each request and response, and no bodies; it masks credentials (`Authorization: Bearer <masked>`).
 * The response's `Date` is the cluster's time. Tried with kubectl 1.27 to 1.33.
 * Source: kubernetes/client-go, transport/round_trippers.go (DebugWrappers).
 */
const WITH_HEADERS = '--vmodule=round_trippers=8';

/**
 * Runs `kubectl <arguments>` in a cluster's context, or in none, and gives its standard output, or the reason why there is none.
 */
export async function runKubectl(
  cluster: Cluster | undefined,
  arguments_: readonly string[],
  settings: KubectlSettings = {},
): Promise<Answer<string>> {
  const { binary = 'kubectl', requestTimeout = 30, timeout = 120, environment = process.env, signal, input } = settings;
  if (signal?.aborted === true) return GIVEN_UP;
  const { files: kubeconfigs = [] } = kubeconfigFiles({ KUBECONFIG: environment.KUBECONFIG }, process.cwd());
  return new Promise((resolve) => {
    const child = spawn(
      binary,
      [
        ...(cluster === undefined ? [] : ['--context', contextOf(cluster)]),
        ...[`--request-timeout=${requestTimeout}s`, WITH_HEADERS, ...arguments_],
      ],
      {
        env: kubeconfigs.length === 0 ? environment : { ...environment, KUBECONFIG: kubeconfigs.join(delimiter) },
        stdio: ['pipe', 'pipe', 'pipe'],
      },
    );
    // kubectl that ends before it has read its input closes the pipe: its exit says why.
    child.stdin.on('error', () => undefined).end(input);
    const output: Buffer[] = [];
    let size = 0;
    const stderr = readStderr();
    const end = (answer: Answer<string>) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      resolve({ ...answer, ...stderr.time() });
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
      const said = stderr.text().trim().replace(/\s+/g, ' ');
      const message = `kubectl gave no answer within ${timeout} s${said === '' ? '' : `; it said: ${said}`}`;
      giveUp({ ok: false, why: 'timeout', message });
    }, timeout * 1000);
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MOST_BYTES) giveUp({ ok: false, why: 'failed', message: 'kubectl gave more than 512 MB' });
      else output.push(chunk);
    });
    child.stderr.setEncoding('utf8').on('data', stderr.add);
    child.on('error', (error: NodeJS.ErrnoException) => {
      end(
        error.code === 'ENOENT'
          ? { ok: false, why: 'failed', message: `"${binary}" is not on PATH`, fix: INSTALL }
          : { ok: false, why: 'failed', message: `"${binary}" cannot be run: ${error.message}` },
      );
    });
    child.on('close', (code) => {
      end(
        code === 0
          ? { ok: true, value: Buffer.concat(output).toString('utf8') }
          : cluster === undefined
            ? { ok: false, why: 'failed', message: stderr.text().trim().split('\n').at(-1) ?? '' }
            : kubectlFailure(stderr.text(), cluster, kubeconfigs.map(orMissing)),
      );
    });
  });
}

/** Characters: the end of kubectl's standard error that is kept. */
const KEPT = 4000;

/** Characters: what is kept of the beginning of one line. */
const LINE = 65_536;

/**
 * Reads kubectl's standard error as it comes. Keeps the text for people and the errors of klog; of the logged headers only the `Date`.
 * A header is a line of its own (`I1127 08:35:38.4 1 round_trippers.go:587]     Date: …`), from kubectl 1.33 on a line of a block, indented
 * by a tab.
 */
function readStderr() {
  let kept = '';
  let rest = '';
  let inBlock = false;
  let at: string | undefined;
  const read = (line: string) => {
    const isInfo = /^I\d{4} /.test(line);
    if (!isInfo && !inBlock) {
      kept = `${kept}${line}\n`.slice(-KEPT);
      return;
    }
    const time = Date.parse(/^(?:I\d{4} [^\]]*\] +|\t)Date: (.+)$/.exec(line)?.[1] ?? '');
    if (!Number.isNaN(time)) at = new Date(time).toISOString();
    inBlock = isInfo ? line.endsWith('=<') : !line.startsWith(' >');
  };
  return {
    add: (text: string) => {
      const lines = (rest + text).split('\n');
      rest = (lines.pop() ?? '').slice(0, LINE);
      lines.forEach(read);
    },
    /** The text for people, also of a line that has not ended. */
    text: () => (inBlock || /^I\d/.test(rest) ? kept : `${kept}${rest}`.slice(-KEPT)),
    time: () => (at === undefined ? {} : { at }),
  };
}

/** A kubeconfig as messages name it; kubectl says nothing of a file that is not there. */
function orMissing(file: string): string {
  return existsSync(file) ? file : `${file} (not there)`;
}
