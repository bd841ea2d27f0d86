import type { NamedPolicy, Policies } from '../../iam/Decision';
import type { PolicyDocument } from '../../iam/PolicyDocument';
import { parseArn } from '../../iam/Arn';
import { roleByArn } from '../world/findState';
import type { RoleState, World } from '../world/World';
import { awsManagedDocument } from './managedDocuments';
import type { Principal } from './Principal';

const ADMINISTRATOR: NamedPolicy = {
  name: 'AdministratorAccess',
  document: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
};

/** What the role of a node that nobody described carries for the agent (the managed policy AmazonEKSWorkerNodePolicy has it). */
const NODE: NamedPolicy = {
  name: 'AmazonEKSWorkerNodePolicy',
  document: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'eks-auth:AssumeRoleForPodIdentity', Resource: '*' }],
  },
};

const NOTHING: PolicyDocument = { Version: '2012-10-17', Statement: [] };

/** The document of a managed policy in its default version; one that is not known allows nothing. */
export function managedDocument(world: World, arn: string): PolicyDocument {
  const owner = parseArn(arn)?.account ?? '';
  const policy = world.accounts[owner]?.policies[arn.toLowerCase()];
  if (policy === undefined) return awsManagedDocument(arn) ?? NOTHING;
  const version = policy.versions.find((candidate) => candidate.id === policy.defaultVersion);
  return version === undefined ? NOTHING : (JSON.parse(version.document) as PolicyDocument);
}

/** The identity policies and the boundary of a role, named as an explanation shows them. */
function policiesOfRole(world: World, role: RoleState): Policies {
  const inline = Object.entries(role.inline).map(([name, document]) => ({
    name: `inline policy ${name} of ${role.arn}`,
    document: JSON.parse(document) as PolicyDocument,
  }));
  const attached = role.attached.map((arn) => ({
    name: `managed policy ${arn}`,
    document: managedDocument(world, arn),
  }));
  const identity = [...inline, ...attached];
  if (role.boundary === undefined) return { identity };
  const boundary = { name: `permissions boundary ${role.boundary}`, document: managedDocument(world, role.boundary) };
  return { identity, boundary };
}

/** Every policy that speaks about what a principal may do: its role's as they are now, and its session's. */
export function policiesOf(world: World, principal: Principal): Policies {
  switch (principal.kind) {
    case 'administrator':
      return { identity: [ADMINISTRATOR] };
    case 'node': {
      if (principal.roleArn === undefined) return { identity: [NODE] };
      const role = roleByArn(world, principal.roleArn);
      return role === undefined ? { identity: [] } : policiesOfRole(world, role);
    }
    case 'anonymous':
      return { identity: [] };
    case 'session': {
      const role = roleByArn(world, principal.session.roleArn);
      const policies = role === undefined ? { identity: [] } : policiesOfRole(world, role);
      const { sessionPolicies } = principal.session;
      return sessionPolicies.length === 0 ? policies : { ...policies, session: sessionPolicies };
    }
  }
}
