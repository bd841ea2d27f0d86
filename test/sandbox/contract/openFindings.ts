/**
 * What the sandbox still does otherwise than the models. The contract test fails when one of these is gone, and when there is another.
 */
export const OPEN_FINDINGS: readonly string[] = [];
