import { tagContext } from '../api/contextOf';
import type { Call, Permission } from '../api/Action';
import { optionalText, requiredText, structureList, type Input } from '../api/Input';
import { clusterArn, onCluster } from './findCluster';
import { passRole, ROLE } from './passRole';

/**
 * The permission for an action on the add-on that a request names.
 * Source of what each action is authorised on: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelastickubernetesservice.html
 */
export function onAddon(action: string) {
  return (input: Input, call: Call): readonly Permission[] => {
    const cluster = clusterArn(input, call);
    const name = requiredText(input, 'addonName');
    const addon = call.state.world.clusters[cluster]?.addons[name];
    const resource = addon?.arn ?? `${cluster.replace(':cluster/', ':addon/')}/${name}/*`;
    return [{ action, resource, context: tagContext('aws:ResourceTag', addon?.tags ?? {}) }];
  };
}

/** What the roles need that a request gives to an add-on: they are passed, and its associations are made. */
function rolesGiven(action: string, input: Input, call: Call): readonly Permission[] {
  const wanted = structureList(input, 'podIdentityAssociations');
  const associations = `${clusterArn(input, call).replace(':cluster/', ':podidentityassociation/')}/*`;
  const irsaRole = optionalText(input, 'serviceAccountRoleArn');
  return [
    ...(wanted.length === 0 ? [] : [{ action, resource: associations }]),
    ...wanted.flatMap((association) => passRole(optionalText(association, 'roleArn', ROLE), input, call)),
    ...passRole(irsaRole, input, call, 'eks.amazonaws.com'),
  ];
}

/** The permissions for CreateAddon. */
export function toCreate(input: Input, call: Call): readonly Permission[] {
  return [...onCluster('eks:CreateAddon')(input, call), ...rolesGiven('eks:CreateAddon', input, call)];
}

/** The permissions for UpdateAddon. */
export function toUpdate(input: Input, call: Call): readonly Permission[] {
  return [...onAddon('eks:UpdateAddon')(input, call), ...rolesGiven('eks:UpdateAddon', input, call)];
}

/** The permissions for DeleteAddon: on the add-on, and on the associations that go with it. */
export function toDelete(input: Input, call: Call): readonly Permission[] {
  const action = 'eks:DeleteAddon';
  const name = requiredText(input, 'addonName');
  const owned = call.state.world.clusters[clusterArn(input, call)]?.addons[name]?.associations ?? [];
  return [...onAddon(action)(input, call), ...owned.map((resource) => ({ action, resource }))];
}
