import { createRequire } from 'node:module';
import { Command, CommanderError, Option } from 'commander';
import { version } from '../../package.json';
import type { StepOptions } from './advance/takeStep';
import type * as Advance from './commands/advance';
import type * as Check from './commands/check';
import type * as Demo from './commands/demo';
import type * as Drift from './commands/drift';
import type * as Doctor from './commands/doctor';
import type * as Discover from './commands/discover';
import type * as Gate from './commands/gate';
import type * as Prove from './commands/prove';
import type * as Rehearse from './commands/rehearse';
import type * as Rollback from './commands/rollback';
import type * as Sandbox from './commands/sandbox';
import type * as Status from './commands/status';
import type * as Validate from './commands/validate';
import { STAGES } from '../inventory/Inventory';
import { EXIT } from './exitCodes';
import { ignoreClosedPipes } from './ignoreClosedPipes';
import type { FindingsFormat } from './printFindings';
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
    .action((options: { format: FindingsFormat }) => {
      exitCode = (load('./commands/validate') as typeof Validate).validate(options);
    });

  program
    .command('check')
    .description('Compare the inventory with an earlier version of it, for CI on a pull request')
    .requiredOption('--base <revision>', 'the git revision to compare with')
    .option(
      '--allow-removal <workload>',
      'accept that this workload, or EKS add-on (addon/NAME), leaves and is destroyed (repeatable)',
      (key: string, keys: readonly string[] | undefined) => [...(keys ?? []), key],
    )
    .addOption(
      new Option('--format <format>', 'how to print findings').choices(['text', 'json', 'github']).default('text'),
    )
    .action((options: Check.CheckOptions) => {
      exitCode = (load('./commands/check') as typeof Check).check(options);
    });

  program
    .command('prove')
    .description(
      'Evaluate every trust and permission document, at and between all stages: who gets in, and who must not',
    )
    .addOption(environmentOption())
    .option('-w, --wave <wave>', 'only the workloads of this wave')
    .addOption(formatOption())
    .action((options: Prove.ProveArguments) => {
      exitCode = (load('./commands/prove') as typeof Prove).prove(options);
    });

  program
    .command('discover')
    .description(
      'Propose inventory entries for what a cluster and its accounts have; AWS and the cluster are only read',
    )
    .addOption(environmentOption())
    .option('-c, --cluster <cluster>', 'a cluster’s key, or the name of one in EKS')
    .option('--write', 'add the entries to the inventory', false)
    .addOption(formatOption())
    .action(async (options: Discover.DiscoverOptions) => {
      exitCode = await (load('./commands/discover') as typeof Discover).discover(options);
    });

  program
    .command('status')
    .description('Where each wave stands in each environment, and what comes next')
    .addOption(environmentOption())
    .option('--live', 'also compare with AWS and the clusters, as podlift drift does', false)
    .addOption(formatOption())
    .action(async (options: Status.StatusOptions) => {
      exitCode = await (load('./commands/status') as typeof Status).status(options);
    });

  program
    .command('drift')
    .description(
      'Compare AWS and the clusters with the inventory: roles, permissions, associations, annotations, add-ons',
    )
    .argument('[workload]', 'only this workload’s (its key)')
    .addOption(environmentOption())
    .addOption(formatOption())
    .action(async (workload: string | undefined, options: Drift.DriftOptions) => {
      exitCode = await (load('./commands/drift') as typeof Drift).drift(workload, options);
    });

  program
    .command('doctor')
    .description('Look at workloads as the troubleshooting pages do, in the order of causes; changes nothing')
    .argument('[workload]', 'the workload’s key (default: all)')
    .addOption(environmentOption())
    .option('--action <action>', 'evaluate whether the workload may do this, as in s3:GetObject')
    .option('--resource <arn>', 'on this resource')
    .addOption(formatOption())
    .action(async (workload: string | undefined, options: Doctor.DoctorOptions) => {
      exitCode = await (load('./commands/doctor') as typeof Doctor).doctor(workload, options);
    });

  program
    .command('gate')
    .description('Collect the evidence for the next step of a wave; changes nothing')
    .argument('<wave>', 'the wave’s key')
    .addOption(environmentOption())
    .addOption(formatOption())
    .action(async (wave: string, options: Gate.GateOptions) => {
      exitCode = await (load('./commands/gate') as typeof Gate).gate(wave, options);
    });

  stepCommand('advance', 'Move a wave one stage on in the inventory, if its gate holds; AWS is not touched').action(
    async (wave: string, options: StepOptions) => {
      exitCode = await (load('./commands/advance') as typeof Advance).advance(wave, options);
    },
  );

  stepCommand('rollback', 'Move a wave one stage back in the inventory; AWS is not touched').action(
    async (wave: string, options: StepOptions) => {
      exitCode = await (load('./commands/rollback') as typeof Rollback).rollback(wave, options);
    },
  );

  program
    .command('rehearse')
    .description('Walk waves stage by stage on a sandbox, with the real Terraform and pods that ask all the while')
    .option('-w, --wave <wave>', 'only this wave (default: each that has workloads there)')
    .addOption(environmentOption())
    .addOption(new Option('--to <stage>', 'how far forward').choices(STAGES).default('pod-identity'))
    .action(async (options: Parameters<typeof Rehearse.rehearse>[0]) => {
      exitCode = await (load('./commands/rehearse') as typeof Rehearse).rehearse(options);
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

  function stepCommand(name: string, description: string): Command {
    return program
      .command(name)
      .description(description)
      .argument('<wave>', 'the wave’s key')
      .addOption(environmentOption())
      .option('--dry-run', 'show the evidence and the change, write nothing', false)
      .option('--force', 'go on without evidence', false)
      .option('--because <reason>', 'why it is forced; recorded in the inventory')
      .addOption(formatOption());
  }

  for (const command of program.commands) command.exitOverride();
  await program.parseAsync(argv);
  return exitCode;
}

function environmentOption(): Option {
  return new Option('-e, --environment <name>', 'the environment (default: PODLIFT_ENVIRONMENT)');
}

function formatOption(): Option {
  return new Option('--format <format>', 'how to print the result').choices(['text', 'json']).default('text');
}
