import { stringify } from 'yaml';
import { placesOf } from '../../estate/places';
import type { Ports } from '../../estate/Ports';
import type { Stage } from '../../inventory/Inventory';
import { ownedAssociationQuestions, ownedAssociations } from '../../operations/ownedAssociation/ownedAssociations';
import { environmentWords, type EstateFlags, estateFor, estateSource, loadLivePorts } from '../estateFor';
import { requireInventory, selectEnvironment } from '../examine';
import { EXIT, UsageError } from '../exit';
import { colourWanted, printError, printResult } from '../output';
import { paintOf, remedyBlock } from '../report';
import { requireWorkload } from './doctor';

export interface AssociationOptions extends EstateFlags {
  /** Default: `PODLIFT_ENVIRONMENT`, else the only one. */
  readonly environment?: string;
  /** Default: that of the inventory. */
  readonly stage?: Stage;
  readonly format: 'text' | 'json';
}

/**
 * `podlift association <workload> --environment E [--stage S]`: the objects from which the other tool that owns the associations of a workload makes or adopts them. The objects
 * are on stdout; on stderr is what to do with them. Gives 1 where AWS did not answer whether an association exists; throws `UsageError` for a workload or an environment that is
 * not there, and for a workload whose associations podlift manages.
 */
export async function association(
  key: string,
  { environment: wanted, stage, format, ...flags }: AssociationOptions,
  ports: () => Ports = loadLivePorts,
): Promise<number> {
  const source = estateSource(flags);
  const { inventory } = requireInventory() ?? {};
  if (inventory === undefined) return EXIT.findings;
  const environment = selectEnvironment(inventory, wanted);
  requireWorkload(inventory, key, [environment.key]);
  const found = environment.workloads.find((one) => one.key === key);
  if (found === undefined) throw new Error(`${key} does not run in ${environment.key}`);
  const { associationOwner: owner } = found;
  if (owner === undefined)
    throw new UsageError(
      `podlift manages the associations of "${key}" in ${environment.key}. If another tool owns them, first write association: { manage: external, as: ack } into workloads.${key} (or as: crossplane, as: cloudformation).`,
    );
  const workload = stage === undefined ? found : { ...found, stage };
  const command = [
    'association',
    { name: key },
    ...environmentWords(environment.key),
    ...(stage ? ['--stage', stage] : []),
  ];
  const places = placesOf(inventory);
  const estate = await estateFor(ownedAssociationQuestions(environment, workload), places, ports, { source, command });
  const report = ownedAssociations(environment, workload, owner, estate, places);
  const { associations } = report;
  const objects = associations.flatMap(({ cluster, namespace, serviceAccount, object }) =>
    object === undefined
      ? []
      : [`# ${namespace}/${serviceAccount} on ${cluster}\n${stringify(object, { lineWidth: 0 }).trimEnd()}`],
  );
  if (format === 'json' || objects.length > 0)
    printResult('association', format, report, () => objects.join('\n---\n'));
  if (format === 'text') {
    const paint = paintOf(colourWanted(process.stderr));
    for (const { cluster, namespace, serviceAccount, remedy } of associations)
      printError([`${namespace}/${serviceAccount} on ${cluster}`, remedyBlock(remedy, paint, '  ')].join('\n'));
  }
  return associations.some(({ task }) => task === 'unknown') ? EXIT.findings : EXIT.ok;
}
