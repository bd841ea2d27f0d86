import { seedDeployment } from './seedDeployment';
import { startSandbox } from '../../src/sandbox/startSandbox';
import { APPS, MAIN, REGION, roleArn, seedWith } from './testSandbox';

const COUNT = 1_000;

describe('A cluster with a thousand service accounts', () => {
  it('has the annotation and the pod of each', async () => {
    const names = Array.from({ length: COUNT }, (_, index) => ({
      namespace: `team-${index % 50}`,
      name: `app-${index}`,
    }));
    const cluster = {
      ...MAIN,
      account: APPS,
      region: REGION,
      version: '1.33',
      nodes: [
        { name: 'node-1', compute: 'ec2' as const },
        { name: 'node-2', compute: 'ec2' as const },
      ],
      serviceAccounts: names.map((account) => ({
        ...account,
        annotations: { 'eks.amazonaws.com/role-arn': roleArn(account.name) },
      })),
      manifests: names.map(({ namespace, name }) => seedDeployment({ namespace, name, serviceAccount: name })),
    };
    const sandbox = await startSandbox({ seed: seedWith([], { clusters: [cluster] }) });
    try {
      const server = sandbox.kubernetes.apiServer(MAIN);
      const listed = async (path: string) => {
        const answer = await fetch(`${server}${path}`);
        return ((await answer.json()) as { items: Record<string, unknown>[] }).items;
      };
      const pods = await listed('/api/v1/pods');
      const accounts = await listed('/api/v1/serviceaccounts');
      expect(pods).toHaveLength(COUNT);
      expect(JSON.stringify(pods[0])).toContain('AWS_WEB_IDENTITY_TOKEN_FILE');
      // The fifty namespaces and the four of every cluster have their `default`.
      expect(accounts).toHaveLength(COUNT + 54);
    } finally {
      await sandbox.stop();
    }
  });
});
