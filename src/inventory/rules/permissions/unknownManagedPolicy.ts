import { managedPolicy, managedPolicyNames, POLICIES_DATE } from '../../aws/managedPolicies';
import { didYouMean, suggest } from '../../suggest';
import { type Rule, type RuleFinding, usedPolicies } from '../Rule';

const AWS_POLICY = /^(arn:[\w-]+:iam::aws:policy\/)(.*\/)?([^/]+)$/;

/**
 * The path of the policies for service-linked roles. IAM: "Cannot attach a Service Role Policy to a Customer Role."
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html (PolicyNotAttachable), aws/aws-cdk #6131
 */
const SERVICE_LINKED = 'aws-service-role/';

/**
 * A warning, because AWS adds policies, and the list has a date. IAM refuses to attach a policy that does not exist. A policy of service-linked roles is
 * an error: no other role can have the policy.
 */
export const unknownManagedPolicy: Rule = {
  name: 'unknown-managed-policy',
  severities: ['warning', 'error'],
  what: 'A managed policy of AWS exists, and is written with its path. The list inside podlift has a date. A policy for service-linked roles is an error.',
  example: 'there is no AWS managed policy "AmazonRoute53FullAcess": did you mean "AmazonRoute53FullAccess"?',
  *check(model) {
    for (const { arn, isBoundary, isImported, path } of usedPolicies(model)) {
      const [, start, folder = '', name] = AWS_POLICY.exec(arn) ?? [];
      // An unknown {name} has a finding already.
      if (start === undefined || name === undefined || /[{}<>$]/.test(arn)) continue;
      const listed = managedPolicy(name);
      if (listed?.startsWith(SERVICE_LINKED) === true) {
        yield { path: path(), severity: 'error', ...serviceLinked(name) };
        continue;
      }
      // AWS has what is imported: a deprecated policy stays attached, and a new one is not in the list.
      if (listed === folder + name || (listed === undefined && isImported)) continue;
      const near = listed === undefined ? suggest(name, attachableNames()) : name;
      const right = near === undefined ? undefined : managedPolicy(near);
      yield {
        path: path(),
        message:
          listed === undefined
            ? `there is no AWS managed policy "${name}": ${didYouMean(name, attachableNames())}podlift knows the policies of ${POLICIES_DATE}`
            : `the AWS managed policy ${name} has ${pathOf(listed, name)}, but ${folder === '' ? 'no path is written' : `the path ${folder} is written`}`,
        hint:
          right === undefined
            ? "List the names:\naws iam list-policies --scope AWS --query 'Policies[].Arn'"
            : `Write ${isBoundary ? '' : `${right}, or the ARN `}${start}${right}.`,
      };
    }
  },
};

function serviceLinked(name: string): Pick<RuleFinding, 'message' | 'hint'> {
  return {
    message: `the AWS managed policy ${name} is for service-linked roles only`,
    hint: `Remove the policy, or use another one. AWS attaches no policy under ${SERVICE_LINKED} to other roles.`,
  };
}

function pathOf(listed: string, name: string): string {
  const path = listed.slice(0, -name.length);
  return path === '' ? 'no path' : `the path ${path}`;
}

function attachableNames(): readonly string[] {
  return [...managedPolicyNames()].filter((name) => managedPolicy(name)?.startsWith(SERVICE_LINKED) !== true);
}
