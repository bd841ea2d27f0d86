/** An inventory with one role, in which a test puts a name and a state. */
export const inventory = (name: string | undefined, state = ''): string => `version: 1
${name === undefined ? '' : `name: ${name}\n`}accounts: { apps: { id: "333333333333" } }
environments:
  prod:
    account: apps
    region: us-west-2
    ${state}
    clusters:
      main:
        name: prod-main
        version: "1.33"
        oidc: { issuer: "https://oidc.eks.us-west-2.amazonaws.com/id/AAAA1111AAAA1111AAAA1111AAAA1111" }
        agent: { version: v1.3.4-eksbuild.1 }
workloads:
  api: { stage: irsa, because: test, namespace: shop, serviceAccount: { name: api, manage: none }, permissions: { managedPolicies: [ReadOnlyAccess] } }
`;

export const ROLE = 'arn:aws:iam::333333333333:role/prod-api';

/** A state with one role, as Terraform writes it. */
export function stateOf(arn = ROLE, owner = 'prod in 333333333333 us-west-2', serial = 4, lineage = 'aaaa-1'): string {
  const name = arn.slice(arn.lastIndexOf('/') + 1);
  return JSON.stringify({
    version: 4,
    terraform_version: '1.11.4',
    serial,
    lineage,
    outputs: {
      role_arns: { value: { api: arn }, type: ['object', { api: 'string' }] },
      inventory: { value: owner, type: 'string' },
    },
    resources: [
      {
        mode: 'managed',
        type: 'aws_iam_role',
        name: 'role',
        provider: 'provider["registry.terraform.io/hashicorp/aws"]',
        instances: [{ schema_version: 0, attributes: { name, id: name, arn }, sensitive_attributes: [] }],
      },
    ],
  });
}

/** The number of resources in a state. */
export const resourcesIn = (text: string): number => (JSON.parse(text) as { resources: unknown[] }).resources.length;
