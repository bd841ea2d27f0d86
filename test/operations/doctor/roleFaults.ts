import { targetOf } from '../../blueprint/inventoryOf';
import { SOURCE } from './doctorWorld';
import { type Fault, without } from './Fault';
import type { PolicyDocument, Statement } from '../../../src/iam/PolicyDocument';
import type { World } from '../agreedWorld';

const CHAINED = targetOf({ via: 'association' });

export function statements({ Statement }: PolicyDocument): readonly Statement[] {
  return Array.isArray(Statement) ? (Statement as readonly Statement[]) : [Statement as Statement];
}

export function changeTrust(
  world: World,
  role: string,
  change: (statement: Statement) => Statement | undefined,
): unknown {
  const facts = world.roles[role]!;
  const Statement = statements(facts.trust).flatMap((one) => change(one) ?? []);
  return (world.roles[role] = { ...facts, trust: { Version: '2012-10-17', Statement } });
}

const isOidc = ({ Action }: Statement) => Action === 'sts:AssumeRoleWithWebIdentity';

export const ROLE_FAULTS: readonly Fault[] = [
  {
    name: 'there is no association',
    stage: 'dual',
    break: (world) => (world.associations = []),
    notes: ['association problem'],
    found: /there is no association for production\/orders-api: .*, and running pods lose theirs at the next refresh/,
    fix: /cdktf apply prod-identity/,
  },
  {
    name: 'the association names another role',
    stage: 'cutover',
    break: (world) => (world.associations = world.associations.map((one) => ({ ...one, roleArn: 'arn:other' }))),
    notes: ['association problem'],
    found: /role is arn:other, should be arn:aws:iam::333333333333:role\/prod-orders-api/,
    fix: /restart the pods/,
  },
  {
    name: 'the association of an add-on names another role',
    stage: 'dual',
    break: (world) =>
      (world.associations = world.associations.map((one) => ({
        ...one,
        roleArn: 'arn:other',
        ownerArn: 'arn:aws:eks:us-west-2:333333333333:addon/prod-main/aws-ebs-csi-driver/1',
      }))),
    notes: ['association problem'],
    found: /owner is aws-ebs-csi-driver, should be none/,
    fix: /update-addon --cluster-name prod-main --addon-name aws-ebs-csi-driver/,
  },
  {
    name: 'the association has no target role',
    stage: 'dual',
    setting: { targets: [CHAINED] },
    break: (world) =>
      (world.associations = world.associations.map(
        (one) => without({ ...one }, 'targetRoleArn') as unknown as (typeof world.associations)[number],
      )),
    notes: ['association problem'],
    found: /target role is none, should be arn:aws:iam::444444444444/,
    fix: /cdktf apply/,
  },
  {
    name: 'an association stands before its stage',
    stage: 'irsa',
    break: (world) =>
      (world.associations = [
        {
          id: 'a-9',
          namespace: 'production',
          serviceAccount: 'orders-api',
          roleArn: 'arn:other',
          disableSessionTags: false,
          tags: {},
        },
      ]),
    notes: ['association problem'],
    found: /a-9 names arn:other, and at irsa there must be no association/,
    fix: /delete-pod-identity-association .* --association-id a-9/,
  },
  {
    name: 'session tags are disabled, and the trust asks for them',
    stage: 'pod-identity',
    break: (world) => (world.associations = world.associations.map((one) => ({ ...one, disableSessionTags: true }))),
    notes: ['association problem', 'trust problem'],
    found: /session tags are disabled, should be enabled/,
    fix: /cdktf apply/,
  },
  {
    name: 'the annotation names another role',
    stage: 'irsa',
    break: (world) =>
      (world.serviceAccounts['production/orders-api'] = {
        ...world.serviceAccounts['production/orders-api']!,
        annotations: { 'eks.amazonaws.com/role-arn': 'arn:other' },
      }),
    notes: ['annotation problem'],
    found: /eks\.amazonaws\.com\/role-arn is arn:other, should be arn:aws:iam/,
    fix: /annotate serviceaccount orders-api --overwrite eks\.amazonaws\.com\/role-arn=arn:aws:iam/,
  },
  {
    name: 'the annotation asks for another audience',
    stage: 'irsa',
    break: (world) => {
      const known = world.serviceAccounts['production/orders-api']!;
      const annotations = { ...known.annotations, 'eks.amazonaws.com/audience': 'vault' };
      world.serviceAccounts['production/orders-api'] = { ...known, annotations };
    },
    notes: ['annotation problem'],
    found: /audience is vault/,
    fix: /eks\.amazonaws\.com\/audience-/,
  },
  {
    name: 'the annotation is still there',
    stage: 'cutover',
    setting: { cluster: { kubernetes: { context: 'prod-main' } } },
    break: (world) =>
      (world.serviceAccounts['production/orders-api'] = {
        ...world.serviceAccounts['production/orders-api']!,
        annotations: { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::333333333333:role/prod-orders-api' },
      }),
    notes: ['annotation warning'],
    found: /should be none at cutover/,
    fix: /cdktf apply prod-identity prod-service-accounts-main/,
  },
  {
    name: 'the trust has a condition that fails',
    stage: 'pod-identity',
    break: (world) =>
      changeTrust(world, SOURCE, (one) => ({
        ...one,
        Condition: { StringEquals: { 'aws:RequestTag/kubernetes-namespace': 'staging' } },
      })),
    notes: ['trust problem'],
    found: /StringEquals aws:RequestTag\/kubernetes-namespace: wanted "staging", found "production"/,
    fix: /cdktf apply prod-identity/,
  },
  {
    name: 'the trust has no sts:TagSession',
    stage: 'pod-identity',
    setting: { workload: { sessionTags: false } },
    break: (world) => changeTrust(world, SOURCE, (one) => ({ ...one, Action: 'sts:AssumeRole' })),
    notes: ['trust problem'],
    found: /sts:TagSession is denied/,
    fix: /cdktf apply/,
  },
  {
    name: 'the trust has lost EKS, which nobody uses yet',
    stage: 'prepared',
    break: (world) => changeTrust(world, SOURCE, (one) => (isOidc(one) ? one : undefined)),
    notes: ['trust warning'],
    found: /denies its pods the role through Pod Identity/,
    fix: /cdktf apply/,
  },
  {
    name: 'the trust has lost the OIDC provider, and pods hold web identity',
    stage: 'prepared',
    break: (world) => changeTrust(world, SOURCE, (one) => (isOidc(one) ? undefined : one)),
    notes: ['trust problem'],
    found: /denies its pods the role through web identity/,
    fix: /cdktf apply/,
  },
  {
    name: 'a deny stands in the trust',
    stage: 'pod-identity',
    break: (world) => {
      const facts = world.roles[SOURCE]!;
      const deny = { Sid: 'Frozen', Effect: 'Deny', Principal: '*', Action: 'sts:*' } as const;
      world.roles[SOURCE] = {
        ...facts,
        trust: { Version: '2012-10-17', Statement: [...statements(facts.trust), deny] },
      };
    },
    notes: ['trust problem'],
    found: /explicit deny by trust policy of prod-orders-api, statement 1 \(Frozen\)/,
    fix: /cdktf apply/,
  },
  {
    name: 'a managed policy is not attached',
    stage: 'dual',
    setting: {
      workload: {
        permissions: { managedPolicies: ['arn:aws:iam::aws:policy/ReadOnly'], statements: [], inlinePolicies: {} },
      },
    },
    break: (world) => (world.rolePolicies[SOURCE] = { attached: [], inline: {} }),
    notes: ['permissions problem'],
    found: /not attached: arn:aws:iam::aws:policy\/ReadOnly/,
    fix: /cdktf apply/,
  },
  {
    name: 'podlift’s inline policy is gone',
    stage: 'irsa',
    break: (world) => (world.rolePolicies[SOURCE] = { attached: [], inline: {} }),
    notes: ['permissions problem'],
    found: /missing inline policies: podlift/,
    fix: /cdktf apply/,
  },
  {
    name: 'the role may do nothing',
    stage: 'dual',
    setting: { workload: { permissions: { managedPolicies: [], statements: [], inlinePolicies: {} } } },
    break: () => undefined,
    notes: ['permissions warning'],
    found: /the role has no policy/,
    fix: /permissions/,
  },
];
