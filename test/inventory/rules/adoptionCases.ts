import type { RuleCase } from './RuleCase';

const web = (fields: string) =>
  `  web:\n    namespace: production\n    serviceAccount: web\n    environments: [dev]\n    stage: pod-identity\n    ${fields}\n`;
const AGENT = 'agent: { version: v1.3.4-eksbuild.1 }\n    values: { bucket: acme-dev }';
const addons = (text: string) => ({
  [AGENT]: `agent: { version: v1.3.4-eksbuild.1 }\n        addons: ${text}\n    values: { bucket: acme-dev }`,
});
const OWN =
  'Principal: { Federated: "arn:aws:iam::111111111111:oidc-provider/oidc.eks.us-west-2.amazonaws.com/id/D1D1" }';
const GITHUB =
  'Principal: { Federated: "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com" }';
const EKS = 'Principal: { Service: pods.eks.amazonaws.com }';
const POLICY = '{ Version: "2012-10-17", Statement: { Effect: Allow, Action: "s3:GetObject", Resource: "*" } }';

const DEV_AGENT = '        agent: { version: v1.3.4-eksbuild.1 }\n    values: { bucket: acme-dev }';
const CONTEXT = {
  [DEV_AGENT]: DEV_AGENT.replace('    values', '        kubernetes: { context: dev-main }\n    values'),
};

/** A role that stays with its owner, and one thing more. */
const external = (fields: string) => web(`role: { manage: external, name: web-irsa, ${fields} }`);
const POLICY_ARN = '"arn:aws:iam::111111111111:policy/read"';

export const ADOPTION_CASES: readonly RuleCase[] = [
  ...(
    [
      [
        'the role is adopted and external',
        'name: ledger, manage: external, §adopt: true',
        'adopt',
        /adopted and external/,
      ],
      ['an external role has no name', '§manage: external', 'manage', /has no name/],
      [
        'podlift creates the role, which keeps nothing',
        `§keepTrust: [{ Effect: Allow, Principal: { AWS: "222222222222" }, Action: "sts:AssumeRole" }]`,
        'keepTrust',
        /podlift creates the role/,
      ],
      [
        'an external role has tags',
        'name: ledger, manage: external, §tags: { team: a }',
        'tags',
        /never writes its tags/,
      ],
    ] as const
  ).map(([when, role, field, message]): RuleCase => ({
    rule: 'existing-target',
    when,
    append: web(`targets: { ledger: { account: data, role: { ${role} } } }`),
    path: `workloads.web.targets.ledger.role.${field}`,
    message,
  })),
  {
    rule: 'association-owner',
    when: 'it is not said which tool owns the associations',
    append: web('association: §{ manage: external }'),
    path: 'workloads.web.association',
    message: /`as` does not say of which/,
    hint: /as: crossplane/,
  },
  {
    rule: 'association-owner',
    when: 'an association of another tool is imported',
    append: web(
      'role: { adopt: true, imports: { §associations: { main: a-0123456789abcdefg } } }\n    found: pod-identity\n    association: { manage: external, as: ack }',
    ),
    path: 'workloads.web.role.imports.associations',
    message: /another tool owns them: podlift imports nothing/,
  },
  {
    rule: 'external-role',
    when: 'the role has no name',
    append: web('role: { manage: §external }'),
    path: 'workloads.web.role.manage',
    message: /is external and has no name/,
    hint: /role: \{ manage: external, name: NAME \}/,
  },
  {
    rule: 'external-role',
    when: 'the role is adopted too',
    append: external('adopt: §true'),
    path: 'workloads.web.role.adopt',
    message: /"web-irsa" is adopted and external/,
    hint: /Remove adopt .* Remove manage/,
  },
  ...(
    [
      ['§description: orders', 'description'],
      ['§tags: { team: shop }', 'tags'],
      [`§permissionsBoundary: ${POLICY_ARN}`, 'permissionsBoundary'],
      ['§maxSessionDuration: 7200', 'maxSessionDuration'],
      ['imports: { §role: true }', 'imports.role'],
    ] as const
  ).map(([append, field]): RuleCase => ({
    rule: 'external-role',
    when: `the entry has ${field}, which only podlift could write`,
    append: external(append),
    path: `workloads.web.role.${field}`,
    message: /has no effect: podlift never writes role "web-irsa"/,
    hint: /the owner of the role has it/,
  })),
  {
    rule: 'external-role',
    when: 'the entry imports an attached policy',
    append: `${external(`imports: { §managedPolicies: [${POLICY_ARN}] }`)}    permissions: { managedPolicies: [${POLICY_ARN}] }\n`,
    path: 'workloads.web.role.imports.managedPolicies',
    message: /role\.imports\.managedPolicies has no effect/,
  },
  {
    rule: 'adopted-trust',
    when: 'the role is podlift’s own',
    append: web(
      `role: { adoptedTrust: §{ oidc: [{ Effect: Allow, ${OWN}, Action: "sts:AssumeRoleWithWebIdentity" }] } }`,
    ),
    path: 'workloads.web.role.adoptedTrust',
    message: /there is nothing to adopt/,
  },
  {
    rule: 'adopted-trust',
    when: 'the OIDC statement is for GitHub',
    append: web(
      `role: { adopt: true, adoptedTrust: { oidc: [§{ Effect: Allow, ${GITHUB}, Action: "sts:AssumeRoleWithWebIdentity" }] } }`,
    ),
    path: 'workloads.web.role.adoptedTrust.oidc[0]',
    message: /names .*githubusercontent\.com; allowed: .*D1D1/,
    hint: /keepTrust/,
  },
  {
    rule: 'adopted-trust',
    when: 'the OIDC statement denies',
    append: web(
      `role: { adopt: true, adoptedTrust: { oidc: [§{ Effect: Deny, ${OWN}, Action: "sts:AssumeRoleWithWebIdentity" }] } }`,
    ),
    path: 'workloads.web.role.adoptedTrust.oidc[0]',
    message: /denies/,
  },
  {
    rule: 'adopted-trust',
    when: 'the Pod Identity statement is for somebody else as well',
    append: web(
      'role: { adopt: true, adoptedTrust: { podIdentity: [§{ Effect: Allow, Principal: { Service: [pods.eks.amazonaws.com, ec2.amazonaws.com] }, Action: "sts:AssumeRole" }] } }',
    ),
    path: 'workloads.web.role.adoptedTrust.podIdentity[0]',
    message: /only for pods\.eks\.amazonaws\.com/,
  },
  {
    rule: 'adopted-trust',
    when: 'the Pod Identity statement denies',
    append: web(
      `role: { adopt: true, adoptedTrust: { podIdentity: [§{ Effect: Deny, ${EKS}, Action: "sts:AssumeRole" }] } }`,
    ),
    path: 'workloads.web.role.adoptedTrust.podIdentity[0]',
    message: /denies/,
  },
  {
    rule: 'adopted-trust',
    when: 'the Pod Identity statement lets in everybody as well',
    append: web(
      'role: { adopt: true, adoptedTrust: { because: found, podIdentity: [§{ Effect: Allow, Principal: { Service: pods.eks.amazonaws.com, AWS: "*" }, Action: "sts:AssumeRole" }] } }',
    ),
    path: 'workloads.web.role.adoptedTrust.podIdentity[0]',
    message: /only for pods\.eks\.amazonaws\.com/,
  },
  {
    rule: 'adopted-trust',
    when: 'the OIDC statement allows an action that a token cannot use',
    append: web(
      `role: { adopt: true, adoptedTrust: { because: found, oidc: [§{ Effect: Allow, ${OWN}, Action: "sts:AssumeRole" }] } }`,
    ),
    path: 'workloads.web.role.adoptedTrust.oidc[0]',
    message: /allowed: sts:AssumeRoleWithWebIdentity for /,
  },
  {
    rule: 'adopted-trust',
    when: 'the OIDC statement names everybody but somebody',
    append: web(
      `role: { adopt: true, adoptedTrust: { oidc: [§{ Effect: Allow, ${OWN}, NotPrincipal: "*", Action: "sts:AssumeRoleWithWebIdentity" }] } }`,
    ),
    path: 'workloads.web.role.adoptedTrust.oidc[0]',
    message: /allowed: sts:AssumeRoleWithWebIdentity for /,
  },
  {
    rule: 'adopted-trust',
    when: 'the Pod Identity statement allows every action but those that EKS needs',
    append: web(
      `role: { adopt: true, adoptedTrust: { because: found, podIdentity: [§{ Effect: Allow, ${EKS}, NotAction: ["sts:AssumeRole", "sts:Tag*"] }] } }`,
    ),
    path: 'workloads.web.role.adoptedTrust.podIdentity[0]',
    message: /must allow sts:AssumeRole or sts:TagSession/,
  },
  {
    rule: 'role-imports',
    when: 'an inline policy is named like a part of every object',
    append: web('role: { adopt: true, imports: { inlinePolicies: [§toString] } }'),
    path: 'workloads.web.role.imports.inlinePolicies[0]',
    message: /"toString", which is not under permissions/,
  },
  {
    rule: 'duplicate-tag',
    when: 'a role’s tag differs from one of its environment in case only',
    append:
      '  web:\n    namespace: production\n    serviceAccount: web\n    environments: [prod]\n    stage: pod-identity\n    role: { adopt: true, tags: { §Cost-Centre: money } }\n',
    path: 'workloads.web.role.tags.Cost-Centre',
    message: /"cost-centre" and "Cost-Centre" differ only in case/,
  },
  {
    rule: 'service-account-adoption',
    when: 'podlift does not create the account: the role is adopted, and so the account is annotated',
    append: web('role: { adopt: true }').replace('serviceAccount: web', 'serviceAccount: { name: web, adopt: §true }'),
    path: 'workloads.web.serviceAccount.adopt',
    message: /^service account production\/web is adopted, but manage is annotate/,
    hint: /^Remove adopt, or write manage: create/,
  },
  {
    rule: 'service-account-adoption',
    when: 'an override leaves the account to others',
    append: web('overrides: { dev: { serviceAccount: { manage: none, adopt: §true } } }'),
    path: 'workloads.web.overrides.dev.serviceAccount.adopt',
    message: /^service account production\/web is adopted, but manage is none/,
  },
  {
    rule: 'service-account-adoption',
    when: 'podlift would create the account `default`, which every namespace has',
    replace: CONTEXT,
    append: web('sessionTags: true').replace('serviceAccount: web', 'serviceAccount: §default'),
    path: 'workloads.web.serviceAccount',
    message: /^service account production\/default exists in every namespace: creating it would fail$/,
    hint: /\{ name: default, manage: create, adopt: true \}, or manage: annotate/,
  },
  {
    rule: 'service-account-adoption',
    when: 'an override names the account `default`',
    replace: CONTEXT,
    append: web('overrides: { dev: { serviceAccount: §default } }'),
    path: 'workloads.web.overrides.dev.serviceAccount',
    message: /^service account production\/default exists in every namespace/,
  },
  {
    rule: 'service-account-adoption',
    when: 'the account `default` is to be created by its own words, though no context leads to the cluster',
    append: web('sessionTags: true').replace(
      'serviceAccount: web',
      'serviceAccount: §{ name: default, manage: create }',
    ),
    path: 'workloads.web.serviceAccount',
    message: /^service account production\/default exists in every namespace/,
  },
  {
    rule: 'found-without-adopt',
    when: 'the role is podlift’s own',
    append: web('found: §dual'),
    path: 'workloads.web.found',
    message: /^workload "web" has found: dual, but its role is not adopted$/,
    hint: /^Remove found/,
  },
  {
    rule: 'found-without-adopt',
    when: 'an override creates the role that elsewhere is adopted',
    append: `${web('role: { name: legacy, adopt: true }').replace('[dev]', '[dev, prod]')}    overrides: { prod: { found: §pod-identity, role: { adopt: false } } }\n`,
    path: 'workloads.web.overrides.prod.found',
    message: /^workload "web" has found: pod-identity, but its role is not adopted$/,
  },
  {
    rule: 'role-imports',
    when: 'a target’s role imports a policy that the target does not have',
    append: web(
      'targets: { ledger: { account: data, role: { imports: { inlinePolicies: [§podlift] } }, permissions: { managedPolicies: [ReadOnlyAccess] } } }',
    ),
    path: 'workloads.web.targets.ledger.role.imports.inlinePolicies[0]',
    message: /"podlift", which is not under permissions/,
  },
  {
    rule: 'unused-imports',
    when: 'an OIDC provider is imported, and not managed',
    replace: { 'id/D1D1" }': 'id/D1D1", imports: §true }' },
    path: 'environments.dev.clusters.main.oidc.imports',
    message: /"main" has imports, but it is not managed/,
    severity: 'warning',
  },
  {
    rule: 'unused-imports',
    when: 'a service account is imported where the workload does not run',
    append:
      '  web:\n    namespace: production\n    serviceAccount: { name: web, imports: [§batch] }\n    environments: [dev]\n    stage: pod-identity\n',
    path: 'workloads.web.serviceAccount.imports[0]',
    message: /cluster "batch", where the workload does not run/,
    severity: 'error',
  },
  {
    rule: 'role-imports',
    when: 'a managed policy is not among the permissions',
    append: web('role: { adopt: true, imports: { managedPolicies: [§"arn:aws:iam::aws:policy/ReadOnlyAccess"] } }'),
    path: 'workloads.web.role.imports.managedPolicies[0]',
    message: /ReadOnlyAccess, which is not under permissions/,
  },
  {
    rule: 'role-imports',
    when: 'an inline policy is not among the permissions',
    append: web('role: { adopt: true, imports: { inlinePolicies: [§s3-read] } }'),
    path: 'workloads.web.role.imports.inlinePolicies[0]',
    message: /"s3-read", which is not under permissions/,
  },
  {
    rule: 'role-imports',
    when: 'an association is on a cluster where the workload does not run',
    append: web('role: { adopt: true, imports: { associations: { §batch: a-1 } } }'),
    path: 'workloads.web.role.imports.associations.batch',
    message: /cluster "batch", where the workload does not run: clusters: main/,
  },
  {
    rule: 'role-imports',
    when: 'the stage has no association any more',
    append:
      '  web:\n    namespace: production\n    serviceAccount: web\n    environments: [dev]\n    stage: prepared\n    role: { adopt: true, imports: { associations: { §main: a-1 } } }\n',
    path: 'workloads.web.role.imports.associations.main',
    message: /association a-1, but a workload at prepared has none/,
    severity: 'warning',
  },
  {
    rule: 'role-imports',
    when: 'two service accounts have the same association',
    append:
      '  web:\n    subjects: [{ namespace: shop, serviceAccount: web }, { namespace: shop, serviceAccount: worker }]\n    environments: [dev]\n    stage: pod-identity\n    because: one team\n    role: { adopt: true, imports: { associations: { main: { shop/web: a-1, shop/worker: §a-1 } } } }\n',
    path: 'workloads.web.role.imports.associations.main.shop/worker',
    message:
      /^imports has association a-1 on cluster "main" for shop\/web and for shop\/worker, and an association is of one/,
  },
  {
    rule: 'role-imports',
    when: 'an id alone is that of the first one, and an add-on owns the association of the first one',
    replace: addons('{ one: { version: v1.40.0-eksbuild.1, serviceAccounts: { web: web } } }'),
    append:
      '  web:\n    subjects: [{ namespace: shop, serviceAccount: web }, { namespace: shop, serviceAccount: worker }]\n    environments: [dev]\n    stage: pod-identity\n    because: one team\n    role: { adopt: true, imports: { associations: { §main: a-1 } } }\n',
    path: 'workloads.web.role.imports.associations.main',
    message: /^imports has association a-1 for shop\/web on cluster "main", and add-on one owns it$/,
    severity: 'warning',
  },
  {
    rule: 'association-id',
    when: 'an association is named otherwise',
    append: web('role: { adopt: true, imports: { associations: { main: §web } } }'),
    path: 'workloads.web.role.imports.associations.main',
    message: /"web" is not the id of an association/,
  },
  {
    rule: 'role-description',
    when: 'IAM would refuse it',
    append: web('role: { adopt: true, description: §"→ web" }'),
    path: 'workloads.web.role.description',
    message: /is not a description of a role/,
  },
  {
    rule: 'inline-policy-name',
    when: 'it is podlift’s own',
    append: web(`permissions: { inlinePolicies: { §podlift: ${POLICY} } }`),
    path: 'workloads.web.permissions.inlinePolicies.podlift',
    message: /"podlift" is not a name for another inline policy/,
  },
  {
    rule: 'inline-policy',
    when: 'a statement has no resource',
    append: web(
      'permissions: { inlinePolicies: { s3-read: { Version: "2012-10-17", Statement: §{ Effect: Allow, Action: "s3:GetObject" } } } }',
    ),
    path: 'workloads.web.permissions.inlinePolicies.s3-read.Statement',
    message: /neither Resource nor NotResource/,
  },
  {
    rule: 'inline-policy',
    when: 'a statement of several has both action elements',
    append: web(
      'permissions: { inlinePolicies: { s3-read: { Version: "2012-10-17", Statement: [§{ Effect: Allow, Action: "s3:GetObject", NotAction: "s3:*", Resource: "*" }] } } }',
    ),
    path: 'workloads.web.permissions.inlinePolicies.s3-read.Statement[0]',
    message: /both Action and NotAction/,
  },
  {
    rule: 'unknown-key',
    when: 'an inline policy has a principal',
    append: web(
      'permissions: { inlinePolicies: { s3-read: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "s3:GetObject", Resource: "*", §Principal: "*" }] } } }',
    ),
    path: 'workloads.web.permissions.inlinePolicies.s3-read.Statement[0].Principal',
    message: /Principal/,
  },
  {
    rule: 'adopted-provider',
    when: 'the provider is not managed',
    replace: { 'id/D1D1" }': 'id/D1D1", adopt: §true }' },
    path: 'environments.dev.clusters.main.oidc.adopt',
    message: /is adopted, but not managed/,
  },
  {
    rule: 'addon-name',
    when: 'it is the agent’s',
    replace: addons('{ §eks-pod-identity-agent: { version: v1.3.4-eksbuild.1, serviceAccounts: {} } }'),
    path: 'environments.dev.clusters.main.addons.eks-pod-identity-agent',
    message: /the agent belongs under `agent`/,
  },
  {
    rule: 'addon-version',
    when: 'it is a bare version',
    replace: addons('{ aws-ebs-csi-driver: { version: §1.40.0, serviceAccounts: {} } }'),
    path: 'environments.dev.clusters.main.addons.aws-ebs-csi-driver.version',
    message: /"1.40.0" is not a version of an add-on/,
  },
  {
    rule: 'addon-workload',
    when: 'the workload is not there',
    replace: addons(
      '{ aws-network-flow-monitoring-agent: { version: v1.40.0-eksbuild.1, serviceAccounts: { ebs-csi: §ap } } }',
    ),
    path: 'environments.dev.clusters.main.addons.aws-network-flow-monitoring-agent.serviceAccounts.ebs-csi',
    message: /names workload "ap", which does not exist: did you mean "api"/,
  },
  {
    rule: 'addon-workload',
    when: 'the workload has another service account',
    replace: addons(
      '{ aws-network-flow-monitoring-agent: { version: v1.40.0-eksbuild.1, serviceAccounts: { ebs-csi: §api } } }',
    ),
    path: 'environments.dev.clusters.main.addons.aws-network-flow-monitoring-agent.serviceAccounts.ebs-csi',
    message: /workload "api" has service account api, not ebs-csi/,
  },
  {
    rule: 'addon-workload',
    when: 'the workload runs elsewhere',
    replace: addons(
      '{ aws-network-flow-monitoring-agent: { version: v1.40.0-eksbuild.1, serviceAccounts: { ebs: §ebs } } }',
    ),
    append: '  ebs: { namespace: kube-system, serviceAccount: ebs, environments: [prod], stage: pod-identity }\n',
    path: 'environments.dev.clusters.main.addons.aws-network-flow-monitoring-agent.serviceAccounts.ebs',
    message: /"ebs", which does not run on cluster "main" in dev/,
  },
  {
    rule: 'addon-workload',
    when: 'two add-ons have the same workload',
    replace: addons(
      '{ one: { version: v1.40.0-eksbuild.1, serviceAccounts: { api: api } }, two: { version: v1.40.0-eksbuild.1, serviceAccounts: { api: §api } } }',
    ),
    path: 'environments.dev.clusters.main.addons.two.serviceAccounts.api',
    message: /already has a service account of add-on one/,
  },
  {
    rule: 'addon-workload',
    when: 'the workload has another service account with the name',
    replace: addons('{ one: { version: v1.40.0-eksbuild.1, serviceAccounts: { web: §web } } }'),
    append:
      '  web:\n    subjects: [{ namespace: production, serviceAccount: web }, { namespace: shop, serviceAccount: web }]\n    environments: [dev]\n    stage: pod-identity\n    because: one team\n',
    path: 'environments.dev.clusters.main.addons.one.serviceAccounts.web',
    message:
      /^workload "web" has production\/web and shop\/web, and add-on one creates one of them: the others would get no association$/,
  },
  {
    rule: 'addon-workload',
    when: 'the workload has no session tags',
    replace: addons(
      '{ aws-network-flow-monitoring-agent: { version: v1.40.0-eksbuild.1, serviceAccounts: { web: §web } } }',
    ),
    append: web('sessionTags: false'),
    path: 'environments.dev.clusters.main.addons.aws-network-flow-monitoring-agent.serviceAccounts.web',
    message: /disables session tags/,
  },
  {
    rule: 'addon-workload',
    when: 'EKS would go on to a target role',
    replace: addons(
      '{ aws-network-flow-monitoring-agent: { version: v1.40.0-eksbuild.1, serviceAccounts: { web: §web } } }',
    ),
    append: web('targets: { lake: { account: data, via: association } }'),
    path: 'environments.dev.clusters.main.addons.aws-network-flow-monitoring-agent.serviceAccounts.web',
    message: /target "lake" of workload "web" is via association/,
  },
  {
    rule: 'addon-workload',
    when: 'two workloads would share its one IRSA role',
    replace: addons(
      '{ aws-network-flow-monitoring-agent: { version: v2.1.0-eksbuild.1, serviceAccounts: §{ api: api, web: web } } }',
    ),
    append: web('sessionTags: true'),
    path: 'environments.dev.clusters.main.addons.aws-network-flow-monitoring-agent.serviceAccounts',
    message: /has 2 workloads, and "api" is at dual: EKS gives an add-on one IRSA role/,
  },
];
