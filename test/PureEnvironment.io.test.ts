import childProcess from 'node:child_process';
import { createServer } from 'node:http';
import PureEnvironment from './PureEnvironment';

/** Runs one test in the environment of the unit tests; gives the messages with which it fails. */
async function failuresOf(test: () => unknown): Promise<string[]> {
  const projectConfig = { globals: {}, testEnvironmentOptions: {}, fakeTimers: {} };
  const environment = new PureEnvironment({ globalConfig: {}, projectConfig } as never, {} as never);
  const errors: Error[] = [];
  await environment.setup();
  try {
    await test();
  } catch {
    // What the environment noted counts, also where the code under test catches the error.
  } finally {
    environment.handleTestEvent({ name: 'test_done', test: { errors } });
    await environment.teardown();
  }
  return errors.map(({ message }) => message);
}

describe('the environment of the unit tests', () => {
  it.each<[string, () => unknown, string]>([
    ['starts a process', () => childProcess.spawn('true'), 'starts the process true'],
    ['starts a process by execFile', () => childProcess.execFile('true'), 'starts the process true'],
    ['waits for a process', () => childProcess.spawnSync('true'), 'starts the process true'],
    ['runs a shell', () => childProcess.execSync('exit 0'), 'starts the process exit 0'],
    ['opens a port', () => createServer().listen(0), 'opens a port'],
    ['opens a connection', () => fetch('http://127.0.0.1:8'), 'opens a connection'],
  ])('fails a test that %s, and says what to do', async (_, test, what) => {
    expect(await failuresOf(test)).toContain(`A unit test ${what}. Rename its file to *.io.test.ts (docs/TESTING.md).`);
  });

  it('fails no other test, and leaves nothing refused behind', async () => {
    expect(await failuresOf(() => 1)).toEqual([]);
    expect(childProcess.spawnSync('true').status).toBe(0);
  });
});
