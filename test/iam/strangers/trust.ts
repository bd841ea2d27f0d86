import type { ConditionBlock, Statement } from '../../../src/iam/PolicyDocument';
import { callerClasses } from '../../../src/iam/strangers/callerClasses';
import type { CallerClass, OwnCallers, Stranger } from '../../../src/iam/strangers/CallerClass';
import { type AdmittedStranger, strangersOf } from '../../../src/iam/strangers/strangersOf';

export const HOME = '111122223333';
export const ROLE = `arn:aws:iam::${HOME}:role/w`;
export const CLUSTER = `arn:aws:eks:eu-west-1:${HOME}:cluster/main`;
export const ISSUER = 'oidc.eks.eu-west-1.amazonaws.com/id/A';
export const PROVIDER = `arn:aws:iam::${HOME}:oidc-provider/${ISSUER}`;
export const GITHUB = `arn:aws:iam::${HOME}:oidc-provider/token.actions.githubusercontent.com`;
export const SUB = 'token.actions.githubusercontent.com:sub';
export const AUD = 'token.actions.githubusercontent.com:aud';

export const OWN: OwnCallers = {
  partition: 'aws',
  accountId: HOME,
  providers: [PROVIDER],
  clusterArns: [CLUSTER],
  subjects: [{ clusterArn: CLUSTER, provider: PROVIDER, namespace: 'shop', serviceAccount: 'w' }],
  tagged: true,
};

/** A statement that allows where it does not say otherwise. */
export type Written = Omit<Statement, 'Effect'> & Partial<Pick<Statement, 'Effect'>>;

function named(stranger: Stranger): string {
  switch (stranger.kind) {
    case 'tokens':
      return `tokens ${stranger.provider.replace(/^.*oidc-provider\//, '')}`;
    case 'pods':
      return `pods of other ${stranger.other}`;
    case 'service':
      return `service ${stranger.service}`;
    case 'organisation':
      return `organisation ${stranger.id}`;
    case 'account':
      return `account ${stranger.accountId}`;
    case 'principal':
      return `principal ${stranger.arn}`;
    default:
      return stranger.kind;
  }
}

const statementOf = (written: Written): Statement => ({ Effect: 'Allow', ...written });
const once = (strangers: readonly { readonly stranger: Stranger }[]) => [
  ...new Set(strangers.map(({ stranger }) => named(stranger))),
];

/** How the callers differ from the common ones, and which statements people wrote. */
export interface Given {
  readonly own?: Partial<OwnCallers>;
  readonly authored?: readonly Written[];
}

/** The strangers that a trust policy admits beyond the workload. */
export function strangers(written: readonly Written[], { own, authored }: Given = {}): readonly AdmittedStranger[] {
  const document = { Version: '2012-10-17', Statement: written.map(statementOf) } as const;
  return strangersOf(ROLE, { name: 'trust', document }, { ...OWN, ...own }, authored?.map(statementOf)).admitted;
}

/** Whom a trust policy of these statements admits beyond the workload. */
export function admitted(...written: readonly Written[]): readonly string[] {
  return admittedWhere({}, ...written);
}

export function admittedWhere(given: Given, ...written: readonly Written[]): readonly string[] {
  const found = strangers(written, given);
  expect(found.every(({ through }) => through.length > 0)).toBe(true);
  return once(found);
}

/** The classes of callers that are evaluated for a trust policy of these statements. */
export function classesOf(written: readonly Written[], { own, authored }: Given = {}): readonly CallerClass[] {
  return callerClasses(written.map(statementOf), { ...OWN, ...own }, authored?.map(statementOf));
}

/** The kinds of strangers that are evaluated. */
export function evaluated(written: readonly Written[], given?: Given): readonly string[] {
  return once(classesOf(written, given));
}

/** What the requests of one kind of strangers have. */
export function requestsOf(
  stranger: string,
  written: readonly Written[],
  given?: Given,
): readonly CallerClass['attempt'][] {
  return classesOf(written, given)
    .filter((one) => named(one.stranger) === stranger)
    .map(({ attempt }) => attempt);
}

export const assume = { Action: 'sts:AssumeRole' };
export const token = { Action: 'sts:AssumeRoleWithWebIdentity' };
export const everyone = { Principal: '*', ...assume } as const;
export const github = (Condition: ConditionBlock): Written => ({
  Principal: { Federated: GITHUB },
  ...token,
  Condition,
});
export const cluster = (Condition: ConditionBlock): Written => ({
  Principal: { Federated: PROVIDER },
  ...token,
  Condition,
});
export const pods = (Condition?: ConditionBlock): Written => ({
  Principal: { Service: 'pods.eks.amazonaws.com' },
  Action: ['sts:AssumeRole', 'sts:TagSession'],
  ...(Condition && { Condition }),
});
