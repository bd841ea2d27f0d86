import { createHash } from 'node:crypto';
import type { Role, SourceRole } from '../src/blueprint/Blueprint';
import { INLINE_POLICY } from '../src/blueprint/permissionPolicy';
import { address } from './address';
import type { Import } from './Import';
import { Construct, type TerraformResource } from './cdktf';
import { literal, literals } from './literal';
import { IamRole, IamRolePolicy, IamRolePolicyAttachment } from './providers';

/** A source or target role with its inline policies and attachments. Documents are JSON text, which needs no call to AWS. */
export class WorkloadRole extends Construct {
  readonly role: IamRole;
  /** Addresses of all resources that must exist before a pod gets the role. */
  readonly parts: readonly string[];

  /** The import blocks of existing resources. */
  readonly imports: readonly Import[];
  private readonly resources: readonly TerraformResource[];

  constructor(scope: Construct, id: string, role: Role & Partial<Pick<SourceRole, 'adopt'>>) {
    super(scope, id);
    this.role = new IamRole(this, 'role', {
      name: literal(role.name),
      path: literal(role.path),
      assumeRolePolicy: literal(JSON.stringify(role.trust)),
      ...(role.description === undefined ? {} : { description: literal(role.description) }),
      ...(role.permissionsBoundary === undefined ? {} : { permissionsBoundary: literal(role.permissionsBoundary) }),
      ...(role.maxSessionDuration === undefined ? {} : { maxSessionDuration: role.maxSessionDuration }),
      tags: literals(role.tags),
      // Terraform refuses to plan a change that would replace an adopted role.
      ...(role.adopt === true ? { lifecycle: { preventDestroy: true } } : {}),
    });
    // A reference, not text: the policies depend on the role, and change with it.
    const name = `\${${address(this.role)}.name}`;
    const inline =
      // Terraform forgets an external role: also the policy that an earlier entry had.
      role.inline === undefined && role.manage === undefined
        ? []
        : [
            new IamRolePolicy(this, 'inline', {
              role: name,
              name: INLINE_POLICY,
              policy: literal(JSON.stringify(role.inline ?? {})),
            }),
          ];
    const further = role.inlinePolicies.map(
      (policy) =>
        new IamRolePolicy(this, `inline-${idOf(policy.name)}`, {
          role: name,
          name: literal(policy.name),
          policy: literal(JSON.stringify(policy.document)),
        }),
    );
    const attachments = role.managedPolicies.map(
      (arn) => new IamRolePolicyAttachment(this, attachmentId(arn), { role: name, policyArn: literal(arn) }),
    );
    this.resources = [this.role, ...inline, ...further, ...attachments];
    this.parts = this.resources.map(address);
    this.imports = role.manage === 'external' ? [] : importsOf(role, this.role, { own: inline, further, attachments });
  }

  /**
   * Removes the role and its policies from the stack, and nothing else that is below the construct. It returns their addresses, so that Terraform
   * forgets those that an earlier state has.
   */
  forgetRole(): readonly string[] {
    for (const { node } of this.resources) node.scope?.node.tryRemoveChild(node.id);
    return this.parts;
  }
}

/** The resources of a role's policies: podlift's own inline policy, further ones, attachments. */
interface PolicyResources {
  readonly own: readonly IamRolePolicy[];
  readonly further: readonly IamRolePolicy[];
  readonly attachments: readonly IamRolePolicyAttachment[];
}

/** The ids are documented by the provider for each resource. */
function importsOf(
  { name, adopt = false, inlinePolicies, managedPolicies, imports }: Role & Partial<Pick<SourceRole, 'adopt'>>,
  role: IamRole,
  { own, further, attachments }: PolicyResources,
): Import[] {
  const policies = [
    ...own.map((resource) => ({ resource, policy: INLINE_POLICY })),
    ...further.map((resource, index) => ({ resource, policy: inlinePolicies[index]?.name ?? '' })),
  ];
  const attached = attachments.map((resource, index) => ({ resource, arn: managedPolicies[index] ?? '' }));
  return [
    ...(adopt || imports?.role === true ? [{ to: address(role), id: literal(name) }] : []),
    ...policies
      .filter(({ policy }) => imports?.inlinePolicies.includes(policy))
      .map(({ resource, policy }) => ({ to: address(resource), id: literal(`${name}:${policy}`) })),
    ...attached
      .filter(({ arn }) => imports?.managedPolicies.includes(arn))
      .map(({ resource, arn }) => ({ to: address(resource), id: literal(`${name}/${arn}`) })),
  ];
}

/** The policy's name and a hash of its ARN: cdktf would misread some characters of a path. */
function attachmentId(arn: string): string {
  const name = arn.slice(arn.lastIndexOf('/') + 1).replace(/[^A-Za-z0-9_-]/g, '');
  return `attachment-${name}-${hashOf(arn)}`;
}

function idOf(policyName: string): string {
  return `${policyName.replace(/[^A-Za-z0-9_-]/g, '')}-${hashOf(policyName)}`;
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
