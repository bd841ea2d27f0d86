import { type PodSessions, sessionContext } from '../../../iam/podSessions';
import { resourcePolicyDifferences } from '../../../iam/resourcePolicySessions';
import { type SessionDifference, sessionDifferences } from '../../../iam/sessionDifferences';
import { sessionTagsOf } from '../../../iam/credentialRequests';
import type { Statement } from '../../../iam/PolicyDocument';
import type { Segments } from '../../Finding';
import { formatPath } from '../../source/plainData';
import { findPosition } from '../../source/Source';
import type { PlacedWorkload } from '../../resolve/Model';
import { isPast, type Stage } from '../../Inventory';
import type { Rule, RuleFinding } from '../Rule';
import { policyStatements } from '../statements';

const PRINCIPAL = 'no session of Pod Identity has this name';
const NAME = 'The name of a session is eks-CLUSTER-POD-UUID on Pod Identity, and new at each refresh: use another key.';

/**
 * Sessions of Pod Identity have `aws:MultiFactorAuthPresent` with the value false; those of IRSA lack it, and have `aws:FederatedProvider`.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
const HINTS = new Map([
  ['aws:multifactorauthpresent', 'Remove the condition: no pod has MFA, in neither mode.'],
  [
    'aws:federatedprovider',
    'Remove the condition, or write one that pods in both modes meet: no session of Pod Identity has this key.',
  ],
  ['aws:userid', NAME],
  ['sts:rolesessionname', NAME],
  [
    'aws:tokenissuetime',
    'Revoke sessions of Pod Identity by removing the permission or the association: a restart of the pod does not renew what the agent holds.',
  ],
]);

/** Keys whose findings do not wait for the stage: pods of no stage can rely on them. */
const AT_EVERY_STAGE: ReadonlySet<string> = new Set(['aws:multifactorauthpresent', 'aws:federatedprovider']);

/** The stages at which no session that new pods get, or get after the next step, meets what only the other mode meets. */
const STAGES_OF: Readonly<Record<SessionDifference['loses'], ReadonlySet<Stage>>> = {
  irsa: new Set(['irsa', 'prepared']),
  'pod-identity': new Set(['prepared', 'dual', 'cutover', 'pod-identity']),
  name: new Set(['prepared', 'dual', 'cutover', 'pod-identity']),
  length: new Set(['prepared', 'dual', 'cutover', 'pod-identity']),
};

export const modeCondition: Rule = {
  name: 'mode-condition',
  severities: ['warning'],
  what: 'A condition or a policy variable has the same result with the sessions of IRSA and of Pod Identity: both carry the key, or none. The rule judges permissions, and from `prepared` on the policies that `resourcePolicies` lists. Named at the stages where pods have, or get next, a session without the key.',
  example:
    'BoolIfExists aws:MultiFactorAuthPresent is true on IRSA and false on Pod Identity: the Allow no longer applies after the migration',
  *check(model) {
    for (const { holder, statement, path } of policyStatements(model)) {
      // A session of a target role is one by AssumeRole in both modes.
      if (!holder.isReal || holder.target !== undefined) continue;
      const sessions = sessionsOf(holder.placed);
      const contexts = (mode: 'irsa' | 'pod-identity') => sessions.flatMap((one) => sessionContext(mode, one) ?? []);
      for (const one of sessionDifferences(statement, contexts('irsa'), contexts('pod-identity'))) {
        if (isNamed(one, holder.placed)) yield findingOf(statement, one, path(one.at));
      }
    }
    for (const placed of model.placed) yield* ofResourcePolicies(placed);
  },
};

function isNamed({ key, loses }: SessionDifference, { workload: { stage } }: PlacedWorkload): boolean {
  return AT_EVERY_STAGE.has(key.toLowerCase()) || STAGES_OF[loses].has(stage);
}

/** The policies of resources that the workload lists, from `prepared` on: before that, nobody plans a move. */
function* ofResourcePolicies(placed: PlacedWorkload): Generator<RuleFinding> {
  const { policies = [], workload, at } = placed;
  if (!isPast(workload.stage, 'irsa')) return;
  for (const { document, source, index: file } of policies)
    for (const [index, statement] of [document.Statement].flat().entries())
      for (const one of resourcePolicyDifferences(statement, sessionsOf(placed), document.Version === '2012-10-17')) {
        if (!isNamed(one, placed)) continue;
        const path = ['Statement', ...(Array.isArray(source.data.Statement) ? [index] : []), ...one.at];
        const found = findingOf(statement, one, at('resourcePolicies', file));
        yield {
          ...found,
          message: `workload ${workload.key}: ${found.message}`,
          about: formatPath([...path, one.key]),
          within: { file: source.file, ...findPosition(source, path, found.at) },
        };
      }
}

function findingOf({ Effect }: Statement, one: SessionDifference, path: Segments): RuleFinding {
  const { key, operator, irsa, podIdentity, loses } = one;
  const only = loses === 'irsa' ? 'Pod Identity' : 'IRSA';
  const hint =
    HINTS.get(key.toLowerCase()) ??
    (loses === 'irsa'
      ? 'The statement works from dual on. Until then, write one that pods on IRSA meet too.'
      : 'Write a condition or a resource that pods in both modes meet: sessions of Pod Identity have session tags instead.');
  if (one.at[0] === 'Principal' || one.at[0] === 'NotPrincipal')
    return {
      path,
      message: `${one.at[0]} ${key}: ${PRINCIPAL}`,
      hint: 'Name the role itself as principal: arn:PARTITION:iam::ACCOUNT:role/NAME.',
    };
  if (operator === undefined) {
    const message =
      loses === 'name'
        ? `\${${key}} has another value after each refresh on Pod Identity`
        : `\${${key}} has a value on ${only} alone: without the value, nothing matches`;
    return { path, about: key, message, hint };
  }
  if (loses === 'length') {
    const message = `${operator} ${key}: a session of Pod Identity lasts six hours, and one of IRSA one hour by default: the ${Effect} applies to pods for another time after the migration`;
    return { path, message, hint, at: 'key' };
  }
  const said =
    irsa === 'open'
      ? `is ${String(podIdentity)} on Pod Identity, whatever it is on IRSA`
      : `is ${String(irsa)} on IRSA and ${String(podIdentity)} on Pod Identity`;
  return {
    path,
    message: `${operator} ${key} ${said}: the ${Effect} ${podIdentity === true ? 'applies only after' : 'no longer applies after'} the migration`,
    hint,
    at: 'key',
  };
}

/** The sessions of the workload's pods on each cluster. Without an issuer the pods have no way from one mode to the other. */
function sessionsOf({ environment, workload, clusters }: PlacedWorkload): readonly PodSessions[] {
  const { namespace, serviceAccount, sessionTags } = workload;
  const issuers = clusters.flatMap(({ oidc }) => oidc?.issuer ?? []);
  return clusters.flatMap(({ arn, name, oidc }): readonly PodSessions[] => {
    if (oidc === undefined) return [];
    const pod = { clusterArn: arn, clusterName: name, namespace, serviceAccount: serviceAccount.name };
    return [
      {
        roleArn: `arn:${environment.partition}:iam::${environment.account.id}:role${workload.role.path}${workload.role.name}`,
        issuer: oidc.issuer,
        issuers,
        provider: `arn:${environment.partition}:iam::${environment.account.id}:oidc-provider/${oidc.issuer.slice('https://'.length)}`,
        subject: `system:serviceaccount:${namespace}:${serviceAccount.name}`,
        audience: 'sts.amazonaws.com',
        sessionTags: sessionTags ? sessionTagsOf(pod) : {},
        roleTags: {
          ...environment.tags,
          ...workload.role.tags,
          'podlift:workload': workload.key,
          'podlift:environment': environment.key,
        },
      },
    ];
  });
}
