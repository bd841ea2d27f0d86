import { decideAssumeRole } from '../../iam/decideAssumeRole';
import type { NamedPolicy } from '../../iam/Decision';
import type { PolicyDocument } from '../../iam/PolicyDocument';
import type { Answer, AwsPort, RoleFacts, RolePolicyFacts } from '../../estate/aws/AwsPort';
import type { Ports } from '../../estate/Ports';
import { roleReference } from './roleReference';
import type { SurveyedRole, SurveyPlace } from './ClusterSurvey';

/**
 * A role by the ARN that an annotation or association names, with what it may do: from the account that it is in, where the inventory
 * knows that account. Nothing where there is no such role, or the text is no role's ARN.
 */
export async function askRole(
  { environment, cluster, accounts }: SurveyPlace,
  ports: Ports,
  arn: string,
): Promise<Answer<SurveyedRole | undefined>> {
  const reference = roleReference(arn);
  if (reference === undefined) return { ok: true, value: undefined };
  const { accountId, name } = reference;
  const account =
    accountId === environment.account.id ? environment.account : accounts.find(({ id }) => id === accountId);
  if (account === undefined)
    return { ok: false, why: 'failed', message: `account ${accountId} is none of the inventory's accounts` };
  const aws = ports.aws(account, cluster.region);
  const facts = await aws.role(name);
  if (!facts.ok) return facts;
  if (facts.value === undefined) return { ok: true, value: undefined };
  const policies = await aws.rolePolicies(name);
  return {
    ok: true,
    value: { facts: facts.value, policies, assumesItself: await evaluated(assumesItself(aws, facts.value, policies)) },
  };
}

/** What a document says that nobody can evaluate is not known. */
async function evaluated(answer: Promise<Answer<boolean>>): Promise<Answer<boolean>> {
  try {
    return await answer;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { ok: false, why: 'failed', message: `its policies cannot be evaluated: ${why}` };
  }
}

const EVERYTHING: NamedPolicy = {
  name: 'everything',
  document: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } },
};

/**
 * Whether a role's sessions may assume it. Its managed policies are asked for only where its trust would let them in:
 * hardly any role's does. Since 2022 a role is no longer trusted by itself.
 * Source: https://aws.amazon.com/blogs/security/announcing-an-update-to-iam-role-trust-policy-behavior/
 */
async function assumesItself(
  aws: AwsPort,
  facts: RoleFacts,
  policies: Answer<RolePolicyFacts | undefined>,
): Promise<Answer<boolean>> {
  if (!mayAssume(facts, [EVERYTHING])) return { ok: true, value: false };
  if (!policies.ok) return policies;
  const { attached = [], inline = {} } = policies.value ?? {};
  const arns = [...attached, ...(facts.permissionsBoundary === undefined ? [] : [facts.permissionsBoundary])];
  const answers = await Promise.all(arns.map(async (arn) => [arn, await aws.managedPolicy(arn)] as const));
  const documents = new Map<string, PolicyDocument>();
  for (const [arn, answer] of answers) {
    if (!answer.ok) return answer;
    if (answer.value !== undefined) documents.set(arn, answer.value);
  }
  const named = (name: string, document: PolicyDocument | undefined): NamedPolicy[] =>
    document === undefined ? [] : [{ name, document }];
  const identity = [
    ...attached.flatMap((arn) => named(arn, documents.get(arn))),
    ...Object.entries(inline).map(([name, document]) => ({ name, document })),
  ];
  const [boundary] = named('boundary', documents.get(facts.permissionsBoundary ?? ''));
  return { ok: true, value: mayAssume(facts, identity, boundary) };
}

function mayAssume({ arn, trust }: RoleFacts, identity: readonly NamedPolicy[], boundary?: NamedPolicy): boolean {
  return decideAssumeRole({
    caller: { kind: 'session', roleArn: arn, sessionName: 'pod' },
    operation: 'sts:AssumeRole',
    roleArn: arn,
    trust: { name: `trust policy of ${arn}`, document: trust },
    callerPolicies: { identity, ...(boundary && { boundary }) },
  }).allowed;
}
