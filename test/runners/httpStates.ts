import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server of Terraform states by its http backend, with locks as GitLab has them. */
export interface HttpStates {
  readonly endpoint: string;
  /** The texts of the states, by path. */
  readonly states: Map<string, string>;
  /** The locks, by path, as Terraform describes them. */
  readonly locks: Map<string, string>;
  /** `METHOD path` of each request, with the id of the lock of a write. */
  readonly requests: string[];
  /** `user:password` that each request must have. Empty: none. */
  password: string;
  readonly stop: () => Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Source of the requests: hashicorp/terraform internal/backend/remote-state/http/client.go */
export async function startHttpStates(): Promise<HttpStates> {
  const states = new Map<string, string>();
  const locks = new Map<string, string>();
  const requests: string[] = [];
  const served = { password: '' };
  const server = createServer((request, response) => {
    void textOf(request).then((text) => {
      const { status, body } = answerTo(request, text);
      response.writeHead(status).end(body);
    });
  });
  const end = (status: number, body = ''): Answer => ({ status, body });
  function answerTo({ method = '', headers, url = '/' }: IncomingMessage, text: string): Answer {
    const { pathname, searchParams } = new URL(url, 'http://localhost');
    const id = searchParams.get('ID');
    requests.push(`${method} ${pathname}${id === null ? '' : ' locked'}`);
    const wanted = `Basic ${Buffer.from(served.password).toString('base64')}`;
    if (served.password !== '' && headers.authorization !== wanted) return end(401);
    if (pathname.endsWith('/lock')) {
      const path = pathname.slice(0, -'/lock'.length);
      const held = locks.get(path);
      if (method === 'POST' || method === 'LOCK') {
        if (held !== undefined) return end(423, held);
        locks.set(path, text);
      } else locks.delete(path);
      return end(200);
    }
    if (method === 'GET') {
      const state = states.get(pathname);
      return state === undefined ? end(404) : end(200, state);
    }
    const held = locks.get(pathname);
    if (held !== undefined && (JSON.parse(held) as { ID: string }).ID !== id) return end(423, held);
    states.set(pathname, text);
    return end(200);
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(served, {
    endpoint: `http://127.0.0.1:${port}`,
    states,
    locks,
    requests,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  });
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
