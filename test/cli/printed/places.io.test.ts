import { CONTEXT, inventoryAt, type Live, NAMESPACE, startLive } from '../../operations/gate/live/liveWorld';
import { refusal } from './grammar';
import { type Hole, type Place, printingPlaces } from './places';

const ARN = 'arn:aws:iam::333333333333:role/a-name';

/** Values that are several words, or belong to the language of the program. All others are names. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  'shellWord(`s3://${bucket}/${key}.tflock`)': ['s3://bucket/prod.tflock'],
  "(profile === undefined ? [] : ['--profile', profile])": ['--profile', 'work'],
  "environments.length === 1 ? ['--environment', environments[0] ?? ''] : []": ['--environment', 'prod'],
  "to === goal ? [] : ['--to', goal]": ['--to', 'irsa'],
  'waveWords(choice, run, options)': ['--wave', 'pilot', '--environment', 'prod', '--through', 'dual', '--restart'],
  'flagsOf(options)': ['--auto-approve'],
  only: ['--environment', 'prod'],
  '-chdir={`cdktf.out/stacks/${stack}`}': ['-chdir=cdktf.out/stacks/prod-identity'],
  to: ['--to', 'irsa'],
  alias: ['--alias=prod'],
  query: ['--query', 'cluster.identity.oidc.issuer', '--output', 'text'],
  where: ['--kubernetes-version', '1.33', '--region', 'us-west-2'],
  what: ['--addon-name', 'vpc-cni', '--addon-version', 'v1.2.3-eksbuild.1', '--region', 'us-west-2'],
  change: ['--overwrite', `eks.amazonaws.com/role-arn=${ARN}`],
  associations: [`serviceAccount=a-name,roleArn=${ARN}`],
  argv: ['create-addon', '--cluster-name', 'a-name', '--addon-name', 'vpc-cni', '--region', 'us-west-2'],
  command: ['detach-role-policy'],
  option: ['--policy-arn'],
  id: [ARN],
  policy: [ARN],
  action: ['s3:GetObject'],
  label: ['app=a-name'],
  images: ['jsonpath={range .items[*]}{.spec.serviceAccountName}{end}'],
  columns: ['NAME:.metadata.name'],
  "columns.join(',')": ['NAME:.metadata.name'],
  owners: ['deployments,statefulsets,daemonsets,jobs,cronjobs'],
  resource: ['serviceaccounts'],
  'question.resource': ['serviceaccounts'],
  'kind.toLowerCase()': ['deployment'],
  'owner.kind.toLowerCase()': ['deployment'],
  patch: ['{"spec":{"a":null}}'],
  AUDIENCE_ANNOTATION: ['eks.amazonaws.com/audience'],
  AGENT_APP: ['eks-pod-identity-agent'],
  'declared.version': ['v1.3.4-eksbuild.1'],
};

/** Values of a place whose command is one of several. */
const OF_A_PLACE: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'src/cli/advance/stepText.ts': { command: ['rollback'] },
  'src/cli/commands/guardrails.ts': { file: ['[{"actions":["iam:CreateUser"]}]'] },
  'src/cli/commands/next.ts': { what: ['--all-ready'] },
  'src/operations/checks/waveOrder.ts': { name: ['advance'] },
  'src/operations/review/rules/ownerWrites.ts': { of: ['--target', 'ledger'], stage: ['dual'] },
  'src/operations/ownerRemedy.ts': { of: ['--target', 'ledger'], stage: ['dual'] },
  'src/operations/ownedAssociation/ownerRemedy.ts': { at: ['--stage', 'dual'] },
  'src/operations/ownedAssociation/ownedAssociations.ts': {
    change: ['adopt'],
    'JSON.stringify([imported])': ['[]'],
  },
  // Resources of ACK, which the cluster of the test does not have.
  'src/operations/otherOwnerText.ts': { type: ['pods'] },
};

function oneValue(file: string, expression: string): readonly string[] {
  const after = AFTER[expression];
  if (after !== undefined) return [after];
  const known = OF_A_PLACE[file]?.[expression] ?? VALUES[expression];
  if (known !== undefined) return known;
  // A text of the source, which a template has in a hole for its blanks or its backslashes.
  const text = /^'([^']*)'$/.exec(expression)?.[1];
  if (text !== undefined) return [text.replaceAll('\\\\', '\\')];
  return [/arn$/i.test(expression) ? ARN : 'a-name'];
}

/** Values that follow a word without a space. */
const AFTER: Readonly<Record<string, string>> = { 'earlier(before.name)': '', 'earlier(from)': '' };

function valueOf({ expression, list }: Hole, file: string): readonly string[] {
  if (list && VALUES[expression] === undefined) throw new Error(`VALUES has no words for ${expression}`);
  // A word with a value in it: `metadata.name={name}`, or a template of its own.
  const mixed = /^`.*`$/.test(expression) ? expression.slice(1, -1).replaceAll('${', '{') : expression;
  if (!/^[^()]*\{[^{}]*\}[^()]*$|\{.*\}/.test(mixed) || VALUES[expression] !== undefined)
    return oneValue(file, expression);
  return [mixed.replace(/\{([^{}]*)\}/g, (_, one: string) => oneValue(file, one).join(' '))];
}

/** The command of a place, with names in place of its values. */
function commandOf({ name, program, words }: Place): readonly string[] {
  const filled = words.flatMap((word) =>
    // All resources of Crossplane have the category `managed`.
    typeof word === 'string'
      ? [word.replace(/^KIND\//, 'deployment/').replace(/^managed$/, 'pods')]
      : valueOf(word, name.replace(/:.*/s, '')),
  );
  if (program !== 'kubectl' || filled[1] === 'rename-context') return [program, ...filled];
  // Of the cluster, in no namespace.
  if (filled.includes('--raw')) return [program, '--context', CONTEXT, ...filled];
  return [program, '--context', CONTEXT, '-n', NAMESPACE, ...filled];
}

describe('every command that the source can print', () => {
  let live: Live;
  beforeAll(async () => {
    live = await startLive(inventoryAt('dual'));
  });
  afterAll(async () => {
    await live.stop();
  });

  it.each(printingPlaces().map((place) => [place.name, place] as const))('%s', async (_, place) => {
    expect(await refusal(commandOf(place))).toBeUndefined();
  });
});
