// The words of the format alone: a command that reads no Estate does not load its schema.

/** The format that a saved Estate names. */
export const ESTATE_FORMAT = 'podlift.estate/1';

/** The reasons why a question has no answer. */
export const REASONS = ['denied', 'throttled', 'unreachable', 'timeout', 'failed'] as const;

/** The key of the list of all, beside the keys of single things. */
export const ALL = '*';
