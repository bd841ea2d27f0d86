import type { Association } from '../blueprint/Blueprint';
import type { AssociationFacts } from '../estate/aws/AwsPort';
import { type Mismatch, property } from './Mismatch';

export type AssociationMismatch = Mismatch<'role' | 'target-role' | 'session-tags' | 'session-policy' | 'owner'>;

/**
 * The association that a stage has, if any, against the one that stands. No stage has a session policy. The owner is an add-on of the cluster, by name; another owner's ARN is
 * its own name.
 */
export function compareAssociation(
  wanted: Association | undefined,
  found: AssociationFacts | undefined,
): readonly AssociationMismatch[] {
  if (wanted === undefined) return found === undefined ? [] : [{ what: 'unwanted', found: found.roleArn }];
  if (found === undefined) return [{ what: 'missing', wanted: wanted.roleArn }];
  return [
    ...property('role', wanted.roleArn, found.roleArn),
    ...property('target-role', wanted.targetRoleArn, found.targetRoleArn),
    ...property('session-tags', sessionTags(wanted), sessionTags(found)),
    ...property('session-policy', undefined, sessionPolicyText(found)),
    ...property('owner', wanted.addon, ownerOf(found, wanted.clusterName)),
  ];
}

/** The session policy of an association as JSON. Undefined: it has none. */
export function sessionPolicyText({ sessionPolicy }: Pick<AssociationFacts, 'sessionPolicy'>): string | undefined {
  return sessionPolicy && JSON.stringify(sessionPolicy);
}

function sessionTags({ disableSessionTags }: { readonly disableSessionTags: boolean }): string {
  return disableSessionTags ? 'disabled' : 'enabled';
}

/** The parts of an add-on's ARN: `arn:aws:eks:us-west-2:333333333333:addon/prod-main/aws-ebs-csi-driver/0ac5…`. */
const ADDON_ARN = /^arn:[\w-]+:eks:[\w-]*:\d*:addon\/([^/]+)\/([^/]+)(?:\/|$)/;

/** The add-on that owns an association: by its name where it is one of the cluster, else by its ARN. Nothing: no add-on owns it. */
export function ownerOf({ ownerArn }: Pick<AssociationFacts, 'ownerArn'>, clusterName: string): string | undefined {
  if (ownerArn === undefined) return undefined;
  const [, cluster, addon] = ADDON_ARN.exec(ownerArn) ?? [];
  return cluster === clusterName ? addon : ownerArn;
}
