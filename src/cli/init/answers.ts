import { accountId, region } from '../../inventory/formats/awsFormats';
import { clusterName, kubernetesVersion, oidcIssuer } from '../../inventory/formats/clusterFormats';
import { type Format, fits, misfit } from '../../inventory/formats/Format';
import { keyName } from '../../inventory/formats/inventoryFormats';
import { UsageError } from '../exit';

/** What a first inventory has. */
export interface FirstInventory {
  /** The id of the AWS account. */
  readonly account: string;
  readonly region: string;
  /** The key of the environment, and of its account. */
  readonly environment: string;
  /** The name of the cluster in EKS. */
  readonly cluster: string;
  /** Absent: `podlift discover` adds the cluster, with all that EKS says of it. */
  readonly oidc?: { readonly issuer: string; readonly kubernetesVersion: string };
}

type Name = 'account' | 'region' | 'environment' | 'cluster' | 'issuer' | 'kubernetesVersion';

/** The answers that are known before a question: those of the options. */
export type Given = Readonly<Partial<Record<Name, string | undefined>>>;

/** Asks a person one question, and gives the answer without blanks around it. Rejects where the person ends the input. */
export type Ask = (question: string) => Promise<string>;

interface Question {
  readonly name: Name;
  readonly option: string;
  /** The question, as a noun with its article. */
  readonly what: string;
  readonly format: Format;
  /** The answer of `--yes`. Those of an account and of an issuer are examples of AWS's documentation, which nobody owns. */
  readonly example: string;
  /** The answer where a person gives none. */
  readonly usual?: string;
  /** False: it is not asked, and an option for it is not needed. */
  readonly needed: (answers: Given) => boolean;
}

const always = () => true;

const QUESTIONS: readonly Question[] = [
  {
    ...{ name: 'account', option: '--account', what: 'the id of the AWS account', format: accountId },
    ...{ example: '111122223333', needed: always },
  },
  {
    ...{ name: 'region', option: '--region', what: 'the region of the cluster', format: region },
    ...{ example: 'us-east-1', needed: always },
  },
  {
    ...{ name: 'environment', option: '--environment', what: 'the name of the environment', format: keyName },
    ...{ example: 'prod', usual: 'prod', needed: always },
  },
  {
    ...{ name: 'cluster', option: '--cluster', what: 'the name of the cluster in EKS', format: clusterName },
    ...{ example: 'prod-main', needed: always },
  },
  {
    ...{ name: 'issuer', option: '--issuer', what: 'the OIDC issuer of the cluster', format: oidcIssuer },
    ...{ example: 'https://oidc.eks.us-east-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE', usual: '' },
    needed: () => false,
  },
  {
    ...{ name: 'kubernetesVersion', option: '--kubernetes-version', what: 'the Kubernetes version of the cluster' },
    ...{ format: kubernetesVersion, example: '1.33' },
    // A cluster without an issuer is not written.
    needed: ({ issuer }) => (issuer ?? '') !== '',
  },
];

/** The values of an example, where an option gives no other. Throws `UsageError` for a value with another format. */
export function exampleAnswers(given: Given): FirstInventory {
  checkGiven(given);
  const where = given.region ?? exampleOf('region');
  // The issuer of an EKS cluster has its region in it, and in China another domain.
  const host = `${where}.amazonaws.com${where.startsWith('cn-') ? '.cn' : ''}`;
  const issuer = exampleOf('issuer').replace(`${exampleOf('region')}.amazonaws.com`, host);
  const examples = Object.fromEntries(QUESTIONS.map(({ name, example }) => [name, given[name] ?? example]));
  return firstInventory({ ...examples, region: where, issuer: given.issuer ?? issuer });
}

/**
 * The values of the options; a person is asked for the others.
 *
 * @param ask absent where there is nobody to ask
 * @throws `UsageError` for a value with another format, and for options that are missing where nobody can be asked
 */
export async function answers(given: Given, ask: Ask | undefined): Promise<FirstInventory> {
  checkGiven(given);
  if (ask === undefined) return firstInventory(withoutQuestions(given));
  let known: Given = given;
  for (const question of QUESTIONS) {
    const { name, needed } = question;
    const isOptional = name === 'issuer';
    if (known[name] !== undefined || !(needed(known) || isOptional)) continue;
    known = { ...known, [name]: await answerTo(question, ask) };
  }
  return firstInventory(known);
}

function checkGiven(given: Given): void {
  for (const { name, option, format } of QUESTIONS) {
    const value = given[name];
    if (value === undefined || fits(format, value)) continue;
    throw new UsageError(`${option}: ${misfit(format, JSON.stringify(value)).message}`);
  }
  if (given.kubernetesVersion !== undefined && given.issuer === undefined)
    throw new UsageError(
      '--kubernetes-version needs --issuer. Without --issuer, `npx podlift discover` reads both from the cluster.',
    );
}

function withoutQuestions(given: Given): Given {
  const usual = Object.fromEntries(
    QUESTIONS.flatMap(({ name, usual: value }) => (value === undefined ? [] : [[name, value]])),
  ) as Given;
  const known = { ...usual, ...withoutUndefined(given) };
  const missing = QUESTIONS.filter(({ name, needed }) => needed(known) && known[name] === undefined);
  if (missing.length === 0) return known;
  const options = missing.map(({ option, name }) => `${option} ${PLACEHOLDERS[name]}`).join(' ');
  throw new UsageError(
    `there is no terminal to ask questions: add ${options}. Or add --yes, which asks nothing and writes an example.`,
  );
}

const PLACEHOLDERS: Readonly<Record<Name, string>> = {
  account: 'ID',
  region: 'REGION',
  environment: 'NAME',
  cluster: 'NAME',
  issuer: 'URL',
  kubernetesVersion: 'VERSION',
};

/** Asks until the answer has the format of the value. */
async function answerTo({ what, format, usual }: Question, ask: Ask): Promise<string> {
  const shown = usual === undefined ? '' : usual === '' ? ' (empty: `podlift discover` reads it)' : ` (${usual})`;
  let note = '';
  for (;;) {
    const answer = await ask(`${note}${what.charAt(0).toUpperCase()}${what.slice(1)}${shown}: `);
    if (answer === '' && usual !== undefined) return usual;
    if (fits(format, answer)) return answer;
    note = `${misfit(format, JSON.stringify(answer)).message}\n`;
  }
}

function withoutUndefined(given: Given): Given {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function exampleOf(name: Name): string {
  return QUESTIONS.find((one) => one.name === name)?.example ?? '';
}

function firstInventory(known: Given): FirstInventory {
  const {
    account = '',
    region: where = '',
    environment = '',
    cluster = '',
    issuer = '',
    kubernetesVersion: version = '',
  } = known;
  return {
    ...{ account, region: where, environment, cluster },
    ...(issuer !== '' && { oidc: { issuer, kubernetesVersion: version } }),
  };
}
