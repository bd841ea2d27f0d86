import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command, CommanderError } from 'commander';
import { programOf } from '../../../src/cli/program';
import { shellLine } from '../../../src/inventory/shellWord';

/** Commands that only version 2 of the AWS CLI has: they open a browser. Source: https://docs.aws.amazon.com/cli/latest/reference/sso/login.html, …/login */
const ONLY_IN_VERSION_2 = /^(sso login|login|configure sso)( --profile \S+)?$/;

/**
 * What the program itself says against a command of podlift: nothing where it takes the command. What the command names need not exist.
 *
 * @param run the words of the command
 */
export async function refusal(run: readonly string[]): Promise<string | undefined> {
  const [program = '', ...words] = run;
  if (program === 'npx') return words[0] === 'podlift' ? podliftRefusal(words.slice(1)) : cdktfRefusal(words);
  if (program === 'kubectl') return kubectlRefusal(words);
  if (program === 'terraform') return terraformRefusal(words);
  if (program === 'aws') return awsRefusal(words);
  return `nobody knows ${program}`;
}

/** Commander's own parser, with the commands of podlift doing nothing. */
function podliftRefusal(words: readonly string[]): string | undefined {
  const program = programOf([], () => undefined);
  silence(program);
  try {
    program.parse([...words], { from: 'user' });
    return undefined;
  } catch (error) {
    if (error instanceof CommanderError) return error.message;
    throw error;
  }
}

function silence(command: Command): void {
  command.exitOverride().configureOutput({ writeErr: () => undefined, outputError: () => undefined });
  if (command.commands.length === 0) command.action(() => undefined);
  for (const one of command.commands) silence(one);
}

/** The long tests plan and apply; here only the name of the command, and that it names stacks. Source: cdktf --help */
function cdktfRefusal([, command, ...stacks]: readonly string[]): string | undefined {
  if (command === 'synth') return stacks.length === 0 ? undefined : 'cdktf synth takes no stack';
  const known = command === 'plan' || command === 'apply';
  return known && stacks.length > 0 && !stacks.some((one) => one.startsWith('-'))
    ? undefined
    : 'no stack, or no command';
}

/** The API server of the sandbox: it answers that a name does not exist, and refuses anything else. */
async function kubectlRefusal(words: readonly string[]): Promise<string | undefined> {
  const changes = words.some((word) => ['annotate', 'create', 'delete', 'patch'].includes(word));
  const { code, said } = await ended(['kubectl', ...words, ...(changes ? ['--dry-run=server'] : [])]);
  const missing = /\(NotFound\)|not found|cannot rename the context "OLD"/;
  return code === 0 || said.split('\n').every((line) => line === '' || missing.test(line)) ? undefined : said;
}

/** Terraform in an empty folder: it takes the options, and finds no configuration. */
async function terraformRefusal(words: readonly string[]): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'podlift-terraform-'));
  const here = words.map((word) => (word.startsWith('-chdir=cdktf.out/stacks/') ? `-chdir=${folder}` : word));
  // `state list` asks for nothing, and takes neither option.
  const quiet = words.includes('state') ? [] : ['-input=false', '-no-color'];
  const { code, said } = await ended(['terraform', ...here, ...quiet]);
  rmSync(folder, { recursive: true, force: true });
  return code === 0 || /No configuration files|No state file was found/.test(said) ? undefined : said;
}

/** The AWS CLI checks the command before it sends a request. */
async function awsRefusal(words: readonly string[]): Promise<string | undefined> {
  if (ONLY_IN_VERSION_2.test(words.join(' '))) return undefined;
  // It would write into the kubeconfig.
  const more = words[1] === 'update-kubeconfig' ? ['--dry-run'] : [];
  // A file that the operator has, such as a template.
  const here = words.map((word) => (word.startsWith('file://') ? '{}' : word));
  const { said } = await ended(['aws', ...here, ...more]);
  return /^usage:|Unknown options|Parameter validation failed|Bad value|argument|Invalid choice|Error parsing|must specify a region/im.test(
    said,
  )
    ? said
    : undefined;
}

function ended(run: readonly string[]): Promise<{ readonly code: number | null; readonly said: string }> {
  return new Promise((resolve) => {
    const child = spawn('sh', ['-c', shellLine(run)], { env: process.env, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (text: Buffer) => (said += text.toString()));
    child.on('close', (code) => {
      resolve({ code, said });
    });
  });
}
