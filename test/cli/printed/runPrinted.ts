import { compile } from '../../../src/blueprint/compile';
import { stacksOf } from '../../../src/blueprint/stacksOf';
import type { Inventory } from '../../../src/inventory/Inventory';
import type { Live } from '../../operations/gate/live/liveWorld';
import { refusal } from './grammar';

/** A printed command, and the account whose credentials the line above asks for. */
interface Printed {
  readonly line: string;
  readonly account?: string;
}

/** The commands in a printed text: lines of their own. */
export function commandsIn(text: string): readonly Printed[] {
  let account: string | undefined;
  return text.split('\n').flatMap((line): readonly Printed[] => {
    account = /^\s*With credentials of (?:.*\()?(\d{12})\)?:/.exec(line)?.[1] ?? account;
    const command = /^\s*((?:kubectl|aws|npx|terraform) .*)$/.exec(line)?.[1];
    return command === undefined ? [] : [{ line: command, ...(account !== undefined && { account }) }];
  });
}

/** Placeholders, whose source the sentence before names. */
const PLACEHOLDER = /\b(NAME|KIND\/NAME|POD|STACK)\b/;

const READS = /^aws [a-z0-9]+ (describe|get|list|lookup|simulate)-|^aws eks wait /;

type Run = (line: string, isRead: boolean) => Promise<unknown>;

/** How kubectl and the AWS CLI say that something does not exist. */
const GONE = /\b(NotFound|NoSuchEntity)\b/;

/** A service that the sandbox does not have. */
const NOT_IN_SANDBOX = 'aws ec2 ';

/** Commands of the AWS CLI that a sandbox has answered: the same words are asked once. */
const answered = new Set<string>();

/**
 * Runs the commands of a printed text as the operator: each works, and names what exists. What changes something is tried by the API server, or by the
 * parser of the AWS CLI, and changes nothing. The commands of podlift and cdktf name what the inventory has.
 *
 * @param isGone what a command shows may be gone: then it says so
 */
export async function runPrinted(
  live: Pick<Live, 'run'>,
  inventory: Inventory,
  text: string,
  { isGone = false } = {},
): Promise<void> {
  const run = (line: string, isRead: boolean): Promise<unknown> =>
    live.run(line).catch((error: unknown) => {
      if (!(isGone && isRead && error instanceof Error && GONE.test(error.message))) throw error;
    });
  const commands = [...new Map(commandsIn(text).map((one) => [one.line, one])).values()];
  const creates = commands.some(({ line }) => line.includes(' create serviceaccount '));
  for (const { line, account } of commands) {
    if (line.startsWith('npx ')) await namesWhatExists(line, inventory);
    else if (PLACEHOLDER.test(line)) continue;
    else if (line.startsWith('aws ')) await runAws(run, line, account);
    // The command before creates the service account, which is only tried here.
    else if (!(creates && line.includes(' annotate serviceaccount '))) await runKubectl(run, line);
  }
}

async function runKubectl(run: Run, line: string): Promise<void> {
  // kubectl cannot try a restart.
  if (line.includes(' rollout restart ')) await run(line.replace(/ rollout restart (\S+)/, ' get $1'), false);
  else if (/ (annotate|create|delete|patch) /.test(line)) await run(`${line} --dry-run=server`, false);
  else await run(line, true);
}

async function runAws(run: Run, line: string, account: string | undefined): Promise<void> {
  const asked = `${account ?? ''} ${line}`;
  if (answered.has(asked)) return;
  answered.add(asked);
  const credentials = account === undefined ? '' : `AWS_ACCESS_KEY_ID=${account} `;
  // The parser alone: it checks the names and the values of all options, and sends nothing.
  const parsed = line.includes(' update-kubeconfig ') ? `${line} --dry-run` : `${line} --generate-cli-skeleton output`;
  const isRead = READS.test(line) && !line.startsWith(NOT_IN_SANDBOX);
  await run(`${credentials}${isRead ? line : parsed}`, isRead);
}

async function namesWhatExists(line: string, inventory: Inventory): Promise<void> {
  const words = line.split(' ');
  expect([line, await refusal(words)]).toEqual([line, undefined]);
  const [, program, command, ...names] = words;
  const environments = inventory.environments.map(({ key }) => key);
  if (program === 'cdktf') {
    const stacks = environments.flatMap((key) => stacksOf(compile(inventory, key)).map(({ name }) => name));
    if (command !== 'synth') expect(stacks).toEqual(expect.arrayContaining(names));
    return;
  }
  const environment = words[words.indexOf('--environment') + 1];
  if (words.includes('--environment')) expect(environments).toContain(environment);
  const subject = names[0] ?? '';
  if (['gate', 'advance', 'rollback'].includes(command ?? ''))
    expect(inventory.waves.map(({ key }) => key)).toContain(subject);
  if (command === 'probe')
    expect(inventory.environments.flatMap(({ workloads }) => workloads).map(({ key }) => key)).toContain(subject);
}
