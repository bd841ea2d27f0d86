import { DetachRolePolicyCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { awsPorts } from '../../../src/estate/aws/awsPorts';
import type { Estate } from '../../../src/estate/Estate';
import { placesOf } from '../../../src/estate/places';
import type { Question } from '../../../src/estate/questions';
import { readEstate } from '../../../src/estate/readEstate';
import type { Statement } from '../../../src/iam/PolicyDocument';
import type { Inventory } from '../../../src/inventory/Inventory';
import { doctorQuestions } from '../../../src/operations/doctor/doctor';
import { driftQuestions } from '../../../src/operations/drift/drift';
import { gateQuestions } from '../../../src/operations/gate/gate';
import { inventoryAt, type Live, rememberedKubectl, startLive } from '../../operations/gate/live/liveWorld';
import { byDeployRole } from './byDeployRole';
import { policyOf } from './permissionsPage';

/** Six workloads in one wave, each with a role: more than the reader asks for one by one. */
function sixWorkloads(): Inventory {
  const inventory = byDeployRole(inventoryAt('dual'));
  return {
    ...inventory,
    environments: inventory.environments.map((environment) => {
      const [first] = environment.workloads;
      const workloads = Array.from({ length: 6 }, (_, index) => {
        const key = `${first!.key}-${index}`;
        const name = `prod-${key}`;
        return {
          ...first!,
          key,
          subjects: [{ ...first!.subjects[0]!, name: key }],
          role: { ...first!.role, name },
        };
      });
      return { ...environment, workloads };
    }),
  };
}

const SINGLE = ['GetRole', 'GetRolePolicy', 'ListAttachedRolePolicies', 'ListRolePolicies'];

describe('the permissions for reading many roles', () => {
  const inventory = sixWorkloads();
  let live: Live;
  let kubernetes: ReturnType<typeof rememberedKubectl>;
  beforeAll(async () => {
    live = await startLive(inventory);
    await live.apply(inventory);
    kubernetes = rememberedKubectl();
    const administrator = 'arn:aws:iam::aws:policy/AdministratorAccess';
    await live.iam().send(new DetachRolePolicyCommand({ RoleName: 'podlift-deploy', PolicyArn: administrator }));
  });
  afterAll(() => live.stop());

  /** What is asked with these permissions: the actions of IAM, and the parts that have no value. */
  async function readWith(statements: readonly Statement[]) {
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: statements });
    await live.iam().send(new PutRolePolicyCommand({ RoleName: 'podlift-deploy', PolicyName: 'read', PolicyDocument }));
    const before = live.sandbox().calls().length;
    const request = { environments: ['prod'] };
    const questions = (estate: Estate): readonly Question[] => [
      ...gateQuestions(inventory, { wave: 'pilot', environment: 'prod', direction: 'forward' })(estate),
      ...driftQuestions(inventory, request)(estate),
      ...doctorQuestions(inventory, request)(estate),
    ];
    // CloudTrail answers twice a second, and is asked for each role.
    const ports = { aws: awsPorts({ attempts: 8 }), kubernetes };
    const estate = await readEstate(questions, ports, placesOf(inventory));
    const actions = live
      .sandbox()
      .calls()
      .slice(before)
      .map(({ action }) => action);
    return { actions: new Set(actions), unanswered: unansweredIn(estate) };
  }

  it('are those in bulk: no call for a single role is made, and none is needed', async () => {
    const others = policyOf('read').Statement.filter(({ Sid }) => Sid !== 'Roles');
    const { actions, unanswered } = await readWith([...others, ...policyOf('read-bulk').Statement]);
    expect(unanswered).toEqual([]);
    expect(SINGLE.filter((action) => actions.has(action))).toEqual([]);
    expect(actions).toContain('GetAccountAuthorizationDetails');
  });

  it('are those for single calls where reading in bulk is denied', async () => {
    const { actions, unanswered } = await readWith(policyOf('read').Statement);
    expect(unanswered).toEqual([]);
    expect(actions).toContain('GetRole');
  });
});

/** Messages of the parts that have no value. */
function unansweredIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('at' in value && 'message' in value) return [String(value.message)];
  return 'at' in value && 'value' in value ? [] : Object.values(value).flatMap(unansweredIn);
}
