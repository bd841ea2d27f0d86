import type { KeptStatement, Stage, WorkloadRoleSettings } from '../../../src/inventory/Inventory';
import { PROVIDER_ARN } from './doctorWorld';

// Trust policies that refuse the workload's pods because of a statement that the inventory itself holds: what decided, and the change that the remedy names.

type Conditions = Exclude<KeptStatement['Condition'], undefined>;

export interface TrustCause {
  readonly name: string;
  readonly stage: Stage;
  readonly role: Pick<WorkloadRoleSettings, 'adoptedTrust' | 'keepTrust'>;
  /** In what the check found: the statement and the condition. */
  readonly found: RegExp;
  /** The change that the remedy names. */
  readonly change: RegExp;
}

const TAGS = 'aws:RequestTag/kubernetes-namespace';
const ISSUER = PROVIDER_ARN.slice(PROVIDER_ARN.indexOf('/') + 1);
const MAIN = 'arn:aws:eks:us-west-2:333333333333:cluster/prod-main';
const AT = 'workloads\\.orders-api\\.role\\.';

const eks = (Condition: Conditions, parts: Partial<KeptStatement> = {}): KeptStatement => ({
  Effect: 'Allow',
  Principal: { Service: 'pods.eks.amazonaws.com' },
  Action: ['sts:AssumeRole', 'sts:TagSession'],
  Condition,
  ...parts,
});

const token = (Condition: Conditions): KeptStatement => ({
  Effect: 'Allow',
  Principal: { Federated: PROVIDER_ARN },
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition,
});

const podIdentity = (...statements: KeptStatement[]) => ({ adoptedTrust: { podIdentity: statements } });
const oidc = (...statements: KeptStatement[]) => ({ adoptedTrust: { oidc: statements } });
const keep = (...statements: KeptStatement[]) => ({ keepTrust: statements });
const moved = (list: string) =>
  new RegExp(`Move ${AT}adoptedTrust\\.${list}\\[0\\] to ${AT}keepTrust, with its reason`);
const added = (value: string, condition: string, list: string) =>
  new RegExp(`Add "${value}" to ${condition} in ${AT}${list}`.replaceAll('/', '\\/'));

const SUBJECT = 'system:serviceaccount:production:orders-api';
const deny = (parts: Partial<KeptStatement>): KeptStatement => ({
  Effect: 'Deny',
  Principal: '*',
  Action: 'sts:*',
  ...parts,
});

export const TRUST_CAUSES: readonly TrustCause[] = [
  {
    name: 'the subject of another service account (StringEquals sub)',
    stage: 'irsa',
    role: oidc(token({ StringEquals: { [`${ISSUER}:sub`]: 'system:serviceaccount:production:web' } })),
    found:
      /statement 0 would allow it, but not under these conditions:\n {4}StringEquals oidc\S+:sub: wanted "system:serviceaccount:production:web"/,
    change: added(SUBJECT, `StringEquals ${ISSUER}:sub`, 'adoptedTrust\\.oidc\\[0\\]'),
  },
  {
    name: 'a pattern of another namespace (StringLike sub)',
    stage: 'irsa',
    role: oidc(token({ StringLike: { [`${ISSUER}:sub`]: 'system:serviceaccount:staging:*' } })),
    found:
      /StringLike oidc\S+:sub: wanted "system:serviceaccount:staging:\*", found "system:serviceaccount:production:orders-api"/,
    change: added(SUBJECT, `StringLike ${ISSUER}:sub`, 'adoptedTrust\\.oidc\\[0\\]'),
  },
  {
    name: 'the ARN of another cluster (ArnLike aws:SourceArn)',
    stage: 'pod-identity',
    role: podIdentity(eks({ ArnLike: { 'aws:SourceArn': 'arn:aws:eks:us-west-2:333333333333:cluster/green' } })),
    found: /ArnLike aws:SourceArn: wanted "\S+cluster\/green", found "\S+cluster\/prod-main"/,
    change: added(MAIN, 'ArnLike aws:SourceArn', 'adoptedTrust\\.podIdentity\\[0\\]'),
  },
  {
    name: 'another account (StringEquals aws:SourceAccount)',
    stage: 'dual',
    role: podIdentity(eks({ StringEquals: { 'aws:SourceAccount': '999999999999' } })),
    found: /StringEquals aws:SourceAccount: wanted "999999999999", found "333333333333"/,
    change: added('333333333333', 'StringEquals aws:SourceAccount', 'adoptedTrust\\.podIdentity\\[0\\]'),
  },
  {
    name: 'another namespace (StringEquals aws:RequestTag)',
    stage: 'pod-identity',
    role: podIdentity(eks({ StringEquals: { [TAGS]: 'staging' } })),
    found: /StringEquals aws:RequestTag\/kubernetes-namespace: wanted "staging", found "production"/,
    change: added('production', `StringEquals ${TAGS}`, 'adoptedTrust\\.podIdentity\\[0\\]'),
  },
  {
    name: 'another namespace beside two accounts: one more value would admit others',
    stage: 'pod-identity',
    role: podIdentity(
      eks({ StringEquals: { [TAGS]: 'staging', 'aws:RequestTag/kubernetes-service-account': ['orders-api', 'web'] } }),
    ),
    found: /StringEquals aws:RequestTag\/kubernetes-namespace: wanted "staging", found "production"/,
    change: moved('podIdentity'),
  },
  {
    name: 'an organization, of which a service is no member (aws:PrincipalOrgID)',
    stage: 'pod-identity',
    role: podIdentity(eks({ StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } })),
    found: /StringEquals aws:PrincipalOrgID: wanted "o-a1b2c3d4e5", the request does not carry it/,
    change: moved('podIdentity'),
  },
  {
    name: 'a date that has passed (DateLessThan)',
    stage: 'pod-identity',
    role: podIdentity(eks({ DateLessThan: { 'aws:CurrentTime': '2026-01-01T00:00:00Z' } })),
    found: /DateLessThan aws:CurrentTime: wanted "2026-01-01T00:00:00Z"/,
    change: moved('podIdentity'),
  },
  {
    name: 'plain http (Bool aws:SecureTransport)',
    stage: 'pod-identity',
    role: podIdentity(eks({ Bool: { 'aws:SecureTransport': 'false' } })),
    found: /Bool aws:SecureTransport: wanted "false", found "true"/,
    change: moved('podIdentity'),
  },
  {
    name: 'no session tags (Null)',
    stage: 'pod-identity',
    role: podIdentity(eks({ Null: { [TAGS]: 'true' } })),
    found: /Null aws:RequestTag\/kubernetes-namespace: wanted it absent, found "production"/,
    change: moved('podIdentity'),
  },
  {
    name: 'one of the two actions',
    stage: 'pod-identity',
    role: podIdentity(eks({ StringEquals: { 'aws:SourceAccount': '333333333333' } }, { Action: 'sts:AssumeRole' })),
    found: /sts:TagSession is denied: no resource policy allows it\.\n {2}\S.*statement 0 does not name this action/,
    change: new RegExp(`Add sts:TagSession to Action in ${AT}adoptedTrust\\.podIdentity\\[0\\]`),
  },
  {
    name: 'one of the two actions under a condition that TagSession does not have',
    stage: 'pod-identity',
    role: podIdentity(eks({ StringLike: { 'sts:RoleSessionName': 'eks-*' } })),
    found: /sts:TagSession is denied/,
    change: moved('podIdentity'),
  },
  {
    name: 'a Deny for other accounts than the listed one',
    stage: 'pod-identity',
    role: keep(deny({ Condition: { StringNotEquals: { 'aws:SourceAccount': ['999999999999'] } } })),
    found:
      /explicit deny by trust policy of prod-orders-api, statement 1\b.*\n.*StringNotEquals aws:SourceAccount: "999999999999"/,
    change: added('333333333333', 'StringNotEquals aws:SourceAccount', 'keepTrust\\[0\\]'),
  },
  {
    name: 'a Deny that lists this namespace and another one',
    stage: 'pod-identity',
    role: keep(deny({ Condition: { StringEquals: { [TAGS]: ['production', 'staging'] } } })),
    found: /explicit deny by trust policy of prod-orders-api, statement 1\b/,
    change: new RegExp(`Remove "production" from StringEquals ${TAGS} in ${AT}keepTrust\\[0\\], which denies`),
  },
  {
    name: 'a Deny for everybody outside of the organisation, which a service is',
    stage: 'pod-identity',
    role: keep(deny({ Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } } })),
    found: /explicit deny by trust policy of prod-orders-api, statement 1\b/,
    change: new RegExp(
      `Add StringNotEqualsIfExists aws:PrincipalServiceName: "pods\\.eks\\.amazonaws\\.com" to Condition in ${AT}keepTrust\\[0\\], which denies`,
    ),
  },
  {
    name: 'a Deny that excepts other principals alone (NotPrincipal)',
    stage: 'pod-identity',
    role: keep({
      Effect: 'Deny',
      NotPrincipal: { AWS: 'arn:aws:iam::333333333333:root' },
      Action: 'sts:*',
    }),
    found: /explicit deny by trust policy of prod-orders-api, statement 1\b/,
    change: new RegExp(`Add Service pods\\.eks\\.amazonaws\\.com to NotPrincipal in ${AT}keepTrust\\[0\\]`),
  },
];

/** A Deny without any condition: only a person can say whom it is for. */
export const UNCONDITIONAL: KeptStatement = deny({ Sid: 'Frozen' });
