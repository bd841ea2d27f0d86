import { stringify } from 'yaml';
import { hasPermissions } from '../../catalogue/catalogue';
import type { KnownController, KnownParameter } from '../../catalogue/catalogueSchema';
import { parameterType } from '../../catalogue/parameterTypes';
import { type Paint, paintOf, type ReportStyle, table } from '../report';

/** The catalogue as a table: what can stand in `use`, and below it the controllers of which podlift knows other facts only. */
export function listText(all: readonly KnownController[], { colour, width }: ReportStyle): string {
  const rows = all.filter(hasPermissions).map(({ name, aliases = [], podIdentity, parameters = {} }) => [
    name,
    aliases.join('\n'),
    podIdentity?.never === true ? 'no version' : (podIdentity?.since ?? 'not known'),
    Object.entries(parameters)
      .map(([parameter, { required }]) => (required === true ? `${parameter} (required)` : parameter))
      .join('\n'),
  ]);
  const others = all.filter((one) => !hasPermissions(one)).map(({ name }) => name);
  const paint = paintOf(colour);
  return [
    table(['use', 'or', 'Pod Identity from', 'parameters'], rows, width),
    '',
    `Without permissions, because these depend on the configuration: ${others.join(', ')}.`,
    '',
    'One controller with its policy, sources and an entry for the inventory:',
    `  ${paint.cyan('npx podlift catalogue NAME')}`,
  ].join('\n');
}

/** Everything that the catalogue has of the permissions and versions of one controller. */
export function controllerText(controller: KnownController, { colour }: ReportStyle): string {
  const paint = paintOf(colour);
  const { name, title, date, parameters = {}, policy, managedPolicies, upstream = [], notes = [] } = controller;
  const section = (head: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ['', paint.bold(head), ...lines];
  return [
    paint.bold(`${title} (${name}), facts of ${date}`),
    ...factLines(controller),
    ...section(
      'Parameters',
      Object.entries(parameters).flatMap((one) => parameterLines(one, paint)),
    ),
    ...section(
      'Permissions (${param.NAME} is the value of a parameter; `when`: only with these parameters; `unless`: only without them)',
      [
        ...(managedPolicies === undefined ? [] : indented(yamlOf({ managedPolicies }))),
        ...(policy === undefined ? [] : indented(yamlOf({ statements: policy }))),
      ],
    ),
    ...section(
      'Sources',
      upstream.map(
        ({ url, date: changed, tag, about }) =>
          `  ${url}${[tag, changed, about].flatMap((one) => (one === undefined ? [] : `, ${one}`)).join('')}`,
      ),
    ),
    ...section(
      'Notes',
      notes.map((note) => `  - ${note}`),
    ),
    ...(hasPermissions(controller)
      ? section('Entry for the inventory', indented(inventoryBlock(controller)))
      : section('Permissions', [
          '  They depend on its configuration: write them under `statements` or `managedPolicies`.',
        ])),
  ].join('\n');
}

function factLines(controller: KnownController): readonly string[] {
  const { aliases = [], images = [], podIdentity, chart, addon, namespace, serviceAccounts = [] } = controller;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['other names', aliases.join(', ')],
    ['images', images.join(', ')],
    ['Pod Identity', podIdentity && supportText(podIdentity)],
    [
      'chart',
      chart && `${chart.name} ${chart.since === undefined ? '' : `from ${chart.since} on `}(${chart.repository})`,
    ],
    ['EKS add-on', addon && `${addon.name}${addon.since === undefined ? '' : ` from ${addon.since} on`}`],
    ['namespace', namespace],
    ...serviceAccounts.map(({ name, of }) => ['service account', of === undefined ? name : `${name} (${of})`] as const),
  ];
  return facts.flatMap(([what, text]) =>
    text === undefined || text === '' ? [] : [`  ${`${what}:`.padEnd(17)}${text}`],
  );
}

function supportText({ since, also = [], because }: NonNullable<KnownController['podIdentity']>): string {
  if (since === undefined) return `no version. ${because}`;
  return `from ${since} on${also.length === 0 ? '' : ` (older lines: ${also.join(', ')})`}. ${because}`;
}

function parameterLines(
  [name, { type, required, default: fallback, requires = [], description }]: readonly [string, KnownParameter],
  paint: Paint,
): readonly string[] {
  const { form, example } = parameterType(type);
  const without = required === true ? 'required' : (DEFAULTS.get(fallback) ?? 'optional');
  const beside = requires.length === 0 ? '' : `, beside ${requires.join(', ')}`;
  return [
    `  ${paint.cyan(name)} (${without}${beside}): ${form}${type === 'flag' ? '' : `, such as ${example}`}`,
    `    ${description}`,
  ];
}

const DEFAULTS: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  ['*', 'without it: all'],
  ['{account}', 'without it: the account of the role'],
  ['{clusters}', 'without it: the clusters of the workload'],
  [true, 'without it: true'],
]);

/**
 * An entry for the inventory, as YAML. What no page can know is a `{name}`: the inventory is refused until the environments have a value for it, so no
 * example can reach AWS.
 */
export function inventoryBlock(controller: KnownController): string {
  const { name, namespace = 'NAMESPACE', serviceAccounts = [], podIdentity } = controller;
  const [account = { name }, ...others] = serviceAccounts;
  const needed = neededParameters(controller);
  const stage =
    podIdentity?.never === true
      ? ['    stage: irsa', '    because: no version of it can use Pod Identity']
      : ['    stage: pod-identity # or its wave'];
  return [
    'workloads:',
    `  ${name}:`,
    ...stage,
    `    namespace: ${namespace}`,
    ...others.map((other) => `    # or ${other.name}${other.of === undefined ? '' : `: ${other.of}`}`),
    `    serviceAccount: { name: ${account.name}, manage: none } # its chart or manifest creates it`,
    '    permissions:',
    '      use:',
    ...(needed.length === 0 ? [`        - ${name}`] : [`        - name: ${name}`, '          parameters:']),
    ...needed.flatMap(([parameter, { type }]) => {
      const value = parameter.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      return [
        `            # ${parameterType(type).form}: write them here, or ${value} under \`values\` of the environments`,
        `            ${parameter}: ['{${value}}']`,
      ];
    }),
  ].join('\n');
}

/** Those that are required; where none is and the controller has no permission without one, the first that gives one. */
function neededParameters(controller: KnownController): readonly (readonly [string, KnownParameter])[] {
  const { parameters = {}, policy = [], managedPolicies = [] } = controller;
  const required = Object.entries(parameters).filter(([, one]) => one.required === true);
  const parts = [...policy, ...managedPolicies];
  const isDefault = (name: string) => parameters[name]?.default !== undefined;
  if (required.length > 0 || parts.some(({ when = [] }) => when.every(isDefault))) return required;
  const gives = parts.flatMap(({ when = [] }) => when).find((name) => parameters[name]?.type !== 'flag');
  return Object.entries(parameters).filter(([name]) => name === gives);
}

function yamlOf(value: object): string {
  return stringify(value, { lineWidth: 0 }).trimEnd();
}

function indented(text: string): readonly string[] {
  return text.split('\n').map((line) => (line === '' ? line : `  ${line}`));
}
