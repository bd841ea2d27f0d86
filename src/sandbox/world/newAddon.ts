import { randomUUID } from 'node:crypto';
import type { AddonState, ClusterState, Tags } from './World';

/** What an add-on is made from. */
export interface NewAddon {
  readonly name: string;
  readonly version: string;
  readonly serviceAccountRoleArn?: string;
  readonly configurationValues?: string;
  readonly tags?: Readonly<Tags>;
}

/** An add-on of a cluster, not in it yet, without associations. `now` is ISO 8601. */
export function newAddon(cluster: ClusterState, wanted: NewAddon, now: string): AddonState {
  const { name, version, serviceAccountRoleArn, configurationValues, tags = {} } = wanted;
  return {
    name,
    arn: `${cluster.arn.replace(':cluster/', ':addon/')}/${name}/${randomUUID()}`,
    createdAt: now,
    modifiedAt: now,
    version,
    ...(serviceAccountRoleArn === undefined ? {} : { serviceAccountRoleArn }),
    ...(configurationValues === undefined ? {} : { configurationValues }),
    associations: [],
    tags: { ...tags },
  };
}
