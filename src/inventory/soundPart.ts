import type { Finding } from './Finding';
import type { Environment, Inventory } from './Inventory';
import type { Segments } from './Issue';
import { unknownValue } from './rules/references/unknownValue';
import { parsePath } from './source/parsePath';
import type { Model, Placed } from './resolve/Model';

/**
 * What of an inventory has no error: accounts, waves, environments, clusters, and the workloads that have none themselves and refer only to what
 * has none. The whole inventory when there is no error; undefined when the format of the file is not known. Counts over it are lower bounds.
 */
export function soundPart(model: Model, findings: readonly Finding[]): Inventory | undefined {
  const wrong = findings.filter(({ severity }) => severity === 'error');
  const paths = wrong.map(({ path }) => parsePath(path));
  if (paths.some(([top]) => top === undefined || top === 'version')) return undefined;

  // A missing value is said once of its environment; it is the workloads which use it that are not sound.
  const causes = wrong.flatMap(({ rule, path }) => (rule === unknownValue.name ? [] : [parsePath(path)]));
  const broken = new Set<string>();
  for (const path of causes) broken.add(ownerOf(path));
  for (const { path, environment } of model.unknownNames) {
    broken.add(path[0] === 'workloads' ? id('workload', path[1], environment) : ownerOf(path));
  }

  const accountIsSound = ({ key, id: accountId }: { key: string; id: string }): boolean =>
    !broken.has(id('account', key)) && !model.standIns.has(accountId);
  // A cluster that could not be read at all may be one of any workload's.
  const clustersAreRead = ({ key, clusters }: Environment): boolean =>
    (model.defined.clusters.get(key)?.size ?? 0) === clusters.length;
  const workloadIsSound = ({ workload, environment, clusters, isStageKnown }: Placed): boolean =>
    isStageKnown &&
    clustersAreRead(environment) &&
    !broken.has(id('workload', workload.key)) &&
    !broken.has(id('workload', workload.key, environment.key)) &&
    !(workload.wave !== undefined && broken.has(id('wave', workload.wave))) &&
    workload.targets.every(({ account }) => accountIsSound(account)) &&
    clusters.every(({ key }) => !broken.has(id('cluster', environment.key, key)));

  const sound = new Set(model.placed.filter(workloadIsSound).map(({ workload }) => workload));
  const soundEnvironment = (environment: Environment): readonly Environment[] =>
    broken.has(id('environment', environment.key)) || !accountIsSound(environment.account)
      ? []
      : [
          {
            ...environment,
            clusters: environment.clusters.filter(({ key }) => !broken.has(id('cluster', environment.key, key))),
            workloads: environment.workloads.filter((workload) => sound.has(workload)),
            ...(environment.released && { released: environment.released.filter((workload) => sound.has(workload)) }),
          },
        ];
  const { accounts, waves, environments } = model.inventory;
  return {
    accounts: accounts.filter(accountIsSound),
    waves: waves.filter(({ key }) => !broken.has(id('wave', key))),
    environments: environments.flatMap(soundEnvironment),
  };
}

/** The entry that an error at a path breaks: an override breaks its workload in one environment, a cluster not its whole environment. */
function ownerOf([section, key, field, part]: Segments): string {
  switch (section) {
    case 'accounts':
      return id('account', key);
    case 'waves':
      return id('wave', key);
    case 'environments':
      return field === 'clusters' && part !== undefined ? id('cluster', key, part) : id('environment', key);
    default:
      return field === 'overrides' && part !== undefined ? id('workload', key, part) : id('workload', key);
  }
}

function id(...parts: readonly (string | number | undefined)[]): string {
  return JSON.stringify(parts);
}
