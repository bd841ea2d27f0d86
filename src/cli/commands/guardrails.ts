import { join } from 'node:path';
import {
  type GuardrailFile,
  type GuardrailKind,
  type Guardrails,
  guardrails as built,
} from '../../operations/guardrails/guardrails';
import { requireInventory, selectEnvironments } from '../examine';
import { makeFolder } from '../../runners/makeFolder';
import { EXIT, UsageError } from '../exit';
import { printResult, progressLine } from '../output';
import { refuseOther, writeResult } from '../resultFile';
import { commandText, type ReportStyle, paintOf, stdoutStyle, table } from '../report';

export interface GuardrailsOptions {
  /** Default: `PODLIFT_ENVIRONMENT`, else all. */
  readonly environment?: string | undefined;
  /** The folder to write the files into. Default: none, the text has them. */
  readonly out?: string | undefined;
  readonly format: 'text' | 'json';
}

/**
 * `podlift guardrails [--out DIR]`: the service and the resource control policy that keep the session tags of EKS true, and the access checks for roles of pods, with what
 * they mean for the inventory. Reads only the inventory. Gives 0, or 1 where the inventory has errors, or where a promised path would be denied: then it writes
 * nothing. Throws `UsageError` for an unknown environment and for a folder or file that cannot be written.
 */
export function guardrails({ environment, out, format }: GuardrailsOptions): number {
  const { inventory, blueprints } = requireInventory() ?? {};
  if (inventory === undefined || blueprints === undefined) return EXIT.findings;
  const selected = selectEnvironments(inventory, environment);
  const { show, end } = progressLine('guardrails', process.stderr, Date.now, 'workloads');
  const result = built(
    inventory,
    blueprints.filter((one) => selected.includes(one.environment)),
    show,
  );
  end();
  const holds = result.broken.length === 0;
  const written = holds && out !== undefined ? write(out, result.files) : [];
  const files = result.files.map(({ name, kind, document, text, most }) => ({
    name,
    kind,
    characters: text.length,
    ...(most === undefined ? {} : { most }),
    document,
  }));
  printResult('guardrails', format, { ...result, files, ...(out === undefined ? {} : { written }) }, () =>
    guardrailsText(result, out, stdoutStyle()),
  );
  return holds ? EXIT.ok : EXIT.findings;
}

/** How a file of podlift begins, by its kind. */
const BEGINS: Readonly<Record<GuardrailKind, RegExp>> = {
  'service-control-policy': /^\{"Version":"[\d-]+","Statement":\[\s*\{"Sid":"Podlift/,
  'resource-control-policy': /^\{"Version":"[\d-]+","Statement":\[\s*\{"Sid":"Podlift/,
  'access-check': /^\[\s*\{\s*"actions": \[/,
};

/** Writes all files, or none where one of them is not podlift's. Returns their paths. */
function write(folder: string, files: readonly GuardrailFile[]): readonly string[] {
  try {
    makeFolder(folder);
  } catch (error) {
    throw new UsageError(`--out ${folder}: the folder cannot be made: ${(error as Error).message}`);
  }
  const paths = files.map(({ name }) => join(folder, name));
  for (const [index, { kind }] of files.entries())
    refuseOther('--out', paths[index] ?? '', BEGINS[kind], 'a file of podlift guardrails');
  for (const [index, { text }] of files.entries()) writeResult('--out', paths[index] ?? '', text);
  return paths;
}

const KINDS: Readonly<Record<GuardrailKind, { readonly title: string; readonly does: string }>> = {
  'service-control-policy': {
    title: 'Service control policy',
    does: 'Roles and users pass a session tag of EKS only with the value of their own session.',
  },
  'resource-control-policy': {
    title: 'Resource control policy',
    does: 'The same for callers outside the organisation and for identity providers.',
  },
  'access-check': {
    title: 'Check of Access Analyzer',
    does: 'Finds policies of pods that grant administration, or every role.',
  },
};

function doesOf(name: string, kind: GuardrailKind): string {
  return name.startsWith('access-any-role')
    ? 'Finds policies by which a pod gets or passes every role.'
    : KINDS[kind].does;
}

/** What none of the policies reaches. Source: the addresses in src/operations/guardrails/organisationPolicies.ts */
const NOT_REACHED = [
  'Roles and users of the management account: no policy of the organisation concerns them.',
  'Service-linked roles.',
  'Without rcp.json: callers outside the organisation, and tokens of identity providers (GitHub, SAML). Only trust policies stop them.',
  'Roles and users that have one of the six tags already: podlift does not read users. Remove these tags first.',
];

/** Most of a list that the text shows; `--format json` has all. */
const MOST_SHOWN = 20;

function guardrailsText(result: Guardrails, out: string | undefined, { colour, width }: ReportStyle): string {
  const { files, paths, broken, tagged, tooPermissive, managed } = result;
  const paint = paintOf(colour);
  if (broken.length > 0)
    return [
      paint.red(
        `The guardrails would deny ${number(broken.length)} of ${number(paths)} promised paths. Nothing is written.`,
      ),
      ...shown(broken.map(({ workload, environment, who, what }) => `${workload} in ${environment}: ${who} ${what}`)),
      'Do not attach the policies before these workloads are changed. To see the statement that decides:',
      `  ${commandText({ run: ['npx', 'podlift', 'guardrails', '--format', 'json'] })}`,
    ].join('\n');
  const folder = out ?? 'guardrails';
  const policies = files.filter(({ kind }) => kind !== 'access-check');
  return [
    paint.green(`All ${number(paths)} promised paths stay open with the service and the resource control policy.`),
    '',
    table(
      ['file', 'what it does', { head: 'characters', align: 'right' }],
      files.map(({ name, kind, text, most }) => [
        name,
        doesOf(name, kind),
        most === undefined ? number(text.length) : `${number(text.length)} of ${number(most)}`,
      ]),
      width,
    ),
    ...(out === undefined
      ? files.flatMap(({ name, kind, text }) => ['', paint.bold(`${KINDS[kind].title}: ${name}`), text.trimEnd()])
      : ['', `The files are written into ${out}.`]),
    '',
    paint.bold('How to attach the policies'),
    ...(out === undefined ? ['npx podlift guardrails --out guardrails'] : []),
    ...policies.flatMap(({ name, kind }) => attaching(fileWord(folder, name), name, kind)),
    'Attach each policy to an organisational unit with one test account first. Before that, find who passes these tags today (docs/LEAST_PRIVILEGE.md).',
    '',
    paint.bold('What the policies do not reach'),
    ...NOT_REACHED.map((line) => `- ${line}`),
    ...section(
      paint.yellow(
        'The service control policy denies that these roles are created or tagged. Remove the tags from the inventory:',
      ),
      tagged.map(({ environment, role, keys }) => `${role} in ${environment}: ${keys.join(', ')}`),
    ),
    '',
    paint.bold('Too permissive roles of pods'),
    ...(tooPermissive.length === 0
      ? ['No inline policy of the inventory fails the access checks.']
      : shown(
          tooPermissive.map(
            ({ role, environment, policy, index, check, actions }) =>
              `${role} in ${environment}: statement ${number(index + 1)} of ${policy} fails ${check}: ${few(actions)}`,
          ),
        )),
    ...section(
      'The inventory has only the names of these managed policies. Check their documents with Access Analyzer:',
      managed.map(({ role, environment, policies: arns }) => `${role} in ${environment}: ${arns.join(', ')}`),
    ),
    '',
    'To check a policy in CI:',
    ...files.filter(({ kind }) => kind === 'access-check').map(({ name }) => checking(fileWord(folder, name))),
  ].join('\n');
}

/** A file as a parameter of the AWS CLI. */
function fileWord(folder: string, name: string): string {
  return `file://${join(folder, name)}`;
}

function attaching(file: string, name: string, kind: GuardrailKind): readonly string[] {
  const named = `podlift-${name.replace('.json', '')}`;
  const about = 'Session tags of EKS stay true';
  const commands =
    kind === 'service-control-policy'
      ? [
          // prettier-ignore
          ['aws', 'accessanalyzer', 'validate-policy', '--policy-type', 'SERVICE_CONTROL_POLICY', '--policy-document', file],
          // prettier-ignore
          ['aws', 'organizations', 'create-policy', '--type', 'SERVICE_CONTROL_POLICY', '--name', named, '--description', about, '--content', file],
        ]
      : [
          // prettier-ignore
          ['aws', 'accessanalyzer', 'validate-policy', '--policy-type', 'RESOURCE_CONTROL_POLICY', '--policy-document', file],
          // prettier-ignore
          ['aws', 'organizations', 'create-policy', '--type', 'RESOURCE_CONTROL_POLICY', '--name', named, '--description', about, '--content', file],
        ];
  return commands.map((run) => commandText({ run }));
}

/** The access check of a policy; POLICY.json is its document. */
function checking(file: string): string {
  return commandText({
    // prettier-ignore
    run: ['aws', 'accessanalyzer', 'check-access-not-granted', '--policy-type', 'IDENTITY_POLICY', '--access', file, '--policy-document', 'file://POLICY.json'],
  });
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', title, ...shown(lines)];
}

function shown(lines: readonly string[]): readonly string[] {
  const more = lines.length - MOST_SHOWN;
  return [
    ...lines.slice(0, MOST_SHOWN).map((line) => `- ${line}`),
    ...(more > 0 ? [`- ${number(more)} more: npx podlift guardrails --format json`] : []),
  ];
}

function few(actions: readonly string[]): string {
  const more = actions.length - 3;
  return more > 0 ? `${actions.slice(0, 3).join(', ')} and ${number(more)} more` : actions.join(', ');
}

function number(value: number): string {
  return value.toLocaleString('en');
}
