import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { openQuestions } from '../../estate/ask';
import { placesOf } from '../../estate/places';
import type { Ports } from '../../estate/Ports';
import { type Cluster, nameAmongSeveral } from '../../inventory/Inventory';
import { onClusters } from '../../operations/checks/Check';
import { cluster as isCluster } from '../../operations/checks/cluster';
import { judge } from '../../operations/checks/judge';
import { serviceAccount } from '../../operations/checks/serviceAccount';
import { probe as probeOn, type ProbePort, type ProbeResult } from '../../operations/probe/probe';
import { estateFor, loadLivePorts } from '../estateFor';
import { requireInventory, selectEnvironment } from '../examine';
import { EXIT, UsageError } from '../exit';
import { printError, printResult } from '../output';
import { kubectlProbe } from '../probe/kubectlProbe';
import { probeText } from '../probe/probeText';
import { paintOf, remedyBlock, stdoutStyle } from '../report';
import { requireWorkload } from './doctor';

export interface ProbeOptions {
  /** Default: `PODLIFT_ENVIRONMENT`, else the only one. */
  readonly environment?: string;
  /** An image with the AWS CLI. */
  readonly image: string;
  readonly format: 'text' | 'json';
}

/** What a probe reads, and what it does on clusters. */
export interface ProbeWorld {
  readonly ports: () => Ports;
  readonly probePort: (cluster: Cluster) => ProbePort;
  /** Waits so many milliseconds. */
  readonly sleep: (milliseconds: number) => Promise<void>;
}

const LIVE: ProbeWorld = {
  ports: loadLivePorts,
  probePort: (cluster) => kubectlProbe(cluster),
  sleep: async (milliseconds) => {
    await setTimeout(milliseconds);
  },
};

/**
 * `podlift probe <workload> --environment E --image IMAGE`: uses the role of a workload once by each of its service accounts on each of its clusters, one after the other. Gives 0 where
 * each call was answered with the right role, by the credentials that new pods have at the stage; else 1. Creates nothing on a cluster that the context does not lead to.
 * Throws `UsageError` for a workload or an environment that is not there, and for what cannot be the name of an image.
 */
export async function probe(
  key: string,
  { environment: wanted, image, format }: ProbeOptions,
  { ports, probePort, sleep }: ProbeWorld = LIVE,
): Promise<number> {
  // A cluster would create a Job with it, whose pod never runs.
  if (!/^[\w][\w./:@-]*$/.test(image))
    throw new UsageError(`--image "${image}" is not the name of an image, such as REGISTRY/aws-cli:TAG`);
  const { inventory } = requireInventory() ?? {};
  if (inventory === undefined) return EXIT.findings;
  const environment = selectEnvironment(inventory, wanted);
  requireWorkload(inventory, key, [environment.key]);
  const workload = environment.workloads.find((one) => one.key === key);
  if (workload === undefined) throw new Error(`${key} does not run in ${environment.key}`);
  const subjects = onClusters(environment, workload).map((subject) => ({
    subject,
    checked: [isCluster(subject), serviceAccount(subject)],
  }));

  const places = placesOf(inventory);
  const source = { source: {}, command: ['probe'] };
  const questions = subjects.flatMap(({ checked }) => checked);
  const estate = await estateFor((known) => openQuestions(questions, known), places, ports, source);
  const style = stdoutStyle();
  const found = subjects.flatMap(({ subject, checked }) =>
    checked.flatMap((one) => judge(one, `workloads.${key}`, estate, places, subject.cluster)),
  );
  const failed = found.filter(({ state }) => state !== 'ok');
  if (failed.length > 0) {
    const paint = paintOf(style.colour);
    for (const { found: text, remedy = [] } of failed) printError([text, remedyBlock(remedy, paint, '')].join('\n'));
    printError('podlift probe: no Job was created');
    return EXIT.findings;
  }

  const interrupted = new AbortController();
  const stop = () => {
    printError('podlift probe: deleting the Job …');
    interrupted.abort();
  };
  for (const signal of SIGNALS) process.once(signal, stop);
  try {
    const results: ProbeResult[] = [];
    const suffixes = new Set<string>();
    for (const { subject } of subjects) {
      const account = nameAmongSeveral(workload, subject.serviceAccount);
      const who = account === undefined ? '' : ` for ${account}`;
      printError(`podlift probe: a Job with ${image}${who} on ${subject.cluster.key} …`);
      const options = { image, suffix: newSuffix(suffixes), sleep, signal: interrupted.signal };
      results.push(await probeOn(subject, probePort(subject.cluster), options));
    }
    const ok = results.every((one) => one.ok);
    const document = { workload: key, environment: environment.key, stage: workload.stage, ok, clusters: results };
    printResult('probe', format, document, () => probeText(workload, environment.key, results, style));
    return ok ? EXIT.ok : EXIT.findings;
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop);
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The end of a Job's name. Several service accounts of a namespace have a Job each, and an earlier Job can still be there. */
function newSuffix(used: Set<string>): string {
  for (;;) {
    const suffix = randomBytes(4).toString('hex').slice(0, 5);
    if (used.has(suffix)) continue;
    used.add(suffix);
    return suffix;
  }
}
