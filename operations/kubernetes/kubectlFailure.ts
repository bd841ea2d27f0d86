import type { Cluster } from '../../inventory/Inventory';
import type { Answer, Unanswered } from '../aws/AwsPort';
import { shellWord } from '../evidence/shellWord';
import { contextOf } from './contextOf';

/** What kubectl says on its standard error, by what it means; the first that fits counts. */
const SAYINGS: readonly (readonly [Unanswered, RegExp])[] = [
  ['throttled', /TooManyRequests|too many requests/i],
  ['denied', /\(Forbidden\)|\(Unauthorized\)|You must be logged in|Unauthorized|forbidden:|credentials/i],
  ['timeout', /timed? ?out|timeout|deadline exceeded|Client\.Timeout/i],
  [
    'unreachable',
    /Unable to connect to the server|connection refused|no such host|network is unreachable|no route to host|connection reset|was refused|EOF|ServiceUnavailable/i,
  ],
];

/** Why kubectl failed, from its standard error; the message is its last lines, as it wrote them. */
export function kubectlFailure(stderr: string, cluster: Cluster): Answer<never> {
  const lines = stderr
    .split('\n')
    .map((line) => line.trim())
    // klog lines (`E1121 06:47:…`) repeat what the last line says.
    .filter((line) => line !== '' && !/^[EWI]\d{4} /.test(line));
  const message = lines.slice(-2).join(' ') || stderr.trim().slice(-300) || 'kubectl failed without a word';
  if (/context .*(does not exist|was not found|not found)|cannot locate context/i.test(message))
    return {
      ok: false,
      why: 'failed',
      message: `kubeconfig has no context "${contextOf(cluster)}"; name the one that you have as kubernetes: { context: … }, or write it\n${updateKubeconfig(cluster)}`,
    };
  return { ok: false, why: SAYINGS.find(([, saying]) => saying.test(message))?.[0] ?? 'failed', message };
}

function updateKubeconfig({ name, region, kubernetes }: Cluster): string {
  const alias = kubernetes === undefined ? '' : ` --alias=${shellWord(kubernetes.context)}`;
  return `aws eks update-kubeconfig --name ${shellWord(name)} --region ${shellWord(region)}${alias}`;
}
