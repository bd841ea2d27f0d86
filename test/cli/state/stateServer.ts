import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A bucket in memory that answers what Terraform's S3 backend asks for, with `If-None-Match` for its lock file. */
export interface StateServer {
  readonly endpoint: string;
  /** By `bucket/key`. */
  readonly objects: Map<string, Buffer>;
  readonly stop: () => Promise<void>;
}

/** Source of the requests: hashicorp/terraform internal/backend/remote-state/s3/client.go */
export async function startStateServer(): Promise<StateServer> {
  const objects = new Map<string, Buffer>();
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      const path = decodeURIComponent(url.pathname).slice(1);
      const found = objects.get(path);
      const missing = (code: string) => {
        response.writeHead(404, { 'content-type': 'application/xml' });
        response.end(request.method === 'HEAD' ? '' : `<Error><Code>${code}</Code><Message>no</Message></Error>`);
      };
      if (!path.includes('/')) {
        const keys = [...objects.keys()].filter((key) =>
          key.startsWith(`${path}/${url.searchParams.get('prefix') ?? ''}`),
        );
        const contents = keys.map((key) => `<Contents><Key>${key.slice(path.length + 1)}</Key></Contents>`).join('');
        response.writeHead(200, { 'content-type': 'application/xml' });
        response.end(
          `<ListBucketResult><Name>${path}</Name><IsTruncated>false</IsTruncated>${contents}</ListBucketResult>`,
        );
      } else if (request.method === 'PUT') {
        if (request.headers['if-none-match'] === '*' && found !== undefined) {
          response.writeHead(412, { 'content-type': 'application/xml' });
          response.end('<Error><Code>PreconditionFailed</Code><Message>exists</Message></Error>');
          return;
        }
        objects.set(path, body);
        response.writeHead(200, { etag: '"1"' });
        response.end();
      } else if (request.method === 'DELETE') {
        objects.delete(path);
        response.writeHead(204);
        response.end();
      } else if (found === undefined) missing('NoSuchKey');
      else {
        response.writeHead(200, { 'content-length': found.length, 'content-type': 'application/json', etag: '"1"' });
        response.end(request.method === 'HEAD' ? undefined : found);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    objects,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const body = Buffer.concat(parts);
  if (!(request.headers['content-encoding'] ?? '').includes('aws-chunked')) return body;
  const chunks: Buffer[] = [];
  for (let at = 0; ;) {
    const end = body.indexOf('\r\n', at);
    const size = Number.parseInt(body.subarray(at, end).toString(), 16);
    if (!(size > 0)) return Buffer.concat(chunks);
    chunks.push(body.subarray(end + 2, end + 2 + size));
    at = end + 4 + size;
  }
}
