// Policy documents as people and other tools wrote them: every name is IAM's own, and nothing in them is replaced.

type OneOrMany<T> = T | readonly T[];

/** Who a kept statement speaks of, as IAM writes it. */
export type KeptPrincipal =
  | '*'
  | {
      readonly AWS?: OneOrMany<string>;
      readonly Service?: OneOrMany<string>;
      readonly Federated?: OneOrMany<string>;
    };

/** A statement of an adopted role's trust policy that stays as it is; every name is IAM's own. */
export interface KeptStatement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: KeptPrincipal;
  readonly NotPrincipal?: KeptPrincipal;
  readonly Action?: OneOrMany<string>;
  readonly NotAction?: OneOrMany<string>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMany<string> | number | boolean>>>>;
}

/** An identity policy in IAM's own JSON. */
export interface InlineDocument {
  readonly Version?: '2012-10-17' | '2008-10-17';
  readonly Id?: string;
  readonly Statement: OneOrMany<InlineStatement>;
}

/** A statement of an identity policy; every name is IAM's own. */
export interface InlineStatement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: OneOrMany<string>;
  readonly NotAction?: OneOrMany<string>;
  readonly Resource?: OneOrMany<string>;
  readonly NotResource?: OneOrMany<string>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMany<string> | number | boolean>>>>;
}
