import type { Actions } from '../api/Action';
import { accountActions } from './accountActions';
import { attachmentActions } from './attachmentActions';
import { inlinePolicyActions } from './inlinePolicyActions';
import { oidcProviderActions } from './oidcProviderActions';
import { policyActions } from './policyActions';
import { policyVersionActions } from './policyVersionActions';
import { roleActions } from './roleActions';

/** Everything of IAM that the sandbox has. Source: https://docs.aws.amazon.com/IAM/latest/APIReference/ */
export const iamActions: Actions = {
  ...roleActions,
  ...inlinePolicyActions,
  ...attachmentActions,
  ...policyActions,
  ...policyVersionActions,
  ...oidcProviderActions,
  ...accountActions,
};
