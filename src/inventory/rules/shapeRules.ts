import type { RuleInfo } from '../RuleInfo';

const rule = (name: string, what: string, example: string): RuleInfo => ({
  name,
  severities: ['error'],
  what,
  example,
});

/** What the schema itself finds, besides the forms of texts. */
export const SHAPE_RULES = {
  unknownKey: rule(
    'unknown-key',
    'Every key is one that the format knows.',
    'there is no key "regoin" here: did you mean "region"?',
  ),
  missingKey: rule('missing-key', 'Keys that have no default are there.', '"region" is missing'),
  wrongType: rule(
    'wrong-type',
    'Every value is of the kind that the format asks for.',
    'this is a list, but must be a map',
  ),
  notAllowed: rule(
    'not-allowed',
    'A value with a fixed choice is one of it.',
    '"duall" is not one of irsa, prepared, dual, cutover, pod-identity',
  ),
  outOfRange: rule('out-of-range', 'A number is within its limits.', '100000 is too large: at most 43200'),
  empty: rule('empty-value', 'Texts and lists that must hold something do.', 'this list is empty'),
  principal: rule(
    'principal-in-permission',
    'A permission names no principal: its role is the principal.',
    '"Principal" does not belong in a permission',
  ),
} as const satisfies Record<string, RuleInfo>;
