import type { WorkloadAccess } from './access';
import { accessGraph } from './accessGraph';
import type { Block, Section } from './Page';
import type { Report } from './Report';
import { counted, firstOf, stageCell } from './wording';

/** A drawing with more workloads is divided: so it fits on a sheet of paper, and a reader keeps the overview. */
const MOST_WORKLOADS = 40;

/** Who can use which role: a drawing for each wave of each environment. */
export function accessSection({ access }: Report): Section {
  return {
    id: 'access',
    title: 'Access',
    lead: 'Each workload with the role that its pods get, and the roles that are assumed from it. A dashed line is a role that EKS assumes for the pod.',
    blocks: access.length === 0 ? [{ kind: 'text', text: 'No workload runs here.' }] : folded(parts(access)),
  };
}

/** More drawings than these are closed, but the first one. */
const MOST_OPEN = 3;

function folded(drawings: ReturnType<typeof parts>): readonly Block[] {
  if (drawings.length <= MOST_OPEN) return drawings.map(({ title, part }) => figureOf(title, part));
  return drawings.map(({ title, part }, index): Block => {
    const waves = [...new Set(part.map(({ wave = 'in no wave' }) => wave))];
    return {
      kind: 'details',
      summary: `${title}: ${firstOf(waves, 5)}`,
      ...(index === 0 && { open: true }),
      blocks: [figureOf(title, part)],
    };
  });
}

/** By environment. Waves stay together, in their order, unless one alone is too large. */
function parts(
  access: readonly WorkloadAccess[],
): readonly { readonly title: string; readonly part: readonly WorkloadAccess[] }[] {
  const environments = groupedBy(access, ({ environment }) => environment);
  return environments.flatMap((here) => {
    const waves = groupedBy(here, ({ wave = '' }) => wave).flatMap(inPieces);
    const drawings: WorkloadAccess[][] = [];
    for (const wave of waves) {
      const last = drawings.at(-1);
      if (last !== undefined && last.length + wave.length <= MOST_WORKLOADS) last.push(...wave);
      else drawings.push([...wave]);
    }
    const name = here[0]?.environment ?? '';
    return drawings.map((part, index) => ({
      title: drawings.length === 1 ? name : `${name}, part ${index + 1} of ${drawings.length}`,
      part,
    }));
  });
}

/** A list in pieces of equal length, none too long for a drawing. */
function inPieces(all: readonly WorkloadAccess[]): readonly (readonly WorkloadAccess[])[] {
  const count = Math.ceil(all.length / MOST_WORKLOADS);
  const size = Math.ceil(all.length / count);
  return Array.from({ length: count }, (_, index) => all.slice(index * size, (index + 1) * size));
}

function groupedBy(
  access: readonly WorkloadAccess[],
  key: (one: WorkloadAccess) => string,
): readonly (readonly WorkloadAccess[])[] {
  const groups = new Map<string, WorkloadAccess[]>();
  for (const one of access) groups.set(key(one), [...(groups.get(key(one)) ?? []), one]);
  return [...groups.values()];
}

function figureOf(title: string, part: readonly WorkloadAccess[]): Block {
  const targets = part.flatMap((one) => one.targets);
  const accounts = new Set(targets.map(({ accountId }) => accountId));
  const rest =
    targets.length === 0
      ? ''
      : `, and ${counted(targets.length, 'target role')} in ${counted(accounts.size, 'account')}`;
  return {
    kind: 'figure',
    caption: title,
    description: `${counted(part.length, 'workload')} with ${counted(part.length, 'source role')}${rest}.`,
    ...accessGraph(part),
    table: {
      caption: `Roles of ${title}`,
      columns: [
        { head: 'workload' },
        { head: 'stage' },
        { head: 'service accounts' },
        { head: 'clusters' },
        { head: 'source role', holds: 'sentences' },
        { head: 'target roles', holds: 'sentences' },
      ],
      rows: part.map(({ workload, stage, serviceAccounts, clusters, role, targets: its }) => [
        workload,
        stageCell(stage),
        serviceAccounts.join(', '),
        clusters.join(', '),
        role.arn,
        its.length === 0
          ? '-'
          : its.map(({ arn, via }) => (via === 'association' ? `${arn} (by EKS)` : arn)).join(', '),
      ]),
      empty: 'No workload runs here.',
    },
  };
}
