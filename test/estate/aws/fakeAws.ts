import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A call as it came in: the operation that its target, action or path names, and its parameters. */
export interface FakeCall {
  readonly operation: string;
  readonly body: string;
  readonly url: string;
}

export interface FakeAnswer {
  readonly status?: number;
  readonly type?: string;
  readonly body: string;
  /** Milliseconds before the answer. */
  readonly after?: number;
  /** The `Date` header. Default: the real time. */
  readonly date?: string;
}

export interface FakeAws {
  readonly endpoint: string;
  readonly calls: FakeCall[];
  readonly stop: () => Promise<void>;
}

/** An endpoint on loopback that answers as a test says, and GetCallerIdentity as the account that it is given. */
export async function fakeAws(answer: (call: FakeCall, calls: readonly FakeCall[]) => FakeAnswer): Promise<FakeAws> {
  const calls: FakeCall[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      const call = { operation: operationOf(request, body), body, url: request.url ?? '' };
      calls.push(call);
      const { status = 200, type = 'application/json', body: text, after = 0, date } = answer(call, calls);
      setTimeout(() => {
        response.writeHead(status, {
          'content-type': type,
          ...(date === undefined ? {} : { date }),
          ...(status >= 400 ? { 'x-amzn-errortype': errorOf(text) } : {}),
        });
        response.end(text);
      }, after);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function operationOf(request: IncomingMessage, body: string): string {
  const target = request.headers['x-amz-target'];
  if (typeof target === 'string') return target.split('.').at(-1)!;
  const action = /(?:^|&)Action=(\w+)/.exec(body)?.[1];
  return action ?? `${request.method ?? ''} ${(request.url ?? '').split('?')[0]!}`;
}

function errorOf(text: string): string {
  try {
    return (JSON.parse(text) as { __type?: string }).__type ?? '';
  } catch {
    return '';
  }
}

/** What STS says to GetCallerIdentity. */
export function callerIdentity(account: string): FakeAnswer {
  return {
    type: 'text/xml',
    body: `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::${account}:user/someone</Arn><UserId>AIDA</UserId><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
  };
}

export function fault(status: number, name: string): FakeAnswer {
  return { status, body: JSON.stringify({ __type: name, message: `${name} it is` }) };
}
