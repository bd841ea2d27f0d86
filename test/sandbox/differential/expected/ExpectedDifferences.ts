/** Differences between the sandbox and moto with the same reason. */
export interface ExpectedDifferences {
  /** The reason why the sandbox is right, or does not have to be the same. */
  readonly reason: string;
  /** Where AWS says what is right. "unknown": AWS does not say. */
  readonly source: string;
  readonly differ: readonly {
    /** What differs, the sandbox's side first, as `differences` writes it. */
    readonly lines: readonly string[];
    /** The calls at which each of these lines differs: `SCENARIO: OPERATION`, and the indexes of the calls in the scenario. */
    readonly at: Readonly<Record<string, readonly number[]>>;
  }[];
}

export const API = 'https://docs.aws.amazon.com/IAM/latest/APIReference/';
export const GUIDE = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/';
export const STS = 'https://docs.aws.amazon.com/STS/latest/APIReference/';
export const EKS = 'https://docs.aws.amazon.com/eks/latest/APIReference/';
