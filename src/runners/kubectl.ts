import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import type { Compute } from '../inventory/Inventory';

/** Variables of a child process. */
type Environment = Readonly<Record<string, string | undefined>>;

/** What is missing, in one line that says what to install; undefined when `kubectl` can be run. */
export async function missingKubectl(): Promise<string | undefined> {
  try {
    await promisify(execFile)('kubectl', ['version', '--client']);
    return undefined;
  } catch {
    return '"kubectl" cannot be run. Install it (https://kubernetes.io/docs/tasks/tools/) and put it on PATH.';
  }
}

/** A service account of a workload, whose pods are to be created. */
export interface NewDeployment {
  readonly workload: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly compute: Compute;
  /** The workload has other service accounts: the names of their Deployments differ. Default: false. */
  readonly isOneOfSeveral?: boolean;
}

/**
 * Creates a Deployment of one pod for each service account, with `kubectl apply`, as a team's chart does. `context` is a context of the kubeconfig that
 * `environment` names. Throws with kubectl's output.
 */
export async function createPods(
  workloads: readonly NewDeployment[],
  context: string,
  environment: Environment,
): Promise<void> {
  const namespaces = [...new Set(workloads.map(({ namespace }) => namespace))].map((name) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name },
  }));
  const list = { apiVersion: 'v1', kind: 'List', items: [...namespaces, ...workloads.map(deployment)] };
  await run(['kubectl', '--context', context, 'apply', '-f', '-'], environment, {
    input: JSON.stringify(list),
  });
}

function deployment(one: NewDeployment): object {
  const { namespace, serviceAccount, compute } = one;
  const name = nameOf(one);
  const labels = { app: name };
  const nodeSelector = NODE_SELECTORS[compute];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: serviceAccount,
          containers: [{ name: 'app', image: 'registry.invalid/app' }],
          ...(nodeSelector === undefined ? {} : { nodeSelector }),
        },
      },
    },
  };
}

/** The name of a Deployment, which is a label too: at most 63 characters, and other than those of the workload's other service accounts. */
function nameOf({ workload, serviceAccount, isOneOfSeveral = false }: NewDeployment): string {
  if (!isOneOfSeveral) return workload;
  const hash = createHash('sha256').update(serviceAccount).digest('hex').slice(0, 8);
  return `${workload.slice(0, 30)}-${serviceAccount.replaceAll('.', '-').slice(0, 22)}-${hash}`.replace(/-{2,}/g, '-');
}

/** Only pods with these selectors run on such nodes. Source: https://docs.aws.amazon.com/eks/latest/userguide/windows-support.html */
const NODE_SELECTORS: Readonly<Partial<Record<Compute, Readonly<Record<string, string>>>>> = {
  fargate: { 'eks.amazonaws.com/compute-type': 'fargate' },
  hybrid: { 'eks.amazonaws.com/compute-type': 'hybrid' },
  windows: { 'kubernetes.io/os': 'windows' },
};

/** How a command is run. */
interface RunSettings {
  /** What the command reads from its standard input. Default: nothing. */
  readonly input?: string;
  /** Ends the command when it is aborted. */
  readonly signal?: AbortSignal;
  /** Gets each whole line of the standard output as it comes. */
  readonly onLine?: (line: string) => void;
}

/** Runs a command to its end; gives its standard output. Throws with the command and its output when it fails. */
export function run(
  [program = '', ...rest]: readonly string[],
  environment: Environment,
  { input = '', signal, onLine }: RunSettings = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, rest, { env: environment, stdio: ['pipe', 'pipe', 'pipe'], signal });
    let [output, errors, shown] = ['', '', 0];
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      for (let end = output.indexOf('\n', shown); end >= 0; end = output.indexOf('\n', shown)) {
        onLine?.(output.slice(shown, end));
        shown = end + 1;
      }
    });
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${[program, ...rest].join(' ')}\n${`${output}${errors}`.trim()}`));
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
