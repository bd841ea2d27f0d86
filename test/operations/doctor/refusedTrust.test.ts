import { compile } from '../../../src/blueprint/compile';
import { podAccess } from '../../../src/comparison/access';
import { listOf, type OneOrMany } from '../../../src/iam/PolicyDocument';
import type { KeptStatement, Workload } from '../../../src/inventory/Inventory';
import { proveInventory } from '../../../src/proof/proveInventory';
import { remedyText } from '../../../src/cli/report';
import { clusterOf, environmentOf, podsOf, roleSettingsOf, subjectOf } from '../../blueprint/inventoryOf';
import { ask, type Case, healthy, SOURCE } from './doctorWorld';
import { TRUST_CAUSES, type TrustCause, UNCONDITIONAL } from './trustCauses';
import { changeTrust } from './roleFaults';

const caseOf = ({ stage, role }: Pick<TrustCause, 'stage' | 'role'>): Case =>
  healthy(stage, { workload: { role: roleSettingsOf({ adopt: true, ...role }) } });

const trustOf = async (one: Case) => {
  const { findings } = await ask(one);
  return findings.filter(({ check, state }) => check === 'trust' && state !== 'ok');
};

const workloadIn = ({ inventory }: Case): Workload => inventory.environments[0]!.workloads[0]!;

/** Makes the changes of the inventory that a remedy names, by its words alone. */
function followed(workload: Workload, remedy: string): Workload {
  const role = structuredClone(workload.role) as unknown as Record<string, unknown>;
  const listAt = (path: string): { list: KeptStatement[]; index: number } => {
    const [, field = '', index = ''] = /^workloads\.orders-api\.role\.(\S+)\[(\d+)\]$/.exec(path) ?? [];
    const list = field.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], role);
    return { list: list as KeptStatement[], index: Number(index) };
  };
  const edit = (path: string, change: (statement: KeptStatement) => KeptStatement) => {
    const { list, index } = listAt(path);
    list[index] = change(list[index]!);
  };
  const values = (statement: KeptStatement, operator: string, key: string, change: (all: string[]) => string[]) => {
    const { Condition = {} } = statement;
    const written = listOf((Condition[operator]?.[key] ?? []) as OneOrMany<string>);
    return {
      ...statement,
      Condition: { ...Condition, [operator]: { ...Condition[operator], [key]: change([...written]) } },
    };
  };
  for (const line of remedy.split('\n')) {
    const add = /^Add ("[^"]*") to (\S+) (\S+) in (\S+)\.$/.exec(line);
    const remove = /^Remove ("[^"]*") from (\S+) (\S+) in (\S+), which denies/.exec(line);
    const condition = /^Add (\S+) (\S+): ("[^"]*") to Condition in (\S+), which denies/.exec(line);
    const action = /^Add (sts:\w+) to Action in (\S+)\.$/.exec(line);
    const principal = /^Add (\w+) (\S+) to NotPrincipal in (\S+), which denies/.exec(line);
    const move = /^Move (\S+) to (\S+), with its reason/.exec(line);
    if (add) edit(add[4]!, (one) => values(one, add[2]!, add[3]!, (all) => [...all, JSON.parse(add[1]!) as string]));
    if (remove)
      edit(remove[4]!, (one) =>
        values(one, remove[2]!, remove[3]!, (all) => all.filter((it) => it !== JSON.parse(remove[1]!))),
      );
    if (condition)
      edit(condition[4]!, (one) =>
        values(one, condition[1]!, condition[2]!, (all) => [...all, JSON.parse(condition[3]!) as string]),
      );
    if (action) edit(action[2]!, (one) => ({ ...one, Action: [...listOf(one.Action ?? []), action[1]!] }));
    if (principal)
      edit(principal[3]!, (one) => ({
        ...one,
        NotPrincipal: { ...(one.NotPrincipal as object), [principal[1]!]: principal[2]! },
      }));
    if (move) {
      const { list, index } = listAt(move[1]!);
      role.keepTrust = [
        ...((role.keepTrust as KeptStatement[] | undefined) ?? []),
        { ...list.splice(index, 1)[0]!, because: 'others' },
      ];
      const adopted = role.adoptedTrust as Record<string, KeptStatement[]>;
      role.adoptedTrust = Object.fromEntries(Object.entries(adopted).filter(([, all]) => all.length > 0));
    }
  }
  return { ...workload, role: role as unknown as Workload['role'] };
}

describe('the inventory holds the statement that refuses the pods', () => {
  it.each(TRUST_CAUSES)(
    '$name: the statement and the condition are named, and no apply alone is advised',
    async (cause) => {
      const [finding, ...others] = await trustOf(caseOf(cause));
      expect(others).toEqual([]);
      expect(finding?.found).toMatch(cause.found);
      const remedy = remedyText(finding?.remedy ?? []);
      expect(remedy).toMatch(cause.change);
      expect(remedy).toMatch(/an apply alone writes the same again/);
      expect(remedy).not.toMatch(/Allow both/);
      const changed = finding?.remedy?.flatMap((step) => ('at' in step ? [step.at] : []));
      expect(changed).toHaveLength(1);
    },
  );

  it.each(TRUST_CAUSES)(
    '$name: the remedy, followed by its words, makes the check pass, and takes the role from nobody',
    async (cause) => {
      const before = caseOf(cause);
      const [finding] = await trustOf(before);
      const workload = followed(workloadIn(before), remedyText(finding?.remedy ?? []));
      const after = healthy(cause.stage, { workload });
      expect(await trustOf(after)).toEqual([]);
      // Who could assume the role by the statement still can.
      const [old, now] = [before, after].map(({ inventory }) => compile(inventory, 'prod').roles[0]!.trust);
      for (const statement of listOf(old!.Statement).filter(({ Effect }) => Effect === 'Allow')) {
        const values = JSON.stringify(listOf(now!.Statement));
        for (const value of JSON.stringify(statement.Condition ?? {}).match(/"[^"]+"/g) ?? [])
          expect(values).toContain(value);
      }
    },
  );

  // The proof is for all times: what depends on the time, it calls conditional.
  it.each(TRUST_CAUSES.filter(({ name }) => !name.startsWith('a date')))(
    '$name: the proof names the same change, and the statement as the place',
    (cause) => {
      const { inventory } = caseOf(cause);
      const { failures } = proveInventory(inventory);
      const mode = cause.stage === 'irsa' ? 'IRSA' : 'Pod Identity';
      const paths = failures.filter(({ rule, who }) => rule === 'proof-path' && who.endsWith(`on ${mode}`));
      expect(paths.length).toBeGreaterThan(0);
      for (const { hint, path } of paths) {
        expect(hint).toMatch(cause.change);
        expect(hint).toContain(path);
      }
    },
  );

  it('a Deny without conditions is named, with what the requests have, for a person to narrow', async () => {
    const [finding] = await trustOf(caseOf({ stage: 'pod-identity', role: { keepTrust: [UNCONDITIONAL] } }));
    expect(finding?.found).toMatch(/statement 1 \(Frozen\)/);
    expect(remedyText(finding?.remedy ?? [])).toMatch(
      /Narrow workloads\.orders-api\.role\.keepTrust\[0\], which denies these requests: it must not match aws:SourceAccount "333333333333", .*kubernetes-service-account "orders-api"\. Keep it for all others\./,
    );
  });

  it('an apply that would take the role from the pods is not advised before the correction', async () => {
    const one = caseOf(TRUST_CAUSES.find(({ name }) => name.startsWith('another namespace (String'))!);
    changeTrust(one.world, SOURCE, ({ Condition: _, ...statement }) => statement);
    const [finding] = await trustOf(one);
    expect(finding?.found).toMatch(/but the one of the inventory does not: an apply takes the role from them/);
    expect(finding?.blocksApply).toBe(true);
    expect(remedyText(finding?.remedy ?? [])).toMatch(/^The inventory itself has the statement that decides\./);
  });
});

describe('AWS has another trust policy than the inventory', () => {
  it.each(TRUST_CAUSES.filter(({ role }) => role.adoptedTrust !== undefined))(
    '$name, only in AWS: the apply is the remedy, and the inventory is not blamed',
    async ({ stage, role, found }) => {
      const one = healthy(stage);
      const wrong = caseOf({ stage, role });
      one.world.roles[SOURCE] = { ...one.world.roles[SOURCE]!, trust: wrong.world.roles[SOURCE]!.trust };
      const [finding] = await trustOf(one);
      expect(finding?.found).toMatch(found);
      const remedy = remedyText(finding?.remedy ?? []);
      expect(remedy).toMatch(/The trust policy of the inventory allows them, and AWS has another one/);
      expect(remedy).toMatch(/npx cdktf apply prod-identity/);
      expect(finding?.remedy?.some((step) => 'at' in step)).toBe(false);
      // The apply writes what the inventory has.
      const { trust, arn } = compile(one.inventory, 'prod').roles[0]!;
      const mode = stage === 'irsa' ? 'irsa' : 'pod-identity';
      const workload = workloadIn(one);
      expect(subjectOf(workload).name).toBe('orders-api');
      expect(podAccess({ arn, trust }, environmentOf(), podsOf(workload), clusterOf(), mode).result).toBe('allowed');
    },
  );
});
