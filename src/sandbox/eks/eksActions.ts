import type { Actions } from '../api/Action';
import { addonActions } from './addonActions';
import { addonVersionActions } from './addonVersionActions';
import { associationActions } from './associationActions';
import { clusterActions } from './clusterActions';
import { nodeGroupActions } from './nodeGroupActions';
import { tagActions } from './tagActions';
import { updateActions } from './updateActions';

/** Everything of EKS that the sandbox has. Source: https://docs.aws.amazon.com/eks/latest/APIReference/ */
export const eksActions: Actions = {
  ...clusterActions,
  ...nodeGroupActions,
  ...associationActions,
  ...addonActions,
  ...addonVersionActions,
  ...updateActions,
  ...tagActions,
};
