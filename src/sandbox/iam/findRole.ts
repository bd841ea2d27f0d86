import type { Call, Permission } from '../api/Action';
import { tagContext } from '../api/contextOf';
import { requiredText, type Input } from '../api/Input';
import type { Context } from '../../iam/Request';
import { iamArn } from '../world/arn';
import { accountOf } from '../world/findState';
import type { RoleState } from '../world/World';
import { noSuchEntity } from './faults';
import { RULES } from './rules';

/** The role that a request names. Throws `NoSuchEntity`. */
export function findRole(input: Input, call: Call): RoleState {
  const name = requiredText(input, 'RoleName', RULES.roleName);
  const role = accountOf(call.state.world, call.account).roles[name.toLowerCase()];
  if (role === undefined) throw noSuchEntity(`The role with name ${name} cannot be found.`);
  return role;
}

/** The permission for an action on the role that a request names; a role that is missing is spoken of by its bare name. */
export function onRole(action: string, context: (input: Input, call: Call) => Context = () => ({})) {
  return (input: Input, call: Call): readonly Permission[] => {
    const name = requiredText(input, 'RoleName', RULES.roleName);
    const role = accountOf(call.state.world, call.account).roles[name.toLowerCase()];
    return [
      {
        action,
        resource: role?.arn ?? iamArn(call.partition, call.account, 'role', name),
        context: {
          ...tagContext('aws:ResourceTag', role?.tags ?? {}),
          ...(role?.boundary === undefined ? {} : { 'iam:PermissionsBoundary': role.boundary }),
          ...context(input, call),
        },
      },
    ];
  };
}
