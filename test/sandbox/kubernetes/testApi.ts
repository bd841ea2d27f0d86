import { type Json, listAt, objectAt, textAt } from '../../../src/sandbox/kubernetes/json';
import type { Sandbox } from '../../../src/sandbox/startSandbox';
import { MAIN } from '../testSandbox';

const GROUPS: Readonly<Record<string, string>> = {
  deployments: '/apis/apps/v1',
  replicasets: '/apis/apps/v1',
  statefulsets: '/apis/apps/v1',
  daemonsets: '/apis/apps/v1',
  jobs: '/apis/batch/v1',
  cronjobs: '/apis/batch/v1',
};

/** What the tests ask the API of a sandbox's cluster, in the namespace `shop`. */
export function apiOf(at: { readonly sandbox: Sandbox }) {
  const path = (plural: string, name?: string): string =>
    `${GROUPS[plural] ?? '/api/v1'}/namespaces/shop/${plural}${name === undefined ? '' : `/${name}`}`;
  const send = (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', where: string, body?: unknown, type?: string) =>
    at.sandbox.kubernetes.request(MAIN, {
      method,
      path: where,
      ...(body === undefined ? {} : { body }),
      ...(type === undefined ? {} : { contentType: type }),
    });
  return {
    path,
    send,
    get: async (plural: string, name: string): Promise<Json> => (await send('GET', path(plural, name))).body as Json,
    list: async (plural: string): Promise<Json[]> =>
      listAt((await send('GET', path(plural))).body, 'items') as unknown as Json[],
    create: async (plural: string, object: object): Promise<Json> => {
      const { status, body } = await send('POST', path(plural), object);
      if (status !== 201) throw new Error(textAt(body, 'message'));
      return body as Json;
    },
    merge: async (plural: string, name: string, patch: object): Promise<Json> =>
      (await send('PATCH', path(plural, name), patch, 'application/merge-patch+json')).body as Json,
    remove: (plural: string, name: string, options?: object) => send('DELETE', path(plural, name), options),
  };
}

/** `name`, `namespace`, … of an object. */
export function metadataOf(object: unknown): Json {
  return objectAt(object, 'metadata');
}

export function nameOf(object: unknown): string {
  return textAt(metadataOf(object), 'name') ?? '';
}

/** Whether an object is being deleted, and still there. */
export function terminates(object: unknown): boolean {
  return metadataOf(object).deletionTimestamp !== undefined;
}
