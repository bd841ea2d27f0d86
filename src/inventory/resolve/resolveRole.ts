import type { Segments } from '../Issue';
import type { ResolvedRole, RoleSettings } from '../Inventory';
import { policyArn, roleName as roleNameFormat, rolePath } from '../formats/awsFormats';
import type { Replacer } from './replacer';

/** A role's settings with names replaced; absent ones stay absent. `at` says where the fields stand. */
export function replaceRole(
  written: RoleSettings | undefined,
  replace: Replacer,
  at: (field: string) => Segments,
): RoleSettings {
  const { name, path, permissionsBoundary, maxSessionDuration } = written ?? {};
  return {
    ...(name !== undefined && { name: replace(name, () => at('name'), roleNameFormat) }),
    ...(path !== undefined && { path: replace(path, () => at('path'), rolePath) }),
    ...(permissionsBoundary !== undefined && {
      permissionsBoundary: replace(permissionsBoundary, () => at('permissionsBoundary'), policyArn),
    }),
    ...(maxSessionDuration !== undefined && { maxSessionDuration }),
  };
}

/**
 * What a role takes from its environment where it says nothing itself: nothing when it is adopted, since a live role whose path
 * changed would be replaced.
 */
export function roleDefaults(defaults: RoleSettings, adopt: boolean): RoleSettings {
  return adopt ? {} : defaults;
}

/**
 * A role as it will be: its own settings, else the environment's, else `defaultName` and the path `/`. A boundary of another account
 * than the role's is no default for it: IAM takes policies of the role's own account, or of AWS.
 */
export function completeRole(
  own: RoleSettings,
  defaults: RoleSettings,
  accountId: string,
  defaultName: string,
): ResolvedRole {
  const { permissionsBoundary, ...neutral } = defaults;
  const owner = permissionsBoundary?.split(':')[4];
  return {
    ...neutral,
    ...(permissionsBoundary !== undefined && (owner === accountId || owner === 'aws') && { permissionsBoundary }),
    ...own,
    name: own.name ?? defaultName,
    path: own.path ?? defaults.path ?? '/',
  };
}
