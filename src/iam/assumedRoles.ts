import { parseRoleArn } from './Arn';
import type { NamedPolicy } from './Decision';
import { compilePattern, matchPattern } from './matchPattern';
import { listOf, type Statement } from './PolicyDocument';

/** The roles that policies allow to assume, by how they are named. */
export interface AssumedRoles {
  /** ARNs, each once. */
  readonly roles: readonly string[];
  /** Resources with wildcards or variables that match roles; `all but …` for those of `NotResource`. */
  readonly patterns: readonly string[];
}

const ASSUME_ROLE = 'sts:assumerole';
/** A role's ARN for a pattern to match, whatever its account and name are. */
const ANY_ROLE = /^arn:[^:]*:(?:\*|iam|[^:]*[*?][^:]*):[^:]*:[^:]*:(?:role\/|\*|\?|r[^:]*\*)/i;

/**
 * The roles that the `Allow` statements of a role's policies name for `sts:AssumeRole`, whatever their conditions are. A statement with the action `*` on
 * every resource is one of an administrator, and names no role.
 */
export function assumedRoles(policies: readonly Pick<NamedPolicy, 'document'>[]): AssumedRoles {
  const roles = new Set<string>();
  const patterns = new Set<string>();
  for (const { document } of policies)
    for (const statement of listOf(document.Statement)) {
      if (statement.Effect !== 'Allow' || !allowsAssumeRole(statement)) continue;
      for (const resource of listOf(statement.Resource ?? [])) {
        if (parseRoleArn(resource) !== undefined && !/[*?$]/.test(resource)) roles.add(resource);
        else if (isRolePattern(resource) && !(resource === '*' && isEveryAction(statement))) patterns.add(resource);
      }
      if (statement.NotResource !== undefined && !isEveryAction(statement))
        patterns.add(`all but ${listOf(statement.NotResource).join(', ')}`);
    }
  return { roles: [...roles], patterns: [...patterns] };
}

function allowsAssumeRole({ Action, NotAction }: Statement): boolean {
  const names = (actions: readonly string[]) =>
    actions.some((action) => matchPattern(compilePattern(action.toLowerCase()), ASSUME_ROLE));
  if (Action !== undefined) return names(listOf(Action));
  return NotAction !== undefined && !names(listOf(NotAction));
}

function isEveryAction({ Action, NotAction }: Statement): boolean {
  return NotAction !== undefined || listOf(Action ?? []).includes('*');
}

function isRolePattern(resource: string): boolean {
  return resource === '*' || ANY_ROLE.test(resource);
}
