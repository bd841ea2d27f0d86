import type { RoleFacts, TrailEvent } from '../../../src/estate/aws/AwsPort';
import type { Remedy } from '../../../src/estate/Remedy';
import type { PolicyDocument, Statement } from '../../../src/iam/PolicyDocument';
import type { Cluster, Inventory, Stage } from '../../../src/inventory/Inventory';
import { type Finish, finish, finishQuestions } from '../../../src/operations/finish/finish';
import {
  agreedWorld,
  pilotAt,
  podIdentityPod,
  podOf,
  PROVIDER,
  type Setting,
  webIdentityEvent,
  type World,
} from '../agreedWorld';
import { estateOf } from '../estateOf';
import { addonOf, containerOf, roleFactsOf, serviceAccountOf, templateOf } from '../facts';

const REQUEST = { environment: 'prod', days: 7 };
const ISSUER = PROVIDER.slice(PROVIDER.indexOf('/') + 1);
const DATA = '444444444444';
const arn = (name: string, account = '333333333333') => `arn:aws:iam::${account}:role/${name}`;
const tokensOf = (subject: string, provider = PROVIDER): Statement => ({
  Effect: 'Allow',
  Principal: { Federated: provider },
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition: { StringEquals: { [`${ISSUER}:sub`]: `system:serviceaccount:${subject}` } },
});
const trustOf = (...Statement: Statement[]): PolicyDocument => ({ Version: '2012-10-17', Statement });
const roleOf = (name: string, parts: Partial<RoleFacts> = {}, account = '333333333333'): RoleFacts =>
  roleFactsOf({ arn: arn(name, account), trust: trustOf(tokensOf('team:app')), ...parts });
const annotated = (role: string) => serviceAccountOf('team', 'app', { 'eks.amazonaws.com/role-arn': role });

/** What finish finds in a world where everything is at a stage, after a change. */
async function found(
  change: (world: World) => void = () => undefined,
  stage: Stage = 'pod-identity',
  setting: Setting & { readonly inventory?: (inventory: Inventory) => Inventory } = {},
): Promise<Finish> {
  const written = pilotAt(stage, setting);
  const inventory = setting.inventory?.(written) ?? written;
  const world = agreedWorld(written);
  world.pods = stage === 'pod-identity' ? [podIdentityPod()] : world.pods;
  change(world);
  const estate = await estateOf(world, inventory, finishQuestions(inventory, REQUEST));
  return finish(inventory, REQUEST, estate);
}
const withAccount = (inventory: Inventory): Inventory => ({
  ...inventory,
  accounts: [...inventory.accounts, { key: 'data', id: DATA }],
});
const put = (world: World, role: RoleFacts) => {
  world.roles[`${role.arn.split(':')[4]!}/${role.name}`] = role;
};
const associate = (world: World, parts: Partial<World['associations'][number]> = {}) => {
  world.associations.push({
    ...{ id: 'a-9', namespace: 'team', serviceAccount: 'app', roleArn: arn('team-app') },
    ...{ disableSessionTags: false, tags: {}, ...parts },
  });
};
/** A pod that the webhook gave web identity. */
const irsaPod = (role = arn('team')) =>
  podOf({
    ...{
      namespace: 'team',
      name: 'app-1',
      serviceAccount: 'app',
      tokenVolumes: { 'aws-iam-token': 'sts.amazonaws.com' },
    },
    containers: [
      containerOf({
        env: {
          AWS_ROLE_ARN: role,
          AWS_WEB_IDENTITY_TOKEN_FILE: '/var/run/secrets/eks.amazonaws.com/serviceaccount/token',
        },
      }),
    ],
  });

const commands = (remedy: Remedy) => remedy.flatMap((step) => ('run' in step ? [step.run.join(' ')] : []));
const texts = (remedy: Remedy) => remedy.flatMap((step) => ('say' in step ? [step.say] : [])).join('\n');
const roles = ({ roles: all }: Finish) => all.map(({ name, state }) => [name, state]);

describe('finish', () => {
  it('has nothing left where all is at pod-identity, and says how the provider goes', async () => {
    const done = await found();
    expect(done).toMatchObject({ finished: true, notRead: [], users: [], stages: [], roles: [], leftOvers: [] });
    expect(done.accounts).toMatchObject([{ account: '333333333333', roles: 2 }]);
    expect(done.providers).toMatchObject([{ state: 'exists', arn: PROVIDER }]);
    expect(commands(done.providers[0]!.remedy)).toEqual([
      `aws iam delete-open-id-connect-provider --open-id-connect-provider-arn ${PROVIDER}`,
    ]);
    // No role trusts the provider: there can be no session to ask for.
    expect(done.sessionsSince).toBeUndefined();
  });

  it.each<Stage>(['irsa', 'prepared', 'dual', 'cutover'])(
    'has a wave at %s, its role, and no command for the role',
    async (stage) => {
      const left = await found(undefined, stage);
      expect(left).toMatchObject({ finished: false, stages: [{ wave: 'pilot', stage, workloads: 1 }] });
      expect(left.roles).toMatchObject([{ name: 'prod-orders-api', state: 'in-use', workload: 'orders-api', stage }]);
      expect(left.roles.flatMap(({ remedy }) => commands(remedy))).toEqual(['npx podlift next --environment prod']);
    },
  );

  it('has workloads without a wave too', async () => {
    const left = await found(undefined, 'dual', {
      workload: { wave: undefined as never },
      inventory: (one) => ({ ...one, waves: [] }),
    });
    expect(left.stages).toEqual([{ environment: 'prod', stage: 'dual', workloads: 1 }]);
  });

  it('has the workloads of another environment on the same cluster', async () => {
    const both = (inventory: Inventory): Inventory => {
      const [prod] = inventory.environments;
      const staging = {
        ...prod!,
        key: 'staging',
        workloads: prod!.workloads.map((one) => ({ ...one, stage: 'irsa' as const, wave: undefined as never })),
      };
      return { ...inventory, environments: [prod!, staging] };
    };
    const left = await found(undefined, 'pod-identity', { inventory: both });
    expect(left.stages).toEqual([{ environment: 'staging', stage: 'irsa', workloads: 1 }]);
    expect(left.finished).toBe(false);
  });

  describe('a role that the inventory does not have', () => {
    it('is left, and can go where nothing uses it', async () => {
      const left = await found((world) => {
        put(world, roleOf('team', { lastUsed: '2026-01-01T00:00:00.000Z' }));
      });
      expect(left).toMatchObject({ finished: false, sessionsSince: '2026-11-14T12:00:00.000Z' });
      expect(left.roles).toMatchObject([
        {
          ...{ name: 'team', state: 'removable', lastUsed: '2026-01-01T00:00:00.000Z', usedBy: [] },
          ...{ subjects: ['system:serviceaccount:team:app'], clusters: ['main'], sessions: { count: 0 } },
        },
      ]);
      const [update] = commands(left.roles[0]!.remedy);
      expect(update).toMatch(/^aws iam update-assume-role-policy --role-name team --policy-document \{/);
      expect(texts(left.roles[0]!.remedy)).toContain('IAM saw the role in use at 2026-01-01');
    });

    it('is left in another account of the inventory, which has a provider of its own', async () => {
      const own = PROVIDER.replace('333333333333', DATA);
      const left = await found(
        (world) => {
          put(world, roleOf('lake', { trust: trustOf(tokensOf('team:app', own)) }, DATA));
        },
        'pod-identity',
        { inventory: withAccount },
      );
      expect(left.roles).toMatchObject([{ account: DATA, name: 'lake' }]);
      expect(left.providers.map(({ account, state }) => [account, state])).toEqual([
        ['333333333333', 'exists'],
        [DATA, 'gone'],
      ]);
    });

    it('belongs to the tool that its tags name: podlift prints the policy, and no command', async () => {
      const tags = { 'crossplane-name': 'team-role', 'crossplane-kind': 'role.iam' };
      const left = await found((world) => {
        put(world, roleOf('team', { tags }));
      });
      expect(left.roles).toMatchObject([{ owner: 'Crossplane (managed resource team-role)', state: 'removable' }]);
      expect(commands(left.roles[0]!.remedy)).toEqual([]);
      expect(texts(left.roles[0]!.remedy)).toContain('"Effect":"Deny"');
    });

    it('gets no command where it admits everyone', async () => {
      const open: Statement = { Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRoleWithWebIdentity' };
      const left = await found((world) => {
        put(world, roleOf('team', { trust: trustOf(open) }));
      });
      expect(left.roles).toMatchObject([{ name: 'team', anySubject: true }]);
      expect([left.roles[0]!.trust, commands(left.roles[0]!.remedy)]).toEqual([undefined, []]);
    });
  });

  describe('what uses the provider', () => {
    const team = (world: World) => {
      put(world, roleOf('team'));
    };
    const session = (parts: Partial<TrailEvent> = {}) =>
      webIdentityEvent({
        roleArns: [arn('team')],
        at: '2026-11-20T00:00:00Z',
        by: 'system:serviceaccount:team:app',
        ...parts,
      });

    it.each<[string, (world: World) => void, string]>([
      ['a pod on web identity', (world) => world.pods.push(irsaPod()), 'pods'],
      [
        'a service account whose next pod gets web identity',
        (world) => (world.serviceAccounts['team/app'] = annotated(arn('team'))),
        'annotation',
      ],
      [
        'a pod template that sets the variables',
        (world) =>
          world.templates.push(
            templateOf({
              ...{ namespace: 'team', name: 'app', serviceAccount: 'app', kind: 'CronJob' },
              containers: [containerOf({ env: { AWS_ROLE_ARN: arn('team') } })],
            }),
          ),
        'variables',
      ],
      [
        'an add-on with a role for IRSA',
        (world) =>
          (world.otherAddons['prod-main'] = [addonOf({ name: 'vpc-cni', serviceAccountRoleArn: arn('team') })]),
        'addon',
      ],
      [
        'a controller that reads an annotation beside an association',
        (world) => {
          world.serviceAccounts['team/app'] = annotated(arn('team'));
          associate(world);
          world.events.push(session());
        },
        'annotation',
      ],
    ])('is %s: the role is in use, and gets no command', async (_, change, kind) => {
      const left = await found((world) => {
        team(world);
        change(world);
      });
      expect(left.users.map((one) => one.kind)).toEqual([kind]);
      expect(roles(left)).toEqual([['team', 'in-use']]);
      expect(commands(left.roles[0]!.remedy)).toEqual([]);
      // What is not in the inventory moves first.
      expect(left.users.flatMap(({ remedy }) => commands(remedy)).join('\n')).not.toMatch(/annotate|iam /);
    });

    it('is a pod with a token for STS that no variable names', async () => {
      const pod = podOf({
        namespace: 'team',
        name: 'x',
        serviceAccount: 'app',
        tokenVolumes: { t: 'sts.amazonaws.com' },
      });
      const left = await found((world) => world.pods.push(pod));
      expect(left).toMatchObject({ finished: false, users: [{ kind: 'token', state: 'uses' }] });
      const both = await found((world) => {
        world.pods.push(pod);
        put(world, roleOf('team'));
        put(world, roleOf('other', { trust: trustOf(tokensOf('team:other')) }));
      });
      // Its token can be used for each role that admits its service account.
      expect(roles(both)).toEqual([
        ['team', 'in-use'],
        ['other', 'removable'],
      ]);
    });

    it('is a pod whose role podlift does not see: it can be each role that admits its service account', async () => {
      const pod = irsaPod('secret team/role');
      const left = await found((world) => {
        world.pods.push(pod);
        put(world, roleOf('team'));
        put(world, roleOf('other', { trust: trustOf(tokensOf('team:other')) }));
      });
      expect(roles(left)).toEqual([
        ['team', 'in-use'],
        ['other', 'removable'],
      ]);
    });

    it('is a session that CloudTrail has, though the clusters show nothing', async () => {
      const left = await found((world) => {
        team(world);
        world.events.push(session());
      });
      expect(left.roles).toMatchObject([
        {
          ...{ state: 'in-use', usedBy: ['system:serviceaccount:team:app'] },
          sessions: { count: 1, last: '2026-11-20T00:00:00Z', by: 'system:serviceaccount:team:app' },
        },
      ]);
      expect(commands(left.roles[0]!.remedy)).toEqual([]);
    });

    it.each<[string, Partial<TrailEvent>]>([
      [
        'of another provider',
        { provider: 'arn:aws:iam::333333333333:oidc-provider/token.actions.githubusercontent.com' },
      ],
      ['that was denied', { error: 'AccessDenied' }],
      ['of another role', { roleArns: [arn('other')] }],
    ])('is no session %s', async (_, parts) => {
      const left = await found((world) => {
        team(world);
        world.events.push(session(parts));
      });
      expect(roles(left)).toEqual([['team', 'removable']]);
    });

    it('is not known where CloudTrail could not be read', async () => {
      const left = await found((world) => {
        team(world);
        world.unanswered.events = 'denied';
      });
      expect(roles(left)).toEqual([['team', 'not-known']]);
      expect(left.notRead[0]).toMatchObject({ account: '333333333333', reason: 'denied' });
      expect(commands(left.roles[0]!.remedy)).toEqual([]);
    });

    it('is a pod of a workload at pod-identity that was never restarted', async () => {
      const left = await found((world) =>
        world.pods.push({ ...irsaPod(arn('unknown', DATA)), namespace: 'production', serviceAccount: 'orders-api' }),
      );
      expect(left.users).toMatchObject([{ kind: 'pods', workload: 'orders-api', state: 'uses' }]);
      expect(commands(left.users[0]!.remedy).join()).toContain('rollout restart');
    });

    it('is no pod that has ended', async () => {
      const left = await found((world) => world.pods.push({ ...irsaPod(), phase: 'Succeeded' }));
      expect(left.users).toEqual([]);
    });
  });

  describe('what is left over', () => {
    it('is an annotation beside an association: podlift removes it, and names who reads it', async () => {
      const left = await found((world) => {
        world.serviceAccounts['team/app'] = annotated(arn('team-app'));
        associate(world);
      });
      expect(left).toMatchObject({
        finished: false,
        users: [],
        leftOvers: [{ kind: 'annotation', name: 'app', state: 'left' }],
      });
      expect(commands(left.leftOvers[0]!.remedy).join()).toContain(
        'annotate serviceaccount app eks.amazonaws.com/role-arn-',
      );
      expect(texts(left.leftOvers[0]!.remedy)).toContain('External Secrets');
    });

    it('is an annotation whose role trusts no provider any more', async () => {
      const left = await found((world) => {
        world.serviceAccounts['team/app'] = annotated(arn('gone'));
      });
      expect(left.leftOvers).toMatchObject([{ kind: 'annotation', state: 'left' }]);
    });

    it('is nothing that an add-on keeps beside its association', async () => {
      const done = await found((world) => {
        const role = arn('cni');
        world.otherAddons['prod-main'] = [
          addonOf({ name: 'vpc-cni', serviceAccountRoleArn: role, associationArns: ['arn:aws:eks:…/a-9'] }),
        ];
        world.serviceAccounts['kube-system/aws-node'] = serviceAccountOf('kube-system', 'aws-node', {
          'eks.amazonaws.com/role-arn': role,
        });
        associate(world, { namespace: 'kube-system', serviceAccount: 'aws-node', ownerArn: 'arn:aws:eks:…/vpc-cni' });
      });
      expect(done).toMatchObject({ finished: true, users: [], leftOvers: [] });
      expect(done.kept.map(({ kind, name }) => [kind, name])).toEqual([
        ['annotation', 'aws-node'],
        ['addon', 'vpc-cni'],
      ]);
    });
  });

  describe('what could not be read', () => {
    it.each([
      ['accountRoles', 'iam:GetAccountAuthorizationDetails'],
      ['describeCluster', 'eks:DescribeCluster prod-main'],
      ['issuer', 'get --raw /.well-known/openid-configuration'],
      ['serviceAccounts', 'get serviceaccounts -A'],
      ['allPods', 'get pods -A'],
      ['allTemplates', 'get deployments,statefulsets,daemonsets,jobs,cronjobs -A'],
      ['associations', 'eks:ListPodIdentityAssociations prod-main'],
      ['addons', 'eks:ListAddons prod-main'],
      ['oidcProvider', `iam:GetOpenIDConnectProvider ${PROVIDER}`],
    ])('is an answer to %s: there is no certificate', async (method, asked) => {
      const left = await found((world) => (world.unanswered[method] = 'denied'));
      expect(left.finished).toBe(false);
      expect(left.notRead.map((one) => [one.asked, one.reason])).toEqual([[asked, 'denied']]);
      expect(left.providers.flatMap(({ remedy }) => remedy)).toEqual([]);
    });

    it.each(['describeCluster', 'issuer', 'serviceAccounts', 'allPods', 'allTemplates', 'associations', 'addons'])(
      'is an answer to %s: nobody knows whether a role is in use, and it gets no command',
      async (method) => {
        const left = await found((world) => {
          put(world, roleOf('team'));
          world.unanswered[method] = 'unreachable';
        });
        expect(roles(left)).toEqual([['team', 'not-known']]);
        expect(commands(left.roles[0]!.remedy)).toEqual([]);
      },
    );

    it('is one account of several, by its name', async () => {
      const left = await found((world) => (world.unanswered[`accountRoles ${DATA}`] = 'denied'), 'pod-identity', {
        inventory: withAccount,
      });
      expect(left.notRead).toMatchObject([{ account: DATA, of: `data (${DATA})`, reason: 'denied' }]);
      expect(left.accounts.map(({ account }) => account)).toEqual(['333333333333']);
    });

    it('is an account that the inventory does not have, whose role something names', async () => {
      const left = await found((world) => {
        world.serviceAccounts['team/app'] = annotated(arn('team', '999999999999'));
      });
      expect(left.notRead).toMatchObject([{ account: '999999999999', reason: 'outside' }]);
      expect(left.notRead[0]!.message).toContain('team/app on main');
    });

    it('is a cluster behind a context that leads elsewhere', async () => {
      const left = await found((world) => (world.issuer = 'https://oidc.eks.us-west-2.amazonaws.com/id/OTHER'));
      expect(left.notRead).toMatchObject([{ cluster: 'main', reason: 'other' }]);
      expect([left.finished, left.users]).toEqual([false, []]);
    });

    it('is a list of service accounts that cannot be complete', async () => {
      const left = await found((world) => (world.serviceAccounts = {}));
      expect(left.notRead).toMatchObject([{ cluster: 'main', asked: 'get serviceaccounts -A' }]);
    });

    it('is an Estate of another command', () => {
      const inventory = pilotAt('pod-identity');
      const left = finish(inventory, REQUEST, {
        format: 'podlift.estate/1',
        at: '2026-11-21T12:00:00.000Z',
        accounts: {},
        clusters: {},
      });
      expect(left.finished).toBe(false);
      expect(new Set(left.notRead.map(({ reason }) => reason))).toEqual(new Set(['not-asked']));
    });
  });

  it('judges a cluster that EKS no longer has by the issuer of the inventory', async () => {
    const gone = (world: World) => Reflect.deleteProperty(world.clusters, 'prod-main');
    expect(await found(gone)).toMatchObject({ finished: true, clusters: [{ exists: false }] });
    const left = await found((world) => {
      gone(world);
      put(world, roleOf('team'));
    });
    expect(roles(left)).toEqual([['team', 'removable']]);
  });

  it('removes a managed provider from the inventory first, so that Terraform forgets it', async () => {
    const oidc: Cluster['oidc'] = { issuer: `https://${ISSUER}`, provider: 'managed', adopt: true };
    const done = await found(undefined, 'pod-identity', { cluster: { oidc } });
    const [first, ...rest] = done.providers[0]!.remedy;
    expect(first).toMatchObject({ at: 'environments.prod.clusters.main.oidc' });
    expect(commands(rest)).toEqual([
      'npx cdktf plan prod-identity',
      'npx cdktf apply prod-identity',
      `aws iam delete-open-id-connect-provider --open-id-connect-provider-arn ${PROVIDER}`,
    ]);
  });

  it('leaves a provider to the tool that its tags name', async () => {
    const done = await found((world) => {
      world.oidcProviders[PROVIDER] = {
        ...world.oidcProviders[PROVIDER]!,
        tags: { 'alpha.eksctl.io/cluster-name': 'prod-main' },
      };
    });
    expect(commands(done.providers[0]!.remedy)).toEqual([]);
    expect(texts(done.providers[0]!.remedy)).toContain('eksctl');
  });

  it('names the entry of the inventory that keeps a statement for the provider', async () => {
    const left = await found(undefined, 'pod-identity', {
      workload: {
        role: {
          name: 'prod-orders-api',
          path: '/',
          adopt: true,
          tags: {},
          imports: { managedPolicies: [], inlinePolicies: [], associations: {} },
          keepTrust: [tokensOf('team:app')],
        },
      },
    });
    expect(left.roles).toMatchObject([{ name: 'prod-orders-api', workload: 'orders-api', state: 'removable' }]);
    expect(left.roles[0]!.remedy).toContainEqual(
      expect.objectContaining({ at: 'workloads.orders-api.role.keepTrust' }),
    );
  });

  it('applies the stage where AWS still has the statement of an earlier one', async () => {
    const left = await found((world) => {
      const [key, role] = Object.entries(world.roles).find(([one]) => one.endsWith('/prod-orders-api'))!;
      world.roles[key] = { ...role, trust: trustOf(tokensOf('production:orders-api')) };
    });
    expect(left.roles).toMatchObject([{ name: 'prod-orders-api', stage: 'pod-identity', state: 'removable' }]);
    expect(commands(left.roles[0]!.remedy)).toContain('npx cdktf apply prod-identity');
  });
});
