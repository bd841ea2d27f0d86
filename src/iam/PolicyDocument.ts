/** One value or a list: IAM accepts both. */
export type OneOrMany<T> = T | readonly T[];

/** A condition value in JSON. IAM compares all of them as strings. */
export type ConditionValue = string | number | boolean;

/** Operator (`StringEquals`, `ForAllValues:StringLike`, `NumericLessThanIfExists`, …) → condition key → wanted values. */
export type ConditionBlock = Readonly<Record<string, Readonly<Record<string, OneOrMany<ConditionValue>>>>>;

/** The principals of a resource policy or trust policy. */
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

/** A policy document of AWS. Without `Version` it is `2008-10-17`, which has no policy variables. */
export interface PolicyDocument {
  readonly Version?: '2012-10-17' | '2008-10-17';
  readonly Id?: string;
  readonly Statement: OneOrMany<Statement>;
}

/** The values of an element that is one value or a list. */
export function listOf<T>(values: OneOrMany<T>): readonly T[] {
  return Array.isArray(values) ? (values as readonly T[]) : [values as T];
}

/** One value alone, several as a list. */
export function oneOrList<T>(values: readonly T[]): OneOrMany<T> {
  const [first] = values;
  return values.length === 1 && first !== undefined ? first : values;
}
