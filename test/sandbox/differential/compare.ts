import { startSandbox } from '../../../src/sandbox/startSandbox';
import { type Caller, rawCall } from '../contract/rawCall';
import { APPS, REGION } from '../testSandbox';
import { differences, reduceAnswer } from './reduceAnswer';
import { SCENARIOS } from './scenarios';
import { startMoto } from './startMoto';

/** A call at which the sandbox and moto differ. */
export interface Difference {
  /** `tags/4 TagRole` */
  readonly call: string;
  /** The paths and both values, the sandbox's first. */
  readonly paths: readonly string[];
}

/** Makes all calls of all scenarios against both. Each scenario starts with nothing. */
export async function compareWithMoto(): Promise<{
  readonly calls: number;
  readonly differences: readonly Difference[];
}> {
  const moto = await startMoto();
  const found: Difference[] = [];
  let calls = 0;
  try {
    for (const { name, calls: wanted } of SCENARIOS) {
      await moto.reset();
      const sandbox = await startSandbox({ seed: { ambientAccount: APPS, clusters: [] } });
      const credentials = { accessKeyId: sandbox.accessKeyId(), secretAccessKey: sandbox.secretAccessKey };
      const ours: Caller = { endpoint: sandbox.endpoint, region: REGION, credentials };
      const theirs: Caller = { ...ours, endpoint: moto.endpoint, headers: { 'x-moto-account-id': APPS } };
      try {
        for (const [index, [service, operation, input]] of wanted.entries()) {
          const [one, other] = [
            reduceAnswer(service, await rawCall(ours, service, operation, input)),
            reduceAnswer(service, await rawCall(theirs, service, operation, input)),
          ];
          calls += 1;
          const paths = differences(one, other);
          if (paths.length > 0) found.push({ call: `${name}/${index} ${operation}`, paths });
        }
      } finally {
        await sandbox.stop();
      }
    }
  } finally {
    moto.stop();
  }
  return { calls, differences: found };
}
