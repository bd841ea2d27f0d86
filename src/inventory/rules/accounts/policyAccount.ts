import type { Segments } from '../../Issue';
import type { Holder, Model } from '../../resolve/Model';
import { fits } from '../../formats/Format';
import { policyArn } from '../../formats/awsFormats';
import type { Rule } from '../Rule';

/** Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html (a policy of the role's account, or of AWS) */
export const policyAccount: Rule = {
  name: 'policy-account',
  severities: ['error'],
  what: "Managed policies and boundaries are of the role's own account, or of AWS.",
  example: 'arn:aws:iam::111111111111:policy/x is of account 111111111111, but the role is in 333333333333',
  *check(model) {
    for (const { accountId, arn, path } of policiesOf(model)) {
      const owner = arn.split(':')[4] ?? '';
      if (!fits(policyArn, arn) || owner === 'aws' || owner === accountId) continue;
      if (model.standIns.has(owner) || model.standIns.has(accountId)) continue;
      yield {
        path: path(),
        message: `${arn} is of account ${owner}, but the role is in ${accountId}`,
        hint: 'Use a policy of that account: {account} and {accounts.NAME} stand for account ids.',
      };
    }
  },
};

interface UsedPolicy {
  readonly accountId: string;
  readonly arn: string;
  readonly path: () => Segments;
}

function* policiesOf({ inventory, holders }: Model): Generator<UsedPolicy> {
  for (const { key, account, role } of inventory.environments) {
    if (role.permissionsBoundary === undefined) continue;
    yield {
      accountId: account.id,
      arn: role.permissionsBoundary,
      path: () => ['environments', key, 'role', 'permissionsBoundary'],
    };
  }
  for (const holder of holders) yield* policiesOfHolder(holder);
}

/** A boundary that comes from the environment is looked at there. */
function* policiesOfHolder({ placed, target, permissions, field, accountId }: Holder): Generator<UsedPolicy> {
  for (const [index, arn] of permissions.managedPolicies.entries()) {
    yield { accountId, arn, path: () => placed.at(...field, 'managedPolicies', index) };
  }
  const { permissionsBoundary } = (target ?? placed.workload).role;
  if (permissionsBoundary === undefined || permissionsBoundary === placed.environment.role.permissionsBoundary) return;
  yield {
    accountId,
    arn: permissionsBoundary,
    path: () => placed.at(...field.slice(0, -1), 'role', 'permissionsBoundary'),
  };
}
