import { STAGES } from '../../../inventory/Inventory';
import { targetOf } from '../../blueprint/inventoryOf';
import { allowing, ask, healthy, SOURCE, type Case } from './doctorWorld';

const OBJECT = 'arn:aws:s3:::acme-orders/1';
const READ = { action: 's3:GetObject', resource: OBJECT };

async function answer(one: Case, access: typeof READ) {
  const { findings } = await ask(one, { access });
  return findings.find(({ check }) => check === 'access')!;
}

describe('--action and --resource', () => {
  it.each(STAGES)('says at %s which statement allows it', async (stage) => {
    const found = await answer(healthy(stage), READ);
    expect(found.state).toBe('ok');
    expect(found.found).toMatch(/is allowed by inline policy podlift of prod-orders-api, statement 0/);
    expect(found.shows).toBe(
      `aws iam simulate-principal-policy --policy-source-arn arn:aws:iam::333333333333:role/prod-orders-api --action-names s3:GetObject --resource-arns ${OBJECT}`,
    );
  });

  it('says what is missing', async () => {
    const found = await answer(healthy('dual'), { ...READ, action: 's3:PutObject' });
    expect(found.state).toBe('problem');
    expect(found.found).toMatch(/s3:PutObject is denied: no identity policy allows it/);
    expect(found.mends).toMatch(/- actions: \[s3:PutObject\]\n {2}resources: \["arn:aws:s3:::acme-orders\/1"\]/);
  });

  it.each([
    ['irsa', 'problem', /aws:PrincipalTag\/kubernetes-namespace: wanted "production", the request does not carry it/],
    ['pod-identity', 'ok', /the session tags of EKS/],
  ] as const)('evaluates at %s with the session tags that a new pod has: %s', async (stage, state, text) => {
    const one = healthy(stage);
    one.world.rolePolicies[SOURCE] = {
      attached: [],
      inline: {
        podlift: {
          Version: '2012-10-17',
          Statement: {
            Effect: 'Allow',
            Action: 's3:*',
            Resource: '*',
            Condition: { StringEquals: { 'aws:PrincipalTag/kubernetes-namespace': 'production' } },
          },
        },
      },
    };
    const found = await answer(one, READ);
    expect(found.state).toBe(state);
    expect(found.found).toMatch(text);
  });

  it('reads attached policies and the boundary', async () => {
    const one = healthy('dual');
    const [own, limit] = ['arn:aws:iam::aws:policy/S3', 'arn:aws:iam::aws:policy/Limit'];
    one.world.managedPolicies[own] = allowing('s3:*');
    one.world.managedPolicies[limit] = allowing('dynamodb:*');
    one.world.rolePolicies[SOURCE] = { attached: [own], inline: { podlift: allowing('sqs:*') } };
    expect((await answer(one, READ)).found).toMatch(/allowed by policy arn:aws:iam::aws:policy\/S3, statement 0/);
    one.world.roles[SOURCE] = { ...one.world.roles[SOURCE]!, permissionsBoundary: limit };
    const found = await answer(one, READ);
    expect(found.found).toMatch(/permissions boundary does not allow it/);
    expect(found.mends).toMatch(/boundary/);
  });

  it('names the statement that denies', async () => {
    const one = healthy('dual');
    const deny = { Sid: 'NoS3', Effect: 'Deny', Action: 's3:*', Resource: '*' } as const;
    one.world.rolePolicies[SOURCE] = {
      attached: [],
      inline: { podlift: allowing('*'), guard: { Version: '2012-10-17', Statement: [deny] } },
    };
    expect((await answer(one, READ)).found).toMatch(
      /explicit deny by inline policy guard of prod-orders-api, statement 0 \(NoS3\)/,
    );
  });

  it('asks the target role where the association hands that one out, and the source role before', async () => {
    const targets = [targetOf({ via: 'association' })];
    const query = { action: 'dynamodb:Query', resource: 'arn:aws:dynamodb:us-west-2:444444444444:table/ledger' };
    expect((await answer(healthy('dual', { targets }), query)).found).toMatch(
      /allowed by inline policy podlift of prod-orders-api-ledger/,
    );
    expect((await answer(healthy('irsa', { targets }), query)).state).toBe('problem');
    expect((await answer(healthy('dual', { targets }), READ)).state).toBe('problem');
  });

  it('says what it cannot see', async () => {
    const foreign = await answer(healthy('dual'), { ...READ, resource: 'arn:aws:sqs:us-west-2:999999999999:queue' });
    expect(foreign.found).toMatch(/is of account 999999999999: its own policy must allow the role as well/);
    expect((await answer(healthy('dual'), READ)).found).toMatch(/service control policies, session policies/);
  });

  it('does not hold a KMS key’s own policy against the role', async () => {
    const one = healthy('dual');
    one.world.rolePolicies[SOURCE] = { attached: [], inline: { podlift: allowing('kms:Decrypt') } };
    const found = await answer(one, { action: 'kms:Decrypt', resource: 'arn:aws:kms:us-west-2:333333333333:key/1' });
    expect(found.state).toBe('ok');
    expect(found.found).toMatch(/allowed by inline policy podlift/);
    expect(found.found).toMatch(/The key’s policy must allow it as well/);
  });
});
