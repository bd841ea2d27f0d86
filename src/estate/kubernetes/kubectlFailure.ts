import type { Cluster } from '../../inventory/Inventory';
import type { Answer, Unanswered } from '../aws/AwsPort';
import type { Remedy, RemedyStep } from '../Remedy';
import { noCredentialsFix } from '../noCredentials';
import { contextOf } from '../places';

/** What kubectl wrote to its standard error. */
interface Said {
  /** All of it, with the lines of klog, which name a cause that the last line may leave out. */
  readonly all: string;
  /** The lines for people, each once: those of an exec plugin stand before kubectl's own. */
  readonly lines: readonly string[];
  readonly cluster: Cluster;
  /** The kubeconfig files as messages name them. */
  readonly kubeconfigs: readonly string[];
}

/** A cause of a failure, by the text that kubectl writes. */
interface Cause {
  readonly why: Unanswered;
  readonly saying: RegExp;
  /** The message. Default: the last lines that kubectl wrote. */
  readonly found?: (said: Said, match: RegExpExecArray) => string;
  /** The steps besides what `why` asks for; a text is a sentence. */
  readonly fix?: (said: Said, match: RegExpExecArray) => readonly (string | RemedyStep)[];
}

/** In this order; the first that fits counts. The texts are those of kubectl 1.32; test/estate/kubernetes/kubectlFailure.test.ts has them whole. */
const CAUSES: readonly Cause[] = [
  { why: 'throttled', saying: /TooManyRequests|too many requests/i },
  {
    why: 'failed',
    saying: /context .*(does not exist|was not found|not found)|cannot locate context/i,
    found: ({ cluster, kubeconfigs }) =>
      `kubeconfig ${kubeconfigs.length === 0 ? '~/.kube/config' : kubeconfigs.join(', ')} has no context "${contextOf(cluster)}"`,
    fix: (said) => [
      'If the kubeconfig has the cluster under another context, write its name into kubernetes.context of the cluster. Otherwise create the context:',
      updateKubeconfig(said),
    ],
  },
  {
    why: 'failed',
    saying: /error loading config file|invalid configuration: /i,
    fix: () => ['Correct the kubeconfig file, or name another one by KUBECONFIG.'],
  },
  {
    // A user without credentials: kubectl asks for a user name on its standard output, and gets no input.
    why: 'denied',
    saying: /^error: EOF$/m,
    found: ({ cluster }) => `the user of the kubeconfig context "${contextOf(cluster)}" has no credentials`,
    fix: (said) => ['Give the user credentials, or write the context again:', updateKubeconfig(said)],
  },
  {
    why: 'failed',
    saying: /exec: executable (\S+) not found/,
    found: (_, [text, command = '']) => `getting credentials: ${text}: "${command}" is not on PATH`,
    fix: ({ lines }, [, command = '']) => [
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
    fix: (_, [, command = '']) => [
      `Make ${command} executable: the kubeconfig gets the credentials of its user from it.`,
    ],
  },
  {
    why: 'failed',
    saying:
      /getting credentials: exec: |exec plugin: |decoding stdout: |to use exec authentication plugin|auth plugin has been removed/,
    fix: (said) => [
      'The credential plugin of the kubeconfig does not fit this kubectl. Write the context again:',
      updateKubeconfig(said),
    ],
  },
  {
    why: 'failed',
    saying: /Error in configuration:/,
    fix: (said) => ['Correct the kubeconfig, or write the context again:', updateKubeconfig(said)],
  },
  {
    why: 'failed',
    saying: /localhost:8080/,
    fix: (said) => [
      'kubectl asks this address where the context names a cluster that the kubeconfig does not have. Write the context again:',
      updateKubeconfig(said),
    ],
  },
  {
    why: 'failed',
    saying: /x509: |tls: |server gave HTTP response to HTTPS client/,
    fix: (said) => [
      'The address or the certificate authority of the kubeconfig is not that of the API server, or a proxy stands between. Write the context again:',
      updateKubeconfig(said),
    ],
  },
  {
    why: 'unreachable',
    saying: /proxyconnect [^"\n]*|Proxy Authentication Required/,
    found: (_, [text]) => `the proxy to the API server does not connect: ${text}`,
    fix: () => ['Check HTTPS_PROXY and NO_PROXY, and proxy-url of the cluster in the kubeconfig.'],
  },
  {
    why: 'denied',
    saying: /\(Unauthorized\)|You must be logged in|Unauthorized/,
    fix: () => ['The credentials have expired, or their IAM principal has no access entry of the cluster.'],
  },
  { why: 'denied', saying: /\(Forbidden\)|forbidden:|credentials/i },
  {
    why: 'failed',
    saying: /unknown flag: --show-managed-fields/,
    fix: () => ['Upgrade kubectl to 1.21 or later.'],
  },
  { why: 'timeout', saying: /timed? ?out|timeout|deadline exceeded|Client\.Timeout/i },
  {
    why: 'unreachable',
    saying:
      /Unable to connect to the server|connection refused|no such host|network is unreachable|no route to host|connection reset|was refused|EOF|ServiceUnavailable/i,
  },
];

/**
 * The reason why kubectl failed, from its standard error.
 *
 * @param kubeconfigs the files that kubectl read, as messages name them; none: the default
 */
export function kubectlFailure(stderr: string, cluster: Cluster, kubeconfigs: readonly string[] = []): Answer<never> {
  const lines = linesOf(stderr);
  const said: Said = { all: stderr, lines, cluster, kubeconfigs };
  const plain = plainOf(said);
  for (const { why, saying, found, fix } of CAUSES) {
    const match = saying.exec(lines.join('\n')) ?? (found === undefined ? null : saying.exec(stderr));
    if (match === null) continue;
    // The token of the cluster comes from a plugin, which needs credentials of AWS.
    const credentials = /exec: executable|exec plugin/.test(stderr) ? noCredentialsFix(stderr) : undefined;
    if (why === 'denied' && credentials !== undefined)
      return { ok: false, why, message: found?.(said, match) ?? plain, fix: credentials, noCredentials: true };
    const steps: Remedy = (fix?.(said, match) ?? []).map((step) => (typeof step === 'string' ? { say: step } : step));
    return { ok: false, why, message: found?.(said, match) ?? plain, ...(steps.length > 0 && { fix: steps }) };
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

/** How to install the plugin of the kubeconfig (its `installHint`): kubectl writes it last, below the address of its own page. */
function installHint(lines: readonly string[]): readonly string[] {
  const page = lines.findIndex((line) => line.includes('#client-go-credential-plugins'));
  return page < 0 ? [] : lines.slice(page + 1);
}

function updateKubeconfig({ cluster: { name, region, kubernetes } }: Said): RemedyStep {
  const alias = kubernetes === undefined ? [] : [`--alias=${kubernetes.context}`];
  return { run: ['aws', 'eks', 'update-kubeconfig', '--name', name, '--region', region, ...alias] };
}
