import { doctorRequest, type DoctorWords } from '../../../src/cli/commands/doctor';
import { UsageError } from '../../../src/cli/exit';
import { environmentOf, inventoryOf, workloadOf } from '../../blueprint/inventoryOf';

const INVENTORY = inventoryOf(
  environmentOf(),
  environmentOf({ key: 'dev', workloads: [workloadOf({ key: 'billing' })] }),
);
const READ = { action: 's3:GetObject', resource: 'arn:aws:s3:::acme/*' };

describe('what an operator asks the doctor', () => {
  const before = process.env.PODLIFT_ENVIRONMENT;
  beforeEach(() => delete process.env.PODLIFT_ENVIRONMENT);
  afterAll(() => (process.env.PODLIFT_ENVIRONMENT = before ?? ''));

  it.each<[DoctorWords, unknown]>([
    [{}, { environments: ['prod', 'dev'] }],
    [{ environment: 'dev' }, { environments: ['dev'] }],
    [{ workload: 'billing' }, { environments: ['prod', 'dev'], workload: 'billing' }],
    [
      { workload: 'billing', ...READ },
      { environments: ['prod', 'dev'], workload: 'billing', access: READ },
    ],
    [
      { workload: 'billing', action: 'ec2:DescribeInstances', resource: '*' },
      {
        environments: ['prod', 'dev'],
        workload: 'billing',
        access: { action: 'ec2:DescribeInstances', resource: '*' },
      },
    ],
  ])('%j is understood', (words, request) => {
    expect(doctorRequest(INVENTORY, words)).toEqual(request);
  });

  it.each<[DoctorWords, RegExp]>([
    [{ workload: 'order-api' }, /there is no workload "order-api": did you mean "orders-api"\?/],
    [{ workload: 'billing', environment: 'prod' }, /billing does not run in prod; it runs in dev/],
    [{ environment: 'prd' }, /--environment is "prd": did you mean "prod"\?/],
    [{ workload: 'billing', action: 's3:GetObject' }, /--action and --resource go together/],
    [{ workload: 'billing', resource: '*' }, /--action and --resource go together/],
    [READ, /--action asks for one workload/],
    [{ workload: 'billing', ...READ, action: 's3:*' }, /one action, as in s3:GetObject/],
    [{ workload: 'billing', ...READ, action: 'GetObject' }, /one action/],
    [
      { workload: 'billing', ...READ, action: 's3:GetObjects' },
      /there is no action s3:GetObjects: did you mean "GetObject"\? s3 has \d+ actions/,
    ],
    [
      { workload: 'billing', ...READ, action: 'dynamo:Query' },
      /there is no service "dynamo": did you mean "dynamodb"\?/,
    ],
    [{ workload: 'billing', ...READ, resource: 'acme' }, /--resource is "acme": an ARN/],
  ])('%j is wrong usage, and says why', (words, message) => {
    expect(() => doctorRequest(INVENTORY, words)).toThrow(UsageError);
    expect(() => doctorRequest(INVENTORY, words)).toThrow(message);
  });
});
