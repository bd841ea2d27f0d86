import fc from 'fast-check';
import type { ContainerFacts } from '../../../src/estate/kubernetes/KubernetesPort';
import { EARLIER_VARIABLES } from '../../../src/estate/schema/kubernetesFacts';
import type { ContainerJson } from '../../../src/estate/kubernetes/podJson';
import { readContainer, readPod } from '../../../src/estate/kubernetes/readPod';

const read = (container: Partial<ContainerJson>, hostNetwork = false) =>
  readContainer({ name: 'app', ...container }, hostNetwork);

it('No secret of a pod is read: values of variables, commands, annotations, volumes, and user, password and query of an address', () => {
  const secrets = ['hunter2', 'tok3n', 'sesame', 'annotated', 'commanded', 'mounted', 'probed'];
  const [hunter, token, sesame, annotated, commanded, mounted, probed] = secrets;
  const env = [
    ...EARLIER_VARIABLES.map((name) => ({ name, value: `${hunter}-${name}` })),
    { name: 'DATABASE_URL', value: `postgres://me:${hunter}@db/shop` },
    { name: 'HTTPS_PROXY', value: `http://me:${hunter}\n${sesame}@proxy:3128/?key=${token}\n${token}#${token}` },
    {
      name: 'AWS_CONTAINER_CREDENTIALS_FULL_URI',
      value: `http://me:${hunter}@169.254.170.23/v1/credentials?t=${token}`,
    },
    { name: 'AWS_CONTAINER_AUTHORIZATION_TOKEN', value: token! },
  ];
  const app = {
    ...{ name: 'app', image: 'app:1', env, command: [commanded], args: [`--password=${commanded}`] },
    livenessProbe: { httpGet: { httpHeaders: [{ name: 'Authorization', value: probed }] } },
  };
  const pod = readPod({
    metadata: { namespace: 'shop', name: 'api', annotations: { note: annotated } },
    spec: {
      containers: [app],
      initContainers: [app],
      volumes: [{ name: 'x', csi: { volumeAttributes: { key: mounted } } }],
    },
  } as object);
  expect(secrets.filter((secret) => JSON.stringify(pod).includes(secret))).toEqual([]);
  expect(pod.containers[1]).toMatchObject({ earlier: EARLIER_VARIABLES, proxy: { HTTPS_PROXY: 'http://proxy:3128/' } });
});

describe('A container', () => {
  it.each<[string, Partial<ContainerJson>, Partial<ContainerFacts>]>([
    ['says its image', { image: 'registry.example/app:1' }, { image: 'registry.example/app:1' }],
    [
      'says which earlier variables are set, in the order in which an SDK asks for them',
      {
        env: [
          { name: 'AWS_PROFILE', value: 'x' },
          { name: 'AWS_ACCESS_KEY_ID', value: 'AKIA' },
        ],
      },
      { earlier: ['AWS_ACCESS_KEY_ID', 'AWS_PROFILE'] },
    ],
    [
      'takes a variable from a secret for set',
      { env: [{ name: 'AWS_SECRET_ACCESS_KEY', valueFrom: { secretKeyRef: { name: 'keys', key: 'secret' } } }] },
      { earlier: ['AWS_SECRET_ACCESS_KEY'] },
    ],
    [
      'says that it names its session, and not how',
      { env: [{ name: 'AWS_ROLE_SESSION_NAME', value: 'orders' }] },
      { namesSession: true },
    ],
    [
      'hides the name of a session from a ConfigMap',
      { env: [{ name: 'AWS_ROLE_SESSION_NAME', value: '' }] },
      { cleared: ['AWS_ROLE_SESSION_NAME'] },
    ],
    [
      'takes an empty variable for none',
      { env: [{ name: 'AWS_PROFILE', value: '' }, { name: 'AWS_CONFIG_FILE' }, { name: 'HTTP_PROXY', value: '' }] },
      { earlier: [], proxy: {} },
    ],
    [
      'knows proxies in either case by their upper-case names',
      {
        env: [
          { name: 'https_proxy', value: 'http://proxy:3128' },
          { name: 'NO_PROXY', value: '.svc' },
        ],
      },
      { proxy: { HTTPS_PROXY: 'http://proxy:3128', NO_PROXY: '.svc' } },
    ],
    [
      'takes a proxy that is written both ways as in upper case',
      {
        env: [
          { name: 'HTTP_PROXY', value: 'http://upper' },
          { name: 'http_proxy', value: 'http://lower' },
        ],
      },
      { proxy: { HTTP_PROXY: 'http://upper' } },
    ],
    [
      'leaves user and password of a proxy unread',
      {
        env: [
          { name: 'HTTP_PROXY', value: 'http://me:pass/word@proxy:3128' },
          { name: 'ALL_PROXY', value: 'a:b@proxy' },
        ],
      },
      { proxy: { HTTP_PROXY: 'http://proxy:3128', ALL_PROXY: 'proxy' } },
    ],
    [
      'leaves user, password and query of the address for credentials unread',
      {
        env: [
          { name: 'AWS_CONTAINER_CREDENTIALS_FULL_URI', value: 'http://me:pass@localhost:80/credentials?token=abc' },
          { name: 'AWS_ROLE_ARN', value: 'arn:aws:iam::111111111111:role/orders@shop' },
        ],
      },
      {
        env: {
          AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://localhost:80/credentials',
          AWS_ROLE_ARN: 'arn:aws:iam::111111111111:role/orders@shop',
        },
      },
    ],
    [
      'says where a proxy comes from that it does not state',
      { env: [{ name: 'HTTP_PROXY', valueFrom: { configMapKeyRef: { name: 'net', key: 'proxy' } } }] },
      { proxy: { HTTP_PROXY: 'configmap net/proxy' } },
    ],
    [
      'takes a port of its node',
      { ports: [{ containerPort: 8080, hostPort: 80 }, { containerPort: 9090 }] },
      { hostPorts: [80] },
    ],
    [
      'takes no port of TCP by one of UDP',
      { ports: [{ containerPort: 80, hostPort: 80, protocol: 'UDP' }] },
      { hostPorts: [] },
    ],
  ])('%s', (_, container, facts) => {
    expect(read(container)).toMatchObject(facts);
  });

  it('in its node’s network takes every port that it opens', () => {
    expect(read({ ports: [{ containerPort: 80 }, { hostPort: 2703 }, {}] }, true).hostPorts).toEqual([80, 2703]);
  });

  it('never gives away the value of an earlier variable', () => {
    const secret = fc.stringMatching(/^SECRET[a-zA-Z0-9/+]{20,40}$/);
    fc.assert(
      fc.property(fc.constantFrom(...EARLIER_VARIABLES), secret, (name, value) => {
        const facts = read({ env: [{ name, value }] });
        expect(facts.earlier).toEqual([name]);
        expect(JSON.stringify(facts)).not.toContain(value);
      }),
    );
  });
});
