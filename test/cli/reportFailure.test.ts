import { reportFailure, UsageError } from '../../src/cli/exit';

describe('what ends podlift', () => {
  const written: string[] = [];
  beforeEach(() => {
    written.length = 0;
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it.each([
    ['a mistake of a person', new UsageError('there is no such folder'), 2, 'podlift: there is no such folder\n'],
    [
      'a defect',
      new TypeError('x is not a function'),
      70,
      'podlift: unexpected error: x is not a function; PODLIFT_DEBUG=1 shows where\n',
    ],
    [
      'a defect of several lines',
      new Error('one\ntwo'),
      70,
      'podlift: unexpected error: one; PODLIFT_DEBUG=1 shows where\n',
    ],
    ['what is no error', 'text', 70, 'podlift: unexpected error: text; PODLIFT_DEBUG=1 shows where\n'],
  ])('is told in one line when it is %s', (_what, error, exitCode, line) => {
    expect(reportFailure(error, {})).toBe(exitCode);
    expect(written.join('')).toBe(line);
  });

  it.each([new UsageError('there is no such folder'), new TypeError('x is not a function')])(
    'is told with its trace where PODLIFT_DEBUG is set: %s',
    (error) => {
      reportFailure(error, { PODLIFT_DEBUG: '1' });
      expect(written.join('')).toMatch(/\n {4}at /);
    },
  );
});
