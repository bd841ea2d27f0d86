import { startSandbox } from '../../../src/sandbox/startSandbox';
import { type Caller, rawCall } from '../contract/rawCall';
import { APPS, REGION } from '../testSandbox';
import { differences, reduceAnswer } from './reduceAnswer';
import { SCENARIOS } from './scenarios';
import type { Scenario } from './scenarios/call';
import { type Moto, startMoto } from './startMoto';

/** A call at which the sandbox and moto differ. */
export interface Difference {
  /** `tags/4 TagRole` */
  readonly call: string;
  /** What differs, as `differences` writes it: the sandbox's side first. */
  readonly lines: readonly string[];
}

async function compareScenario({ name, calls, start }: Scenario, moto: Moto): Promise<readonly Difference[]> {
  await moto.reset();
  const sandbox = await startSandbox({ seed: start?.seed ?? { ambientAccount: APPS, clusters: [] } });
  const credentials = { accessKeyId: sandbox.accessKeyId(), secretAccessKey: sandbox.secretAccessKey };
  const ours: Caller = { endpoint: sandbox.endpoint, region: REGION, credentials };
  const theirs: Caller = { ...ours, endpoint: moto.endpoint, headers: { 'x-moto-account-id': APPS } };
  const found: Difference[] = [];
  try {
    for (const call of start?.moto ?? []) {
      const { status, body } = await rawCall(theirs, ...call);
      if (status !== 200) throw new Error(`moto refused ${call[1]}: ${body}`);
    }
    for (const [index, call] of calls.entries()) {
      const [service, operation] = call;
      const one = reduceAnswer(service, await rawCall(ours, ...call));
      const other = reduceAnswer(service, await rawCall(theirs, ...call));
      const lines = differences(one, other);
      if (lines.length > 0) found.push({ call: `${name}/${index} ${operation}`, lines });
    }
  } finally {
    await sandbox.stop();
  }
  return found;
}

/** Makes all calls of all scenarios against both. Each scenario starts with nothing but its own start. */
export async function compareWithMoto(): Promise<readonly Difference[]> {
  const moto = await startMoto();
  try {
    const found: Difference[] = [];
    for (const scenario of SCENARIOS) found.push(...(await compareScenario(scenario, moto)));
    return found;
  } finally {
    await moto.stop();
  }
}
