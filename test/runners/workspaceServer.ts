import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The part of HCP Terraform's API that Terraform uses for a state. */
export interface WorkspaceServer {
  /** The text of a CLI configuration: which services the host has, and the token for it. */
  readonly configuration: (hostname: string, token?: string) => string;
  /** The state of each workspace by `organization/workspace`; undefined for one without a state. */
  readonly workspaces: Map<string, string | undefined>;
  /** Names of the locked workspaces. */
  readonly locked: Set<string>;
  /** `METHOD path` of each request. */
  readonly requests: string[];
  readonly stop: () => Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

const TOKEN = 'a-token-of-the-test';
const API = '/api/v2';

/** Sources: https://developer.hashicorp.com/terraform/cloud-docs/api-docs, hashicorp/terraform v1.11.4 internal/cloud/{backend,state}.go */
export async function startWorkspaceServer(): Promise<WorkspaceServer> {
  const workspaces = new Map<string, string | undefined>();
  const locked = new Set<string>();
  const requests: string[] = [];
  const address = { endpoint: '' };
  const idOf = (name: string): string => `ws-${Buffer.from(name).toString('base64url')}`;
  const nameOf = (id: string): string => Buffer.from(id.slice('ws-'.length), 'base64url').toString();
  const workspace = (name: string) => ({
    data: {
      id: idOf(name),
      type: 'workspaces',
      attributes: {
        name: name.split('/')[1],
        'execution-mode': 'local',
        operations: false,
        'terraform-version': '1.11.4',
        locked: locked.has(name),
        permissions: { 'can-update': true, 'can-lock': true, 'can-queue-run': true },
      },
    },
  });
  const version = (name: string) => ({
    data: {
      id: `sv-${idOf(name)}`,
      type: 'state-versions',
      attributes: {
        serial: 1,
        'hosted-state-download-url': `${address.endpoint}/download/${idOf(name)}`,
        'hosted-state-upload-url': `${address.endpoint}/upload/${idOf(name)}`,
        'hosted-json-state-upload-url': `${address.endpoint}/json/${idOf(name)}`,
      },
    },
  });

  const server = createServer((request, response) => {
    void textOf(request).then((text) => {
      const { status, body } = answerTo(request, text);
      response.writeHead(status, { 'content-type': 'application/vnd.api+json', 'TFP-API-Version': '2.6' });
      response.end(body);
    });
  });
  const end = (status: number, body: object | string = ''): Answer => ({
    status,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  function answerTo({ method = '', headers, url = '/' }: IncomingMessage, text: string): Answer {
    const { pathname } = new URL(url, 'http://localhost');
    requests.push(`${method} ${pathname}`);
    const [, place, id = ''] = /^\/(download|upload|json)\/(.+)$/.exec(pathname) ?? [];
    if (place === 'download') return end(200, workspaces.get(nameOf(id)) ?? '');
    if (place !== undefined) {
      if (place === 'upload') workspaces.set(nameOf(id), text);
      return end(200);
    }
    if (pathname === `${API}/ping`) return end(204);
    if (headers.authorization !== `Bearer ${TOKEN}`) return end(401, { errors: [{ status: '401' }] });
    const path = pathname.slice(API.length).split('/').slice(1);
    const missing = { errors: [{ status: '404', title: 'not found' }] };
    if (path[0] === 'organizations') {
      const [, organization, what, name] = path;
      if (what === 'entitlement-set')
        return end(200, { data: { id: 'e', type: 'entitlement-sets', attributes: { 'state-storage': true } } });
      if (what === 'workspaces' && name !== undefined) {
        const found = `${organization}/${name}`;
        return workspaces.has(found) ? end(200, workspace(found)) : end(404, missing);
      }
      if (what === 'workspaces' && method === 'POST') {
        const { data } = JSON.parse(text) as { data: { attributes: { name: string } } };
        const made = `${organization}/${data.attributes.name}`;
        workspaces.set(made, undefined);
        return end(201, workspace(made));
      }
      if (what === 'projects')
        return end(200, { data: [{ id: 'prj-1', type: 'projects', attributes: { name: 'Shops' } }] });
      if (what === undefined)
        return end(200, { data: { id: organization, type: 'organizations', attributes: { name: organization } } });
      return end(404, missing);
    }
    if (path[0] === 'state-versions') return end(200, version(nameOf(path[1]?.slice('sv-'.length) ?? '')));
    if (path[0] === 'workspaces') {
      const [, of = '', what, action] = path;
      const name = nameOf(of);
      if (what === undefined) return end(200, workspace(name));
      if (what === 'current-state-version')
        return workspaces.get(name) === undefined ? end(404, missing) : end(200, version(name));
      if (what === 'state-versions') return end(201, version(name));
      if (action === 'lock') {
        if (locked.has(name)) return end(409, { errors: [{ status: '409', title: 'conflict' }] });
        locked.add(name);
        return end(200, workspace(name));
      }
      if (action === 'unlock') {
        locked.delete(name);
        return end(200, workspace(name));
      }
    }
    return end(404, missing);
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address.endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const api = `${address.endpoint}${API}/`;
  return {
    configuration: (hostname, token = TOKEN) =>
      [
        `host ${JSON.stringify(hostname)} {`,
        `  services = { "tfe.v2" = "${api}", "tfe.v2.1" = "${api}", "state.v2" = "${api}" }`,
        '}',
        `credentials ${JSON.stringify(hostname)} { token = ${JSON.stringify(token)} }`,
        '',
      ].join('\n'),
    workspaces,
    locked,
    requests,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
