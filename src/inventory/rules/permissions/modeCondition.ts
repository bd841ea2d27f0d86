import { untrueConditions } from '../../../iam/matchConditions';
import type { ConditionValue, OneOrMany, Statement } from '../../../iam/PolicyDocument';
import type { Caller } from '../../../iam/Request';
import { requestContext } from '../../../iam/requestContext';
import type { Segments } from '../../Finding';
import type { Holder } from '../../resolve/Model';
import { conditionsOf } from '../statements';
import type { Rule } from '../Rule';

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
]);

/** A condition on one key, with its path. */
interface HeldCondition {
  readonly holder: Holder;
  readonly effect: Statement['Effect'];
  readonly operator: string;
  readonly key: string;
  readonly value: OneOrMany<ConditionValue>;
  readonly path: Segments;
}

export const modeCondition: Rule = {
  name: 'mode-condition',
  severities: ['warning'],
  what: 'A condition on `aws:MultiFactorAuthPresent` or `aws:FederatedProvider` has the same result on IRSA and on Pod Identity.',
  example:
    'BoolIfExists aws:MultiFactorAuthPresent is true on IRSA and false on Pod Identity: the Allow no longer applies after the migration',
  *check({ holders, statements }) {
    for (const condition of [...inStatements(statements), ...inDocuments(holders)]) {
      const hint = HINTS.get(condition.key.toLowerCase());
      // A session of a target role is one by AssumeRole in both modes.
      if (hint === undefined || !condition.holder.isReal || condition.holder.target !== undefined) continue;
      const [irsa, podIdentity] = [
        isTrue(condition, irsaSessions(condition.holder)),
        isTrue(condition, [POD_IDENTITY]),
      ];
      if (irsa === undefined || irsa === podIdentity) continue;
      const { effect, operator, key, path } = condition;
      yield {
        path,
        message: `${operator} ${key} is ${String(irsa)} on IRSA and ${String(podIdentity)} on Pod Identity: the ${effect} ${podIdentity ? 'applies only after' : 'no longer applies after'} the migration`,
        hint,
        at: 'key',
      };
    }
  },
};

function* inStatements(statements: Parameters<Rule['check']>[0]['statements']): Generator<HeldCondition> {
  for (const held of statements)
    for (const { operator, key, value, path } of conditionsOf(held))
      yield { holder: held.holder, effect: held.statement.effect ?? 'Allow', operator, key, value, path: path() };
}

function* inDocuments(holders: readonly Holder[]): Generator<HeldCondition> {
  for (const holder of holders)
    for (const [name, { Statement: all }] of Object.entries(holder.permissions.inlinePolicies)) {
      const several = Array.isArray(all);
      for (const [index, { Effect, Condition = {} }] of [all].flat().entries())
        for (const [operator, keys] of Object.entries(Condition))
          for (const [key, value] of Object.entries(keys)) {
            const at = ['inlinePolicies', name, 'Statement', ...(several ? [index] : []), 'Condition', operator, key];
            yield { holder, effect: Effect, operator, key, value, path: holder.placed.at(...holder.field, ...at) };
          }
    }
}

const SESSION = { kind: 'session', roleArn: 'arn:aws:iam::123456789012:role/pod', sessionName: 'pod' } as const;
const POD_IDENTITY: Caller = { ...SESSION, madeBy: 'AssumeRole' };

/** A session of IRSA on each cluster of the workload that has an issuer. Without one the pods have no way from one mode to the other. */
function irsaSessions({ placed: { environment, clusters } }: Holder): readonly Caller[] {
  return clusters.flatMap(({ oidc }) => {
    if (oidc === undefined) return [];
    const provider = `arn:${environment.partition}:iam::${environment.account.id}:oidc-provider/${oidc.issuer.slice('https://'.length)}`;
    return [{ ...SESSION, madeBy: 'AssumeRoleWithWebIdentity' as const, provider }];
  });
}

/** Whether the condition is true for all of the callers; undefined without a caller, or where the callers differ. */
function isTrue({ effect, operator, key, value }: HeldCondition, callers: readonly Caller[]): boolean | undefined {
  const statement: Statement = { Effect: effect, Condition: { [operator]: { [key]: value } } };
  const results = callers.map((caller) => {
    const context = requestContext({ caller, action: 's3:GetObject', resource: '*', completeKeys: [] });
    const { failed, open } = untrueConditions(statement, context, true);
    return failed.length + open.length === 0;
  });
  return results.every((one) => one === results[0]) ? results[0] : undefined;
}
