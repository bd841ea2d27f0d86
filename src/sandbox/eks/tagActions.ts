import type { Actions, Call, Permission } from '../api/Action';
import { ApiError, validationError } from '../api/ApiError';
import { requestTagContext, tagContext } from '../api/authorise';
import { type Input, requiredText, requireMember, textList } from '../api/Input';
import type { Tags } from '../world/World';
import { readTagMap } from './eksRequest';

/** The cluster, add-on or association with that ARN in the caller's account. Throws `NotFoundException`. */
function findTagged(input: Input, call: Call): { tags: Tags } {
  const arn = requiredText(input, 'resourceArn');
  const clusters = Object.values(call.state.world.clusters).filter((cluster) => cluster.account === call.account);
  const all = clusters.flatMap((cluster) => [
    cluster,
    ...Object.values(cluster.addons),
    ...Object.values(cluster.associations),
  ]);
  const found = all.find((resource) => resource.arn === arn);
  if (found === undefined) throw new ApiError('NotFoundException', 404, `Resource not found: ${arn}`);
  return found;
}

/**
 * The result of a function, with the error for invalid parameters that these actions have: EKS lists only BadRequestException and
 * NotFoundException for them.
 * Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_TagResource.html (Errors)
 */
function asBadRequest<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'ValidationError') throw error;
    throw new ApiError('BadRequestException', 400, error.message);
  }
}

function onTagged(action: string, required?: 'tags' | 'tagKeys') {
  return (input: Input, call: Call): readonly Permission[] =>
    asBadRequest(() => {
      if (required !== undefined) requireMember(input, required);
      const context = {
        ...tagContext('aws:ResourceTag', findTagged(input, call).tags),
        ...requestTagContext(readTagMap(input, call.quotas.tagsPerResource)),
      };
      return [{ action, resource: requiredText(input, 'resourceArn'), context }];
    });
}

const ROUTE = '/tags/{resourceArn}';

/** Source: the shapes TagKey and TagKeyList of EKS's API model. */
const TAG_KEYS = { min: 1, max: 128, most: 50 };

/** The tags of clusters, add-ons and associations. */
export const tagActions: Actions = {
  TagResource: {
    route: `POST ${ROUTE}`,
    permissions: onTagged('eks:TagResource', 'tags'),
    handle: (input, call) =>
      asBadRequest(() => {
        const { tagsPerResource } = call.quotas;
        const resource = findTagged(input, call);
        const added = readTagMap(input, tagsPerResource);
        // The shape TagMap of EKS's API model has at least one tag.
        if (Object.keys(added).length === 0) throw validationError('tags must have at least one tag');
        const tags = { ...resource.tags, ...added };
        resource.tags = readTagMap({ tags }, tagsPerResource);
        return {};
      }),
  },
  UntagResource: {
    route: `DELETE ${ROUTE}`,
    permissions: onTagged('eks:UntagResource', 'tagKeys'),
    handle: (input, call) =>
      asBadRequest(() => {
        const removed = new Set(textList(input, 'tagKeys', TAG_KEYS));
        const resource = findTagged(input, call);
        resource.tags = Object.fromEntries(Object.entries(resource.tags).filter(([key]) => !removed.has(key)));
        return {};
      }),
  },
  ListTagsForResource: {
    route: `GET ${ROUTE}`,
    permissions: onTagged('eks:ListTagsForResource'),
    handle: (input, call) => ({ tags: findTagged(input, call).tags }),
  },
};
