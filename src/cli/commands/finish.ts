import { createHash } from 'node:crypto';
import { version } from '../../../package.json';
import { estateText } from '../../estate/estateFile';
import { placesOf } from '../../estate/places';
import type { Ports } from '../../estate/Ports';
import { finish as judge, finishQuestions } from '../../operations/finish/finish';
import { finishPage, finishTable } from '../../report/finishPage';
import { whoRuns } from '../../runners/whoRuns';
import { environmentWords, type EstateFlags, estateFor, estateSource, loadLivePorts } from '../estateFor';
import { requireInventory, selectEnvironment } from '../examine';
import { EXIT } from '../exit';
import { printError } from '../output';
import { type PageFlags, pageOutput } from '../pageOutput';
import { withPlaces } from '../report';

export interface FinishOptions extends EstateFlags, PageFlags {
  /** Default: `PODLIFT_ENVIRONMENT`, else the only one. */
  readonly environment?: string;
  /** How many days back CloudTrail is asked. Default: 7. */
  readonly days?: number;
}

/** A certificate of a file whose name does not say another format is Markdown. */
const NAMES_FORMAT = /\.(html?|json|csv|txt|md)$/i;
const DAYS = 7;
/** The head of the first column of the table that `csv` has. */
const HEAD = 'What';

/**
 * `podlift finish`: what is left of IRSA in an environment, or the certificate that nothing is. `--out` writes the certificate alone: what is left goes to stdout. Gives 0 where nothing is
 * left, 1 where something is left or could not be read. Throws `UsageError` for an environment that is not there, and for a file that cannot be written.
 */
export async function finish(
  { environment: option, days = DAYS, format, out, ...flags }: FinishOptions,
  ports: () => Ports = loadLivePorts,
): Promise<number> {
  const chosen = format ?? (out === undefined || NAMES_FORMAT.test(out) ? undefined : 'markdown');
  const write = pageOutput('finish', { format: chosen, out }, HEAD, 'certificate');
  const source = estateSource(flags);
  const { inventory, locate } = requireInventory() ?? {};
  if (inventory === undefined || locate === undefined) return EXIT.findings;
  const environment = selectEnvironment(inventory, option).key;
  const request = { environment, days };
  const command = ['finish', ...environmentWords(environment), ...(days === DAYS ? [] : ['--days', String(days)])];
  const estate = await estateFor(finishQuestions(inventory, request), placesOf(inventory), ports, { source, command });
  const judged = judge(inventory, request, estate);
  const placed = <T extends Parameters<typeof withPlaces>[0]>(all: readonly T[]) =>
    all.map((one) => withPlaces(one, locate));
  const found = {
    ...judged,
    notRead: placed(judged.notRead),
    users: placed(judged.users),
    roles: placed(judged.roles),
    leftOvers: placed(judged.leftOvers),
    providers: placed(judged.providers),
  };
  const { git, user } = found.finished ? whoRuns() : {};
  const digest = createHash('sha256').update(estateText(estate)).digest('hex');
  const shown = {
    page: finishPage(found, { version, by: git ?? user, estate: digest, isSaved: source.given !== undefined }),
    table: finishTable(found),
    document: { ...found, estate: digest },
  };
  if (found.finished) {
    write(shown);
    return EXIT.ok;
  }
  // A file of this name would be taken for the certificate.
  const onStdout = out === undefined ? chosen : (format ?? 'text');
  pageOutput('finish', { format: onStdout === 'html' ? 'text' : onStdout }, HEAD)(shown);
  if (out !== undefined)
    printError(`No certificate is written: something is left, or could not be read. ${out} is as it was.`);
  return EXIT.findings;
}
