import { placesOf } from '../../estate/places';
import type { Ports } from '../../estate/Ports';
import { listOf } from '../../iam/PolicyDocument';
import { inventoryFile } from '../../inventory/inventoryFile';
import type { PermissionStatement } from '../../inventory/Inventory';
import { writtenIn } from '../../inventory/loadInventory';
import { readSources } from '../../inventory/reading/readSources';
import { proposals, type WrittenStatements } from '../../operations/usage/proposal';
import { usage as judged, usageQuestions } from '../../operations/usage/usage';
import { usageSections } from '../../report/usageSection';
import { environmentWords, type EstateFlags, estateFor, estateSource, loadLivePorts } from '../estateFor';
import { requireInventory, selectEnvironments } from '../examine';
import { EXIT } from '../exit';
import { printResult } from '../output';
import { pageText } from '../pageText';
import { stdoutStyle } from '../report';

export interface UsageOptions extends EstateFlags {
  /** Default: `PODLIFT_ENVIRONMENT`, else all. */
  readonly environment?: string;
  /** The length of the window. */
  readonly days: number;
  readonly format: 'text' | 'json';
}

/**
 * `podlift usage`: what AWS says that each role did not use, with trimmed statements to paste. Changes nothing. Gives 0, or 1 where a question had no answer or the inventory has
 * errors. Throws `UsageError` for an unknown environment.
 */
export async function usage(
  { environment, days, format, ...flags }: UsageOptions,
  ports: () => Ports = loadLivePorts,
): Promise<number> {
  const source = estateSource(flags);
  const { inventory } = requireInventory() ?? {};
  if (inventory === undefined) return EXIT.findings;
  const request = { environments: selectEnvironments(inventory, environment), days };
  const places = placesOf(inventory);
  const command = ['usage', '--days', String(days), ...environmentWords(environment)];
  const estate = await estateFor(usageQuestions(inventory, request), places, ports, { source, command });
  const all = judged(inventory, request, estate, places);
  const found = proposals(all, writtenStatements());
  const roles = all.filter((one) => request.environments.includes(one.environment));
  const shown = { roles, proposals: found.proposals, without: found.without };
  printResult('usage', format, { when: estate.at, days, ...shown }, () =>
    pageText(
      {
        title: 'podlift usage',
        facts: [
          { name: 'time', value: estate.at },
          { name: 'window', value: `${days} days` },
          { name: 'roles', value: String(roles.length) },
        ],
        sections: usageSections(shown),
      },
      stdoutStyle(),
    ),
  );
  return all.some(({ unread }) => unread.length > 0) ? EXIT.findings : EXIT.ok;
}

/** The statements as people wrote them, with their variables: what is pasted must be right in each environment. */
function writtenStatements(): WrittenStatements {
  const { workloads } = writtenIn(readSources(inventoryFile()));
  return (workload, target) => {
    const entry = workloads[workload];
    const permissions = target === undefined ? entry?.permissions : entry?.targets?.[target]?.permissions;
    return (permissions?.statements ?? []).map(
      (statement) =>
        ({
          ...statement,
          actions: listOf(statement.actions),
          resources: listOf(statement.resources),
        }) as PermissionStatement,
    );
  };
}
