import { listAt, objectAt, textAt } from '../../../src/sandbox/kubernetes/json';
import { MAIN, seedWith, useSandbox } from '../testSandbox';

const ARN = 'arn:aws:iam::111111111111:role/app';
const ROLE = 'eks.amazonaws.com/role-arn';
const USER_AGENT = 'HashiCorp/1.0 Terraform/1.11.4';
const ACCOUNTS = '/api/v1/namespaces/shop/serviceaccounts';
const PROTOBUF = 'application/vnd.kubernetes.protobuf';

/** Recorded from hashicorp/kubernetes 2.38.0: JSON. */
const CREATE_JSON =
  '{"kind":"ServiceAccount","apiVersion":"v1","metadata":{"name":"json","namespace":"shop","creationTimestamp":null},"automountServiceAccountToken":true}\n';
/** Recorded from hashicorp/kubernetes 3.2.1: Protobuf, of an account with a label, an annotation, a secret and a pull secret. */
const CREATE_PROTOBUF =
  'k8s\0\n\u0014\n\u0002v1\u0012\u000eServiceAccount\u0012B\n(\n\u0004full\u0012\0\u001a\u0004shop"\0*\u00002\u00008\0B\0Z\u0006\n\u0001a\u0012\u00011b\u0006\n\u0001b\u0012\u00012\u0012\u000f\n\0\u0012\0\u001a\u0001y"\0*\u00002\0:\0\u001a\u0003\n\u0001x \u0001\u001a\0"\0';
const DELETE_PROTOBUF = 'k8s\0\n\u0013\n\u0002v1\u0012\rDeleteOptions\u0012\0\u001a\0"\0';

describe('The requests of Terraform’s Kubernetes provider', () => {
  const at = useSandbox(() => ({
    seed: seedWith([], {
      clusters: [
        {
          ...seedWith().clusters[0]!,
          serviceAccounts: [
            { namespace: 'shop', name: 'helmed', annotations: { [ROLE]: ARN }, writer: { fieldManager: 'helm' } },
          ],
        },
      ],
    }),
  }));
  const send = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, contentType?: string, body?: unknown) =>
    at.sandbox.kubernetes.request(MAIN, {
      method,
      path,
      userAgent: USER_AGENT,
      ...(body === undefined ? {} : { body }),
      ...(contentType === undefined ? {} : { contentType }),
    });
  const ownersOf = (object: unknown) =>
    listAt(objectAt(object, 'metadata'), 'managedFields').map((entry) => textAt(entry, 'manager'));

  it('find the kind of a service account', async () => {
    const paths = ['/api?timeout=32s', '/apis?timeout=32s', '/api/v1?timeout=32s', '/apis/apps/v1?timeout=32s'];
    const answers = await Promise.all(paths.map((path) => send('GET', path)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(listAt(answers[2]?.body, 'resources')).toContainEqual(
      expect.objectContaining({ name: 'serviceaccounts', kind: 'ServiceAccount', namespaced: true }),
    );
  });

  it('make an account in JSON, as the field manager of the user agent', async () => {
    const { status, body } = await send('POST', ACCOUNTS, 'application/json', CREATE_JSON);
    expect([status, ownersOf(body)]).toEqual([201, ['HashiCorp']]);
    expect(body).toMatchObject({ automountServiceAccountToken: true });
  });

  it('make an account in Protobuf with all that is in it, change it by a JSON patch, and delete it', async () => {
    const { status, body } = await send('POST', ACCOUNTS, PROTOBUF, Buffer.from(CREATE_PROTOBUF, 'latin1'));
    expect([status, ownersOf(body)]).toEqual([201, ['HashiCorp']]);
    expect(body).toMatchObject({
      metadata: { name: 'full', labels: { a: '1' }, annotations: { b: '2' } },
      secrets: [{ name: 'y' }],
      imagePullSecrets: [{ name: 'x' }],
      automountServiceAccountToken: true,
    });
    const operations = [
      { path: '/metadata/annotations/b', op: 'remove' },
      { path: '/metadata/labels/a', value: '2', op: 'replace' },
      { path: '/imagePullSecrets', value: [{ name: 'z' }], op: 'replace' },
    ];
    const patched = await send('PATCH', `${ACCOUNTS}/full`, 'application/json-patch+json', operations);
    expect(patched.body).toMatchObject({ metadata: { labels: { a: '2' } }, imagePullSecrets: [{ name: 'z' }] });
    expect((await send('DELETE', `${ACCOUNTS}/full`, PROTOBUF, Buffer.from(DELETE_PROTOBUF, 'latin1'))).status).toBe(
      200,
    );
    expect((await send('GET', `${ACCOUNTS}/full`)).status).toBe(404);
  });

  it('refuse to lose a field of Protobuf that the sandbox does not read', async () => {
    const unknown = 'k8s\0\n\u0014\n\u0002v1\u0012\u000eServiceAccount\u0012\u0003*\u0001x';
    const { status, body } = await send('POST', ACCOUNTS, PROTOBUF, Buffer.from(unknown, 'latin1'));
    expect([status, textAt(body, 'message')]).toEqual([415, expect.stringContaining('field 5 of a message')]);
  });

  it('take the annotation over from Helm by the stages, each change told once', async () => {
    const annotate = async (annotations?: object) => {
      const metadata = { ...(annotations === undefined ? {} : { annotations }), name: 'helmed', namespace: 'shop' };
      const path = `${ACCOUNTS}/helmed?fieldManager=podlift&force=true`;
      const config = { apiVersion: 'v1', kind: 'ServiceAccount', metadata };
      await send('PATCH', path, 'application/apply-patch+yaml', `${JSON.stringify(config)}\n`);
      const { body } = await send('GET', `${ACCOUNTS}/helmed`);
      return [objectAt(objectAt(body, 'metadata'), 'annotations')[ROLE], ownersOf(body)];
    };
    expect(await annotate({ [ROLE]: ARN })).toEqual([ARN, ['podlift', 'helm']]);
    expect(await annotate({ [ROLE]: '' })).toEqual(['', ['podlift', 'helm']]);
    // Helm still owns that there are annotations, until podlift writes the first one again.
    expect(await annotate()).toEqual([undefined, ['helm']]);
    expect(await annotate({ [ROLE]: '' })).toEqual(['', ['podlift']]);
    expect(await annotate({ [ROLE]: ARN })).toEqual([ARN, ['podlift']]);
  });
});
