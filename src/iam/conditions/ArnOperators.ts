import { splitArn } from '../Arn';
import { arnPatternOf } from '../expandVariables';
import { matchPattern } from '../matchPattern';
import type { Comparison } from './ConditionOperator';

/**
 * `ArnEquals` and `ArnLike` alike: each of the six colon-delimited components fits its own glob, so that no wildcard
 * reaches over a colon but in the last one. A text that is no ARN fits no pattern.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
 */
export const arnLike: Comparison = (found, wanted) => {
  const parts = splitArn(found);
  if (parts === undefined) return false;
  if (found === wanted.text) return true;
  const patterns = arnPatternOf(wanted);
  return (
    patterns.length === parts.length && patterns.every((pattern, index) => matchPattern(pattern, parts[index] ?? ''))
  );
};
