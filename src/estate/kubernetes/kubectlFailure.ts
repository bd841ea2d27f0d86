import type { Cluster } from '../../inventory/Inventory';
import type { Answer, Unanswered } from '../aws/AwsPort';
import { shellWord } from '../shellWord';
import { contextOf } from './contextOf';

/** What kubectl said on its standard error. */
interface Said {
  /** All of it, with the lines of klog, which name a cause that the last line may leave out. */
  readonly all: string;
  /** The lines that are for people, each once: those of an exec plugin stand before kubectl's own. */
  readonly lines: readonly string[];
  readonly cluster: Cluster;
  /** The kubeconfig files as messages name them. */
  readonly kubeconfigs: readonly string[];
}

/** A cause of a failure, by what kubectl says of it. */
interface Cause {
  readonly why: Unanswered;
  readonly saying: RegExp;
  /** The first line of the message. Default: the last lines that kubectl wrote. */
  readonly found?: (said: Said, match: RegExpExecArray) => string;
  /** What to do besides what `why` asks for, in lines. */
  readonly next?: (said: Said, match: RegExpExecArray) => readonly string[];
}

/** In this order; the first that fits counts. The texts are those of kubectl 1.32; test/estate/kubernetes/kubectlFailure.test.ts has them whole. */
const CAUSES: readonly Cause[] = [
  { why: 'throttled', saying: /TooManyRequests|too many requests/i },
  {
    why: 'failed',
    saying: /context .*(does not exist|was not found|not found)|cannot locate context/i,
    found: ({ cluster, kubeconfigs }) =>
      `kubeconfig ${kubeconfigs.length === 0 ? '~/.kube/config' : kubeconfigs.join(', ')} has no context "${contextOf(cluster)}"`,
    next: (said) => [
      'Name the context that you have as kubernetes: { context: … } of the cluster in the inventory, or write this one:',
      updateKubeconfig(said),
    ],
  },
  {
    why: 'failed',
    saying: /error loading config file|invalid configuration: /i,
    next: () => ['Correct the kubeconfig file, or name another one by KUBECONFIG.'],
  },
  {
    // A user without credentials: kubectl asks for a user name on its standard output, and gets no input.
    why: 'denied',
    saying: /^error: EOF$/m,
    found: ({ cluster }) => `the user of the kubeconfig context "${contextOf(cluster)}" has no credentials`,
    next: (said) => ['Give the user credentials, or write the context again:', updateKubeconfig(said)],
  },
  {
    why: 'failed',
    saying: /exec: executable (\S+) not found/,
    found: (_, [text, command = '']) => `getting credentials: ${text}: "${command}" is not on PATH`,
    next: ({ lines }, [, command = '']) => [
      `Install ${command} and put it on PATH: the kubeconfig gets the credentials of its user from it.`,
      ...installHint(lines),
    ],
  },
  {
    why: 'denied',
    saying: /exec: executable \S+ failed with exit code \d+/,
    // The plugin writes its reason itself, before kubectl's line.
    found: ({ lines }, [text]) =>
      [`getting credentials: ${text}`, ...lines.filter((line) => !line.includes(text)).slice(-3)].join(': '),
  },
  {
    why: 'failed',
    saying: /fork\/exec (\S+): permission denied/,
    next: (_, [, command = '']) => [
      `Make ${command} executable: the kubeconfig gets the credentials of its user from it.`,
    ],
  },
  {
    why: 'failed',
    saying:
      /getting credentials: exec: |exec plugin: |decoding stdout: |to use exec authentication plugin|auth plugin has been removed/,
    next: (said) => [
      'The credential plugin of the kubeconfig does not fit this kubectl. Write the context again:',
      updateKubeconfig(said),
    ],
  },
  {
    why: 'failed',
    saying: /Error in configuration:/,
    next: (said) => ['Correct the kubeconfig, or write the context again:', updateKubeconfig(said)],
  },
  {
    why: 'failed',
    saying: /localhost:8080/,
    next: (said) => [
      'kubectl asks this address where the context names a cluster that the kubeconfig does not have. Write the context again:',
      updateKubeconfig(said),
    ],
  },
  {
    why: 'failed',
    saying: /x509: |tls: |server gave HTTP response to HTTPS client/,
    next: (said) => [
      'The address or the certificate authority of the kubeconfig is not that of the API server, or a proxy stands between. Write the context again:',
      updateKubeconfig(said),
    ],
  },
  {
    why: 'unreachable',
    saying: /proxyconnect [^"\n]*|Proxy Authentication Required/,
    found: (_, [text]) => `the proxy to the API server does not connect: ${text}`,
    next: () => ['Check HTTPS_PROXY and NO_PROXY, and proxy-url of the cluster in the kubeconfig.'],
  },
  {
    why: 'denied',
    saying: /\(Unauthorized\)|You must be logged in|Unauthorized/,
    next: () => ['The credentials have expired, or their IAM principal has no access entry of the cluster.'],
  },
  { why: 'denied', saying: /\(Forbidden\)|forbidden:|credentials/i },
  {
    why: 'failed',
    saying: /unknown flag: --show-managed-fields/,
    next: () => ['Upgrade kubectl to 1.21 or later.'],
  },
  { why: 'timeout', saying: /timed? ?out|timeout|deadline exceeded|Client\.Timeout/i },
  {
    why: 'unreachable',
    saying:
      /Unable to connect to the server|connection refused|no such host|network is unreachable|no route to host|connection reset|was refused|EOF|ServiceUnavailable/i,
  },
];

/**
 * Why kubectl failed, from its standard error. The first line of the message says what is wrong, the others what to do. `kubeconfigs` are the
 * files that it read, as messages name them; none: the default.
 */
export function kubectlFailure(stderr: string, cluster: Cluster, kubeconfigs: readonly string[] = []): Answer<never> {
  const lines = linesOf(stderr);
  const said: Said = { all: stderr, lines, cluster, kubeconfigs };
  const plain = plainOf(said);
  for (const { why, saying, found, next } of CAUSES) {
    const match = saying.exec(lines.join('\n')) ?? (found === undefined ? null : saying.exec(stderr));
    if (match === null) continue;
    return { ok: false, why, message: [found?.(said, match) ?? plain, ...(next?.(said, match) ?? [])].join('\n') };
  }
  return { ok: false, why: 'failed', message: plain };
}

/** Without the lines of klog (`E1121 06:47:…`), which repeat what the last line says; a block of them (`err=<` … ` >`) is indented by a tab. */
function linesOf(stderr: string): string[] {
  const lines = stderr
    .split('\n')
    .filter((line) => !/^[EWIF]\d{4} |^\t|^ >$/.test(line))
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return [...new Set(lines)];
}

/** kubectl's last lines, as it wrote them; a list below `Error in configuration:` is whole. */
function plainOf({ all, lines }: Said): string {
  const list = lines.findIndex((line) => line.startsWith('Error in configuration:'));
  const shown = list < 0 ? lines.slice(-2) : lines.slice(list);
  return shown.join(' ') || all.trim().slice(-300) || 'kubectl failed without a message';
}

/** What the kubeconfig itself says on how to install its plugin (`installHint`): kubectl writes it last, behind the address of its own page. */
function installHint(lines: readonly string[]): readonly string[] {
  const page = lines.findIndex((line) => line.includes('#client-go-credential-plugins'));
  return page < 0 ? [] : lines.slice(page + 1);
}

function updateKubeconfig({ cluster: { name, region, kubernetes } }: Said): string {
  const alias = kubernetes === undefined ? '' : ` --alias=${shellWord(kubernetes.context)}`;
  return `aws eks update-kubeconfig --name ${shellWord(name)} --region ${shellWord(region)}${alias}`;
}
