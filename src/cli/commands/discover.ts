import { hasErrors } from '../../inventory/hasErrors';
import { formatFindings } from '../../inventory/formatFindings';
import { inventoryFile } from '../../inventory/inventoryFile';
import { parseSource } from '../../inventory/source/parseSource';
import { propose } from '../../operations/discover/propose';
import { settle, type Settled } from '../../operations/discover/settle';
import { survey } from '../../operations/discover/survey';
import { type ReadInventory, readForEdit } from '../../operations/inventoryFile/readForEdit';
import { saveEdit } from '../../operations/inventoryFile/saveEdit';
import { livePorts } from '../../estate/livePorts';
import type { Ports } from '../../estate/Ports';
import { colourWanted } from '../colourWanted';
import { countedPorts } from '../discover/countedPorts';
import type { DiscoverReport } from '../discover/DiscoverReport';
import { discoverRequest } from '../discover/discoverRequest';
import { progressLine } from '../progressLine';
import { proposalText } from '../discover/proposalText';
import { failureText, reportText } from '../discover/reportText';
import { EXIT } from '../exitCodes';
import { jsonOutput } from '../jsonOutput';
import { printable } from '../printable';

export interface DiscoverOptions {
  /** Default: `PODLIFT_ENVIRONMENT`, else the only one. */
  readonly environment?: string | undefined;
  /** Its key, or its name in EKS. */
  readonly cluster?: string | undefined;
  /** Add the entries to the inventory. */
  readonly write?: boolean | undefined;
  readonly format: 'text' | 'json';
}

/** The live systems, how many calls they took so far where that is known, and the clock. */
export interface DiscoverWorld {
  readonly ports: Ports;
  readonly calls?: () => number;
  readonly now: () => Date;
}

/**
 * `podlift discover`: reads what a cluster and its accounts have, and proposes inventory entries for it. Prints them as YAML on stdout, and the report on stderr; with
 * `write` it adds them to the inventory's first file, in one step, and prints the report on stdout. AWS and the cluster are only read.
 *
 * Why the entries cannot be written stands last, on stderr.
 *
 * Gives 0 when it is done, also with service accounts left out; 1 when questions stayed unanswered, or the entries cannot be added (also
 * where another podlift holds the inventory, or it changed meanwhile); 2 when the file cannot be written. Throws `UsageError`.
 */
export async function discover(options: DiscoverOptions, world: DiscoverWorld = live()): Promise<number> {
  const { write = false, format } = options;
  const read = readForEdit(inventoryFile());
  const { inventory, findings } = read.loaded;
  if (inventory === undefined) {
    console.error(
      formatFindings(
        findings.filter(({ severity }) => severity === 'error'),
        'text',
        colourWanted(process.stderr),
      ),
    );
    return EXIT.findings;
  }
  const { environment, cluster } = discoverRequest(inventory, options.environment, options.cluster);
  const begun = world.now();
  const { ports, questions } = countedPorts(world.ports);
  const line = progressLine('discover', process.stderr);
  const found = await survey({ environment, cluster, accounts: inventory.accounts }, ports, line.show).finally(
    line.end,
  );
  const milliseconds = world.now().getTime() - begun.getTime();
  const request = { inventory, environment, cluster, takenKeys: workloadKeys(read), now: world.now() };
  const settled = settle(read, propose(request, found), found);
  const calls = world.calls?.();
  const report: DiscoverReport = {
    ...settled.proposal,
    clusterName: cluster.name,
    asked: { ...questions(), ...(calls !== undefined && { calls }), milliseconds },
    write,
    ...saved(read, settled, write),
    findings: settled.findings,
  };
  print(report, format);
  return exitCode(report);
}

type Saved = Pick<DiscoverReport, 'written' | 'file' | 'places' | 'problem'> & { readonly failed?: boolean };

function saved(read: ReadInventory, { edit }: Settled, write: boolean): Saved {
  if (edit === undefined) return { written: false, places: [] };
  const { file, places, text } = edit;
  if (!write) return { written: false, file, places };
  const result = saveEdit(read, file, text);
  if (result.saved) return { written: true, file, places };
  const { reason, message, hint } = result;
  return { written: false, file, places, problem: { message, hint }, ...(reason === 'failed' && { failed: true }) };
}

function exitCode({ blocked, findings, left, problem, ...report }: DiscoverReport & Pick<Saved, 'failed'>): number {
  if (report.failed === true) return EXIT.usage;
  const unanswered = left.some(({ reason }) => reason === 'unanswered');
  return blocked !== undefined || unanswered || hasErrors(findings) || problem !== undefined ? EXIT.findings : EXIT.ok;
}

function print(report: DiscoverReport, format: 'text' | 'json'): void {
  const colour = colourWanted(process.stderr);
  if (format === 'json') console.log(jsonOutput('discover', report));
  else if (report.write) console.log(printable(reportText(report, colourWanted(process.stdout))));
  else {
    const yaml = proposalText(report);
    if (yaml !== '') console.log(yaml);
    console.error(printable(reportText(report, colour)));
  }
  const failure = failureText(report, colour);
  if (failure !== undefined) console.error(printable(failure));
}

/** Keys of workloads in all files, also of those that are in no environment. */
function workloadKeys({ texts }: ReadInventory): readonly string[] {
  return [...texts].flatMap(([file, text]) => Object.keys(parseSource(text, file).source?.data.workloads ?? {}));
}

function live(): DiscoverWorld {
  let calls = 0;
  const ports = livePorts({ onCall: () => (calls += 1) });
  return { ports, calls: () => calls, now: () => new Date() };
}
