import { serviceAccountSubject } from '../../blueprint/sourceTrust';
import { elementsOf, mostSimilar, pairStatements, type StatementPair } from '../../comparison/statements';
import type { DocumentMismatch } from '../../comparison/Mismatch';
import type { AssumedBy, AssumptionMismatch } from '../../comparison/trust';
import { dependsText } from '../../iam/explain';
import type { DecidingCondition } from '../../iam/Decision';
import { listOf } from '../../iam/PolicyDocument';
import type { ConditionBlock, OneOrMany, PolicyDocument, PrincipalElement, Statement } from '../../iam/PolicyDocument';
import { named } from '../remedies';

// What the differences of two policy documents mean, for people.

/** Of a longer statement (characters of JSON) only the elements are shown in which a similar one differs. */
const LONG = 160;

/** The text of the wanted side and of the found one. */
type Sides = readonly [string | undefined, string | undefined];

/**
 * What a document should have and what it has instead: of a statement that differs in one or two elements these alone, else the
 * statement as JSON; `nothing` on a side that has nothing.
 */
export function documentTexts(
  mismatch: DocumentMismatch,
  { wanted, found }: { readonly wanted: PolicyDocument; readonly found: PolicyDocument },
): { readonly expected: string; readonly found: string } {
  const { pairs, missing, extra } = pairStatements(mismatch);
  const parts: readonly Sides[] = [
    ...pairs.map(sidesOf),
    ...missing.map((statement) => loneSides(statement, found)),
    ...extra.map((statement) => loneSides(statement, wanted).toReversed() as unknown as Sides),
  ];
  const side = (index: 0 | 1) => [...new Set(parts.flatMap((part) => part[index] ?? []))].join('; ') || 'nothing';
  return { expected: side(0), found: side(1) };
}

/** A statement that is in place of no other, and (if it is long) what the most similar one of the other document has instead. */
function loneSides(statement: Statement, others: PolicyDocument): Sides {
  const text = JSON.stringify(statement);
  const similar = text.length > LONG ? mostSimilar(statement, listOf(others.Statement)) : undefined;
  if (similar === undefined) return [text, undefined];
  const [own, other] = sidesOf(similar);
  const there = elementsOf(statement);
  return [similar.elements.every((name) => there.has(name)) ? `also ${own}` : own, other];
}

function sidesOf({ wanted, found, elements }: StatementPair): readonly [string, string] {
  const side = (statement: Statement) => {
    const values = elementsOf(statement);
    return elements
      .map((name) => (values.has(name) ? `${name} ${values.get(name)?.join(', ') ?? ''}` : `no ${name}`))
      .join(', ');
  };
  return [side(wanted), side(found)];
}

/** What a difference of permissions means, each statement by itself: other statements of the role can allow or deny the same. */
export function permissionsEffect({ missing, extra }: DocumentMismatch): string {
  const part = (label: string, statements: readonly Statement[], effect: Statement['Effect']) => {
    const these = statements.filter(({ Effect }) => Effect === effect);
    return these.length === 0 ? [] : [`${label}: ${named(these.map(permissionText), 3)}`];
  };
  return [
    ...part('no longer allowed', missing, 'Allow'),
    ...part('also allowed', extra, 'Allow'),
    ...part('denied', extra, 'Deny'),
    ...part('no longer denied', missing, 'Deny'),
  ].join('; ');
}

const BY: Readonly<Record<AssumedBy, (cluster: string) => string>> = {
  irsa: (cluster) => `through web identity (IRSA) on ${cluster}`,
  'pod-identity': (cluster) => `through Pod Identity on ${cluster}`,
  session: (cluster) => `without session tags from ${cluster}`,
  'tagged-session': (cluster) => `with session tags from ${cluster}`,
  'external-id': (cluster) => `with its external id from ${cluster}`,
};

/**
 * What another trust policy than the wanted one means: whether the principal (`orders-api`, `role prod-orders-api`) can assume the role, and what
 * the policy allows others. `due`: the stages whose trust policy the role still has, until the next apply.
 */
export function trustEffect(
  principal: string,
  assumptions: readonly AssumptionMismatch[],
  mismatch: DocumentMismatch,
  due: string | undefined,
): string {
  const assumes = (verb: string, { by, cluster }: AssumptionMismatch) =>
    `${principal} ${verb} assume the role ${BY[by](cluster.key)}`;
  const open = (one: AssumptionMismatch & { readonly dependsOn: readonly DecidingCondition[] }) =>
    `whether ${assumes('can', one)} ${dependsText(one.dependsOn)}`;
  if (due !== undefined) {
    const waits = assumptions.map((one) => {
      if ('dependsOn' in one) return open(one);
      return one.wanted ? `${assumes('cannot', one)} yet` : assumes('can still', one);
    });
    return `${waits.join('; ') || 'not applied yet'}: trust policy of stage ${due}`;
  }
  const lost = assumptions.some((one) => !('dependsOn' in one) && one.wanted);
  const own = assumptions.map((one) => {
    if ('dependsOn' in one) return open(one);
    // Where the last apply did not allow it, nothing is lost.
    if (one.wanted) {
      if (one.before === undefined) return assumes('cannot', one);
      return one.before ? assumes('can no longer', one) : `${assumes('cannot', one)} yet`;
    }
    return assumes(one.before === true ? 'can still' : 'can', one);
  });
  return [...own, ...new Set(othersEffect(mismatch, lost))].join('; ');
}

function othersEffect(mismatch: DocumentMismatch, lost: boolean): readonly string[] {
  const { pairs, missing, extra } = pairStatements(mismatch);
  const verb = ({ Effect }: Statement) => (Effect === 'Allow' ? 'allows' : 'denies');
  const policy = 'the trust policy';
  return [
    ...pairs.map(({ wanted, found }) => `${policy} ${verb(found)} ${insteadText(whoOf(found), whoOf(wanted))}`),
    ...extra.map((statement) => `${policy} ${verb(statement)} ${whoText(whoOf(statement))}`),
    // What the principal itself has lost is said already.
    ...missing
      .filter(({ Effect }) => Effect === 'Deny' || !lost)
      .map((statement) => `${policy} no longer ${verb(statement)} ${whoText(whoOf(statement))}`),
  ];
}

/** Whom a statement of a trust policy is about: the subjects that its conditions name (empty: none), and the service or provider that vouches for them. */
interface Who {
  readonly subjects: string;
  readonly through: string;
}

function whoText({ subjects, through }: Who): string {
  return subjects === '' ? through : `${subjects} through ${through}`;
}

/** `one instead of other through service …`: `through …` is there once where both have the same. */
function insteadText(one: Who, other: Who): string {
  const said = one.subjects !== '' && one.through === other.through ? one.subjects : whoText(one);
  return whoText(one) === whoText(other)
    ? `${whoText(one)} under other conditions`
    : `${said} instead of ${whoText(other)}`;
}

/** How a member of a principal is called. */
const MEMBERS: Readonly<Record<string, string>> = {
  AWS: '',
  Service: 'service ',
  Federated: 'identity provider ',
  CanonicalUser: 'canonical user ',
};

/** IAM puts the id of a role or user that was deleted in place of its ARN. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids */
const DELETED = /^A(?:ROA|IDA)[A-Z0-9]{12,}$/;

/** Operators by which a statement names the subject of a token, or the service account that EKS names. */
const POSITIVE = /^String(?:Equals|EqualsIgnoreCase|Like)$/;
const NAMESPACE = 'aws:requesttag/kubernetes-namespace';
const ACCOUNT = 'aws:requesttag/kubernetes-service-account';

/** Conditions beside a subject in every trust policy: they narrow it down no further. */
const BESIDE =
  /:aud$|^aws:sourceaccount$|^aws:requesttag\/(?:eks-cluster-(?:arn|name)|kubernetes-namespace|kubernetes-service-account)$/;

/** `account 444455556666, service ec2.amazonaws.com under conditions on aws:SourceAccount` */
function whoOf({ Principal, NotPrincipal, Condition }: Statement): Who {
  const names =
    Principal === undefined
      ? `everyone but ${NotPrincipal === undefined ? 'nobody' : namesText(NotPrincipal)}`
      : namesText(Principal);
  const subjects = named(subjectsOf(Condition));
  const counts = (key: string) => subjects === '' || !(BESIDE.test(key) || key.endsWith(':sub'));
  return { subjects, through: `${names}${conditionText(Condition, counts)}` };
}

/** The subjects that the conditions of a statement name: those of tokens, or the service accounts that EKS names. */
function subjectsOf(condition: ConditionBlock | undefined): readonly string[] {
  const positive = Object.entries(condition ?? {}).filter(([operator]) => POSITIVE.test(operator));
  const pairs = positive.flatMap(([, keys]) => Object.entries(keys));
  const valuesOf = (ending: string) =>
    pairs.flatMap(([key, values]) => (key.toLowerCase().endsWith(ending) ? [values].flat().map(String) : []));
  const accounts = valuesOf(ACCOUNT);
  return [
    ...valuesOf(':sub'),
    ...valuesOf(NAMESPACE).flatMap((namespace) => accounts.map((name) => serviceAccountSubject(namespace, name))),
  ];
}

/** What a statement of an identity policy is about: `s3:GetObject on arn:aws:s3:::acme/*`. */
function permissionText({ Action, NotAction, Resource, NotResource, Condition }: Statement): string {
  return `${valuesText(Action, NotAction)} on ${valuesText(Resource, NotResource)}${conditionText(Condition)}`;
}

function valuesText(values: OneOrMany<string> | undefined, others: OneOrMany<string> = []): string {
  return values === undefined ? `all but ${named([others].flat()) || 'nothing'}` : named([values].flat());
}

function namesText(element: PrincipalElement): string {
  if (element === '*') return 'everyone';
  const members = Object.entries<OneOrMany<string>>(element);
  return named(members.flatMap(([member, values]) => [values].flat().map((name) => nameText(member, name))));
}

function nameText(member: string, name: string): string {
  if (member !== 'AWS') return `${MEMBERS[member] ?? `${member} `}${name}`;
  if (name === '*') return 'everyone';
  if (DELETED.test(name)) return `${name} (deleted since)`;
  const account = /^(?:arn:[\w-]+:iam::)?(\d{12})(?::root)?$/.exec(name)?.[1];
  return account === undefined ? name : `account ${account}`;
}

function conditionText(condition: ConditionBlock | undefined, counts: (key: string) => boolean = () => true): string {
  const keys = Object.values(condition ?? {})
    .flatMap((block) => Object.keys(block))
    .filter((key) => counts(key.toLowerCase()));
  return keys.length === 0 ? '' : ` under conditions on ${named([...new Set(keys)])}`;
}
