import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { podIdentityRequest, hopRequest, SESSION_TAG_KEYS, sessionTagsOf } from '../../../src/iam/credentialRequests';
import { type AssumeRoleAttempt, decideAssumeRole } from '../../../src/iam/decideAssumeRole';
import { decide } from '../../../src/iam/decide';
import type { OrganisationPolicies } from '../../../src/iam/Decision';
import { type ConditionBlock, listOf, type PolicyDocument, type Statement } from '../../../src/iam/PolicyDocument';
import type { Caller } from '../../../src/iam/Request';
import { validateDocument } from '../../../src/iam/validateDocument';
import { loadInventory } from '../../../src/inventory/loadInventory';
import { pathsWith } from '../../../src/operations/guardrails/guardrails';
import {
  MOST_CHARACTERS,
  resourceControlPolicy,
  serviceControlPolicy,
} from '../../../src/operations/guardrails/organisationPolicies';
import { forgedTags } from '../../../src/proof/attacks/forgedTags';
import { podsOnCluster } from '../../../src/proof/credentialPath';
import { newEvaluator } from '../../../src/proof/evaluator';
import { stagedWorkloadOf } from '../../../src/proof/stagedWorkload';
import { inventoryOfKinds } from '../../proof/proofFixtures';

const SCP = { service: [{ name: 'scp', document: serviceControlPolicy() }] };
const RCP = { resource: [{ name: 'rcp', document: resourceControlPolicy() }] };
const BOTH = { ...SCP, ...RCP };

/** Documents that look right and stop legitimate requests: a negated operator is true for an absent key. */
const deny = (Condition: ConditionBlock): Statement => ({
  Effect: 'Deny',
  Action: ['sts:AssumeRole', 'sts:TagSession'],
  Resource: '*',
  Condition,
});
const of = (...Statement: readonly Statement[]): OrganisationPolicies => ({
  service: [{ name: 'scp', document: { Version: '2012-10-17', Statement } }],
});
const sent = (key: string) => `aws:RequestTag/${key}`;
const own = (key: string) => `\${aws:PrincipalTag/${key}}`;

describe('the policies are ones that AWS takes', () => {
  it('IAM’s own parser takes the service control policy', () => {
    expect(validateDocument(serviceControlPolicy(), 'identity')).toEqual([]);
  });

  it.each([
    ['service', serviceControlPolicy()],
    ['resource', resourceControlPolicy()],
  ])('%s: within the quota, with unique and alphanumeric statement ids', (_, { Version, Statement }) => {
    const sids = listOf(Statement).map(({ Sid = '' }) => Sid);
    expect(JSON.stringify({ Version, Statement }).length).toBeLessThan(MOST_CHARACTERS);
    expect(new Set(sids).size).toBe(listOf(Statement).length);
    expect(sids.every((sid) => /^[A-Za-z0-9]+$/.test(sid))).toBe(true);
  });

  it('a resource control policy only denies, and names everyone', () => {
    for (const { Effect, Principal } of listOf(resourceControlPolicy().Statement))
      expect({ Effect, Principal }).toEqual({ Effect: 'Deny', Principal: '*' });
  });
});

// Each promised path, at each stage and in each half-applied step.

const root = join(__dirname, '../../..');
const attackFiles = readdirSync(join(root, 'test/attacks'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yaml'))
  .toSorted()
  .map((file) => `test/attacks/${file}`);
const examples = readdirSync(join(root, 'examples'), { recursive: true, encoding: 'utf8' })
  .filter((file) => /^[^/]+\.yaml$|^[^/]+\/inventory\.yaml$/.test(file))
  .map((file) => `examples/${file}`);
const inventoryOfFile = (file: string) => loadInventory(join(root, file)).inventory;

describe('no promised path is denied', () => {
  it('of a workload without targets, with targets by the app and by EKS, with session tags and without', () => {
    const { paths, broken } = pathsWith(BOTH, inventoryOfKinds(), 'prod');
    expect(paths).toBeGreaterThan(50);
    expect(broken).toEqual([]);
  });

  it.each(['inventory.yaml', 'test/inventory/fixtures/design.yaml', ...examples])('of %s', (file) => {
    const inventory = inventoryOfFile(file);
    expect(inventory).toBeDefined();
    for (const { key } of inventory!.environments) expect(pathsWith(BOTH, inventory!, key).broken).toEqual([]);
  });

  it.each<[string, OrganisationPolicies]>([
    ['a plain deny of the keys', of(deny({ Null: { [sent('kubernetes-namespace')]: 'false' } }))],
    [
      'StringNotEquals alone',
      of(deny({ StringNotEquals: { [sent('kubernetes-namespace')]: own('kubernetes-namespace') } })),
    ],
    [
      'StringNotEqualsIfExists',
      of(deny({ StringNotEqualsIfExists: { [sent('kubernetes-namespace')]: own('kubernetes-namespace') } })),
    ],
    [
      'a resource control policy without the exception for services',
      {
        resource: listOf(resourceControlPolicy().Statement).map(({ Condition, ...statement }) => ({
          name: 'rcp',
          document: { Version: '2012-10-17', Statement: [{ ...statement, Condition: { Null: Condition!.Null! } }] },
        })),
      },
    ],
  ])('but by another policy they are: %s', (_, organisation) => {
    expect(pathsWith(organisation, inventoryOfKinds(), 'prod').broken).not.toEqual([]);
  });
});

// Callers that forge tags, against a role that trusts all of them.

const ACCOUNT = '333333333333';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/target`;
const everything = {
  name: 'all',
  document: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } },
} as const;
const trust = {
  name: 'trust',
  document: {
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { AWS: '*', Federated: 'p', Service: 'pods.eks.amazonaws.com' },
      Action: 'sts:*',
    },
  },
} as const;
const TAGS = sessionTagsOf({
  clusterArn: `arn:aws:eks:us-west-2:${ACCOUNT}:cluster/main`,
  clusterName: 'main',
  namespace: 'production',
  serviceAccount: 'orders',
});
type Tags = Readonly<Record<string, string>>;

const session: Caller = { kind: 'session', roleArn: `arn:aws:iam::${ACCOUNT}:role/irsa`, sessionName: 's' };
function answer({
  organisation,
  caller = session,
  sends = {},
  carries = {},
  roleTags = {},
}: {
  readonly organisation?: OrganisationPolicies;
  readonly caller?: Caller;
  readonly sends?: Tags;
  readonly carries?: Tags;
  readonly roleTags?: Tags;
}): string {
  const attempt: AssumeRoleAttempt = {
    caller,
    operation: caller.kind === 'federated' ? 'sts:AssumeRoleWithWebIdentity' : 'sts:AssumeRole',
    roleArn: ROLE,
    trust,
    callerPolicies: { identity: [everything] },
    context: Object.fromEntries(
      Object.entries({ ...roleTags, ...carries }).map(([key, value]) => [`aws:PrincipalTag/${key}`, value]),
    ),
    tags: sends,
    inheritedTags: carries,
    ...(organisation && { organisation }),
  };
  return decideAssumeRole(attempt).result;
}
const one = (key: string, value: string): Tags => ({ [key]: value });
const user: Caller = { kind: 'user', arn: `arn:aws:iam::${ACCOUNT}:user/u` };
const federated: Caller = { kind: 'federated', provider: 'p' };

describe('whoever forges a session tag is denied', () => {
  it.each<[string, Parameters<typeof answer>[0]]>([
    ...SESSION_TAG_KEYS.map((key): [string, Parameters<typeof answer>[0]] => [
      `${key} alone`,
      { sends: one(key, 'x') },
    ]),
    ['all six', { sends: TAGS }],
    ['by a user', { caller: user, sends: TAGS }],
    ['with an own tag beside it', { sends: { team: 'shop', 'kubernetes-namespace': 'production' } }],
    ['in other letters', { sends: one('Kubernetes-Namespace', 'production') }],
    ['with an empty value', { sends: one('kubernetes-namespace', '') }],
    ['with the text of the variable', { sends: one('kubernetes-namespace', own('kubernetes-namespace')) }],
    ['with a wildcard', { sends: one('kubernetes-namespace', '*') }],
    [
      'with another value than the tag of the own role',
      { sends: one('kubernetes-namespace', 'production'), roleTags: one('kubernetes-namespace', 'test') },
    ],
    [
      'with a wildcard in the tag of the own role',
      { sends: one('kubernetes-namespace', 'production'), roleTags: one('kubernetes-namespace', '*') },
    ],
    [
      'while another key is equal',
      { sends: { ...TAGS }, roleTags: { ...TAGS, 'kubernetes-service-account': 'other' } },
    ],
  ])('%s', (_, attempt) => {
    expect(answer(attempt)).toBe('allowed');
    expect(answer({ ...attempt, organisation: SCP })).toBe('denied');
    expect(answer({ ...attempt, organisation: RCP })).toBe('denied');
  });

  it.each<[string, Caller]>([['tokens of an identity provider', federated]])(
    'only the resource control policy reaches %s',
    (_, caller) => {
      expect(answer({ caller, sends: TAGS, organisation: SCP })).toBe('allowed');
      expect(answer({ caller, sends: TAGS, organisation: RCP })).toBe('denied');
    },
  );
});

describe('what carries no forged tag stays allowed', () => {
  it.each<[string, Parameters<typeof answer>[0]]>([
    ['a hop without tags', {}],
    ['a hop of Pod Identity', { carries: TAGS }],
    ['a hop of Pod Identity with an own tag', { carries: TAGS, sends: { team: 'shop' } }],
    ['a hop of IRSA with an own tag', { sends: { team: 'shop' } }],
    [
      'a hop of Pod Identity from a role with another tag of the key',
      { carries: TAGS, roleTags: { 'eks-cluster-name': 'x' } },
    ],
    ['a token without tags', { caller: federated }],
  ])('%s', (_, attempt) => {
    expect(answer(attempt)).toBe('allowed');
    expect(answer({ ...attempt, organisation: BOTH })).toBe('allowed');
  });

  it.each([true, false])('EKS gives the role to a pod, with session tags: %s', (tagged) => {
    const pod = {
      accountId: ACCOUNT,
      clusterArn: TAGS['eks-cluster-arn'],
      clusterName: 'main',
      namespace: 'production',
      serviceAccount: 'orders',
    };
    const request = podIdentityRequest({ name: 'target', arn: ROLE, trust: trust.document }, pod, {
      service: 'pods.eks.amazonaws.com',
      tagged,
    });
    expect(decideAssumeRole({ ...request, organisation: BOTH }).result).toBe('allowed');
  });

  it.each([
    ['by EKS', { externalId: 'x' }],
    ['by the app', { carries: TAGS }],
  ])('a chain of hops %s', (_, parts) => {
    const hop = hopRequest(
      { name: 'target', arn: ROLE, trust: trust.document },
      { from: `arn:aws:iam::${ACCOUNT}:role/source`, identity: [everything], ...parts },
    );
    expect(decideAssumeRole({ ...hop, organisation: BOTH }).result).toBe('allowed');
  });

  it('whatever tags a session carries and sends: it is denied exactly for a key of EKS whose value it does not have', () => {
    const tags = fc.dictionary(fc.constantFrom(...SESSION_TAG_KEYS, 'team'), fc.constantFrom('a', 'b', '*', ''));
    fc.assert(
      fc.property(tags, tags, tags, (sends, carries, roleTags) => {
        const isForged = Object.entries(sends).some(
          ([key, value]) => key !== 'team' && !(key in carries) && roleTags[key] !== value,
        );
        const expected = isForged ? 'denied' : 'allowed';
        expect(answer({ sends, carries, roleTags, organisation: SCP })).toBe(expected);
        expect(answer({ sends, carries, roleTags, organisation: RCP })).toBe(expected);
      }),
      { numRuns: 300 },
    );
  });
});

describe('nobody gives a role or a user the tags', () => {
  const tagging = (action: string, keys: readonly string[]) =>
    decide(
      { caller: user, action, resource: ROLE, context: { 'aws:TagKeys': keys } },
      { identity: [everything], organisation: SCP },
    ).allowed;

  it.each(['iam:CreateRole', 'iam:CreateUser', 'iam:TagRole', 'iam:TagUser'])('%s', (action) => {
    expect(tagging(action, ['team', 'kubernetes-namespace'])).toBe(false);
    expect(tagging(action, ['Kubernetes-Namespace'])).toBe(false);
    expect(tagging(action, ['podlift:workload', 'team'])).toBe(true);
    expect(tagging(action, [])).toBe(true);
  });
});

describe('each statement is needed', () => {
  const without = (document: PolicyDocument, index: number): PolicyDocument => ({
    ...document,
    Statement: listOf(document.Statement).filter((_, at) => at !== index),
  });
  const isForged = (organisation: OrganisationPolicies): boolean =>
    SESSION_TAG_KEYS.some(
      (key) =>
        answer({ sends: one(key, 'x'), organisation }) === 'allowed' ||
        answer({ sends: one(key, 'x'), roleTags: one(key, 'y'), organisation }) === 'allowed',
    );

  it('with all of them nothing is forged', () => {
    expect([isForged(SCP), isForged(RCP)]).toEqual([false, false]);
  });

  it.each(SESSION_TAG_KEYS.flatMap((key, index) => [[key, 2 * index] as const, [key, 2 * index + 1] as const]))(
    'without a statement on %s (%s)',
    (_, index) => {
      const scp = { service: [{ name: 'scp', document: without(serviceControlPolicy(), index) }] };
      const rcp = { resource: [{ name: 'rcp', document: without(resourceControlPolicy(), index) }] };
      expect([isForged(scp), isForged(rcp)]).toEqual([true, true]);
    },
  );
});

// The attacks on the proof in which somebody chooses the session tags.

const forging = attackFiles.filter((file) => file.includes('/forged-tags/') && inventoryOfFile(file) !== undefined);

/** Who can put the tags on a session, if neither roles nor users have the tags themselves: the last statement of the service control policy sees to that. */
function forgers(file: string, organisation?: OrganisationPolicies): readonly string[] {
  const { environments } = inventoryOfFile(file)!;
  return environments.flatMap((environment) =>
    environment.workloads.flatMap((workload) => {
      const staged = stagedWorkloadOf(environment, workload);
      const plain = newEvaluator(organisation);
      const evaluator: typeof plain = {
        ...plain,
        decide: (attempt) =>
          plain.decide({ ...attempt, completeKeys: [...(attempt.completeKeys ?? []), 'aws:PrincipalTag/'] }),
      };
      const [cluster] = staged.clusters;
      const [subject] = workload.subjects;
      const pods = podsOnCluster(staged, cluster!, subject!, evaluator);
      return staged.stages.flatMap(({ role, targetRoles }) =>
        targetRoles.flatMap((target) => forgedTags(pods, role, target).admitted.map(({ who }) => who)),
      );
    }),
  );
}

describe('the attacks by chosen session tags', () => {
  it('are all there', () => {
    expect(forging.length).toBeGreaterThan(30);
  });

  it.each(forging)('%s', (file) => {
    const before = forgers(file);
    const tokens = (all: readonly string[]) => all.filter((who) => who.startsWith('tokens of'));
    expect(before).not.toEqual([]);
    // Tokens are all that the service control policy does not reach.
    expect(forgers(file, SCP)).toEqual(tokens(before));
    expect(forgers(file, BOTH)).toEqual([]);
  });
});
