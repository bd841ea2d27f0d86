import type { NamedPolicy } from '../../iam/Decision';

/** Attackers are taken to have every permission in their own account: only the role's trust policy keeps them out. */
export const ALLOW_ALL: NamedPolicy = {
  name: 'identity policy of the attacker',
  document: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } },
};

/** Services that assume roles too, and lookalikes of the right one. */
export const OTHER_SERVICES = [
  'ec2.amazonaws.com',
  'lambda.amazonaws.com',
  'eks.amazonaws.com',
  'pods.eks.amazonaws.com.cn',
  'xpods.eks.amazonaws.com',
];
