/** One value or several: IAM takes both wherever a list may stand. */
export type OneOrMany<T> = T | readonly T[];

/** A condition value as JSON may carry it; IAM compares all of them as strings. */
export type ConditionValue = string | number | boolean;

/** Operator (`StringEquals`, `ForAllValues:StringLike`, `NumericLessThanIfExists`, …) → condition key → wanted values. */
export type ConditionBlock = Readonly<Record<string, Readonly<Record<string, OneOrMany<ConditionValue>>>>>;

/** Who a resource policy or trust policy speaks of. */
export type PrincipalElement =
  | '*'
  | {
      readonly AWS?: OneOrMany<string>;
      readonly Service?: OneOrMany<string>;
      readonly Federated?: OneOrMany<string>;
      readonly CanonicalUser?: OneOrMany<string>;
    };

/**
 * One statement of a policy document.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
 */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: PrincipalElement;
  readonly NotPrincipal?: PrincipalElement;
  readonly Action?: OneOrMany<string>;
  readonly NotAction?: OneOrMany<string>;
  readonly Resource?: OneOrMany<string>;
  readonly NotResource?: OneOrMany<string>;
  readonly Condition?: ConditionBlock;
}

/** A policy document as it stands in AWS. Without `Version` it is `2008-10-17`, which has no policy variables. */
export interface PolicyDocument {
  readonly Version?: '2012-10-17' | '2008-10-17';
  readonly Id?: string;
  readonly Statement: OneOrMany<Statement>;
}
