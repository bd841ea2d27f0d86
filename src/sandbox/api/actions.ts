import { cloudTrailActions } from '../cloudtrail/cloudTrailActions';
import { eksActions } from '../eks/eksActions';
import { podIdentityActions } from '../eksAuth/podIdentityActions';
import { iamActions } from '../iam/iamActions';
import { stsActions } from '../sts/stsActions';
import type { Actions, Service } from './Action';

/** Every action that the sandbox has, by service and name. What is not here is answered with 501. */
export const ACTIONS: Readonly<Record<Service, Actions>> = {
  iam: iamActions,
  sts: stsActions,
  eks: eksActions,
  'eks-auth': podIdentityActions,
  cloudtrail: cloudTrailActions,
};
