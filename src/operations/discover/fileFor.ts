import { parseSource } from '../../inventory/source/parseSource';
import type { ReadInventory } from '../inventoryFile/readForEdit';
import type { Proposal } from './Proposal';

/**
 * The file of an inventory, as findings name it, to which a proposal's entries are added: its first one. A new cluster has to stand
 * where its environment does, since an environment is written in one file, and all entries go there then: they are written in one step.
 */
export function fileFor({ texts }: Pick<ReadInventory, 'texts'>, { cluster, environment }: Proposal): string {
  const [first = '', ...others] = texts.keys();
  if (cluster === undefined) return first;
  const hasIt = (file: string): boolean => {
    const environments = parseSource(texts.get(file) ?? '', file).source?.data.environments;
    return typeof environments === 'object' && environments !== null && Object.hasOwn(environments, environment);
  };
  return [first, ...others].find(hasIt) ?? first;
}
