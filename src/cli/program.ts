import { createRequire } from 'node:module';
import { Command, CommanderError, Help, InvalidArgumentError, Option } from 'commander';
import { version } from '../../package.json';
import type { StepOptions } from './commands/advance';
import type * as Advance from './commands/advance';
import type * as Apply from './commands/apply';
import type * as Association from './commands/association';
import type * as Catalogue from './commands/catalogue';
import type * as Check from './commands/check';
import type * as Demo from './commands/demo';
import type * as Drift from './commands/drift';
import type * as Doctor from './commands/doctor';
import type * as Discover from './commands/discover';
import type * as Expand from './commands/expand';
import type * as Finish from './commands/finish';
import type * as Gate from './commands/gate';
import type * as Guardrails from './commands/guardrails';
import type * as Next from './commands/next';
import type * as Init from './commands/init';
import type * as Plan from './commands/plan';
import type * as Probe from './commands/probe';
import type * as Prove from './commands/prove';
import type * as Recover from './commands/recover';
import type * as Rehearse from './commands/rehearse';
import type * as Report from './commands/report';
import type * as Sandbox from './commands/sandbox';
import type * as State from './commands/state';
import type * as Status from './commands/status';
import type * as Survey from './commands/survey';
import type * as Synth from './commands/synth';
import type * as Trust from './commands/trust';
import type * as Usage from './commands/usage';
import type * as Validate from './commands/validate';
import { STAGES } from '../inventory/Inventory';
import type { PageFormat } from './pageOutput';
import { printable } from '../inventory/printable';
import { EXIT, reportFailure } from './exit';
import { type FindingsFormat, ignoreClosedPipes } from './output';
import { rememberStart, startOf } from './started';

/** Loads a command's module when it is called, through tsx's hooks: a native `import()` does not use them. */
const load = createRequire(__filename);

/**
 * Parses the command line, runs the command and sets the process's exit code. A command is loaded when it is called: `podlift validate` does not
 * load the sandbox.
 */
export async function run(argv: readonly string[]): Promise<void> {
  ignoreClosedPipes();
  rememberStart(startOf(argv[1] ?? '', process.env, process.cwd()));
  let command = '';
  const began = (name: string): void => {
    command = name;
  };
  const ended = (exitCode: number): number => detailedExitCode(command, argv, exitCode);
  // An error outside any command, in a callback of a stream or a timer, would end the process with a trace.
  process.on('uncaughtException', (error) => process.exit(ended(reportFailure(error))));
  try {
    process.exitCode = await parse(argv, began);
  } catch (error) {
    // Commander has printed the error; it throws for help and version too.
    if (error instanceof CommanderError) process.exitCode = ended(error.exitCode === 0 ? EXIT.ok : EXIT.usage);
    else process.exitCode = ended(reportFailure(error));
  }
}

/** With `plan --detailed-exitcode` 2 means changes: every error is 1, wrong usage and a defect too. */
function detailedExitCode(command: string, argv: readonly string[], exitCode: number): number {
  // An error of an option that every command has comes before the command begins.
  const isPlan = command === 'plan' || (command === '' && argv.includes('plan'));
  const isDetailed = isPlan && argv.includes('--detailed-exitcode');
  return isDetailed && exitCode !== EXIT.ok ? EXIT.findings : exitCode;
}

async function parse(argv: readonly string[], began: (command: string) => void): Promise<number> {
  let exitCode: number = EXIT.ok;
  const program = programOf(argv, (code) => (exitCode = code));
  program.hook('preSubcommand', (_, command) => {
    began(command.name());
  });
  await program.parseAsync(argv);
  return exitCode;
}

/**
 * All commands of podlift with their options. Parsing throws a `CommanderError` for a command line that it does not take.
 *
 * @param argv the command line of this process, for the commands that are printed
 * @param end takes the exit code of the command
 */
export function programOf(argv: readonly string[], end: (exitCode: number) => void): Command {
  const program = new PodliftCommand('podlift')
    .description('Moves EKS workloads from IRSA to EKS Pod Identity in waves, from one inventory.')
    .version(version)
    .exitOverride()
    // An argument that a script takes from elsewhere comes back in an error.
    .configureOutput({
      outputError: (text, write) => {
        write(printable(text));
      },
    })
    .configureHelp({ optionDescription, showGlobalOptions: true })
    .showHelpAfterError('Run "podlift --help" for all commands.')
    .addOption(
      new Option(
        '--inventory <path>',
        'the file of the inventory (default: PODLIFT_INVENTORY, else inventory.yaml)',
      ).argParser(inventoryPath),
    )
    .option('--include-outside', 'let the inventory include files outside of its repository (or of its folder)')
    .option('--no-include-outside', 'do not, whatever PODLIFT_INCLUDE_OUTSIDE says')
    .hook('preAction', () => {
      const { includeOutside, inventory } = program.opts<{ includeOutside?: boolean; inventory?: string }>();
      if (includeOutside === undefined && inventory === undefined) return;
      // Child processes read the variables: cdktf, the command of `sandbox`, the synthesis of a rehearsal.
      if (includeOutside !== undefined) process.env.PODLIFT_INCLUDE_OUTSIDE = includeOutside ? '1' : '0';
      if (inventory !== undefined) process.env.PODLIFT_INVENTORY = inventory;
      // A printed command needs the flags too.
      rememberStart(startOf(argv[1] ?? '', process.env, process.cwd(), { inventory }));
    })
    .addHelpText(
      'after',
      '\nThe inventory is inventory.yaml, or the file of --inventory or PODLIFT_INVENTORY; the option wins. PODLIFT_ENVIRONMENT limits all commands to one environment.\nPODLIFT_INCLUDE_OUTSIDE=1 is --include-outside, also for cdktf.\nPlan and apply with Terraform or OpenTofu: podlift plan, podlift apply; with cdktf: cdktf plan <stack>, cdktf apply <stack>.',
    );

  program
    .command('init')
    .description(
      'Write a first inventory and the files around it into this folder; changes no file that exists, but adds to .gitignore',
    )
    .option('-y, --yes', 'ask nothing: an example for what no option says', false)
    .option('--account <id>', 'the id of the AWS account')
    .option('--region <region>', 'the region of the cluster')
    .option('-e, --environment <name>', 'the name of the environment (default: PODLIFT_ENVIRONMENT, else prod)')
    .option('--cluster <name>', 'the name of the cluster in EKS')
    .option('--issuer <url>', 'the OIDC issuer of the cluster (default: discover reads it)')
    .option('--kubernetes-version <version>', 'with --issuer: the Kubernetes version of the cluster')
    .option('--from <file>', 'write the inventory that a survey proposes: the file of `podlift survey --format json`')
    .option('--discover', 'then run `podlift discover --write`: it adds the cluster and its workloads', false)
    .addOption(
      new Option('--ci <system>', 'also write files that check each pull request').choices(['github', 'gitlab']),
    )
    .option('--no-cdktf', 'leave out main.ts and cdktf.json, which only cdktf needs')
    .action(async (options: Init.InitOptions) => {
      end(await (load('./commands/init') as typeof Init).init(options));
    });

  program
    .command('survey')
    .description(
      'Show which service accounts have access to AWS, how, and what keeps them from Pod Identity; needs no inventory, changes nothing',
    )
    .option('--context <context>', 'a context of the kubeconfig (repeatable; default: all contexts)', several)
    .option('--account <id>', 'an account whose clusters are listed (repeatable; default: your own)', several)
    .option(
      '--region <region>',
      'a region whose clusters are listed (repeatable; default: AWS_REGION, else all)',
      several,
    )
    .option(
      '--cluster <cluster>',
      'the name or the ARN of a cluster (repeatable; default: all that are listed)',
      several,
    )
    .option(
      '--organization',
      'all accounts of the organisation, with --role; needs credentials that can list them',
      false,
    )
    .option('--role <name>', 'the role that is assumed in each account but your own, with its path')
    .showsPage()
    .option('--estate <file>', 'judge this saved Estate; ask neither AWS nor a cluster')
    .option('--save-estate <file>', 'save what AWS and the clusters answer (docs/ESTATE.md)')
    .action(async (options: Survey.SurveyOptions) => {
      end(await (load('./commands/survey') as typeof Survey).survey(options));
    });

  program
    .command('validate')
    .description('Check the inventory against all rules; findings have file, line and column')
    .prints('text', 'json', 'github')
    .action((options: { format: FindingsFormat }) => {
      end((load('./commands/validate') as typeof Validate).validate(options));
    });

  program
    .command('check')
    .description('Compare the inventory with an earlier version of it, for CI on a pull request')
    .requiredOption('--base <revision>', 'the git revision to compare with')
    .option(
      '--allow-removal <workload>',
      'accept that this workload, a part of it (service account, cluster, target), or EKS add-on (addon/NAME), is removed and destroyed (repeatable)',
      several,
    )
    .option(
      '--require-evidence',
      'fail where a stage moved and its evidence is not in the change (see --evidence of advance)',
      false,
    )
    .addOption(
      new Option('--fail-on <severity>', 'the lowest severity of a finding that gives exit code 1')
        .choices(['error', 'warning'])
        .default('error'),
    )
    .prints('text', 'json', 'github')
    .action((options: Check.CheckOptions) => {
      end((load('./commands/check') as typeof Check).check(options));
    });

  program
    .command('prove')
    .description(
      'Evaluate all trust and permission policies at each stage and during each step: who can assume which role',
    )
    .inEnvironment()
    .option('-w, --wave <wave>', 'only the workloads of this wave')
    .prints('text', 'json')
    .action((options: Prove.ProveOptions) => {
      end((load('./commands/prove') as typeof Prove).prove(options));
    });

  program
    .command('usage')
    .description(
      'Show which permissions of each role AWS has not seen in use, and propose narrower ones; changes nothing',
    )
    .inEnvironment()
    .option('--days <days>', 'what was not used for so many days counts as unused, 30 to 365', daysOfUse, 90)
    .reads()
    .action(async (options: Usage.UsageOptions) => {
      end(await (load('./commands/usage') as typeof Usage).usage(options));
    });

  program
    .command('guardrails')
    .description(
      'Write policies of the organisation that keep session tags true, and checks for too permissive roles of pods; changes nothing',
    )
    .inEnvironment()
    .option('--out <folder>', 'write one file for each policy and check into this folder (default: print them)')
    .prints('text', 'json')
    .action((options: Guardrails.GuardrailsOptions) => {
      end((load('./commands/guardrails') as typeof Guardrails).guardrails(options));
    });

  program
    .command('discover')
    .description('Propose inventory entries for the roles and service accounts of a cluster; changes nothing in AWS')
    .inEnvironment()
    .option('-c, --cluster <cluster>', 'the cluster’s key, or its name in EKS')
    .option('--write', 'add the entries to the inventory', false)
    .option('--split', 'give each service account of a shared role a role of its own')
    .option('--expand', 'put accounts by pattern into a wave; without it they stay at irsa')
    .reads(' (not with --write)')
    .action(async (options: Discover.DiscoverOptions) => {
      end(await (load('./commands/discover') as typeof Discover).discover(options));
    });

  program
    .command('expand')
    .description(
      'Compare the service accounts of the clusters with the patterns in `subjects`; changes nothing in AWS and on the clusters',
    )
    .inEnvironment()
    .option('--write', 'write the service accounts that are new into `expanded` of the inventory', false)
    .option('--check', 'give exit code 1 when `expanded` differs from the clusters, for CI', false)
    .option('--prune', 'with --write: also remove those that are gone from their cluster', false)
    .reads(' (not with --write)')
    .action(async (options: Expand.ExpandOptions) => {
      end(await (load('./commands/expand') as typeof Expand).expand(options));
    });

  program
    .command('status')
    .description('Show the stage of each wave in each environment, and its next step')
    .inEnvironment()
    .option('--live', 'also compare AWS and the clusters with the inventory', false)
    .prints('text', 'json', 'prometheus')
    .option('--out <file>', 'with --format prometheus: write this file, for the textfile collector (default: stdout)')
    .savesEstate()
    .action(async (options: Status.StatusOptions) => {
      end(await (load('./commands/status') as typeof Status).status(options));
    });

  program
    .command('report')
    .description('Show the whole migration as one page: progress, history, access, trust policies, findings and quotas')
    .inEnvironment()
    .option('--live', 'also ask AWS and the clusters: the gates of the next steps, and the differences', false)
    .option('--evidence <folder>', 'the folder of the evidence of steps (default: evidence of the inventory)')
    .showsPage()
    .savesEstate()
    .action(async (options: Report.ReportOptions) => {
      end(await (load('./commands/report') as typeof Report).report(options));
    });

  program
    .command('next')
    .description('Show the next step of each wave and whether its gate passes; changes nothing')
    .inEnvironment()
    .reads()
    .action(async (options: Next.NextOptions) => {
      end(await (load('./commands/next') as typeof Next).next(options));
    });

  program
    .command('drift')
    .description(
      'Compare AWS and the clusters with the inventory: roles, permissions, associations, annotations, add-ons',
    )
    .argument('[workload]', 'the workload’s key (default: all)')
    .inEnvironment()
    .reads()
    .action(async (workload: string | undefined, options: Drift.DriftOptions) => {
      end(await (load('./commands/drift') as typeof Drift).drift(workload, options));
    });

  program
    .command('doctor')
    .description('Find out why pods do not get credentials; changes nothing')
    .argument('[workload]', 'the workload’s key (default: all)')
    .inEnvironment()
    .option('--action <action>', 'evaluate whether the workload may do this action, such as s3:GetObject')
    .option('--resource <arn>', 'the resource of --action')
    .admission()
    .verbose()
    .reads()
    .action(async (workload: string | undefined, options: Doctor.DoctorOptions) => {
      end(await (load('./commands/doctor') as typeof Doctor).doctor(workload, options));
    });

  program
    .command('finish')
    .description(
      'The end of a migration: list what still trusts or uses the OIDC provider, or write the certificate that nothing does; changes nothing',
    )
    .inEnvironment()
    .showsPage()
    .option(
      '--days <days>',
      'how many days back CloudTrail is asked for sessions by web identity (default: 7)',
      daysOfTrail,
    )
    .savesEstate()
    .action(async (options: Finish.FinishOptions) => {
      end(await (load('./commands/finish') as typeof Finish).finish(options));
    });

  program
    .command('gate')
    .description('Run the checks for the next step of a wave; changes nothing')
    .argument('<wave>', 'the wave’s key')
    .inEnvironment()
    .admission()
    .verbose()
    .reads()
    .action(async (wave: string, options: Gate.GateOptions) => {
      end(await (load('./commands/gate') as typeof Gate).gate(wave, options));
    });

  stepCommand(
    'advance',
    '[wave]',
    'Move a wave one stage forward in the inventory, if its gate passes; does not touch AWS',
  )
    .option('--all-ready', 'every wave of the environment whose gate passes, in one edit of the inventory', false)
    .action(async (wave: string | undefined, options: StepOptions) => {
      end(await (load('./commands/advance') as typeof Advance).advanceWaves(wave, options));
    });

  stepCommand(
    'rollback',
    '<wave>',
    'Move a wave one stage back in the inventory, if its gate passes; does not touch AWS',
  )
    .addOption(
      new Option(
        '--to <stage>',
        'an earlier stage: write the first step, and list all steps until there (default: one step)',
      ).choices(STAGES),
    )
    .action(async (wave: string, options: StepOptions) => {
      end(await (load('./commands/advance') as typeof Advance).rollback(wave, options));
    });

  program
    .command('probe')
    .description('Use the role of a workload once, by a Job of its own on each of its clusters, and remove the Job')
    .argument('<workload>', 'the workload’s key')
    .inEnvironment()
    .requiredOption('--image <image>', 'an image with the AWS CLI, which the cluster can pull')
    .prints('text', 'json')
    .action(async (workload: string, options: Probe.ProbeOptions) => {
      end(await (load('./commands/probe') as typeof Probe).probe(workload, options));
    });

  program
    .command('association')
    .description('Print the objects of associations that another tool owns (ACK, Crossplane, CloudFormation)')
    .argument('<workload>', 'the workload’s key')
    .inEnvironment()
    .addOption(
      new Option('--stage <stage>', 'the stage that is meant (default: that of the inventory)').choices(STAGES),
    )
    .reads()
    .action(async (workload: string, options: Association.AssociationOptions) => {
      end(await (load('./commands/association') as typeof Association).association(workload, options));
    });

  program
    .command('trust')
    .description('Print the trust policy that a role has at a stage, for the owner of an external role')
    .argument('<workload>', 'the workload’s key')
    .inEnvironment()
    .option('--target <target>', 'the key of a target: the trust policy of its role')
    .addOption(new Option('--stage <stage>', 'the stage (default: that of the workload)').choices(STAGES))
    .prints('json', 'hcl', 'cloudformation')
    .action((workload: string, options: Trust.TrustOptions) => {
      end((load('./commands/trust') as typeof Trust).trust(workload, options));
    });

  program
    .command('catalogue')
    .description('List the controllers that `use` knows, or show one with its policy, parameters, versions and sources')
    .argument('[name]', 'the name of a controller (default: all)')
    .prints('text', 'json')
    .action((name: string | undefined, options: Catalogue.CatalogueOptions) => {
      end((load('./commands/catalogue') as typeof Catalogue).catalogue(name, options));
    });

  program
    .command('synth')
    .description('Write the stacks as plain Terraform roots, one folder a stack, which need neither podlift nor cdktf')
    .requiredOption('--out <folder>', 'the folder of the roots')
    .inEnvironment()
    .prints('text', 'json')
    .action((options: Synth.SynthOptions) => {
      end((load('./commands/synth') as typeof Synth).synth(options));
    });

  program
    .command('plan')
    .description('Plan the stacks with Terraform or OpenTofu; changes nothing')
    .stacks()
    .option('--out <folder>', 'write the plans and manifest.json into this folder, for apply --plan')
    .option('--detailed-exitcode', 'exit code 0: no changes, 2: changes, 1: any error, wrong usage too', false)
    .prints('text', 'json')
    .action(async (stacks: string[], options: Plan.PlanOptions) => {
      end(await (load('./commands/plan') as typeof Plan).plan(stacks, options));
    });

  program
    .command('apply')
    .description('Plan the stacks, ask on a terminal, and apply these plans with Terraform or OpenTofu')
    .stacks()
    .option('--plan <folder>', 'apply exactly the plans that plan --out wrote')
    .option('--resume', 'go on after an apply that failed: what it applied is not applied again', false)
    .option(
      '--allow-destroy',
      'apply plans that destroy or replace roles, or associations of workloads at dual or later',
      false,
    )
    .option('--with-others', 'with --wave: also apply pending changes of others in the stacks of the wave', false)
    .option('--auto-approve', 'do not ask (without a terminal podlift never asks)', false)
    .option('--restart', 'with --wave: then restart the pods that do not have the credentials of the stage', false)
    .option(
      '--at-a-time <number>',
      'how many Deployments and other owners are restarted at a time (default: 1)',
      wholeNumber,
    )
    .addOption(
      new Option(
        '--through <stage>',
        'with --wave: wait until the gate passes, write this next stage and apply it too',
      ).choices(STAGES),
    )
    .option(
      '--wait <minutes>',
      'with --through or --rollback-to: how long a gate is asked again (default: 15)',
      wholeNumber,
    )
    .addOption(
      new Option(
        '--rollback-to <stage>',
        'with --wave: the whole way back to an earlier stage, with the restarts',
      ).choices(STAGES),
    )
    .prints('text', 'json')
    .action(async (stacks: string[], options: Apply.ApplyOptions) => {
      end(await (load('./commands/apply') as typeof Apply).apply(stacks, options));
    });

  program
    .command('recover')
    .description(
      'Find resources that exist and are in no Terraform state: after a killed apply, or when a state is lost',
    )
    .inEnvironment()
    .option(
      '--write',
      'write their ids under `imports` in the inventory, and remove those that are no longer needed',
      false,
    )
    .prints('text', 'json')
    .option('--estate <file>', 'judge this saved Estate; ask neither AWS nor a cluster (not with --write)')
    .option('--save-estate <file>', 'save what AWS and the clusters answer (docs/ESTATE.md)')
    .action(async (options: Recover.RecoverOptions) => {
      end(await (load('./commands/recover') as typeof Recover).recover(options));
    });

  const state = program.command('state').description('Terraform states of the inventory');
  state
    .command('move')
    .description('Move the states to the place that the inventory has now, after it got a name or another `state`')
    .inEnvironment()
    .option('--from <name>', 'the earlier name of the inventory (default: it had none)')
    .option('--from-local', 'the states are in local files, and the inventory now has `state`', false)
    .option('--base <revision>', 'the states are where the inventory of this git revision has them, in any backend')
    .action(async (options: State.MoveOptions) => {
      end(await (load('./commands/state') as typeof State).stateMove(options));
    });

  program
    .command('rehearse')
    .description('Take all steps of waves forward and back on a sandbox, with the real Terraform and running pods')
    .option('-w, --wave <wave>', 'only this wave (default: all waves of the environment)')
    .inEnvironment()
    .addOption(new Option('--to <stage>', 'the last stage of the rehearsal').choices(STAGES).default('pod-identity'))
    .action(async (options: Parameters<typeof Rehearse.rehearse>[0]) => {
      end(await (load('./commands/rehearse') as typeof Rehearse).rehearse(options));
    });

  program
    .command('sandbox')
    .description('Run a command against an embedded AWS with the inventory’s accounts and clusters')
    .argument(
      '[command...]',
      'the command and its arguments, after --; without a command, the sandbox runs until Ctrl-C',
    )
    .option('--fresh', 'start with an empty AWS, without the state of the last run', false)
    .option('--estate <file>', 'start with the accounts, roles and clusters of this file (docs/SANDBOX.md)')
    .addHelpText('after', '\nExample:\n  podlift sandbox -- npx cdktf plan dev-identity --skip-provider-lock')
    .action(async (command: string[], options: Parameters<typeof Sandbox.sandbox>[1]) => {
      end(await (load('./commands/sandbox') as typeof Sandbox).sandbox(command, options));
    });

  program
    .command('demo')
    .description('Apply the inventory on a sandbox with the real Terraform, and show which roles each pod gets')
    .action(async () => {
      end(await (load('./commands/demo') as typeof Demo).demo());
    });

  function stepCommand(name: string, wave: string, description: string): PodliftCommand {
    return program
      .command(name)
      .description(description)
      .argument(wave, 'the wave’s key')
      .inEnvironment()
      .option('--dry-run', 'show the checks and the change, write nothing', false)
      .option(
        '--accept <check>',
        'take the step although this check does not pass: CHECK[:WORKLOAD[:CLUSTER]] (repeatable)',
        several,
      )
      .option('--force', 'take the step whatever the checks find; waits at most 30 s for answers', false)
      .option('--because <reason>', 'the reason for --accept or --force; the inventory records it')
      .option(
        '--evidence <folder>',
        'write what the step was based on into this folder (default: evidence of the inventory)',
      )
      .verbose()
      .reads(' (with --dry-run)');
  }

  for (const command of program.commands) for (const one of [command, ...command.commands]) one.exitOverride();
  return program;
}

/** An empty path is a mistake, such as a variable of a script that is not set: podlift would read another inventory. */
function inventoryPath(value: string): string {
  if (value.trim() === '') throw new InvalidArgumentError('It is empty. Write the path of the inventory file.');
  return value;
}

/** The values of an option that can be repeated. */
function several(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

/** A count of an option. Throws commander's error for anything else. */
function wholeNumber(value: string): number {
  if (!/^[1-9]\d{0,3}$/.test(value)) throw new InvalidArgumentError('It must be a whole number from 1 to 9999.');
  return Number(value);
}

/** Days for which CloudTrail keeps its event history. Throws commander's error for anything else. */
function daysOfTrail(value: string): number {
  if (!/^[1-9]\d?$/.test(value) || Number(value) > 90)
    throw new InvalidArgumentError('It must be a whole number from 1 to 90.');
  return Number(value);
}

/** The window of `usage`. IAM keeps the use of actions for longer than the longest one. Throws commander's error for anything else. */
function daysOfUse(value: string): number {
  const days = /^\d{1,3}$/.test(value) ? Number(value) : 0;
  if (days < 30 || days > 365) throw new InvalidArgumentError('It must be a whole number from 30 to 365.');
  return days;
}

/** A flag is off without it: "(default: false)" would say nothing. */
function optionDescription(option: Option): string {
  return new Help().optionDescription(option).replace(' (default: false)', '');
}

/** The formats of `PageFormat`: its module takes as long to load as all of this one. */
const PAGE_FORMATS = ['text', 'html', 'markdown', 'csv', 'json'] as const satisfies readonly PageFormat[];

/** A command with the options that many commands have. */
class PodliftCommand extends Command {
  override createCommand(name?: string): PodliftCommand {
    return new PodliftCommand(name);
  }

  inEnvironment(): this {
    return this.option('-e, --environment <name>', 'the environment (default: PODLIFT_ENVIRONMENT)');
  }

  /** Which stacks of Terraform, and how many at a time. */
  stacks(): this {
    return this.argument('[stack...]', 'names of stacks, or patterns such as prod-* (default: all)')
      .inEnvironment()
      .option('-w, --wave <wave>', 'only the stacks that have a workload of this wave')
      .option('--changed', 'only the stacks whose roots differ from those of --base', false)
      .option('--base <revision>', 'with --changed: the git revision to compare with')
      .option('--parallelism <count>', 'how many stacks at a time (default: 4)', wholeNumber)
      .option('--diff', 'show the changes in Terraform’s own words, with the values', false);
  }

  admission(): this {
    return this.option(
      '--admission',
      'also show what the EKS webhook gives a new pod, by a server-side dry run',
      false,
    );
  }

  verbose(): this {
    return this.option('--verbose', 'also show the checks that passed', false);
  }

  /** The first format is the default. */
  prints(...formats: readonly string[]): this {
    return this.addOption(new Option('--format <format>', 'output format').choices(formats).default(formats[0]));
  }

  /** The options of a command that shows a page. */
  showsPage(): this {
    return this.addOption(
      new Option('--format <format>', 'output format (default: what the name of --out ends in, else text)').choices(
        PAGE_FORMATS,
      ),
    ).option('--out <file>', 'write the page into this file (default: stdout; html needs a file)');
  }

  /** The options of a command that reads AWS and clusters. `only`: with which of its options it takes `--estate`. */
  reads(only = ''): this {
    return this.prints('text', 'json').savesEstate(only);
  }

  savesEstate(only = ''): this {
    return this.option('--estate <file>', `judge this saved Estate; ask neither AWS nor a cluster${only}`)
      .option('--save-estate <file>', 'save what AWS and the clusters answer (docs/ESTATE.md)')
      .option('--redact', 'with --save-estate: replace all names, and write FILE.inventory.yaml', false);
  }
}
