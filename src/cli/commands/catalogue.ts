import { catalogue as pages, hasPermissions, knownController } from '../../catalogue/catalogue';
import type { KnownController } from '../../catalogue/catalogueSchema';
import { didYouMean, listed } from '../../inventory/suggest';
import { controllerText, inventoryBlock, listText } from '../catalogue/controllerText';
import { EXIT, UsageError } from '../exit';
import { printResult } from '../output';
import { stdoutStyle } from '../report';

export interface CatalogueOptions {
  readonly format: 'text' | 'json';
}

/**
 * `podlift catalogue [NAME]`: the known controllers, or one of them with its permissions, versions, sources and an entry for the inventory. Reads neither
 * the inventory nor AWS. Gives 0. Throws `UsageError` for a name that is not in the catalogue.
 */
export function catalogue(name: string | undefined, { format }: CatalogueOptions): number {
  if (name === undefined) {
    const all = pages();
    printResult('catalogue', format, { controllers: all.map(inList) }, () => listText(all, stdoutStyle()));
    return EXIT.ok;
  }
  const controller = knownController(name);
  if (controller === undefined) {
    const known = pages().flatMap((one) => [one.name, ...(one.aliases ?? [])]);
    throw new UsageError(
      `there is no controller ${JSON.stringify(name)} in the catalogue: ${didYouMean(name, known)}controllers: ${listed(known, 6)}`,
    );
  }
  const document = { controller, ...(hasPermissions(controller) && { inventory: inventoryBlock(controller) }) };
  printResult('catalogue', format, document, () => controllerText(controller, stdoutStyle()));
  return EXIT.ok;
}

/** What a list has of a controller. */
function inList(one: KnownController) {
  const { name, aliases = [], title, date, namespace, serviceAccounts = [], parameters = {}, podIdentity } = one;
  return {
    name,
    aliases,
    title,
    date,
    use: hasPermissions(one),
    ...(namespace !== undefined && { namespace }),
    serviceAccounts: serviceAccounts.map((account) => account.name),
    parameters: Object.keys(parameters),
    ...(podIdentity?.since !== undefined && { since: podIdentity.since }),
    ...(podIdentity?.never === true && { never: true }),
  };
}
