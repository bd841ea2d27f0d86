import type { Partition } from '../inventory/Inventory';

/** The ARN of an IAM role. `path` is `/` or `/…/`. */
export function roleArn(partition: Partition, accountId: string, path: string, name: string): string {
  return `arn:${partition}:iam::${accountId}:role${path}${name}`;
}

/** The ARN of an account's root: the principal of the whole account. */
export function accountRootArn(partition: Partition, accountId: string): string {
  return `arn:${partition}:iam::${accountId}:root`;
}

/** An issuer URL without its scheme, as in the names of OIDC providers and their condition keys. */
export function issuerName(issuer: string): string {
  return issuer.replace(/^https:\/\//, '');
}

/** The ARN of an issuer's OIDC provider in an account. */
export function oidcProviderArn(partition: Partition, accountId: string, issuer: string): string {
  return `arn:${partition}:iam::${accountId}:oidc-provider/${issuerName(issuer)}`;
}

/** Whether an ARN is that of a session of a role: `arn:aws:sts::ACCOUNT:assumed-role/NAME/SESSION`. The path of a role is not part of it. */
export function isSessionOf(session: string, role: { readonly arn: string; readonly name: string }): boolean {
  const [, partition = '', , , account = ''] = role.arn.split(':');
  return session.startsWith(`arn:${partition}:sts::${account}:assumed-role/${role.name}/`);
}
