import type { DiscoverReport } from '../../../src/cli/discover/reportText';
import { compile } from '../../../src/blueprint/compile';
import { parseSource } from '../../../src/inventory/source/parseSource';
import { proveInventory } from '../../../src/proof/proveInventory';
import { checkSources, type LoadedInventory } from '../../../src/inventory/loadInventory';
import { showsNoChange } from '../../../src/comparison/showsNoChange';
import type { Shape } from '../../operations/discover/shapes';
import { arnOf, CARRIED, LEFT, MOVABLE as ALONE, seedOf, TOGETHER } from '../../operations/discover/shapes';
import { useSandbox } from '../../sandbox/testSandbox';
import { liveDiscover, WITHOUT_CLUSTER } from './liveDiscover';

// By the real SDK and the real kubectl, on a sandbox with what eksctl, Terraform modules, AWS CDK and people leave.

const MOVABLE = [...ALONE, ...CARRIED];
const SHARED = TOGETHER.filter(({ of }) => of.startsWith('together/shared'));
const BY_PATTERN = TOGETHER.filter((one) => !SHARED.includes(one));

const holder = useSandbox(() => ({ seed: seedOf([...MOVABLE, ...TOGETHER, ...LEFT]) }));

function load(text: string): LoadedInventory {
  const { source } = parseSource(text, 'inventory.yaml');
  return checkSources({ sources: [source!], findings: [], files: ['inventory.yaml'], complete: true });
}

const keyOf = ({ of }: Shape) => of.split('/')[1]!;

let written: Awaited<ReturnType<typeof liveDiscover>>;
beforeAll(async () => {
  written = await liveDiscover(holder.sandbox, WITHOUT_CLUSTER, { write: true });
});

it('adds entries for all that can be taken over, and ends with 0', () => {
  expect(written.exit).toBe(0);
  expect(written.out).toContain('Added to ');
  expect(written.out).toContain('left out: trust-mixed (1)');
  const { inventory, findings } = load(written.text);
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(inventory!.environments[0]!.workloads.map(({ key }) => key).sort()).toEqual(
    [...MOVABLE, ...SHARED.slice(0, 1), ...BY_PATTERN].map(keyOf).sort(),
  );
});

it('keeps every line that stood there', () => {
  expect(written.text.startsWith(WITHOUT_CLUSTER)).toBe(true);
});

it.each(MOVABLE)('compiles the trust and the permissions of $of as they stand', (shape) => {
  const blueprint = compile(load(written.text).inventory!, 'prod');
  const role = blueprint.roles.find(({ workload }) => workload === keyOf(shape))!;
  expect(role.arn).toBe(arnOf(shape.role.name, shape.role.path));
  expect(showsNoChange(role.trust, shape.role.trust)).toBe(true);
  expect(role.managedPolicies).toEqual(shape.role.attached ?? []);
  expect(role.inline).toBeUndefined();
  expect(JSON.parse(JSON.stringify(role.inlinePolicies))).toEqual(
    Object.entries(shape.role.inline ?? {}).map(([name, document]) => ({ name, document })),
  );
  expect(role.stage).toBe(shape.found);
  const associations = blueprint.associations.filter(({ workload }) => workload === keyOf(shape));
  expect(associations).toHaveLength(shape.association === undefined ? 0 : 1);
  expect(associations.every(({ importId }) => importId?.startsWith('a-'))).toBe(true);
});

it('has one entry for both users of a shared role, and keeps accounts by pattern at irsa', () => {
  const { workloads } = load(written.text).inventory!.environments[0]!;
  const of = (shape: Shape) => workloads.find(({ key }) => key === keyOf(shape))!;
  expect(of(SHARED[0]!).subjects.map(({ name }) => name)).toEqual(['shared-a', 'shared-b']);
  for (const shape of BY_PATTERN) expect(of(shape)).toMatchObject({ stage: 'irsa', because: expect.any(String) });
  const blueprint = compile(load(written.text).inventory!, 'prod');
  for (const shape of [SHARED[0]!, ...BY_PATTERN])
    expect(
      showsNoChange(blueprint.roles.find(({ workload }) => workload === keyOf(shape))!.trust, shape.role.trust),
    ).toBe(true);
});

it('writes an inventory that the proof accepts, with the roles that let in more as warnings', () => {
  const { failures } = proveInventory(load(written.text).inventory!);
  expect(
    failures.filter(({ severity }) => severity === 'error').map(({ path, message }) => `${path}: ${message}`),
  ).toEqual([]);
});

it('finds nothing to add when it runs again', async () => {
  const again = await liveDiscover(holder.sandbox, written.text, { write: true, format: 'json' });
  const report = JSON.parse(again.out) as DiscoverReport;
  expect(again.exit).toBe(0);
  expect(again.text).toBe(written.text);
  expect(report.workloads).toEqual([]);
  expect(report.left.filter(({ reason, agrees }) => reason === 'in-inventory' && agrees)).toHaveLength(
    MOVABLE.length + TOGETHER.length,
  );
});

it('prints YAML that can be pasted on stdout, and the report on stderr', async () => {
  const { exit, out, err, text } = await liveDiscover(holder.sandbox, WITHOUT_CLUSTER);
  expect(exit).toBe(0);
  expect(text).toBe(WITHOUT_CLUSTER);
  expect(Object.keys(parseSource(out, 'out').source!.data)).toEqual(['environments', 'waves', 'workloads']);
  expect(err).toContain('Would be added to');
  expect(err).toContain('Notes:');
});

it('only reads', async () => {
  const before = holder.sandbox.calls().length;
  await liveDiscover(holder.sandbox, WITHOUT_CLUSTER);
  const actions = new Set(
    holder.sandbox
      .calls()
      .slice(before)
      .map(({ action }) => action.split(':').at(-1)!),
  );
  expect([...actions].filter((action) => !/^(Get|List|Describe)/.test(action))).toEqual([]);
});

it('says which calls it made', async () => {
  const before = holder.sandbox.calls().length;
  const { out } = await liveDiscover(holder.sandbox, WITHOUT_CLUSTER, { format: 'json' });
  const made = holder.sandbox
    .calls()
    .slice(before)
    .filter(({ action }) => !action.includes('GetCallerIdentity'));
  expect((JSON.parse(out) as DiscoverReport).asked?.calls).toBe(made.length);
});
