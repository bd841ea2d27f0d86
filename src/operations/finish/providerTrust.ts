import { issuerName, oidcProviderArn } from '../../blueprint/arns';
import type { RoleFacts } from '../../estate/aws/AwsPort';
import { parseArn } from '../../iam/Arn';
import { type AssumeRoleAttempt, decideAssumeRole } from '../../iam/decideAssumeRole';
import {
  type ConditionValue,
  listOf,
  oneOrList,
  type PolicyDocument,
  type PrincipalElement,
  type Statement,
} from '../../iam/PolicyDocument';
import type { Partition } from '../../inventory/Inventory';

/** A role as far as it matters who can assume it. */
export type TrustedRole = Pick<RoleFacts, 'arn' | 'trust'>;

/** What a trust policy allows to the tokens of an issuer. */
export interface ProviderTrust {
  /** The statements that allow it, each by itself with all that deny. */
  readonly statements: readonly Statement[];
  /** The subjects that these statements name, as they are written: patterns too. */
  readonly subjects: readonly string[];
  /** A statement names no subject: every service account of the cluster. */
  readonly anySubject: boolean;
  /** podlift could not evaluate the policy: it counts as one that allows. */
  readonly problem?: string;
}

/**
 * Evaluates whether a trust policy allows tokens of an issuer, whatever their subject and audience are; nothing where it denies them all. What depends on
 * conditions counts as allowed. IAM verifies a token with a provider of the role's own account, so each account has a provider of its own for the issuer.
 * A statement that names the provider of another account counts too: it is left over.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 */
export function providerTrust(role: TrustedRole, issuer: string): ProviderTrust | undefined {
  try {
    const providers = providersOf(role, issuer);
    const allows = (document: PolicyDocument) =>
      providers.some((provider) => decideAssumeRole(anyToken(role, document, provider, issuer)).result !== 'denied');
    if (!allows(role.trust)) return undefined;
    const all = listOf(role.trust.Statement);
    const denies = all.filter(({ Effect }) => Effect === 'Deny');
    const statements = all.filter(
      (one) => one.Effect === 'Allow' && allows({ ...role.trust, Statement: [one, ...denies] }),
    );
    const subjects = statements.map((one) => subjectsIn(one, issuer));
    return {
      statements,
      subjects: [...new Set(subjects.flat())],
      anySubject: subjects.some((named) => named.length === 0),
    };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { statements: listOf(role.trust.Statement), subjects: [], anySubject: true, problem };
  }
}

/** Whether a trust policy allows the tokens of an issuer with this subject, whatever their audience is. */
export function admitsSubject(role: TrustedRole, issuer: string, subject: string): boolean {
  try {
    return providersOf(role, issuer).some((provider) => {
      const attempt = anyToken(role, role.trust, provider, issuer);
      const name = `${issuerName(issuer)}:sub`;
      return decideAssumeRole({ ...attempt, context: { [name]: subject } }).result !== 'denied';
    });
  } catch {
    return true;
  }
}

/** The provider of the role's own account, and those of other accounts that statements name. */
function providersOf({ arn, trust }: TrustedRole, issuer: string): readonly string[] {
  const { partition = 'aws', account = '' } = parseArn(arn) ?? {};
  const own = oidcProviderArn(partition as Partition, account, issuer);
  const named = listOf(trust.Statement).flatMap(({ Principal }) => federatedIn(Principal));
  return [...new Set([own, ...named.filter((name) => isProviderOf(name, issuer))])];
}

function federatedIn(principal: PrincipalElement | undefined): readonly string[] {
  return typeof principal === 'object' ? listOf(principal.Federated ?? []) : [];
}

/** Whether an ARN is that of a provider of the issuer, in whatever account. */
function isProviderOf(name: string, issuer: string): boolean {
  const { service, resource } = parseArn(name) ?? {};
  return service === 'iam' && resource === `oidc-provider/${issuerName(issuer)}`;
}

/**
 * A request with some token of the issuer. The tokens of a cluster have no session tags. `Federated: "*"` counts as every provider where it allows: the samples of
 * AWS's policy checks write it, and no page says what IAM makes of it.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
 */
function anyToken({ arn }: TrustedRole, document: PolicyDocument, provider: string, issuer: string): AssumeRoleAttempt {
  const Statement = listOf(document.Statement).map((one) =>
    one.Effect === 'Allow' && federatedIn(one.Principal).includes('*')
      ? { ...one, Principal: { ...(one.Principal as object), Federated: provider } }
      : one,
  );
  const name = issuerName(issuer);
  return {
    caller: { kind: 'federated', provider },
    operation: 'sts:AssumeRoleWithWebIdentity',
    roleArn: arn,
    trust: { name: arn, document: { ...document, Statement } },
    sets: { [`${name}:sub`]: { like: '*', except: [] }, [`${name}:aud`]: { like: '*', except: [] } },
    completeKeys: ['aws:requesttag/', 'aws:tagkeys', 'sts:transitivetagkeys'],
  };
}

function subjectsIn({ Condition = {} }: Statement, issuer: string): readonly string[] {
  const key = `${issuerName(issuer)}:sub`.toLowerCase();
  return Object.entries(Condition)
    .filter(([operator]) => !/not|null/i.test(operator))
    .flatMap(([, keys]) => Object.entries(keys))
    .filter(([name]) => name.toLowerCase() === key)
    .flatMap(([, values]) => listOf<ConditionValue>(values).map(String));
}

/** How a trust policy stops allowing the tokens of issuers. */
export type TrustEdit =
  /** The policy to write. `isClosed`: no statement that allows is left, so nobody can assume the role. */
  | { readonly kind: 'write'; readonly trust: PolicyDocument; readonly isClosed: boolean }
  /** These statements name everyone, or everyone but some: only a person knows who must keep the role. */
  | { readonly kind: 'by-hand'; readonly statements: readonly Statement[] };

/**
 * Removes from a trust policy what allows the tokens of some issuers, and nothing else: a statement for their providers alone goes, one for others too loses these
 * providers. The result is evaluated again.
 */
export function withoutIssuers(role: TrustedRole, issuers: readonly string[]): TrustEdit {
  const trusting = new Set(issuers.flatMap((issuer) => providerTrust(role, issuer)?.statements ?? []));
  const open = [...trusting].filter(namesNobodyExactly);
  if (open.length > 0) return { kind: 'by-hand', statements: open };
  const kept = listOf(role.trust.Statement).flatMap((one) => (trusting.has(one) ? narrowed(one, issuers) : [one]));
  const trust: PolicyDocument = { ...role.trust, Statement: kept.length > 0 ? kept : [NOBODY] };
  if (issuers.some((issuer) => providerTrust({ ...role, trust }, issuer) !== undefined))
    return { kind: 'by-hand', statements: [...trusting] };
  return { kind: 'write', trust, isClosed: kept.every(({ Effect }) => Effect === 'Deny') };
}

/** IAM refuses a policy without statements. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html */
const NOBODY: Statement = { Effect: 'Deny', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' };

/** Whether the principal of a statement is everyone, every provider, or everyone but some. */
function namesNobodyExactly({ Principal }: Statement): boolean {
  if (typeof Principal !== 'object') return true;
  return [...listOf(Principal.AWS ?? []), ...federatedIn(Principal)].includes('*');
}

/** A statement without the providers of the issuers; nothing where it names no one else. */
function narrowed(statement: Statement, issuers: readonly string[]): readonly Statement[] {
  const { Federated = [], ...members } = statement.Principal as Exclude<PrincipalElement, '*'>;
  const others = listOf(Federated).filter((name) => !issuers.some((issuer) => isProviderOf(name, issuer)));
  if (others.length > 0) return [{ ...statement, Principal: { ...members, Federated: oneOrList(others) } }];
  return Object.keys(members).length === 0 ? [] : [{ ...statement, Principal: members }];
}
