import { policyArn } from '../../formats/awsFormats';
import { fits } from '../../formats/Format';
import { type Rule, usedPolicies } from '../Rule';

/** Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html */
export const policyAccount: Rule = {
  name: 'policy-account',
  what: "Managed policies and boundaries belong to the role's own account, or to AWS.",
  example: 'arn:aws:iam::111111111111:policy/x belongs to account 111111111111, but the role is in 333333333333',
  *check(model) {
    for (const { accountId, arn, path } of usedPolicies(model)) {
      const owner = arn.split(':')[4] ?? '';
      if (!fits(policyArn, arn) || owner === 'aws' || owner === accountId) continue;
      if (model.standIns.has(owner) || model.standIns.has(accountId)) continue;
      yield {
        path: path(),
        message: `${arn} belongs to account ${owner}, but the role is in ${accountId}`,
        hint: 'Use a policy of the role’s account: podlift replaces {account} and {accounts.NAME} by account ids.',
      };
    }
  },
};
