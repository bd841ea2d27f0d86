import type { Cluster } from '../../inventory/Inventory';
import { ROLE_ANNOTATION } from '../../blueprint/serviceAccounts';
import { kubectlPlace } from './places';
import { shellWord } from '../../estate/shellWord';

/** The command that lets a service account's annotation name a role (its ARN), or removes the annotation where there is none. */
export function annotateCommand(
  cluster: Cluster,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  role: string | undefined,
): string {
  const change = role === undefined ? `${ROLE_ANNOTATION}-` : `--overwrite ${shellWord(`${ROLE_ANNOTATION}=${role}`)}`;
  return `${kubectlPlace(cluster)} -n ${shellWord(namespace)} annotate serviceaccount ${shellWord(name)} ${change}`;
}
