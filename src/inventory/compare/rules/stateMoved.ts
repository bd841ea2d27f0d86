import { posix } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Environment, StateSettings } from '../../Inventory';
import { shellWord } from '../../shellWord';
import type { CompareRule } from '../compare';

/** Terraform has its resources only in its state. */
export const stateMoved: CompareRule = {
  name: 'state-moved',
  severities: ['warning'],
  what: 'The place in the `state` of an environment and the `name` of the inventory do not change.',
  example: 'the state of prod moves: a plan without the old state would create everything again',
  *check({ base: before, head: after, environments, revision }) {
    for (const { base, head } of environments.kept) {
      const stays = isDeepStrictEqual(placeOf(base.state), placeOf(head.state));
      if (!hasResources(base) || (stays && before.name === after.name)) continue;
      if (stays) {
        yield {
          path: ['name'],
          message: `the states of ${head.key} move with the name of the inventory: a plan without the old states would create everything again`,
          hint: `Move them before the next plan:\nnpx podlift state move --environment ${head.key}${earlier(before.name)}`,
        };
        continue;
      }
      yield {
        path: ['environments', head.key, ...(head.state === undefined ? [] : ['state'])],
        message: `the state of ${head.key} moves: a plan without the old state would create everything again`,
        hint: moveOf(base, head, before.name === after.name ? undefined : before.name, revision),
      };
    }
  },
};

/** What names the place of a state, without how Terraform gets there: who authenticates, and how the lock is taken. */
function placeOf(state: StateSettings | undefined): unknown {
  if (state === undefined) return undefined;
  // A `cloud` block and the backend `remote` have the same workspaces, and capitals are the same there.
  const workspaces = 'cloud' in state ? state.cloud : 'remote' in state ? state.remote : undefined;
  if (workspaces !== undefined) {
    const { hostname = 'app.terraform.io', organization, prefix = '' } = workspaces;
    return ['workspaces', hostname, organization, prefix].map((text) => text.toLowerCase());
  }
  if ('http' in state) return ['http', state.http.address];
  if ('gcs' in state) return ['gcs', state.gcs.bucket, state.gcs.prefix ?? ''];
  if ('azurerm' in state) {
    const { environment = 'public', storageAccountName, containerName, prefix = '' } = state.azurerm;
    return ['azurerm', environment, storageAccountName, containerName, prefix];
  }
  return 'local' in state ? ['local', posix.normalize(`${state.local.folder}/`)] : state;
}

/** The option that names the earlier name of the inventory, where it had one. */
function earlier(name: string | undefined): string {
  return name === undefined ? '' : ` --from ${name}`;
}

/** How the states get to their new place: from local files, or from where the earlier version has them. */
function moveOf(base: Environment, head: Environment, from: string | undefined, revision: string | undefined): string {
  const move = `Move the states before the next plan:\nnpx podlift state move --environment ${head.key}`;
  if (base.state === undefined) return `${move} --from-local${earlier(from)}`;
  if (revision !== undefined) return `${move} --base ${shellWord(revision)}`;
  return `${move} --base REV\nREV is a git revision before the change.`;
}

/** Whether its states can have resources. Terraform has forgotten those of released workloads. */
function hasResources({ workloads, clusters }: Environment): boolean {
  return (
    workloads.length > 0 ||
    clusters.some(
      ({ agent, addons, oidc }) =>
        agent?.adopt === true || agent?.keep === true || addons.length > 0 || oidc?.provider === 'managed',
    )
  );
}
