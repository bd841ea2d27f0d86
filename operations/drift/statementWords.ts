import type { ConditionBlock, OneOrMany, PrincipalElement, Statement } from '../../iam/PolicyDocument';
import { named } from '../evidence/named';

/** How a member of a principal is called. */
const MEMBERS: Readonly<Record<string, string>> = {
  AWS: '',
  Service: 'service ',
  Federated: 'identity provider ',
  CanonicalUser: 'canonical user ',
};

/** IAM puts the id of a role or user that was deleted in place of its ARN. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids */
const DELETED = /^A(?:ROA|IDA)[A-Z0-9]{12,}$/;

/** Whom a statement of a trust policy speaks of: `account 444455556666, service ec2.amazonaws.com under conditions on aws:SourceAccount`. */
export function whoWords({ Principal, NotPrincipal, Condition }: Statement): string {
  const who =
    Principal === undefined
      ? `everyone but ${NotPrincipal === undefined ? 'nobody' : principalWords(NotPrincipal)}`
      : principalWords(Principal);
  return `${who}${conditionWords(Condition)}`;
}

/** What a statement of an identity policy is about: `s3:GetObject on arn:aws:s3:::acme/*`. */
export function whatWords({ Action, NotAction, Resource, NotResource, Condition }: Statement): string {
  const actions = Action === undefined ? `all but ${valueWords(NotAction)}` : valueWords(Action);
  const resources = Resource === undefined ? `all but ${valueWords(NotResource)}` : valueWords(Resource);
  return `${actions} on ${resources}${conditionWords(Condition)}`;
}

/** Statements as JSON, one after the other; `nothing` where there are none. */
export function statementsText(statements: readonly Statement[]): string {
  return statements.length === 0 ? 'nothing' : statements.map((statement) => JSON.stringify(statement)).join(' ');
}

function principalWords(element: PrincipalElement): string {
  if (element === '*') return 'everyone';
  const names = Object.entries<OneOrMany<string>>(element).flatMap(([member, values]) =>
    [values].flat().map((name) => nameWords(member, name)),
  );
  return named(names);
}

function nameWords(member: string, name: string): string {
  if (member !== 'AWS') return `${MEMBERS[member] ?? `${member} `}${name}`;
  if (name === '*') return 'everyone';
  if (DELETED.test(name)) return `${name} (deleted since)`;
  const account = /^(?:arn:[\w-]+:iam::)?(\d{12})(?::root)?$/.exec(name)?.[1];
  return account === undefined ? name : `account ${account}`;
}

function conditionWords(condition: ConditionBlock | undefined): string {
  const keys = Object.values(condition ?? {}).flatMap((block) => Object.keys(block));
  return keys.length === 0 ? '' : ` under conditions on ${named([...new Set(keys)])}`;
}

function valueWords(values: OneOrMany<string> | undefined): string {
  return values === undefined ? 'nothing' : named([values].flat());
}
