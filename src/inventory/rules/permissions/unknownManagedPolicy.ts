import { managedPolicy, managedPolicyNames, POLICIES_DATE } from '../../aws/managedPolicies';
import { didYouMean, suggest } from '../../suggest';
import { type Rule, usedPolicies } from '../Rule';

const AWS_POLICY = /^(arn:[\w-]+:iam::aws:policy\/)(.*\/)?([^/]+)$/;

/** A warning, not an error: AWS adds policies, and the list has a date. IAM refuses to attach a policy that does not exist. */
export const unknownManagedPolicy: Rule = {
  name: 'unknown-managed-policy',
  severities: ['warning'],
  what: 'A managed policy of AWS exists, and is written with its path. The list inside podlift has a date.',
  example: 'there is no AWS managed policy "AmazonRoute53FullAcess": did you mean "AmazonRoute53FullAccess"?',
  *check(model) {
    for (const { arn, path } of usedPolicies(model)) {
      const [, start, folder = '', name] = AWS_POLICY.exec(arn) ?? [];
      // An unknown {name} has a finding already.
      if (start === undefined || name === undefined || /[{}<>$]/.test(arn)) continue;
      const listed = managedPolicy(name);
      if (listed === folder + name) continue;
      const near = listed === undefined ? suggest(name, managedPolicyNames()) : name;
      const right = near === undefined ? undefined : managedPolicy(near);
      yield {
        path: path(),
        message:
          listed === undefined
            ? `there is no AWS managed policy "${name}": ${didYouMean(name, managedPolicyNames())}podlift knows the policies of ${POLICIES_DATE}`
            : `the AWS managed policy ${name} has ${pathOf(listed, name)}, but ${folder === '' ? 'no path is written' : `the path ${folder} is written`}`,
        hint:
          right === undefined
            ? 'List the names with: aws iam list-policies --scope AWS --query Policies[].Arn'
            : `Write ${right}, or the ARN ${start}${right}.`,
      };
    }
  },
};

function pathOf(listed: string, name: string): string {
  const path = listed.slice(0, -name.length);
  return path === '' ? 'no path' : `the path ${path}`;
}
