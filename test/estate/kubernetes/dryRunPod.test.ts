import { dryRunPod, withRejection } from '../../../src/estate/kubernetes/dryRunPod';

const ERROR = 'Error from server (Forbidden): error when creating "STDIN": ';

describe('A rejection of a dry run', () => {
  it.each([
    [
      'admission webhook "validate.kyverno.svc-fail" denied the request: resource Pod/shop/x was blocked due to the following policies',
      'validate.kyverno.svc-fail',
    ],
    [
      `pods "x" is forbidden: ValidatingAdmissionPolicy 'no-latest' with binding 'no-latest-all' denied request: use a digest`,
      'no-latest',
    ],
    [
      'pods "x" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false',
      'PodSecurity restricted:latest',
    ],
    [
      'pods "x" is forbidden: exceeded quota: compute, requested: pods=1, used: pods=10, limited: pods=10',
      'ResourceQuota compute',
    ],
    ['pods "x" is forbidden: failed quota: compute: must specify limits.cpu for: app', 'ResourceQuota compute'],
    [
      'Internal error occurred: failed calling webhook "pods.example.com": failed to call webhook: Post "https://…": context deadline exceeded',
      'pods.example.com',
    ],
  ])('names who rejects: %s', (message, name) => {
    const answer = withRejection({ ok: false, why: 'denied', message: `${ERROR}${message}`, fix: [{ say: 'log in' }] });
    expect(answer).toEqual({ ok: false, why: 'failed', message: `rejected by ${name}: ${ERROR}${message}` });
  });

  it('is none where the user lacks the permission', () => {
    const answer = {
      ok: false,
      why: 'denied',
      message: `${ERROR}pods is forbidden: User "me" cannot create resource "pods" in API group "" in the namespace "shop"`,
    } as const;
    expect(withRejection(answer)).toBe(answer);
  });
});

describe('The pod of a dry run', () => {
  it('is that of the template, with its security context, volumes and annotations', () => {
    const spec = { containers: [{ name: 'app', image: 'a' }], securityContext: { runAsNonRoot: true }, volumes: [] };
    const template = { of: 'deployment/a', labels: { app: 'a' }, annotations: { note: 'b' }, spec };
    expect(dryRunPod('shop', 'orders', template)).toMatchObject({
      metadata: { namespace: 'shop', labels: { app: 'a' }, annotations: { note: 'b' } },
      spec: { ...spec, serviceAccountName: 'orders' },
    });
  });

  it('leaves out what was written into a pod when it was admitted', () => {
    const spec = {
      nodeName: 'node-1',
      containers: [
        {
          name: 'app',
          env: [
            { name: 'AWS_ROLE_ARN', value: 'a' },
            { name: 'OWN', value: 'b' },
          ],
          volumeMounts: [{ name: 'aws-iam-token' }, { name: 'kube-api-access-x1' }, { name: 'data' }],
        },
      ],
      volumes: [{ name: 'aws-iam-token' }, { name: 'kube-api-access-x1' }, { name: 'data' }],
    };
    const made = dryRunPod('shop', 'orders', { of: 'pod/a', labels: {}, annotations: {}, spec });
    expect(made).toMatchObject({
      spec: {
        containers: [{ env: [{ name: 'OWN' }], volumeMounts: [{ name: 'data' }] }],
        volumes: [{ name: 'data' }],
      },
    });
    expect(JSON.stringify(made)).not.toContain('node-1');
  });

  it('has a container where the workload has no template', () => {
    expect(dryRunPod('shop', 'orders', undefined)).toMatchObject({ spec: { containers: [{ name: 'app' }] } });
  });
});
