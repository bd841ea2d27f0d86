import childProcess, { ChildProcess } from 'node:child_process';
import net from 'node:net';
import { TestEnvironment } from 'jest-environment-node';

/** The parts used here of an event of jest-circus. Source: jestjs/jest, packages/jest-types/src/Circus.ts. */
interface CircusEvent {
  readonly name: string;
  readonly test?: { readonly errors: unknown[] };
}

/**
 * The environment of the unit tests (`*.test.ts`): a test that starts a process or opens a port fails.
 * The patch stands outside of the test's own modules, because jest shares node's modules among all files of a worker.
 */
export default class PureEnvironment extends TestEnvironment {
  private readonly refused: string[] = [];
  private restore: (() => void)[] = [];

  override async setup(): Promise<void> {
    await super.setup();
    // spawn, exec, execFile and fork all call this method.
    this.refuse(
      ChildProcess.prototype as unknown as Record<'spawn', unknown>,
      'spawn',
      (first) => `starts the process ${nameOf(first)}`,
    );
    for (const name of ['spawnSync', 'execFileSync', 'execSync'] as const)
      this.refuse(childProcess, name, (first) => `starts the process ${nameOf(first)}`);
    this.refuse(net.Server.prototype, 'listen', () => 'opens a port');
    // http, https, tls and fetch all call this method.
    this.refuse(net.Socket.prototype, 'connect', () => 'opens a connection');
  }

  override async teardown(): Promise<void> {
    for (const restore of this.restore) restore();
    await super.teardown();
  }

  /** Also fails a test whose code caught the error of the refusal. */
  handleTestEvent({ name, test }: CircusEvent): void {
    if (name !== 'test_done') return;
    for (const sentence of this.refused.splice(0)) test?.errors.push(new Error(sentence));
  }

  private refuse<Name extends string>(
    owner: Record<Name, unknown>,
    name: Name,
    what: (first: unknown) => string,
  ): void {
    const original = owner[name];
    owner[name] = (first: unknown) => {
      const sentence = `A unit test ${what(first)}. Rename its file to *.io.test.ts (docs/TESTING.md).`;
      this.refused.push(sentence);
      throw new Error(sentence);
    };
    this.restore.push(() => {
      owner[name] = original;
    });
  }
}

const nameOf = (first: unknown): string =>
  typeof first === 'string' ? first : String((first as { file?: unknown } | undefined)?.file);
