import type { StackReport } from '../../../src/cli/engine/StackReport';
import { changesText, summaryTable } from '../../../src/cli/engine/stackText';

const PLAIN = { colour: false, width: 200 };
const report = (result: StackReport['result'], more: Partial<StackReport> = {}): StackReport => ({
  ...{ stack: 'prod-identity', dependencies: [], result, seconds: 1, counts: COUNTS },
  changes: [{ address: 'aws_iam_role.api', type: 'aws_iam_role', action: 'create' }],
  ...more,
});
const COUNTS = { import: 0, add: 3, change: 1, destroy: 0 };

describe('the summary of stacks', () => {
  it.each<[StackReport['result'], string]>([
    ['applied', '3'],
    ['planned', '3'],
    ['failed', '3'],
    ['skipped', '-'],
    ['stopped', '-'],
  ])('has the counts of a stack only where its plan was used: %s', (result, add) => {
    const row = summaryTable([report(result, { because: 'prod-targets-data' })], PLAIN)
      .split('\n')
      .find((line) => line.includes('prod-identity'));
    expect(row?.split('│')[3]?.trim()).toBe(add);
  });
});

describe('the changes of stacks', () => {
  it('are a line each, or the words of Terraform where they were asked for', () => {
    expect(changesText([report('planned')], PLAIN)).toBe('prod-identity: 1 change\n    + aws_iam_role.api');
    expect(changesText([report('planned', { diff: '# aws_iam_role.api' })], PLAIN)).toBe(
      'prod-identity:\n# aws_iam_role.api',
    );
    expect(changesText([report('unchanged')], PLAIN)).toBe('');
  });
});
