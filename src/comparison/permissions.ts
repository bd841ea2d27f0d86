import type { Role } from '../blueprint/Blueprint';
import { INLINE_POLICY } from '../blueprint/permissionPolicy';
import type { RolePolicyFacts } from '../estate/aws/AwsPort';
import type { PolicyDocument } from '../iam/PolicyDocument';
import { policyDifference } from '../iam/sameMeaning';
import type { DocumentMismatch } from './Mismatch';

/** `missing`: it must be there. `unwanted`: it must not. `document`: an inline policy says something else. */
export type PermissionsMismatch =
  | { readonly of: 'managed-policy'; readonly arn: string; readonly what: 'missing' | 'unwanted' }
  | ({
      readonly of: 'inline-policy';
      readonly name: string;
      readonly what: 'missing' | 'unwanted' | 'document';
      readonly wanted: PolicyDocument;
      readonly found: PolicyDocument;
    } & DocumentMismatch);

const EMPTY: PolicyDocument = { Version: '2012-10-17', Statement: [] };

/** The inline policies that a role must have, by name. */
export function inlinePolicies({ inline, inlinePolicies: others }: Role): ReadonlyMap<string, PolicyDocument> {
  return new Map([
    ...(inline === undefined ? [] : [[INLINE_POLICY, inline] as const]),
    ...others.map(({ name, document }) => [name, document] as const),
  ]);
}

/** The inline and attached policies that a role must have against those that it has; documents are compared by what they say. */
export function comparePermissions(role: Role, found: RolePolicyFacts): readonly PermissionsMismatch[] {
  const wanted = inlinePolicies(role);
  const names = new Set([...wanted.keys(), ...Object.keys(found.inline)]);
  const attached = new Set([...role.managedPolicies, ...found.attached]);
  return [
    ...[...names].flatMap((name): readonly PermissionsMismatch[] => {
      const [should, is] = [wanted.get(name), found.inline[name]];
      const documents = { wanted: should ?? EMPTY, found: is ?? EMPTY };
      const difference = policyDifference(documents.found, documents.wanted);
      const what = should === undefined ? 'unwanted' : is === undefined ? 'missing' : 'document';
      if (what === 'document' && difference.missing.length + difference.extra.length === 0) return [];
      return [{ of: 'inline-policy', name, what, ...documents, ...difference }];
    }),
    ...[...attached].flatMap((arn): readonly PermissionsMismatch[] => {
      const [should, is] = [role.managedPolicies.includes(arn), found.attached.includes(arn)];
      return should === is ? [] : [{ of: 'managed-policy', arn, what: should ? 'missing' : 'unwanted' }];
    }),
  ];
}
