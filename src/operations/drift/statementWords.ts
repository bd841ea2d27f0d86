import type { ConditionBlock, OneOrMany, PrincipalElement, Statement } from '../../iam/PolicyDocument';
import { named } from '../checks/named';

/** How a member of a principal is called. */
const MEMBERS: Readonly<Record<string, string>> = {
  AWS: '',
  Service: 'service ',
  Federated: 'identity provider ',
  CanonicalUser: 'canonical user ',
};

/** IAM puts the id of a role or user that was deleted in place of its ARN. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids */
const DELETED = /^A(?:ROA|IDA)[A-Z0-9]{12,}$/;

/** A statement that names whom a token, or EKS, vouches for. */
const POSITIVE = /^String(?:Equals|EqualsIgnoreCase|Like)$/;
const NAMESPACE = 'aws:requesttag/kubernetes-namespace';
const ACCOUNT = 'aws:requesttag/kubernetes-service-account';

/** What stands beside a subject in every trust policy: it narrows down nothing more. */
const BESIDE =
  /:aud$|^aws:sourceaccount$|^aws:requesttag\/(?:eks-cluster-(?:arn|name)|kubernetes-namespace|kubernetes-service-account)$/;

/**
 * Whom a statement of a trust policy speaks of: `account 444455556666, service ec2.amazonaws.com under conditions on aws:SourceAccount`,
 * `system:serviceaccount:shop:cart by service pods.eks.amazonaws.com`.
 */
export function whoWords({ Principal, NotPrincipal, Condition }: Statement): string {
  const who =
    Principal === undefined
      ? `everyone but ${NotPrincipal === undefined ? 'nobody' : principalWords(NotPrincipal)}`
      : principalWords(Principal);
  const subjects = subjectsOf(Condition);
  if (subjects.length === 0) return `${who}${conditionWords(Condition)}`;
  return `${named(subjects)} by ${who}${conditionWords(Condition, (key) => !BESIDE.test(key) && !key.endsWith(':sub'))}`;
}

/** Who the conditions of a statement say that must ask: the subject of a token, or the service account that EKS names. */
function subjectsOf(condition: ConditionBlock | undefined): readonly string[] {
  const values = new Map(
    Object.entries(condition ?? {})
      .filter(([operator]) => POSITIVE.test(operator))
      .flatMap(([, keys]) =>
        Object.entries(keys).map(([key, some]) => [key.toLowerCase(), [some].flat().map(String)] as const),
      ),
  );
  const subjects = [...values].flatMap(([key, some]) => (key.endsWith(':sub') ? some : []));
  const accounts = values.get(ACCOUNT) ?? [];
  const bound = (values.get(NAMESPACE) ?? []).flatMap((namespace) =>
    accounts.map((account) => `system:serviceaccount:${namespace}:${account}`),
  );
  return [...subjects, ...bound];
}

/** What a statement of an identity policy is about: `s3:GetObject on arn:aws:s3:::acme/*`. */
export function whatWords({ Action, NotAction, Resource, NotResource, Condition }: Statement): string {
  const actions = Action === undefined ? `all but ${valueWords(NotAction)}` : valueWords(Action);
  const resources = Resource === undefined ? `all but ${valueWords(NotResource)}` : valueWords(Resource);
  return `${actions} on ${resources}${conditionWords(Condition)}`;
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

function conditionWords(condition: ConditionBlock | undefined, counts: (key: string) => boolean = () => true): string {
  const keys = Object.values(condition ?? {})
    .flatMap((block) => Object.keys(block))
    .filter((key) => counts(key.toLowerCase()));
  return keys.length === 0 ? '' : ` under conditions on ${named([...new Set(keys)])}`;
}

function valueWords(values: OneOrMany<string> | undefined): string {
  return values === undefined ? 'nothing' : named([values].flat());
}
