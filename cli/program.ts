import { createRequire } from 'node:module';
import { Command, CommanderError, Option } from 'commander';
import { version } from '../package.json';
import type * as Demo from './commands/demo';
import type * as Sandbox from './commands/sandbox';
import type * as Validate from './commands/validate';
import { EXIT } from './exitCodes';
import { ignoreClosedPipes } from './ignoreClosedPipes';
import { reportFailure } from './reportFailure';

/** Loads a command's module when it is called, through tsx's hooks, which a native `import()` would pass by. */
const load = createRequire(__filename);

/**
 * Parses the command line and runs the command it names; sets the process's exit code.
 * Commands are loaded when they are called, so that `podlift validate` does not pay for the sandbox.
 */
export async function run(argv: readonly string[]): Promise<void> {
  ignoreClosedPipes();
  // What is thrown outside any command (in a callback of a stream or a timer) would end the process with a trace.
  process.on('uncaughtException', (error) => process.exit(reportFailure(error)));
  try {
    process.exitCode = await parse(argv);
  } catch (error) {
    // Commander has printed what was wrong; help and version are no mistakes.
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    else process.exitCode = reportFailure(error);
  }
}

async function parse(argv: readonly string[]): Promise<number> {
  let exitCode: number = EXIT.ok;
  const program = new Command('podlift')
    .description('Moves EKS workloads from IRSA to EKS Pod Identity in waves, from one inventory.')
    .version(version)
    .exitOverride()
    .showHelpAfterError('Run "podlift --help" for what there is.')
    .addHelpText(
      'after',
      '\nThe inventory is inventory.yaml, or the file that PODLIFT_INVENTORY names; PODLIFT_ENVIRONMENT limits all to one environment.\nPlan and apply with cdktf: cdktf plan <stack>, cdktf apply <stack>.',
    );

  program
    .command('validate')
    .description('Check the inventory: every rule, every finding with file, line and column')
    .addOption(
      new Option('--format <format>', 'how to print findings').choices(['text', 'json', 'github']).default('text'),
    )
    .action((options: { format: 'text' | 'json' | 'github' }) => {
      exitCode = (load('./commands/validate') as typeof Validate).validate(options);
    });

  program
    .command('sandbox')
    .description('Run a command against an embedded AWS that holds the inventory’s accounts and clusters')
    .argument(
      '[command...]',
      'the command and its arguments, after --; without one the sandbox runs until it is interrupted',
    )
    .option('--fresh', 'begin with an empty AWS instead of what the last run left', false)
    .addHelpText('after', '\nExample:\n  podlift sandbox -- npx cdktf plan dev-identity --skip-provider-lock')
    .action(async (command: string[], options: { fresh: boolean }) => {
      exitCode = await (load('./commands/sandbox') as typeof Sandbox).sandbox(command, options);
    });

  program
    .command('demo')
    .description(
      'Apply the inventory to the sandbox with the real Terraform and show what every workload’s pods can reach',
    )
    .action(async () => {
      exitCode = await (load('./commands/demo') as typeof Demo).demo();
    });

  for (const command of program.commands) command.exitOverride();
  await program.parseAsync(argv);
  return exitCode;
}
