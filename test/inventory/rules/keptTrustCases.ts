import type { RuleCase } from './RuleCase';

const web = (role: string) =>
  `  web:\n    namespace: production\n    serviceAccount: web\n    environments: [dev]\n    stage: pod-identity\n    role: ${role}\n`;
const GITHUB =
  'Principal: { Federated: "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com" }';

export const KEPT_TRUST_CASES: readonly RuleCase[] = [
  {
    rule: 'kept-trust',
    when: 'the role is podlift’s own',
    append: web(`{ keepTrust: §[{ Effect: Allow, ${GITHUB}, Action: "sts:AssumeRoleWithWebIdentity" }] }`),
    path: 'workloads.web.role.keepTrust',
    message: /there is nothing to keep/,
  },
  {
    rule: 'kept-trust',
    when: 'a statement names nobody',
    append: web('{ adopt: true, keepTrust: [§{ Effect: Allow, Action: "sts:AssumeRole" }] }'),
    path: 'workloads.web.role.keepTrust[0]',
    message: /neither Principal nor NotPrincipal/,
  },
  {
    rule: 'kept-trust',
    when: 'a statement has both action elements',
    append: web(
      `{ adopt: true, keepTrust: [§{ Effect: Allow, ${GITHUB}, Action: "sts:*", NotAction: "sts:TagSession" }] }`,
    ),
    path: 'workloads.web.role.keepTrust[0]',
    message: /both Action and NotAction/,
  },
  {
    rule: 'unknown-key',
    when: 'an element is written in the inventory’s own spelling',
    append: web(
      '{ adopt: true, keepTrust: [{ Effect: Allow, Principal: "*", Action: "sts:AssumeRole", §conditions: {} }] }',
    ),
    path: 'workloads.web.role.keepTrust[0].conditions',
    message: /conditions/,
  },
  {
    rule: 'malformed-policy',
    when: 'a kept statement with a reason has a wildcard in a role’s name',
    append: web(
      '{ adopt: true, keepTrust: [{ because: x, Effect: Allow, Principal: { AWS: [§"arn:aws:iam::111111111111:role/a*"] }, Action: "sts:AssumeRole" }] }',
    ),
    path: 'workloads.web.role.keepTrust[0].Principal.AWS[0]',
    message: /AWS refuses this policy: Invalid principal in policy: "AWS":"arn:aws:iam::111111111111:role\/a\*"/,
    hint: /Otherwise the apply fails with MalformedPolicyDocument/,
  },
  {
    rule: 'malformed-policy',
    when: 'a kept statement has a wildcard in a role’s name, for which the proof refuses it',
    append: web(
      '{ adopt: true, keepTrust: [{ Effect: Allow, Principal: { AWS: [§"arn:aws:iam::111111111111:role/a*"] }, Action: "sts:AssumeRole" }] }',
    ),
    path: 'workloads.web.role.keepTrust[0].Principal.AWS[0]',
    message: /AWS refuses this policy: Invalid principal in policy: "AWS":"arn:aws:iam::111111111111:role\/a\*"/,
    severity: 'warning',
    hint: /Otherwise the apply fails with MalformedPolicyDocument/,
  },
  {
    rule: 'malformed-policy',
    when: 'a kept statement has a misspelt service',
    append: web(
      '{ adopt: true, keepTrust: [{ Effect: Allow, Principal: { Service: [ec2.amazonaws.com, §eks-nodegroups.amazonaws.com] }, Action: "sts:AssumeRole" }] }',
    ),
    path: 'workloads.web.role.keepTrust[0].Principal.Service[1]',
    message:
      /AWS refuses this policy: Invalid principal in policy: "SERVICE":"eks-nodegroups\.amazonaws\.com" .* wanted "eks-nodegroup\.amazonaws\.com"\)$/,
    hint: /Otherwise the apply fails with MalformedPolicyDocument/,
  },
  {
    rule: 'malformed-policy',
    when: 'a kept statement has a service that podlift does not know',
    append: web(
      '{ adopt: true, keepTrust: [{ Effect: Allow, Principal: { Service: §tomorrow.amazonaws.com }, Action: "sts:AssumeRole" }] }',
    ),
    path: 'workloads.web.role.keepTrust[0].Principal.Service',
    message: /AWS may refuse this policy: the service "tomorrow\.amazonaws\.com" is not in podlift's list of 20\d\d-/,
    hint: /Check the name in the guide of the service/,
    severity: 'warning',
  },
  {
    rule: 'malformed-policy',
    when: 'a kept statement has an unknown operator',
    append: web(
      `{ adopt: true, keepTrust: [{ Effect: Allow, ${GITHUB}, Action: "sts:AssumeRoleWithWebIdentity", Condition: { §StringEqual: { "a:b": x } } }] }`,
    ),
    path: 'workloads.web.role.keepTrust[0].Condition.StringEqual',
    message: /Syntax errors in policy \(StringEqual is no condition operator/,
  },
  {
    rule: 'malformed-policy',
    when: 'a kept statement has a date that is none',
    append: web(
      `{ adopt: true, keepTrust: [{ Effect: Allow, ${GITHUB}, Action: "sts:AssumeRoleWithWebIdentity", Condition: { DateLessThan: { "aws:CurrentTime": §tomorrow } } }] }`,
    ),
    path: 'workloads.web.role.keepTrust[0].Condition.DateLessThan.aws:CurrentTime',
    message: /The policy failed legacy parsing \("tomorrow" is no date/,
  },
  {
    rule: 'malformed-policy',
    when: 'a statement has an ARN of S3 with a region',
    append:
      '  web:\n    namespace: production\n    serviceAccount: web\n    environments: [dev]\n    stage: pod-identity\n    permissions: { statements: [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::a/*", §"arn:aws:s3:us-west-2:111111111111:data/x"] }] }\n',
    path: 'workloads.web.permissions.statements[0].resources[1]',
    message: /Resource arn:aws:s3:us-west-2:111111111111:data\/x can not contain region information \(/,
  },
  {
    rule: 'malformed-policy',
    when: 'a statement has a date that is none',
    append:
      '  web:\n    namespace: production\n    serviceAccount: web\n    environments: [dev]\n    stage: pod-identity\n    permissions: { statements: [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::a/*"], conditions: { DateLessThan: { "aws:CurrentTime": §2026-13-01 } } }] }\n',
    path: 'workloads.web.permissions.statements[0].conditions.DateLessThan.aws:CurrentTime',
    message: /The policy failed legacy parsing \("2026-13-01" is no date/,
  },
  {
    rule: 'malformed-policy',
    when: 'an inline policy has an ARN in which a colon is missing',
    append:
      '  web:\n    namespace: production\n    serviceAccount: web\n    environments: [dev]\n    stage: pod-identity\n    role: { adopt: true }\n    permissions: { inlinePolicies: { read: { Version: "2012-10-17", Statement: { Effect: Allow, Action: "s3:GetObject", Resource: §"arn:aws:s3::data" } } } }\n',
    path: 'workloads.web.permissions.inlinePolicies.read.Statement.Resource',
    message: /The policy failed legacy parsing \(the resource is "arn:aws:s3::data"/,
  },
];
