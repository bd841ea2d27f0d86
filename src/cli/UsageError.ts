/** Something that podlift needs and does not find as it should be. The message, one line, is all that a person is shown of it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
