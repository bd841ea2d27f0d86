import { hasErrors } from '../../inventory/Finding';
import { clusterName } from '../../inventory/formats/clusterFormats';
import { fits } from '../../inventory/formats/Format';
import type { Environment, Inventory } from '../../inventory/Inventory';
import { inventoryFile } from '../../inventory/inventoryFile';
import { parseSource } from '../../inventory/source/parseSource';
import { didYouMean, listed } from '../../inventory/suggest';
import { placesOf } from '../../estate/places';
import type { Ports } from '../../estate/Ports';
import { type DiscoverRequest, listClusters } from '../../operations/discover/askCluster';
import { checkProposal, type CheckedProposal } from '../../operations/discover/checkProposal';
import { newCluster } from '../../operations/discover/clusterEntry';
import { discover as propose, discoverQuestions } from '../../operations/discover/discover';
import { entriesOf, entriesText } from '../../operations/discover/Proposal';
import { readForEdit, type ReadInventory, saveEdits } from '../../operations/inventoryFile/editableInventory';
import { type DiscoverReport, failureText, reportText } from '../discover/reportText';
import { environmentWords, type EstateFlags, estateFor, estateSource, loadLivePorts } from '../estateFor';
import { selectEnvironment } from '../examine';
import { EXIT, UsageError } from '../exit';
import { busy, colourWanted, jsonOutput, printToStderr, print, printError } from '../output';
import { remedyText } from '../report';

export interface DiscoverOptions extends EstateFlags {
  /** Default: `PODLIFT_ENVIRONMENT`, else the only one. */
  readonly environment?: string | undefined;
  /** Its key, or its name in EKS. */
  readonly cluster?: string | undefined;
  /** Add the entries to the inventory. */
  readonly write?: boolean | undefined;
  /** Give each service account of a shared role a role of its own. */
  readonly split?: boolean | undefined;
  /** Put accounts by pattern into a wave: `podlift expand` finds them. */
  readonly expand?: boolean | undefined;
  readonly format: 'text' | 'json';
}

/** The live systems, how many calls they took so far where that is known, and the clock. */
export interface DiscoverWorld {
  readonly ports: () => Ports;
  readonly calls?: () => number;
  readonly now: () => Date;
}

/**
 * `podlift discover`: reads what a cluster and its accounts have, and proposes inventory entries. Prints them as YAML on stdout, and the report on
 * stderr; with `write` it adds them to one file of the inventory in one step, and prints the report on stdout. AWS and the cluster are only read. The
 * reason why the entries cannot be written comes last, on stderr.
 *
 * Returns 0 when it is done, also with service accounts left out; 1 when a question has no answer, or the entries cannot be added (also where another
 * podlift holds the inventory, or the inventory changed meanwhile); 2 when the file cannot be written. Throws `UsageError`.
 */
export async function discover(options: DiscoverOptions, world: DiscoverWorld = live()): Promise<number> {
  const { write = false, format } = options;
  if (write && options.estate !== undefined)
    throw new UsageError('--estate FILE is a snapshot of an earlier time: --write needs the live systems');
  const source = estateSource(options);
  const read = readForEdit(inventoryFile());
  const { inventory, findings } = read.loaded;
  if (inventory === undefined) {
    const errors = findings.filter(({ severity }) => severity === 'error');
    printToStderr(errors);
    return EXIT.findings;
  }
  const request = { ...requestOf(inventory, options), takenKeys: workloadKeys(read) };
  const begun = world.now();
  const asked = { aws: 0, clusters: 0 };
  const names = [...environmentWords(request.environment.key), '--cluster', { name: options.cluster ?? '' }];
  const estate = await estateFor(discoverQuestions(inventory, request), placesOf(inventory, request), world.ports, {
    source,
    command: ['discover', ...names],
    clock: world.now,
    onProgress: ({ system }) => {
      asked[system] += 1;
    },
  });
  const milliseconds = world.now().getTime() - begun.getTime();
  const calls = world.calls?.();
  const checked = busy('checking the proposal', () =>
    checkProposal(read, request, propose(inventory, request, estate), estate),
  );
  const report = {
    ...checked.proposal,
    clusterName: request.cluster.name,
    ...(source.given === undefined && { asked: { ...asked, ...(calls !== undefined && { calls }), milliseconds } }),
    write,
    ...saved(read, checked, write),
    findings: checked.findings,
  };
  printReport(report, format);
  return exitCode(report);
}

/**
 * The environment (`--environment`, else `PODLIFT_ENVIRONMENT`, else the only one) and the cluster that an operator names: by its key, its EKS name, or the
 * name of a cluster that the inventory does not have. Throws `UsageError` for a name that cannot be one, and where a name is missing.
 */
function requestOf(inventory: Inventory, options: DiscoverOptions): DiscoverRequest {
  const environment = selectEnvironment(inventory, options.environment);
  const { clusters } = environment;
  const { cluster } = options;
  if (cluster === undefined)
    throw new UsageError(`name the cluster by its key or its EKS name, with --cluster; ${clustersText(environment)}`);
  const found = clusters.find(({ key }) => key === cluster) ?? clusters.find(({ name }) => name === cluster);
  if (found === undefined && !fits(clusterName, cluster)) {
    const keys = clusters.map(({ key }) => key);
    const near = didYouMean(cluster, keys);
    throw new UsageError(
      `"${cluster}" is neither the key nor the EKS name of a cluster: ${near}${clustersText(environment)}`,
    );
  }
  return {
    ...{ environment, cluster: found ?? newCluster(environment, cluster) },
    patterns: options.expand === true ? 'expand' : 'stay',
    shared: options.split === true ? 'split' : 'together',
  };
}

function clustersText(environment: Environment): string {
  const { key, clusters } = environment;
  const keys = clusters.map((one) => one.key);
  const known = keys.length === 0 ? `the inventory has none of ${key} yet` : `clusters of ${key}: ${listed(keys)}`;
  return `${known}; clusters of its account:\n${remedyText([listClusters(environment)])}`;
}

type Saved = Pick<DiscoverReport, 'written' | 'file' | 'places' | 'problem' | 'failed'>;

function saved(read: ReadInventory, { edit }: CheckedProposal, write: boolean): Saved {
  if (edit === undefined) return { written: false, places: [] };
  const { file, places, text, others } = edit;
  if (!write) return { written: false, file, places };
  const result = saveEdits(read, new Map([[file, text], ...others]));
  if (result.saved) return { written: true, file, places };
  const { reason, message, hint } = result;
  return { written: false, file, places, problem: { message, hint }, ...(reason === 'failed' && { failed: true }) };
}

function exitCode({ blocked, findings, left, problem, failed = false }: DiscoverReport): number {
  if (failed) return EXIT.usage;
  const unanswered = left.some(({ reason }) => reason === 'unanswered' || reason === 'could-not-be-checked');
  return blocked !== undefined || unanswered || hasErrors(findings) || problem !== undefined ? EXIT.findings : EXIT.ok;
}

function printReport(report: DiscoverReport, format: 'text' | 'json'): void {
  const colour = colourWanted(process.stderr);
  if (format === 'json') console.log(jsonOutput('discover', report));
  else if (report.write) print(reportText(report, colourWanted(process.stdout)));
  else {
    const yaml = entriesText(entriesOf(report));
    if (yaml !== '') console.log(yaml);
    printError(reportText(report, colour));
  }
  const failure = failureText(report, colour);
  if (failure !== undefined) printError(failure);
}

/** Keys of workloads in all files, also of those that are in no environment. */
function workloadKeys({ texts }: ReadInventory): readonly string[] {
  return [...texts].flatMap(([file, text]) => Object.keys(parseSource(text, file).source?.data.workloads ?? {}));
}

function live(): DiscoverWorld {
  let calls = 0;
  const ports = () => loadLivePorts({ onCall: () => (calls += 1) });
  return { ports, calls: () => calls, now: () => new Date() };
}
