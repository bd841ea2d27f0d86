import type { Partition } from '../inventory/Inventory';

/** ARN of an IAM role. `path` is `/` or `/…/`. */
export function roleArn(partition: Partition, accountId: string, path: string, name: string): string {
  return `arn:${partition}:iam::${accountId}:role${path}${name}`;
}

/** ARN of an account's root, the principal that stands for the whole account. */
export function accountRootArn(partition: Partition, accountId: string): string {
  return `arn:${partition}:iam::${accountId}:root`;
}

/** An issuer URL without its scheme, as IAM names OIDC providers and their condition keys. */
export function issuerName(issuer: string): string {
  return issuer.replace(/^https:\/\//, '');
}

/** ARN of the OIDC provider of an issuer in an account. */
export function oidcProviderArn(partition: Partition, accountId: string, issuer: string): string {
  return `arn:${partition}:iam::${accountId}:oidc-provider/${issuerName(issuer)}`;
}
