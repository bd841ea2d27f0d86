import { CreateRoleCommand, PutRolePolicyCommand, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import type { Stage } from '../../../../src/inventory/Inventory';
import { podCredentials } from '../../../../src/sandbox/podCredentials';
import type { Setting } from '../../agreedWorld';
import { roleAt } from './foreignTrust';
import { ACCOUNT, against, inventoryAt, type Live, startLive } from './liveWorld';

// What differs between the two kinds of session, as the sandbox judges it and as the gate says it before.

const REPORTS = `arn:aws:iam::${ACCOUNT}:role/reports`;
const ROLE = roleAt('prepared');
/** The workload may assume a role that is no target. */
const HOP: Setting = {
  workload: {
    permissions: {
      managedPolicies: [],
      statements: [{ actions: ['sts:AssumeRole'], resources: [REPORTS] }],
      inlinePolicies: {},
    },
  },
};

const trusting = (...Action: string[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: ROLE.arn }, Action }] });

/** The workload at `prepared`, with pods on IRSA. */
async function prepared(setting: Setting = {}): Promise<Live> {
  const live = await startLive(inventoryAt('prepared', setting));
  for (const stage of ['irsa', 'prepared'] as const) await live.apply(inventoryAt(stage, setting));
  return live;
}

/** The stage is applied, and the pods are made again. */
async function move(live: Live, stage: Stage, setting: Setting = {}): Promise<void> {
  await live.apply(inventoryAt(stage, setting));
  await live.kubectl('rollout restart deployment/orders-api');
}

/** What a pod gets, and what it gets of the other role. */
async function pod(live: Live) {
  const { source, targets } = await podCredentials(live.pods()[0]!, {
    endpoint: live.sandbox().endpoint,
    targets: [{ roleArn: REPORTS }],
  });
  const name = source.ok ? source.arn.split('/').at(-1) : source.error.message;
  return { name, assumes: targets.map((one) => (one.ok ? 'reports' : one.error.code)) };
}

describe('the step from prepared to dual, at the sandbox', () => {
  it('is refused where it costs pods a role that is no target, and taken once the role takes session tags', async () => {
    const live = await prepared(HOP);
    try {
      const role = { RoleName: 'reports', AssumeRolePolicyDocument: trusting('sts:AssumeRole') };
      await live.iam().send(new CreateRoleCommand(role));
      await live.settle();
      expect(await pod(live)).toMatchObject({ assumes: ['reports'] });

      const before = await live.gate(inventoryAt('prepared', HOP));
      expect(against(before)).toEqual(['undeclared-hop no']);
      const no = before.evidence.find(({ check, holds }) => check === 'undeclared-hop' && holds === 'no');
      expect(no!.found).toMatch(
        /on IRSA, but not on Pod Identity[^]*trust policy of reports: sts:TagSession is denied/,
      );

      // What the step would have done.
      await move(live, 'dual', HOP);
      expect(await pod(live)).toMatchObject({ name: expect.stringMatching(/^eks-/), assumes: ['AccessDenied'] });
      await move(live, 'prepared', HOP);
      expect(await pod(live)).toMatchObject({ assumes: ['reports'] });

      const PolicyDocument = trusting('sts:AssumeRole', 'sts:TagSession');
      await live.iam().send(new UpdateAssumeRolePolicyCommand({ RoleName: 'reports', PolicyDocument }));
      const after = await live.gate(inventoryAt('prepared', HOP));
      expect(against(after)).toEqual([]);
      expect(after.holds).toBe(true);
      await move(live, 'dual', HOP);
      expect(await pod(live)).toMatchObject({ name: expect.stringMatching(/^eks-/), assumes: ['reports'] });
    } finally {
      await live.stop();
    }
  });

  it.each<[string, (live: Live) => Promise<unknown>, string]>([
    ['a pod', (live) => live.deploy({ env: { AWS_ROLE_SESSION_NAME: 'orders' } }), 'AWS_ROLE_SESSION_NAME'],
    [
      'a ConfigMap',
      async (live) => {
        const data = { AWS_ROLE_SESSION_NAME: 'orders' };
        const settings = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data };
        await live.kubectl('apply -f -', JSON.stringify(settings));
        const containers = [{ name: 'app', envFrom: [{ configMapRef: { name: 'settings' } }] }];
        const patch = JSON.stringify({ spec: { template: { spec: { containers } } } });
        await live.kubectl(`patch deployment orders-api --type strategic -p '${patch}'`);
      },
      'AWS_ROLE_SESSION_NAME of configmap settings',
    ],
  ])('is taken with a warning where %s names the session, which EKS then names', async (_what, change, text) => {
    const live = await prepared();
    try {
      await live.settle();
      await change(live);
      const result = await live.gate(inventoryAt('prepared'));
      expect(result.holds).toBe(true);
      const warnings = result.evidence.filter(({ check, warning }) => check === 'session-name' && warning === true);
      expect(warnings.map(({ found }) => found)).toEqual([
        expect.stringContaining(`deployment/orders-api app: ${text}`),
      ]);
      if (text === 'AWS_ROLE_SESSION_NAME') expect((await pod(live)).name).toBe('orders');
      await move(live, 'dual');
      expect((await pod(live)).name).toMatch(/^eks-prod-main-orders-api-/);
    } finally {
      await live.stop();
    }
  });

  it('is refused where a policy of the role asks for a claim of the token, and taken without it', async () => {
    const live = await prepared();
    try {
      await live.settle();
      const inline = JSON.parse(JSON.stringify(ROLE.inline)) as { Statement: object[] };
      const put = (more: readonly object[]) =>
        live.iam().send(
          new PutRolePolicyCommand({
            RoleName: ROLE.name,
            PolicyName: 'podlift',
            PolicyDocument: JSON.stringify({ ...inline, Statement: [...inline.Statement, ...more] }),
          }),
        );
      const condition = { Null: { 'aws:FederatedProvider': 'false' } };
      await put([{ Effect: 'Allow', Action: 's3:PutObject', Resource: '*', Condition: condition }]);
      const before = await live.gate(inventoryAt('prepared'));
      expect(against(before)).toContain('session-keys no');
      await put([]);
      expect(against(await live.gate(inventoryAt('prepared')))).toEqual([]);
    } finally {
      await live.stop();
    }
  });
});
