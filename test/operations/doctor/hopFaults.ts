import { roleSettingsOf, targetOf } from '../../blueprint/inventoryOf';
import { ACCOUNT, allowing, SOURCE } from './doctorWorld';
import { roleFactsOf } from '../facts';
import { type Fault, without } from './Fault';
import { changeTrust, statements } from './roleFaults';

const CHAINED = targetOf({ via: 'association' });
const TARGET = '444444444444/prod-orders-api-ledger';
const TARGET_ARN = 'arn:aws:iam::444444444444:role/prod-orders-api-ledger';

export const HOP_FAULTS: readonly Fault[] = [
  {
    name: 'the target role is gone',
    stage: 'dual',
    setting: { targets: [targetOf()] },
    break: (world) => (world.roles = without(world.roles, TARGET)),
    notes: ['target-hop problem'],
    found: /no target role prod-orders-api-ledger in data-prod/,
    fix: /cdktf apply prod-targets-data-prod prod-identity/,
  },
  {
    name: 'the target has no sts:TagSession',
    stage: 'pod-identity',
    setting: { targets: [targetOf()] },
    break: (world) => changeTrust(world, TARGET, (one) => ({ ...one, Action: 'sts:AssumeRole' })),
    notes: ['target-hop problem'],
    found:
      /cannot assume prod-orders-api-ledger through Pod Identity, denied by the target role:\ntrust policy of prod-orders-api-ledger: sts:TagSession is denied/,
    fix: /cdktf apply prod-targets-data-prod prod-identity/,
  },
  {
    name: 'the source may not sts:TagSession',
    stage: 'pod-identity',
    setting: { targets: [targetOf()] },
    break: (world) =>
      (world.rolePolicies[SOURCE] = { attached: [], inline: { podlift: allowing('sts:AssumeRole', TARGET_ARN) } }),
    notes: ['target-hop problem'],
    found: /denied by the source role:\npermissions of prod-orders-api: sts:TagSession is denied/,
    fix: /cdktf apply/,
  },
  {
    name: 'the session policy of the association does not let pods assume the target',
    stage: 'pod-identity',
    setting: { targets: [targetOf()] },
    break: (world) =>
      (world.associations = world.associations.map((association) => ({
        ...association,
        sessionPolicy: allowing('s3:*'),
      }))),
    notes: ['association problem', '(target-hop problem after association)'],
    found: /session policy/,
    fix: /delete-pod-identity-association/,
  },
  {
    name: 'both ends of the association’s hop refuse',
    stage: 'dual',
    setting: { targets: [CHAINED] },
    break: (world) => {
      world.rolePolicies[SOURCE] = { attached: [], inline: { podlift: allowing('s3:GetObject') } };
      changeTrust(world, TARGET, () => undefined);
    },
    notes: ['target-hop problem'],
    found: /denied by both roles/,
    fix: /cdktf apply/,
  },
  {
    name: 'a policy asks for a claim of the token',
    stage: 'dual',
    break: (world) => {
      const own = world.rolePolicies[SOURCE]!;
      const issuer = world.issuer.slice('https://'.length);
      const claims = allowing('s3:GetObject', `arn:aws:s3:::x/\${${issuer}:sub}/*`);
      world.rolePolicies[SOURCE] = { ...own, inline: { ...own.inline, claims } };
    },
    notes: ['session-keys warning'],
    found: /has a value on IRSA alone/,
    fix: /Change the statements/,
  },
  {
    name: 'the role signs in to Amazon MSK with its session',
    stage: 'dual',
    break: (world) => {
      const own = world.rolePolicies[SOURCE]!;
      world.rolePolicies[SOURCE] = { ...own, inline: { ...own.inline, kafka: allowing('kafka-cluster:Connect') } };
    },
    notes: ['session-name warning'],
    found: /closes the connections of the pods at each refresh/,
    fix: /awsRoleSessionName/,
  },
  {
    name: 'a role that is no target takes no session tags',
    stage: 'dual',
    break: (world) => {
      const arn = `arn:aws:iam::${ACCOUNT}:role/reports`;
      const Principal = { AWS: `arn:aws:iam::${ACCOUNT}:role/prod-orders-api` };
      const trust = { Statement: { Effect: 'Allow', Principal, Action: 'sts:AssumeRole' } } as const;
      const own = world.rolePolicies[SOURCE]!;
      world.rolePolicies[SOURCE] = { ...own, inline: { ...own.inline, hop: allowing('sts:*', arn) } };
      world.roles[`${ACCOUNT}/reports`] = roleFactsOf({ arn, trust });
    },
    notes: ['undeclared-hop problem'],
    found: /on IRSA, but not on Pod Identity/,
    fix: /sts:TagSession/,
  },
  {
    name: 'a role that assumed itself on IRSA may not with session tags',
    stage: 'dual',
    break: (world) => {
      const facts = world.roles[SOURCE]!;
      const own = `arn:aws:iam::${ACCOUNT}:role/prod-orders-api`;
      const self = { Effect: 'Allow', Principal: { AWS: own }, Action: 'sts:AssumeRole' } as const;
      world.roles[SOURCE] = {
        ...facts,
        trust: { Version: '2012-10-17', Statement: [...statements(facts.trust), self] },
      };
    },
    notes: ['self-assume warning'],
    found: /but not on Pod Identity/,
    fix: /sts:TagSession/,
  },
  {
    name: 'an app assumes its own role, which stays with its owner',
    stage: 'dual',
    setting: { workload: { role: roleSettingsOf({ manage: 'external' }) } },
    break: (world) => {
      const facts = world.roles[SOURCE]!;
      const own = `arn:aws:iam::${ACCOUNT}:role/prod-orders-api`;
      const self = { Effect: 'Allow', Principal: { AWS: own }, Action: 'sts:AssumeRole' } as const;
      world.roles[SOURCE] = {
        ...facts,
        trust: { Version: '2012-10-17', Statement: [...statements(facts.trust), self] },
      };
    },
    notes: ['self-assume warning'],
    found: /but not on Pod Identity/,
    fix: /sts:TagSession.*workloads\.orders-api\.role\.keepTrust, so that podlift trust prints it/,
  },
];
