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
    append: web(`{ adopt: true, keepTrust: [§{ Effect: Allow, ${GITHUB}, Action: "sts:*", NotAction: "s3:*" }] }`),
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
];
