import { targetOf } from '../../blueprint/inventoryOf';
import { ACCOUNT, allowing, SOURCE } from './doctorWorld';
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
    found: /no role prod-orders-api-ledger in data-prod/,
    mends: /cdktf apply prod-targets-data-prod prod-identity/,
  },
  {
    name: 'the target has no sts:TagSession',
    stage: 'pod-identity',
    setting: { targets: [targetOf()] },
    break: (world) => changeTrust(world, TARGET, (one) => ({ ...one, Action: 'sts:AssumeRole' })),
    notes: ['target-hop problem'],
    found:
      /cannot be reached on Pod Identity, refused at the target:\nwhom prod-orders-api-ledger trusts: sts:TagSession is denied/,
    mends: /cdktf apply prod-targets-data-prod prod-identity/,
  },
  {
    name: 'the source may not sts:TagSession',
    stage: 'pod-identity',
    setting: { targets: [targetOf()] },
    break: (world) =>
      (world.rolePolicies[SOURCE] = { attached: [], inline: { podlift: allowing('sts:AssumeRole', TARGET_ARN) } }),
    notes: ['target-hop problem'],
    found: /refused at the source:\nwhat prod-orders-api may do: sts:TagSession is denied/,
    mends: /cdktf apply/,
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
    found: /refused at both ends/,
    mends: /cdktf apply/,
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
    found: /cannot on Pod Identity/,
    mends: /sts:TagSession/,
  },
];
