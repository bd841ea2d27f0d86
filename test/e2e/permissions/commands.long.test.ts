import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DetachRolePolicyCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { parse } from 'yaml';
import type { Statement } from '../../../src/iam/PolicyDocument';
import { awsPorts } from '../../../src/estate/aws/awsPorts';
import { discoverQuestions } from '../../../src/operations/discover/discover';
import { doctorQuestions } from '../../../src/operations/doctor/doctor';
import { placesOf } from '../../../src/estate/places';
import { readEstate } from '../../../src/estate/readEstate';
import { finishQuestions } from '../../../src/operations/finish/finish';
import { driftQuestions } from '../../../src/operations/drift/drift';
import { collectEvidence } from '../../operations/gate/gateText';
import { kubectlPorts } from '../../../src/estate/kubernetes/kubectlPorts';
import type { Ports } from '../../../src/estate/Ports';
import type { PolicyRule } from '../../../src/sandbox/startSandbox';
import {
  ACCOUNT,
  CLUSTER,
  inventoryAt,
  LATER,
  type Live,
  rememberedKubectl,
  startLive,
} from '../../operations/gate/live/liveWorld';
import { byDeployRole } from './byDeployRole';
import { actionsOf, blockOf, policyOf } from './permissionsPage';

const POLICY = `arn:aws:iam::${ACCOUNT}:policy/orders`;
const NODE_ROLE = `arn:aws:iam::${ACCOUNT}:role/node`;

const INVENTORY = byDeployRole(
  inventoryAt('cutover', {
    workload: {
      permissions: { managedPolicies: [POLICY], statements: [STATEMENT()], inlinePolicies: {} },
      targets: [],
    },
  }),
);
function STATEMENT() {
  return { actions: ['s3:GetObject'], resources: ['arn:aws:s3:::acme/*'] };
}

/** Ports that note what was refused to them. */
function noting(ports: Ports, refused: Set<string>): Ports {
  const note = <P extends object>(port: P): P =>
    Object.fromEntries(
      Object.entries(port as Record<string, (...parts: unknown[]) => Promise<{ ok: boolean; message?: string }>>).map(
        ([name, ask]) => [
          name,
          async (...parts: unknown[]) => {
            const answer = await ask(...parts);
            if (!answer.ok) refused.add(answer.message ?? '');
            return answer;
          },
        ],
      ),
    ) as P;
  return {
    aws: (account, region) => note(ports.aws(account, region)),
    kubernetes: (environment, cluster) => note(ports.kubernetes(environment, cluster)),
  };
}

/** Runs what every reading command runs; gives what was refused. */
async function ask(ports: Ports): Promise<string> {
  const refused = new Set<string>();
  const noted = noting(ports, refused);
  const [environment] = INVENTORY.environments;
  const [cluster] = environment!.clusters;
  const environments = ['prod'];
  const now = new Date(Date.now() + LATER);
  const request = { environment: environment!, cluster: cluster! };
  await readEstate(discoverQuestions(INVENTORY, request), noted, placesOf(INVENTORY, request));
  await readEstate(driftQuestions(INVENTORY, { environments }), noted, placesOf(INVENTORY));
  const access = { action: 's3:GetObject', resource: 'arn:aws:s3:::acme/x' };
  await readEstate(doctorQuestions(INVENTORY, { environments, access }), noted, placesOf(INVENTORY));
  await collectEvidence(INVENTORY, { wave: 'pilot', environment: 'prod', direction: 'forward' }, noted, now);
  return [...refused].join('\n');
}

describe('the permissions for reading', () => {
  let live: Live;
  beforeAll(async () => {
    live = await startLive(INVENTORY, {
      cluster: {
        nodes: [{ name: 'node-1', compute: 'ec2', labels: { 'eks.amazonaws.com/nodegroup': 'main' } }],
        nodeGroups: [{ name: 'main', nodeRole: NODE_ROLE }],
      },
    });
    const trust = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    };
    await live.iam().send(new CreateRoleCommand({ RoleName: 'node', AssumeRolePolicyDocument: JSON.stringify(trust) }));
    const worker = 'arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy';
    await live.iam().send(new AttachRolePolicyCommand({ RoleName: 'node', PolicyArn: worker }));
    await live.apply(INVENTORY);
    await live.settle();
    // A ConfigMap of `envFrom` can have the variables of the SDK.
    const settings = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'settings' },
      data: { LOG_LEVEL: 'info' },
    };
    await live.kubectl('apply -f -', JSON.stringify(settings));
    const containers = [{ name: 'app', envFrom: [{ configMapRef: { name: 'settings' } }] }];
    const patch = JSON.stringify({ spec: { template: { spec: { containers } } } });
    await live.kubectl(`patch deployment orders-api --type strategic -p '${patch}'`);
    const administrator = 'arn:aws:iam::aws:policy/AdministratorAccess';
    await live.iam().send(new DetachRolePolicyCommand({ RoleName: 'podlift-deploy', PolicyArn: administrator }));
  });
  afterAll(() => live.stop());

  const allow = (...more: Statement[]) => allowOnly([...policyOf('read').Statement, ...more]);

  async function allowOnly(statements: readonly Statement[]): Promise<void> {
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: statements });
    const policy = { RoleName: 'podlift-deploy', PolicyName: 'read', PolicyDocument };
    await live.iam().send(new PutRolePolicyCommand(policy));
  }

  describe('in AWS, in bulk', () => {
    /** Reads the roles and policies of an account in bulk; gives what was refused. */
    async function askBulk(): Promise<string> {
      const [environment] = INVENTORY.environments;
      const { account, region } = environment!;
      const port = awsPorts({ attempts: 1 })(account, region);
      const answers = await Promise.all([port.accountRoles(), port.accountPolicies()]);
      return answers
        .map((answer) => (answer.ok ? '' : answer.message))
        .join('\n')
        .trim();
    }

    it('are enough', async () => {
      await allowOnly(policyOf('read-bulk').Statement);
      expect(await askBulk()).toBe('');
    });

    it('are enough for finish, together with the policy for reading', async () => {
      await allowOnly([...policyOf('read').Statement, ...policyOf('read-bulk').Statement]);
      const refused = new Set<string>();
      const ports = noting({ aws: awsPorts({ attempts: 1 }), kubernetes: kubectlPorts() }, refused);
      const questions = finishQuestions(INVENTORY, { environment: 'prod', days: 1 });
      await readEstate(questions, ports, placesOf(INVENTORY));
      expect([...refused]).toEqual([]);
    });

    it.each(actionsOf('read-bulk'))('%s is needed', async (action) => {
      const deny = { Effect: 'Deny', Action: action, Resource: '*' } as const;
      await allowOnly([...policyOf('read-bulk').Statement, deny]);
      expect(await askBulk()).toContain(`not authorized to perform: ${action} on`);
    });
  });

  describe('in AWS', () => {
    const ports = () => ({ aws: awsPorts({ attempts: 1 }), kubernetes });
    let kubernetes: Ports['kubernetes'];
    beforeAll(() => {
      kubernetes = rememberedKubectl();
    });

    it('are enough for every command that reads', async () => {
      await allow();
      expect(await ask(ports())).toBe('');
    });

    it.each(actionsOf('read'))('%s is needed', async (action) => {
      await allow({ Effect: 'Deny', Action: action, Resource: '*' });
      expect(await ask(ports())).toContain(`not authorized to perform: ${action} on`);
    });
  });

  describe('in Kubernetes', () => {
    const { rules } = parse(blockOf('yaml', 'read')) as { rules: PolicyRule[] };
    const ports = () => ({ aws: awsPorts({ attempts: 1 }), kubernetes: kubectlPorts() });
    beforeAll(() => allow());
    afterEach(() => {
      live.sandbox().kubernetes.limit(CLUSTER);
    });

    it('are enough for every command that reads', async () => {
      live.sandbox().kubernetes.limit(CLUSTER, rules);
      expect(await ask(ports())).toBe('');
    });

    const each = rules.flatMap((rule, index) =>
      (rule.resources ?? rule.nonResourceURLs ?? []).flatMap((what) =>
        rule.verbs.map((verb): [string, string, number] => [verb, what, index]),
      ),
    );
    it.each(each)('%s %s is needed', async (verb, what, index) => {
      const less = rules.flatMap((rule, at) => (at === index ? without(rule, verb, what) : [rule]));
      live.sandbox().kubernetes.limit(CLUSTER, less);
      expect(await ask(ports())).toMatch(/[Ff]orbidden/);
    });
  });
});

/** A rule as two: everything but `what`, and `what` without the verb. */
function without(rule: PolicyRule, verb: string, what: string): PolicyRule[] {
  const field = rule.resources === undefined ? 'nonResourceURLs' : 'resources';
  const all = rule[field] ?? [];
  return [
    { ...rule, [field]: all.filter((one) => one !== what) },
    { ...rule, [field]: [what], verbs: rule.verbs.filter((one) => one !== verb) },
  ];
}
