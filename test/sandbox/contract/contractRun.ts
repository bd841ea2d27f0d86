import { readFileSync } from 'node:fs';
import type { Service } from '../../../src/sandbox/api/Service';
import { type Sandbox, startSandbox } from '../../../src/sandbox/startSandbox';
import { MAIN, REGION } from '../testSandbox';
import { brokenInputs, hostileInputs, missingEntities, refusals } from './brokenCalls';
import { checkAnswer, readError, type Violation } from './checkAnswer';
import { type Caller, type Input, type RawAnswer, rawCall } from './rawCall';
import { FAILING_CALLS } from './failingCalls';
import { checkPages, makeItems, PAGED_CALLS } from './pagesRun';
import { type Known, NAMESPACE, POWERLESS, SEED, SERVICE_ACCOUNT, VALID_CALLS } from './validCalls';

/** What a run found. */
export interface Findings {
  /** The number of answers that were checked. */
  answers: number;
  readonly violations: Violation[];
}

/** A sandbox with the seed, and a function that calls and checks. */
interface Run {
  readonly sandbox: Sandbox;
  readonly administrator: Caller;
  readonly known: Known;
  readonly send: (service: Service, operation: string, input: Input, caller?: Caller) => Promise<RawAnswer>;
}

/** The first value of a member in a text of JSON or XML. */
function valueIn(body: string, member: string): string | undefined {
  return new RegExp(`"${member}":"([^"]*)"`).exec(body)?.[1] ?? new RegExp(`<${member}>([^<]*)<`).exec(body)?.[1];
}

/** Starts a sandbox, gives it to a function, and stops it. */
async function withRun(findings: Findings, use: (run: Run) => Promise<void>): Promise<void> {
  const sandbox = await startSandbox({ seed: SEED });
  try {
    const pod = sandbox.kubernetes.admitPod({ cluster: MAIN, namespace: NAMESPACE, serviceAccount: SERVICE_ACCOUNT });
    const podToken = readFileSync(pod.env.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE ?? '', 'utf8');
    const webIdentityToken = sandbox.kubernetes.createToken(MAIN, {
      namespace: NAMESPACE,
      serviceAccount: SERVICE_ACCOUNT,
      audience: 'sts.amazonaws.com',
      expiration: 3600,
    });
    const administrator: Caller = {
      endpoint: sandbox.endpoint,
      region: REGION,
      credentials: { accessKeyId: sandbox.accessKeyId(), secretAccessKey: sandbox.secretAccessKey },
    };
    const bodies: string[] = [];
    const known: Known = {
      podToken,
      webIdentityToken,
      answered: (member) => {
        for (const body of bodies) {
          const value = valueIn(body, member);
          if (value !== undefined) return value;
        }
        return 'none';
      },
    };
    await use({
      sandbox,
      administrator,
      known,
      send: async (service, operation, input, caller = administrator) => {
        const answer = await rawCall(caller, service, operation, input);
        findings.answers += 1;
        findings.violations.push(...checkAnswer(service, operation, answer));
        if (answer.status === 200) bodies.unshift(answer.body);
        return answer;
      },
    });
  } finally {
    await sandbox.stop();
  }
}

/** Calls each operation with a valid input, and before it with inputs that break the model in one place or name nothing. */
async function callValidAndBroken({ send, known }: Run, findings: Findings): Promise<void> {
  for (const { service, operation, input: inputOf } of VALID_CALLS) {
    const input = inputOf(known);
    const refused = (kind: Violation['kind'], message: string): void => {
      findings.violations.push({ kind, operation: `${service}:${operation}`, message });
    };
    let accepted = false;
    for (const broken of brokenInputs(service, operation, input)) {
      const answer = await send(service, operation, broken.input);
      accepted ||= answer.status === 200;
      const code = answer.status === 200 ? 'accepted' : (readError(service, answer)?.code ?? 'unreadable');
      if (!refusals(service, operation).includes(code)) refused('accepted', `${broken.why}: ${code}`);
    }
    for (const missing of missingEntities(operation, input)) {
      const answer = await send(service, operation, missing.input);
      if (answer.status < 400) refused('accepted', `${missing.why}: accepted`);
    }
    const answer = await send(service, operation, input);
    // A broken input that was accepted has done already what the valid call does.
    if (answer.status !== 200 && !accepted) refused('status', `the valid call failed: ${answer.body}`);
  }
}

/** Calls each operation with hostile texts. Only the form of the answers matters. */
async function callHostile({ send, known }: Run): Promise<void> {
  for (const { service, operation, input: inputOf } of VALID_CALLS) {
    const input = inputOf(known);
    await send(service, operation, input);
    for (const hostile of hostileInputs(service, operation, input)) await send(service, operation, hostile);
  }
}

async function sessionOf({ send, administrator }: Run, role: string): Promise<Caller> {
  const input = { RoleArn: `arn:aws:iam::${MAIN.account}:role/${role}`, RoleSessionName: 'contract' };
  const { body } = await send('sts', 'AssumeRole', input);
  const credentials = {
    accessKeyId: valueIn(body, 'AccessKeyId') ?? '',
    secretAccessKey: valueIn(body, 'SecretAccessKey') ?? '',
    sessionToken: valueIn(body, 'SessionToken') ?? '',
  };
  return { ...administrator, credentials };
}

const UNDENIED = ['GetCallerIdentity', 'AssumeRoleWithWebIdentity'];

/** Calls each operation without permissions, and one of each service with a bad signature. */
async function callDenied(run: Run, findings: Findings): Promise<void> {
  const { send, administrator, known } = run;
  const powerless = await sessionOf(run, POWERLESS);
  const { credentials } = administrator;
  if (credentials === null || powerless.credentials === null) throw new Error('a caller has no credentials');
  const callers: readonly Caller[] = [
    { ...administrator, credentials: null },
    { ...administrator, credentials: { ...credentials, secretAccessKey: 'wrong' } },
    { ...administrator, credentials: { ...credentials, accessKeyId: 'AKIAUNKNOWN' } },
    { ...administrator, credentials: { ...powerless.credentials, sessionToken: 'wrong' } },
    { ...administrator, time: new Date('2020-01-01T00:00:00Z') },
  ];
  const seen = new Set<Service>();
  for (const { service, operation, input } of VALID_CALLS) {
    if (UNDENIED.includes(operation)) continue;
    const wanted = input(known);
    const { status } = await send(service, operation, wanted, powerless);
    if (status < 400)
      findings.violations.push({ kind: 'accepted', operation: `${service}:${operation}`, message: 'no permission' });
    if (seen.has(service)) continue;
    seen.add(service);
    for (const caller of callers) await send(service, operation, wanted, caller);
  }
}

/** Calls one operation of each service while it throttles and fails. */
async function callBusy({ send, sandbox, known }: Run): Promise<void> {
  const faults = [
    { kind: 'throttle' },
    { kind: 'denied' },
    { kind: 'server error', status: 500 },
    { kind: 'server error', status: 503 },
  ] as const;
  const seen = new Set<Service>();
  for (const { service, operation, input } of VALID_CALLS) {
    if (seen.has(service)) continue;
    seen.add(service);
    for (const fault of faults) {
      sandbox.faults.set([fault]);
      await send(service, operation, input(known));
    }
    sandbox.faults.clear();
  }
}

/** Calls each operation with pages page by page. */
async function callPages({ send }: Run, findings: Findings): Promise<void> {
  await makeItems(send);
  for (const call of PAGED_CALLS) {
    const operation = `${call.service}:${call.operation}`;
    for (const message of await checkPages(call, send)) findings.violations.push({ kind: 'pages', operation, message });
  }
}

/** Makes the calls that AWS refuses for their content. */
async function callFailing({ send }: Run, findings: Findings): Promise<void> {
  for (const { service, operation, input, code } of FAILING_CALLS) {
    const answer = await send(service, operation, input);
    const found = answer.status === 200 ? 'accepted' : readError(service, answer)?.code;
    if (found === code) continue;
    const message = `${JSON.stringify(input).slice(0, 120)}: ${String(found)} instead of ${code}`;
    findings.violations.push({ kind: 'accepted', operation: `${service}:${operation}`, message });
  }
}

/** Checks all answers of all operations. */
export async function runContract(): Promise<Findings> {
  const findings: Findings = { answers: 0, violations: [] };
  await withRun(findings, (run) => callValidAndBroken(run, findings));
  await withRun(findings, callHostile);
  await withRun(findings, (run) => callDenied(run, findings));
  await withRun(findings, callBusy);
  await withRun(findings, (run) => callFailing(run, findings));
  await withRun(findings, (run) => callPages(run, findings));
  return findings;
}
