import { parse } from 'yaml';
import type { Inventory } from '../../../src/inventory/Inventory';
import { remedyText } from '../../../src/cli/report';
import { workloadOf } from '../../blueprint/inventoryOf';
import { arnOf, eksctlOidc, OTHER_ACCOUNT, OTHER_PROVIDER, type Shape, trustOf } from './shapes';
import { clusterWithout, foundOf, inventoryWith, MAIN, noRole, proposalOf, refusedRole } from './foundOf';

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

function leftOf(found = foundOf([FAR]), inventory: Inventory = WITH_DATA, cluster = MAIN) {
  const { left, workloads } = proposalOf(found, inventory, cluster);
  expect(workloads).toEqual([]);
  expect(left).toHaveLength(1);
  return { ...left[0]!, text: remedyText(left[0]!.remedy) };
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

it('names both roles, and the page that has the steps', () => {
  const { text, docs } = leftOf();
  expect(text).toContain('a source role in apps-prod (333333333333)');
  expect(text).toContain(`the target role ${arnOf('prod-far-data', '/', OTHER_ACCOUNT)}`);
  expect(docs).toBe('docs/DISCOVER.md#other-account');
});

it('says that the agent comes first where the cluster’s entry has none', () => {
  expect(leftOf(undefined, WITH_DATA, clusterWithout('agent')).text).toContain('First write environments.prod');
  expect(leftOf().text).not.toContain('First');
});

it.each([
  ['has not answered', WITH_DATA, {}],
  ['is not in the inventory', inventoryWith(), { accounts: { [`account-${OTHER_ACCOUNT}`]: { id: OTHER_ACCOUNT } } }],
])('says that the permissions are not known where the account %s', (_what, inventory, accounts) => {
  const { text, snippet } = leftOf(foundOf([FAR], { roles: { [ARN]: refusedRole() } }), inventory);
  expect(text).toContain('its permissions and its trust policy are unknown');
  expect(parse(snippet!)).toMatchObject({
    ...accounts,
    workloads: { far: { targets: expect.anything() } },
  });
});

it('proposes no entry for pods that run where there is no agent, and none for a role that is gone', () => {
  const fargate = leftOf(foundOf([{ ...FAR, node: 'fargate-1' }]));
  expect([fargate.reason, fargate.snippet]).toEqual(['other-account', undefined]);
  expect(fargate.text).toContain('Leave the service account on IRSA');
  const gone = leftOf(foundOf([FAR], { roles: { [ARN]: noRole } }));
  expect(gone.reason).toBe('role-missing');
  expect(gone.text).toContain('Create the role, or remove the annotation');
});

it.each([
  ['pod-identity', 'Only then remove the annotation', 'Leave'],
  ['irsa', 'Leave the annotation', 'emove'],
] as const)('says of one that the inventory has at %s what is still to be done', (stage, said, unsaid) => {
  const workload = workloadOf({
    key: 'far',
    stage,
    namespace: 'shop',
    serviceAccount: { name: 'far', manage: 'none' },
  });
  const { reason, text, agrees } = leftOf(undefined, inventoryWith({ workloads: [workload] }));
  expect([reason, agrees]).toEqual(['in-inventory', undefined]);
  expect(text).toContain(said);
  expect(text).not.toContain(unsaid);
});
