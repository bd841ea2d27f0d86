/**
 * An inventory of `count` workloads as YAML text, with the variety of a real one: two clusters, every stage, a managed policy for one
 * workload in four, and a target role in another account for one in eight.
 */
export function benchInventory(count: number): string {
  const waves = ['irsa', 'prepared', 'dual', 'cutover', 'pod-identity'].map(
    (stage, index) => `  wave-${index}:\n    soak: 7d\n    stages: { prod: ${stage} }`,
  );
  return `version: 1
accounts:
  apps: { id: "333333333333", deployRole: "arn:aws:iam::333333333333:role/podlift-deploy" }
  data: { id: "444444444444", deployRole: "arn:aws:iam::444444444444:role/podlift-deploy" }
environments:
  prod:
    account: apps
    region: us-west-2
    role: { path: /podlift/ }
    quotas: { rolesPerAccount: 5000 }
    clusters:
      main:
        name: prod-main
        version: "1.33"
        oidc: { issuer: "https://oidc.eks.us-west-2.amazonaws.com/id/AAAA1111AAAA1111AAAA1111AAAA1111" }
        agent: { version: v1.3.4-eksbuild.1 }
      batch:
        name: prod-batch
        version: "1.33"
        oidc: { issuer: "https://oidc.eks.us-west-2.amazonaws.com/id/BBBB2222BBBB2222BBBB2222BBBB2222" }
        agent: { version: v1.3.4-eksbuild.1 }
    values: { bucket: acme-prod-orders }
waves:
${waves.join('\n')}
workloads:
${Array.from({ length: count }, (_, index) => workload(index)).join('\n')}
`;
}

function workload(index: number): string {
  const managed = index % 4 === 0 ? '\n      managedPolicies: [AmazonSSMReadOnlyAccess]' : '';
  const target =
    index % 8 === 0
      ? `
    targets:
      ledger:
        account: data
        permissions: { statements: [{ actions: [dynamodb:Query], resources: ["arn:{partition}:dynamodb:{region}:{accounts.data}:table/ledger-${index}"] }] }`
      : '';
  return `  service-${index}:
    wave: wave-${index % 5}
    namespace: team-${index % 40}
    serviceAccount: service-${index}
    sdk: { language: python, version: 1.35.0 }
    clusters: [${index % 2 === 0 ? 'main' : 'batch'}]
    permissions:${managed}
      statements:
        - actions: [s3:GetObject, s3:PutObject]
          resources: ["arn:{partition}:s3:::{bucket}/service-${index}/*"]
        - actions: [dynamodb:GetItem, dynamodb:Query]
          resources: ["arn:{partition}:dynamodb:{region}:{account}:table/service-${index}"]
          conditions: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": "\${aws:PrincipalTag/kubernetes-namespace}" } }${target}`;
}
