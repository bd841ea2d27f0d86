import { parseArn } from './Arn';
import { callerNames, matchPrincipal } from './matchPrincipal';
import { listOf, type PrincipalElement, type Statement } from './PolicyDocument';
import { type PodSessions, sessionContext } from './podSessions';
import { type SessionDifference, sessionDifferences } from './sessionDifferences';

/**
 * What a statement of a resource policy makes of the sessions of IRSA and of Pod Identity, of one role on each of its clusters: the differences in conditions and
 * variables, and a principal that names sessions of one mode alone. A statement that names others than the role has no difference.
 *
 * A principal can be the session `arn:aws:sts::ACCOUNT:assumed-role/ROLE/NAME`, and the provider of a web identity.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 *
 * @param sessions of one role, on each cluster
 * @param variables whether the document's version has policy variables
 */
export function resourcePolicyDifferences(
  statement: Statement,
  sessions: readonly PodSessions[],
  variables: boolean,
): readonly SessionDifference[] {
  const [{ roleArn } = { roleArn: undefined }] = sessions;
  if (roleArn === undefined) return [];
  const named = namedSessions(statement, sessions);
  const everyName = callerNames({ kind: 'session', roleArn, sessionName: NO_NAME, madeBy: 'AssumeRole' });
  const isNamed = matchPrincipal(statement, everyName) !== undefined;
  if (statement.NotPrincipal === undefined && isNamed) return inBoth(statement, sessions, variables);
  return [...named, ...(isNamed && named.length === 0 ? inBoth(statement, sessions, variables) : [])];
}

/** The name of no session. */
const NO_NAME = '-';

function inBoth(
  statement: Statement,
  sessions: readonly PodSessions[],
  variables: boolean,
): readonly SessionDifference[] {
  const contexts = (mode: 'irsa' | 'pod-identity') => sessions.flatMap((one) => sessionContext(mode, one) ?? []);
  return sessionDifferences(statement, contexts('irsa'), contexts('pod-identity'), variables);
}

/** The principals that are sessions of the role by name, or of the providers of its clusters: no session of Pod Identity is one of them. */
function namedSessions(statement: Statement, sessions: readonly PodSessions[]): readonly SessionDifference[] {
  const providers = new Set(sessions.map(({ provider }) => provider));
  const isSession = (arn: string) => sessions.some(({ roleArn }) => isSessionOf(arn, roleArn));
  const of = (element: 'Principal' | 'NotPrincipal', principal: PrincipalElement | undefined) =>
    principal === undefined || principal === '*'
      ? []
      : (['AWS', 'Federated'] as const).flatMap((member) => {
          const values = principal[member];
          return listOf(values ?? []).flatMap((name, index) =>
            (member === 'AWS' ? isSession(name) : providers.has(name))
              ? [{ key: name, at: [element, member, ...(Array.isArray(values) ? [index] : [])] }]
              : [],
          );
        });
  // An Allow gives less to the sessions that it no longer names, and a Deny more to those that it no longer excepts.
  const isLost = (statement.Effect === 'Allow') === (statement.NotPrincipal === undefined);
  return [...of('Principal', statement.Principal), ...of('NotPrincipal', statement.NotPrincipal)].map((one) => ({
    ...one,
    irsa: 'open',
    podIdentity: false,
    loses: isLost ? 'pod-identity' : 'irsa',
  }));
}

function isSessionOf(arn: string, roleArn: string): boolean {
  const [session, role] = [parseArn(arn), parseArn(roleArn)];
  if (session?.service !== 'sts' || session.account !== role?.account) return false;
  return session.resource.startsWith(`assumed-role/${role.resource.slice(role.resource.lastIndexOf('/') + 1)}/`);
}
