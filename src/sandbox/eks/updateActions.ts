import { randomUUID } from 'node:crypto';
import type { Actions, Call, Output } from '../api/Action';
import { optionalText, requiredText } from '../api/Input';
import type { ClusterState, UpdateState } from '../world/World';
import { resourceNotFound } from './faults';
import { findCluster, onCluster } from './findCluster';
import { eksPage } from './listing';

/** Keeps a record of an add-on's update; `params` are what was changed, by EKS's name. */
export function recordUpdate(
  cluster: ClusterState,
  addon: string,
  params: Readonly<Record<string, string | undefined>>,
  call: Call,
): UpdateState {
  const given = Object.entries(params).flatMap(([type, value]) => (value === undefined ? [] : [{ type, value }]));
  const update = { id: randomUUID(), addon, createdAt: call.time.toISOString(), params: given };
  cluster.updates[update.id] = update;
  return update;
}

/** An update as EKS shows it. */
export function updateView(update: UpdateState, status: 'InProgress' | 'Successful'): Output {
  return {
    id: update.id,
    status,
    type: 'AddonUpdate',
    params: update.params,
    createdAt: new Date(update.createdAt),
    errors: [],
  };
}

/** Updates of add-ons. */
export const updateActions: Actions = {
  DescribeUpdate: {
    permissions: onCluster('eks:DescribeUpdate'),
    handle: (input, call) => {
      const id = requiredText(input, 'updateId');
      const update = findCluster(input, call).updates[id];
      if (update === undefined) throw resourceNotFound(`No update found for ID: ${id}`);
      return { update: updateView(update, 'Successful') };
    },
  },
  ListUpdates: {
    permissions: onCluster('eks:ListUpdates'),
    handle: (input, call) => {
      const addon = optionalText(input, 'addonName');
      const updates = Object.values(findCluster(input, call).updates).filter((update) => update.addon === addon);
      const { items, nextToken } = eksPage(input, updates, (update) => update.id);
      return { updateIds: items.map((update) => update.id), nextToken };
    },
  },
};
