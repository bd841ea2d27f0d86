import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type EngineDocument, engineProject, type EngineProject } from './engineProject';

const CLUSTER = { account: '111111111111', region: 'us-west-2', name: 'dev-main' } as const;

const inventory = (stage: string) => `version: 1
evidence: audit
accounts: { apps: { id: "111111111111" } }
environments:
  dev:
    account: apps
    region: us-west-2
    clusters:
      main:
        name: dev-main
        version: "1.33"
        oidc: { issuer: "https://oidc.eks.us-west-2.amazonaws.com/id/AAAA1111AAAA1111AAAA1111AAAA1111", provider: managed }
        agent: { version: v1.3.4-eksbuild.1 }
waves:
  pilot: { stages: { dev: ${stage} } }
workloads:
  orders-api:
    wave: pilot
    namespace: production
    serviceAccount: { name: orders-api, manage: none }
    sdk: { language: python, version: 1.34.60 }
    permissions: { statements: [{ actions: [s3:GetObject], resources: ["arn:aws:s3:::acme/*"] }] }
`;

interface RunDocument extends EngineDocument {
  readonly run: {
    readonly stage: string;
    readonly steps: readonly { readonly from: string; readonly to: string; readonly evidence?: readonly string[] }[];
    readonly restarted: readonly { readonly name: string }[];
    readonly stopped?: { readonly kind: string };
  };
}

describe('podlift apply of a wave with the real Terraform and the real kubectl', () => {
  let project: EngineProject;
  beforeAll(async () => {
    project = await engineProject(inventory('irsa'));
    await deploy(project);
  });
  afterAll(() => project.close());

  const run = async (...words: readonly string[]) => {
    const { status, stdout, stderr } = await project.podlift([
      ...['apply', '--wave', 'pilot', '--environment', 'dev', ...words, '--format', 'json'],
    ]);
    if (stdout === '') throw new Error(stderr);
    return { status, stderr, ...(JSON.parse(stdout) as RunDocument) };
  };
  const text = () => readFileSync(join(project.folder, 'inventory.yaml'), 'utf8');
  /** Which credentials the running pods have. */
  const modes = () =>
    project.sandbox.kubernetes
      .pods(CLUSTER, 'production')
      .map(({ env }) =>
        'AWS_WEB_IDENTITY_TOKEN_FILE' in env
          ? 'irsa'
          : 'AWS_CONTAINER_CREDENTIALS_FULL_URI' in env
            ? 'pod-identity'
            : 'nothing',
      );

  it('applies `prepared`, waits for its gate, writes `dual`, applies it, and restarts the pods', async () => {
    expect((await project.podlift(['apply'])).status).toBe(0);
    expect(modes()).toEqual(['irsa', 'irsa']);
    project.write(inventory('prepared'));
    const { status, stderr, run: done } = await run('--through', 'dual', '--restart');
    expect([status, done.stopped, stderr.includes('To continue')]).toEqual([0, undefined, false]);
    expect(done).toMatchObject({ stage: 'dual', steps: [{ from: 'prepared', to: 'dual' }] });
    expect(done.steps[0]!.evidence).toHaveLength(2);
    expect(done.restarted).toMatchObject([{ name: 'deployment/orders-api' }]);
    expect(text()).toMatch(/pilot: \{ stages: \{ dev: \{ stage: dual, since: /);
    expect(modes()).toEqual(['pod-identity', 'pod-identity']);
  });

  it('does the whole way back: each stage is applied, and the pods have IRSA before the trust of Pod Identity goes', async () => {
    const { status, run: done } = await run('--rollback-to', 'irsa');
    expect([status, done.stopped]).toEqual([0, undefined]);
    expect(done).toMatchObject({
      stage: 'irsa',
      steps: [
        { from: 'dual', to: 'prepared' },
        { from: 'prepared', to: 'irsa' },
      ],
    });
    expect(modes()).toEqual(['irsa', 'irsa']);
    expect((await project.podlift(['plan', '--detailed-exitcode'])).status).toBe(0);
  });
});

/** What a team has on its cluster: an annotated service account, and a Deployment of two pods. */
async function deploy({ sandbox }: EngineProject): Promise<void> {
  const server = sandbox.kubernetes.apiServer(CLUSTER);
  const metadata = { name: 'orders-api', namespace: 'production' };
  const labels = { app: 'orders-api' };
  const annotations = { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::111111111111:role/dev-orders-api' };
  // The sandbox begins with the service accounts of the inventory.
  const annotated = await fetch(`${server}/api/v1/namespaces/production/serviceaccounts/orders-api`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/merge-patch+json' },
    body: JSON.stringify({ metadata: { annotations } }),
  });
  if (!annotated.ok) throw new Error(await annotated.text());
  const objects: readonly (readonly [string, object])[] = [
    [
      'apis/apps/v1/namespaces/production/deployments',
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata,
        spec: {
          replicas: 2,
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: { serviceAccountName: 'orders-api', containers: [{ name: 'app', image: 'registry.invalid/app' }] },
          },
        },
      },
    ],
  ];
  for (const [path, body] of objects) {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${server}/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(await answer.text());
  }
}
