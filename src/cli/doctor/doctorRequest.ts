import { iamActions, iamServices } from '../../inventory/iamCatalogue';
import type { Inventory } from '../../inventory/Inventory';
import { requestedEnvironments } from '../../inventory/requestedEnvironments';
import { didYouMean, listed } from '../../inventory/suggest';
import type { Access } from '../../operations/doctor/access';
import type { DoctorRequest } from '../../operations/doctor/diagnose';
import { UsageError } from '../UsageError';

/** What an operator typed behind `podlift doctor`. */
export interface DoctorWords {
  /** Default: all. */
  readonly workload?: string | undefined;
  /** Default: `PODLIFT_ENVIRONMENT`, else all. */
  readonly environment?: string | undefined;
  readonly action?: string | undefined;
  readonly resource?: string | undefined;
}

/**
 * Whom an operator wants looked at, and what to evaluate for them. Throws `UsageError` for a workload or an environment that is not there, a workload that
 * does not run in the environment, an action without a resource or without a workload, and one that IAM does not know.
 */
export function doctorRequest(inventory: Inventory, words: DoctorWords): DoctorRequest {
  const known = inventory.environments.map(({ key }) => key);
  const asked =
    words.environment === undefined
      ? requestedEnvironments(known)
      : requestedEnvironments(known, words.environment, '--environment');
  if (asked.environments === undefined) throw new UsageError(asked.problem);
  const { environments } = asked;
  const { workload } = words;
  if (workload !== undefined) requireWorkload(inventory, workload, environments);
  const access = accessOf(words);
  return {
    environments,
    ...(workload === undefined ? {} : { workload }),
    ...(access === undefined ? {} : { access }),
  };
}

function requireWorkload({ environments }: Inventory, workload: string, wanted: readonly string[]): void {
  const runsIn = environments.filter(({ workloads }) => workloads.some(({ key }) => key === workload));
  if (runsIn.some(({ key }) => wanted.includes(key))) return;
  const there = runsIn.map(({ key }) => key);
  if (there.length > 0)
    throw new UsageError(`${workload} does not run in ${wanted.join(', ')}; it runs in ${there.join(', ')}`);
  if (environments.some(({ released = [] }) => released.some(({ key }) => key === workload)))
    throw new UsageError(`${workload} is released: podlift no longer manages it`);
  const names = [...new Set(environments.flatMap(({ workloads }) => workloads.map(({ key }) => key)))];
  throw new UsageError(`there is no workload "${workload}": ${didYouMean(workload, names)}workloads: ${listed(names)}`);
}

function accessOf({ workload, action, resource }: DoctorWords): Access | undefined {
  if (action === undefined && resource === undefined) return undefined;
  if (action === undefined || resource === undefined)
    throw new UsageError(
      '--action and --resource go together: --action s3:GetObject --resource "arn:aws:s3:::bucket/key"',
    );
  if (workload === undefined)
    throw new UsageError('--action asks for one workload: podlift doctor <workload> --action … --resource …');
  if (!/^[\w-]+:[A-Za-z]\w*$/.test(action))
    throw new UsageError(`--action is "${action}": one action, as in s3:GetObject`);
  requireAction(action);
  if (resource !== '*' && !/^arn:[\w-]+:[\w-]+:[\w-]*:\w*:.+$/.test(resource))
    throw new UsageError(`--resource is "${resource}": an ARN, or "*" for an action that takes none`);
  return { action, resource };
}

/** An action that IAM does not know is allowed by `*` and by nothing else: the answer would mislead. */
function requireAction(action: string): void {
  const [service = '', name = ''] = action.split(':');
  const services = iamServices();
  if (!services.has(service.toLowerCase()))
    throw new UsageError(
      `--action is "${action}": there is no service "${service}": ${didYouMean(service, services)}IAM knows ${services.size} services`,
    );
  const actions = iamActions(service);
  if (actions.has(name.toLowerCase())) return;
  const known = [...actions.values()].map((one) => one.name);
  throw new UsageError(
    `--action is "${action}": there is no action ${action}: ${didYouMean(name, known)}${service} has ${known.length} actions`,
  );
}
