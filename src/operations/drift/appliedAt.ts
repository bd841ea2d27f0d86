import { STAGES } from '../../inventory/Inventory';
import type { RoleFacts } from '../../estate/aws/AwsPort';
import { isApplied } from '../evidence/adoption';
import type { Ports } from '../../estate/Ports';
import type { AppliedAt } from './Difference';
import type { Scope } from './Scope';

type Tags = RoleFacts['tags'];

/** At which stage a role was applied last, by its tags; nothing where they say no such thing. */
export function appliedAt(tags: Tags): AppliedAt | undefined {
  return isApplied(tags) ? STAGES.find((stage) => stage === tags['podlift:stage']) : 'never';
}

/** Whether none of the roles that are asked about was applied before: then nothing of their stack was. Not where nobody answers. */
export async function neverApplied({ environment, blueprint, workloads }: Scope, ports: Ports): Promise<boolean> {
  const port = ports.aws(environment.account, environment.region);
  const keys = new Set(workloads.map(({ key }) => key));
  const answers = await Promise.all(
    blueprint.roles.filter(({ workload }) => keys.has(workload)).map(({ name }) => port.role(name)),
  );
  const known = answers.filter((answer) => answer.ok);
  return known.length > 0 && known.every(({ value }) => value === undefined || !isApplied(value.tags));
}
