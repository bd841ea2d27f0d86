import { createHash } from 'node:crypto';
import type { Segments } from '../Finding';
import * as formats from '../formats/awsFormats';
import type { Format } from '../formats/Format';
import type { ResolvedRole, RoleSettings } from '../Inventory';
import { present } from '../source/plainData';
import type { Replacer } from './replacer';

/** A role's settings with names replaced; absent settings stay absent. `at` gives the path of a field. */
export function replaceRole(
  written: RoleSettings | undefined,
  replace: Replacer,
  at: (field: string) => Segments,
): RoleSettings {
  const text = (field: 'name' | 'path' | 'permissionsBoundary', format: Format): string | undefined => {
    const value = written?.[field];
    return value === undefined ? undefined : replace(value, () => at(field), format);
  };
  return present({
    name: text('name', formats.roleName),
    path: text('path', formats.rolePath),
    permissionsBoundary: text('permissionsBoundary', formats.policyArn),
    maxSessionDuration: written?.maxSessionDuration,
  });
}

/**
 * A complete role: its own settings, else the environment's, else `defaultName` and the path `/`. A boundary of another account is not
 * a default: IAM accepts only policies of the role's own account, or of AWS.
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

/** The longest role name in IAM. Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html */
const LONGEST = 64;
const HASH_LENGTH = 8;

/**
 * The default name of a role: its parts joined by `-`. A name of more than 64 characters keeps its first 55, then gets a `-` and the
 * first eight hexadecimal digits of its SHA-256, so that two long names stay different.
 */
export function roleName(...parts: readonly string[]): string {
  const whole = parts.join('-');
  if (whole.length <= LONGEST) return whole;
  const hash = createHash('sha256').update(whole).digest('hex').slice(0, HASH_LENGTH);
  return `${whole.slice(0, LONGEST - HASH_LENGTH - 1)}-${hash}`;
}
