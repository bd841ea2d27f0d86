import { DeletePodIdentityAssociationCommand } from '@aws-sdk/client-eks';
import { compile } from '../../../../src/blueprint/compile';
import type { SourceRole } from '../../../../src/blueprint/Blueprint';
import type { Statement } from '../../../../src/iam/PolicyDocument';
import type { Stage } from '../../../../src/inventory/Inventory';
import type { EvidenceText as Evidence } from '../gateText';
import type { Setting } from '../../agreedWorld';
import { inventoryAt, type Live } from './liveWorld';

/** The workload's role as it is at a stage. */
export function roleAt(stage: Stage, setting: Setting = {}): SourceRole {
  return compile(inventoryAt(stage, setting), 'prod').roles[0]!;
}

/** A statement that is not podlift's: another cluster of the account may have the role. */
export const TRUST_OF_SOMEONE: Statement = {
  Effect: 'Allow',
  Principal: { Service: 'pods.eks.amazonaws.com' },
  Action: ['sts:AssumeRole', 'sts:TagSession'],
  Condition: { StringEquals: { 'aws:SourceArn': 'arn:aws:eks:us-west-2:333333333333:cluster/elsewhere' } },
};

/** Deletes the association that a remedy names in its command of the AWS CLI. */
export async function deleteAssociationOfRemedy(live: Live, evidence: readonly Evidence[]): Promise<undefined> {
  const [, clusterName, associationId] =
    /delete-pod-identity-association --cluster-name (\S+) --association-id (\S+)/.exec(evidence[0]?.remedy ?? '') ?? [];
  await live.eks().send(new DeletePodIdentityAssociationCommand({ clusterName, associationId }));
  return undefined;
}
