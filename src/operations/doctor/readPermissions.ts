import type { NamedPolicy } from '../../iam/Decision';
import type { Answer, AwsPort } from '../../estate/aws/AwsPort';
import type { LivePermissions, LiveRole } from './Facts';

/** Asks for a role by its name, and for the documents of all that is attached to it, its boundary included. */
export async function readRole(port: AwsPort, name: string): Promise<LiveRole> {
  const [role, permissions] = await Promise.all([port.role(name), readPermissions(port, name)]);
  return { role, permissions };
}

/** The documents of all that limits and allows what a role may do; nothing where there is no such role. One document that cannot be read leaves the whole unknown. */
export async function readPermissions(port: AwsPort, name: string): Promise<Answer<LivePermissions | undefined>> {
  const [role, policies] = await Promise.all([port.role(name), port.rolePolicies(name)]);
  if (!role.ok) return role;
  if (!policies.ok) return policies;
  if (role.value === undefined || policies.value === undefined) return { ok: true, value: undefined };
  const { permissionsBoundary } = role.value;
  const { attached, inline } = policies.value;
  const [boundary, documents] = await Promise.all([
    permissionsBoundary === undefined ? undefined : managed(port, permissionsBoundary),
    Promise.all(attached.map((arn) => managed(port, arn))),
  ]);
  const identity: NamedPolicy[] = Object.entries(inline).map(([policy, document]) => ({
    name: `inline policy ${policy} of ${name}`,
    document,
  }));
  for (const answer of documents) {
    if (!answer.ok) return answer;
    identity.push(answer.value);
  }
  if (boundary?.ok === false) return boundary;
  return {
    ok: true,
    value: {
      attached,
      inline: Object.keys(inline),
      identity,
      ...(boundary === undefined ? {} : { boundary: { ...boundary.value, name: `boundary ${boundary.value.name}` } }),
    },
  };
}

async function managed(port: AwsPort, arn: string): Promise<Answer<NamedPolicy>> {
  const answer = await port.managedPolicy(arn);
  if (!answer.ok) return answer;
  if (answer.value === undefined) return { ok: false, why: 'failed', message: `there is no policy ${arn}` };
  return { ok: true, value: { name: `policy ${arn}`, document: answer.value } };
}

/** The name of a role, from its ARN: IAM knows one of a name in an account, whatever its path. */
export function roleNameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
