import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Estate } from '../../estate/Estate';
import { placesOf } from '../../estate/places';
import type { Ports } from '../../estate/Ports';
import { plainFinding } from '../../inventory/formatFindings';
import { inventoryFile } from '../../inventory/inventoryFile';
import { driftQuestions } from '../../operations/drift/drift';
import { gate } from '../../operations/gate/gate';
import { readForEdit } from '../../operations/inventoryFile/editableInventory';
import { isEvidenceName } from '../../operations/review/requireEvidence';
import { statusOf } from '../../operations/status/statusOf';
import { waveGates } from '../../operations/status/waveGates';
import { readEvidenceHead } from '../../operations/step/evidenceHead';
import { editObstacles, stepObstacles } from '../../operations/step/stepObstacles';
import type { EvidenceFile } from '../../report/history';
import { reportOf } from '../../report/Report';
import { reportPage, reportTable } from '../../report/reportPage';
import { stageHistory } from '../../runners/stageHistory';
import { environmentWords, type EstateFlags, estateFor, estateSource, loadLivePorts } from '../estateFor';
import { evidenceFolder } from '../evidenceFolder';
import { requireInventory, selectEnvironments } from '../examine';
import { EXIT, UsageError } from '../exit';
import { busy } from '../output';
import { type PageFlags, pageOutput } from '../pageOutput';
import { withPlaces } from '../report';
import { driftWithStates } from '../stackStates';

export interface ReportOptions extends EstateFlags, PageFlags {
  /** Default: `PODLIFT_ENVIRONMENT`, else all. */
  readonly environment?: string;
  /** Ask AWS and the clusters too. Default: false. */
  readonly live?: boolean;
  /** The folder of the evidence. Default: `evidence` of the inventory. */
  readonly evidence?: string;
}

/**
 * `podlift report`: the whole migration as one page. Gives 0 whatever the page says, and 1 where the inventory has errors. Throws `UsageError` for an unknown environment, a folder of
 * evidence that cannot be read, and options that do not go together.
 */
export async function report(
  { environment, live = false, evidence, format, out, ...flags }: ReportOptions,
  ports: () => Ports = loadLivePorts,
  historyOf: typeof stageHistory = stageHistory,
): Promise<number> {
  if (flags.saveEstate !== undefined && !live && flags.estate === undefined)
    throw new UsageError('--save-estate FILE keeps what is read: add --live');
  const show = pageOutput('report', { format, out }, 'environment');
  const source = estateSource(flags);
  const examined = requireInventory();
  if (examined === undefined) return EXIT.findings;
  const { file, files, inventory, blueprints, findings, locate } = examined;
  const environments = selectEnvironments(inventory, environment);
  const read = busy('reading the inventory', () => readForEdit(inventoryFile()));
  const folder = evidenceFolder(evidence, inventory, read.root);
  const documents = folder === undefined ? undefined : readEvidence(folder, evidence !== undefined);
  const commits = busy('reading the history', () => historyOf(file, files));

  const request = { environments };
  const gates = waveGates(inventory, environments, gate, (step) => editObstacles(read, inventory, step));
  const drifted = driftQuestions(inventory, request);
  const questions = (estate: Estate) => [...gates.questions(estate), ...drifted(estate)];
  const command = ['report', ...environmentWords(environment)];
  const estate =
    live || source.given !== undefined
      ? await estateFor(questions, placesOf(inventory), ports, { source, command })
      : undefined;
  const found =
    estate &&
    (await driftWithStates(inventory, request, estate, { isLive: source.given === undefined, command: 'report' }));
  const when = estate?.at ?? new Date().toISOString();
  const result = busy('judging the next steps', () =>
    reportOf({
      inventory,
      blueprints,
      findings: findings.map(plainFinding),
      environments,
      when,
      status: statusOf(inventory, new Date(when), environments, (step) => stepObstacles(read, inventory, step)),
      commits,
      ...(folder !== undefined && documents !== undefined && { evidence: { folder, files: documents } }),
      ...(estate &&
        found && {
          live: {
            gates: gates.judge(estate),
            drift: { ...found, differences: found.differences.map((one) => withPlaces(one, locate)) },
          },
        }),
    }),
  );
  show({ page: reportPage(result), table: reportTable(result), document: result });
  return EXIT.ok;
}

/**
 * The documents of a folder that podlift wrote, by their names; symbolic links are not followed. The folder of the inventory can be missing: no step was taken yet.
 *
 * @param named the folder is that of `--evidence`
 */
function readEvidence(folder: string, named: boolean): readonly EvidenceFile[] {
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && !named) return [];
    throw new UsageError(`--evidence ${folder}: ${NO_FOLDER[code] ?? message}`);
  }
  return names
    .filter((name) => isEvidenceName(name) && name.endsWith('.md'))
    .sort()
    .flatMap((name): readonly EvidenceFile[] => {
      const path = join(folder, name);
      const head = lstatSync(path).isFile() ? readEvidenceHead(readFileSync(path, 'utf8')) : undefined;
      return head === undefined ? [] : [{ file: name, head }];
    });
}

const NO_FOLDER: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder',
  ENOTDIR: 'this is not a folder',
  EACCES: 'permission denied',
};
