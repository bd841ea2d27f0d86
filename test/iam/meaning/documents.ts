import type { ConditionBlock, PolicyDocument, Statement } from '../../../src/iam/PolicyDocument';
import { notCovered } from '../../../src/iam/sameMeaning';

export const listed = ({ Statement }: PolicyDocument) => [Statement].flat() as readonly Statement[];

export const documentOf = (...Statement: Statement[]): PolicyDocument => ({ Version: '2012-10-17', Statement });

/** A statement of an identity policy. */
export const allow = (parts: Partial<Statement> = {}): Statement => ({
  Effect: 'Allow',
  Action: 's3:GetObject',
  Resource: 'arn:aws:s3:::acme/*',
  ...parts,
});

/** A statement of a trust policy. */
export const trust = (parts: Partial<Statement> = {}): Statement => ({
  Effect: 'Allow',
  Principal: { Service: 'pods.eks.amazonaws.com' },
  Action: 'sts:AssumeRole',
  ...parts,
});

export const under = (Condition: ConditionBlock): Statement => allow({ Condition });

/** A condition that narrows any statement, so that the statement equals none without the condition. */
const NARROWER: ConditionBlock = { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } };

/** Whether the wide statement applies to every request of the other one, and so also to those from some addresses only. */
export function isCovered(statement: Statement, wide: Statement): boolean {
  const narrowed = { ...statement, Condition: { ...statement.Condition, ...NARROWER } };
  return [statement, narrowed].every((one) => notCovered([documentOf(one)], [documentOf(wide)]).length === 0);
}
