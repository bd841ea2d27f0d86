import { parse } from 'yaml';
import type { Inventory } from '../../../src/inventory/Inventory';
import { propose } from '../../../src/operations/discover/propose';
import { workloadOf } from '../../blueprint/inventoryOf';
import { arnOf, eksctlOidc, OTHER_ACCOUNT, OTHER_PROVIDER, type Shape, trustOf } from './shapes';
import { answered, clusterWithout, inventoryWith, MAIN, NOW, refused, surveyOf } from './surveyOf';

const DOCUMENT = trustOf({ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::acme/*' });
const FAR: Shape = {
  of: 'shop/far',
  annotated: true,
  found: 'other-account',
  role: {
    name: 'far',
    account: OTHER_ACCOUNT,
    trust: trustOf(eksctlOidc('shop', 'far', OTHER_PROVIDER)),
    permissionsBoundary: `arn:aws:iam::${OTHER_ACCOUNT}:policy/boundary`,
    attached: ['arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess', `arn:aws:iam::${OTHER_ACCOUNT}:policy/far`],
    inline: { own: DOCUMENT },
  },
};
const ARN = arnOf('far', '/', OTHER_ACCOUNT);
const WITH_DATA = inventoryWith(
  {},
  {
    accounts: [
      { key: 'apps', id: '333333333333' },
      { key: 'data', id: OTHER_ACCOUNT },
    ],
  },
);

function leftOf(survey = surveyOf([FAR]), inventory: Inventory = WITH_DATA, cluster = MAIN) {
  const { left, workloads } = propose(
    { inventory, environment: inventory.environments[0]!, cluster, now: NOW },
    survey,
  );
  expect(workloads).toEqual([]);
  expect(left).toHaveLength(1);
  return left[0]!;
}

it('proposes an entry that is born on Pod Identity, with the permissions and the boundary of the old role', () => {
  expect(parse(leftOf().snippet!)).toEqual({
    workloads: {
      far: {
        stage: 'pod-identity',
        namespace: 'shop',
        serviceAccount: { name: 'far', manage: 'none' },
        environments: ['prod'],
        clusters: ['main'],
        targets: {
          data: {
            account: 'data',
            via: 'association',
            role: { permissionsBoundary: FAR.role.permissionsBoundary },
            permissions: {
              managedPolicies: ['AmazonSSMReadOnlyAccess', `arn:aws:iam::${OTHER_ACCOUNT}:policy/far`],
              inlinePolicies: { own: DOCUMENT },
            },
          },
        },
      },
    },
  });
});

it('gives the steps in an order in which no pod loses its credentials, and the way back', () => {
  const { hint } = leftOf();
  const order = [
    'without a wave',
    'npx cdktf apply prod-targets-data\n',
    `${arnOf('prod-far-data', '/', OTHER_ACCOUNT)} too`,
    'npx cdktf apply prod-targets-data prod-identity',
    '# pod shop/far-0',
    'npx podlift doctor far --environment prod',
    '-n shop annotate serviceaccount far eks.amazonaws.com/role-arn-',
    `With credentials of data (${OTHER_ACCOUNT}):`,
    'The way back',
    'delete-pod-identity-association',
  ].map((text) => hint.indexOf(text));
  expect(order).not.toContain(-1);
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  expect(hint).not.toContain('--overwrite');
});

it('says that the agent comes first where the cluster’s entry has none', () => {
  const { hint: without } = leftOf(undefined, WITH_DATA, clusterWithout('agent'));
  expect(without).toContain('First the agent');
  expect(leftOf().hint).not.toContain('First the agent');
});

it('says so where the permissions could not be read, and with whose credentials they are', () => {
  const survey = surveyOf([FAR], { roles: { [ARN]: refused('AccessDenied') } });
  const { hint, snippet } = leftOf(survey, inventoryWith());
  expect(hint).toContain(
    `With credentials of ${OTHER_ACCOUNT}:\naws iam get-role --role-name far --query Role.AssumeRolePolicyDocument\naws iam list-attached-role-policies --role-name far`,
  );
  expect(parse(snippet!)).toMatchObject({ accounts: { [`account-${OTHER_ACCOUNT}`]: { id: OTHER_ACCOUNT } } });
});

it('proposes no entry for pods that run where there is no agent, and none for a role that is gone', () => {
  const fargate = leftOf(surveyOf([{ ...FAR, node: 'fargate-1' }]));
  expect([fargate.reason, fargate.snippet]).toEqual(['other-account', undefined]);
  expect(fargate.hint).toContain('leave it on IRSA');
  const gone = leftOf(surveyOf([FAR], { roles: { [ARN]: answered(undefined) } }));
  expect(gone.reason).toBe('role-missing');
  expect(gone.hint).toContain(`With credentials of data (${OTHER_ACCOUNT}):\naws iam get-role --role-name far`);
});

it.each([
  ['pod-identity', 'eks.amazonaws.com/role-arn-', '--overwrite'],
  ['irsa', 'Leave the annotation', 'kubectl'],
] as const)('says of one that the inventory has at %s what is still to be done', (stage, said, unsaid) => {
  const workload = workloadOf({
    key: 'far',
    stage,
    namespace: 'shop',
    serviceAccount: { name: 'far', manage: 'none' },
  });
  const { reason, hint, agrees } = leftOf(undefined, inventoryWith({ workloads: [workload] }));
  expect([reason, agrees]).toEqual(['in-inventory', undefined]);
  expect(hint).toContain(said);
  expect(hint).not.toContain(unsaid);
});
