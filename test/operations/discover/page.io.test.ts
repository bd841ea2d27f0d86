import * as eks from '@aws-sdk/client-eks';
import * as iam from '@aws-sdk/client-iam';
import { readFileSync } from 'node:fs';
import { commandText, remedyLines } from '../../../src/cli/report';
import { identityStackName, targetsStackName } from '../../../src/inventory/stackNames';
import { LEFT_REASONS } from '../../../src/operations/discover/LeftOut';
import { annotate, kubectl, restartPods } from '../../../src/operations/remedies';
import { proveInventory } from '../../../src/proof/proveInventory';
import { run } from '../../cli/commandLine';
import { answered, foundOf, MAIN, proposalOf } from './foundOf';
import { pasted } from './pasted';
import { eksctlOidc, OTHER_ACCOUNT, trustOf } from './shapes';

const PAGE = readFileSync('docs/DISCOVER.md', 'utf8');
const PLACEHOLDERS = [...PAGE.matchAll(/^\| `[A-Z_`, ]+`/gm)].flatMap(([cell]) => cell.match(/[A-Z_]{2,}/g) ?? []);

/** The blocks of a language, without the indentation of the step that they are in. */
function blocksOf(language: string): readonly string[] {
  return [...PAGE.matchAll(new RegExp(`^( *)\`\`\`${language}\\n([\\s\\S]*?)^ *\`\`\``, 'gm'))].map(
    ([, indent, text]) => text!.replace(new RegExp(`^${indent}`, 'gm'), ''),
  );
}
const COMMANDS = blocksOf('sh').flatMap((block) => block.replace(/ +#.*/g, '').trim().split('\n'));
const commandsOf = (tool: string) => COMMANDS.filter((command) => command.startsWith(`${tool} `));

it('has a section for every reason, and no section for another one', () => {
  const [, sections] = PAGE.split('## Service accounts that are left out');
  expect([...sections!.matchAll(/^### `(.*)`$/gm)].map(([, reason]) => reason)).toEqual(Object.keys(LEFT_REASONS));
});

it('explains every placeholder', () => {
  const text = [...COMMANDS, ...blocksOf('yaml')].join('\n');
  const used = text.replace(/\bAWS(_ROLE_ARN)?\b/g, '').match(/\b[A-Z][A-Z_]+\b/g) ?? [];
  expect([...new Set(used)].filter((one) => !PLACEHOLDERS.includes(one))).toEqual([]);
  expect(PLACEHOLDERS.filter((one) => !PAGE.replace(/^\|.*/gm, '').includes(one))).toEqual([]);
});

it('has no command of a tool that these tests do not check', () => {
  expect([...new Set(COMMANDS.map((command) => command.split(' ')[0]))].sort()).toEqual([
    'aws',
    'eksctl',
    'kubectl',
    'npx',
  ]);
});

const VALUES = {
  ...{ ENVIRONMENT: 'prod', CLUSTER_KEY: 'main', ACCOUNT: 'data', WORKLOAD: 'api' },
  ...{ NAMESPACE: 'shop', NAME: 'api', POLICY_ARN: 'AmazonSSMReadOnlyAccess' },
};
it.each(blocksOf('yaml'))('has YAML that is an inventory without an error, and proved: %#', (block) => {
  const values = Object.entries(VALUES).toSorted(([one], [other]) => other.length - one.length);
  const text = values.reduce((yaml, [name, value]) => yaml.replaceAll(name, value), block);
  const accounts = text.includes('account: data') ? `accounts:\n  data: { id: "${OTHER_ACCOUNT}" }\n` : '';
  const { inventory, findings } = pasted(accounts + text);
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(proveInventory(inventory!).failures).toEqual([]);
});

/** The members of a request in the SDK: all of them, and how many of the first ones are required. */
function requestOf(service: string, operation: string): readonly [readonly string[], number] {
  const name = operation.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
  const schema = ({ iam, eks } as Record<string, Record<string, any>>)[service]![`${name}Request$`];
  return [schema[4].map((member: string) => member.toLowerCase()), schema[6] ?? 0];
}
const GLOBAL = ['query', 'region', 'output'];
it.each(commandsOf('aws'))('%s', (command) => {
  const [, service, operation, ...words] = command.split(' ');
  const [members, required] = requestOf(service!, operation!);
  const options = words.filter((word) => word.startsWith('--')).map((word) => word.slice(2).replaceAll('-', ''));
  expect(options.filter((one) => !GLOBAL.includes(one) && !members.includes(one))).toEqual([]);
  expect(members.slice(0, required).filter((one) => !options.includes(one))).toEqual([]);
});

it('has the commands of kubectl as reports print them', () => {
  const cluster = { ...MAIN, kubernetes: { context: 'CONTEXT' } };
  const account = { namespace: 'NAMESPACE', name: 'NAME' };
  const owner = { kind: 'Deployment', name: 'DEPLOYMENT' };
  const remedy = [
    ...[undefined, 'ROLE_ARN', 'NEW_ROLE_ARN'].map((role) => annotate(cluster, account, role)),
    ...restartPods(cluster, [{ ...account, owner, ending: false } as never]),
    kubectl(cluster, account.namespace)`rollout status deployment/DEPLOYMENT`,
  ];
  expect([...new Set(commandsOf('kubectl'))].sort()).toEqual(
    remedyLines(remedy)
      .map(({ text }) => text)
      .sort(),
  );
});

it('has the command of eksctl that the report prints', () => {
  const shape = {
    of: 'shop/api',
    annotated: true,
    found: 'irsa',
    role: { name: 'api', trust: trustOf(eksctlOidc('shop', 'api')) },
  } as const;
  const { left } = proposalOf(foundOf([shape], { oidcProvider: answered(undefined) }));
  const printed = remedyLines(left[0]!.remedy).at(-1)!.text;
  expect(commandsOf('eksctl')).toEqual([printed.replace('prod-main', 'CLUSTER').replace('us-west-2', 'REGION')]);
});

it('applies stacks by their names', () => {
  const identity = identityStackName('ENVIRONMENT');
  const targets = targetsStackName('ENVIRONMENT', 'ACCOUNT');
  expect([...new Set(commandsOf('npx cdktf'))].sort()).toEqual(
    [
      ['plan', identity],
      ['apply', identity],
      ['plan', targets],
      ['apply', targets],
      ['apply', targets, identity],
    ]
      .map((words) => commandText({ run: ['npx', 'cdktf', ...words] }))
      .sort(),
  );
});

it.each(['discover', 'doctor'])('uses options that podlift %s has', (name) => {
  const { stdout } = run(['src/cli/podlift.js', name, '--help']);
  for (const command of commandsOf(`npx podlift ${name}`))
    for (const option of command.match(/--[\w-]+/g) ?? []) expect(stdout).toContain(option);
});
