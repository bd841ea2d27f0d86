import fc from 'fast-check';
import { connect } from 'node:net';
import { SANDBOX_SECRET_ACCESS_KEY } from '../../../src/sandbox/http/authenticate';
import { signatureOf } from '../../../src/sandbox/http/signatureV4';
import { type Sandbox, startSandbox } from '../../../src/sandbox/startSandbox';
import { restoreWorld } from '../../../src/sandbox/world/savedWorld';
import { APPS, MAIN, podTrust, policy, REGION, seedWith } from '../../sandbox/testSandbox';
import { corpus, mutated } from '../mutations';
import { inTime, mustHold, type Target } from '../Target';
import { HTTP_WORDS } from '../words';

let sandbox: Sandbox;
let bearer = '';

/** Requests that change a fresh sandbox: every so many cases there is a new one. */
const CASES_PER_SANDBOX = 500;
let cases = 0;

async function restart(): Promise<void> {
  const role = { account: APPS, name: 'app', trust: policy(podTrust()) };
  sandbox = await startSandbox({ seed: seedWith([role]) });
  const account = { namespace: 'default', serviceAccount: 'default', audience: 'sts.amazonaws.com', expiration: 600 };
  bearer = sandbox.kubernetes.createToken(MAIN, account);
  cases = 0;
}

/** Whatever a client sends, the sandbox answers with no defect, goes on, and its AWS can be saved and restored. */
export const http: Target = {
  name: 'http',
  start: restart,
  stop: () => sandbox.stop(),
  property: () =>
    fc.asyncProperty(
      mutated(corpus('http'), HTTP_WORDS),
      fc.constantFrom('iam', 'sts', 'eks', 'eks-auth'),
      (text, service) =>
        inTime(async () => {
          cases += 1;
          if (cases > CASES_PER_SANDBOX) {
            await sandbox.stop();
            await restart();
          }
          await answers(text, service);
        }),
    ),
};

/** A seed names what a client of this sandbox knows. */
function texts(text: string): string {
  return text
    .replaceAll('{token}', bearer)
    .replaceAll('{kubernetes}', sandbox.kubernetes.token)
    .replaceAll('{host}', new URL(sandbox.endpoint).host);
}

/** A seed is the request line, headers, an empty line and the body. */
function partsOf(text: string): { line: string; headers: readonly string[]; body: string } {
  const [head = '', ...rest] = texts(text).split(/\r?\n\r?\n/);
  const [line = '', ...headers] = head.split(/\r?\n/);
  return { line, headers, body: rest.join('\n\n').replace(/\n$/, '') };
}

async function answers(text: string, service: string): Promise<void> {
  const { line, headers, body } = partsOf(text);
  const length = `content-length: ${Buffer.byteLength(body)}`;
  const signed = headers.includes('authorization: sign') ? signatureHeaders(line, body, service) : [];
  const sent = [
    line,
    ...headers.filter(
      (header) => header !== 'authorization: sign' && !(signed.length > 0 && header.startsWith('host:')),
    ),
    ...signed,
    length,
    'connection: close',
  ];
  const answer = await exchange(`${sent.join('\r\n')}\r\n\r\n${body}`);
  mustHold(!/^HTTP\/1\.1 50[035]/.test(answer), `a defect: ${answer.slice(0, 600)}`);
  mustHold(Object.keys(Object.prototype).length === 0, 'the prototype of all objects was changed');
  restoreWorld(sandbox.save());
}

function signatureHeaders(line: string, body: string, service: string): string[] {
  const [method = 'GET', target = '/'] = line.split(' ');
  const mark = target.indexOf('?');
  const timestamp = new Date().toISOString().replace(/[-:]|\.\d{3}/g, '');
  const date = timestamp.slice(0, 8);
  const host = new URL(sandbox.endpoint).host;
  const authorization = {
    accessKeyId: APPS,
    date,
    region: REGION,
    service,
    signedHeaders: ['host', 'x-amz-date'],
    signature: '',
    timestamp,
    inQuery: false,
  };
  const request = {
    method,
    path: mark < 0 ? target : target.slice(0, mark),
    query: new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1)),
    headers: { host, 'x-amz-date': timestamp },
    body: Buffer.from(body),
  };
  try {
    const signature = signatureOf(request, authorization, SANDBOX_SECRET_ACCESS_KEY);
    const scope = `${APPS}/${date}/${REGION}/${service}/aws4_request`;
    const value = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date, Signature=${signature}`;
    return [`host: ${host}`, `x-amz-date: ${timestamp}`, `authorization: ${value}`];
  } catch {
    // A single surrogate in the path cannot be signed, by no client either.
    return [];
  }
}

/** Sends bytes and gives everything that comes back, empty when the server ends the connection without an answer. */
async function exchange(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const port = Number(new URL(sandbox.endpoint).port);
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.setTimeout(60_000, () => {
      reject(new Error('no answer in a minute'));
      socket.destroy();
    });
    socket.on('data', (data) => {
      answer += data.toString('latin1');
      // Half a request gets no answer until its time is over; what was answered is enough.
      if (answer.includes('\r\n\r\n')) socket.end();
    });
    socket.on('close', () => {
      resolve(answer);
    });
    socket.on('error', () => {
      resolve(answer);
    });
  });
}
