import { matchPolicy } from './matchStatement';
import { callerNames } from './matchPrincipal';
import { listOf, type PolicyDocument } from './PolicyDocument';
import type { Request } from './Request';
import { requestContext } from './requestContext';

/** Actions, and the resources on which they count. Absent: any resource. */
export interface Access {
  readonly actions: readonly string[];
  readonly resources?: readonly string[];
}

/** A statement that might allow some of the actions. `index` counts from 0. */
export interface GrantingStatement {
  readonly index: number;
  readonly sid?: string;
  readonly actions: readonly string[];
}

/** A caller of whom nothing is known. */
const ROLE = { kind: 'role', roleArn: 'arn:aws:iam::000000000000:role/any' } as const;

/**
 * The statements of an identity policy that might allow one of the actions on one of the resources: what `CheckAccessNotGranted` of Access Analyzer answers with FAIL.
 * Conditions of an `Allow` count as met, and those of a `Deny` as not met.
 * @param access exact actions and exact ARNs, without wildcards
 * @returns none where the document grants none of it
 * Source: https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CheckAccessNotGranted.html
 */
export function mightAllow(document: PolicyDocument, { actions, resources }: Access): readonly GrantingStatement[] {
  return listOf(document.Statement).flatMap((statement, index): GrantingStatement[] => {
    if (statement.Effect !== 'Allow') return [];
    // A pattern matches itself, so that it stands for a resource that it allows.
    const candidates = resources ?? [...listOf(statement.Resource ?? []), 'arn:aws:iam::000000000000:any'];
    const granted = actions.filter((action) => candidates.some((one) => isAllowedBy(document, index, action, one)));
    const { Sid: sid } = statement;
    return granted.length === 0 ? [] : [{ index, ...(sid === undefined ? {} : { sid }), actions: granted }];
  });
}

function isAllowedBy(document: PolicyDocument, index: number, action: string, resource: string): boolean {
  // No key is known, so each condition is open.
  const request: Request = { caller: ROLE, action, resource, completeKeys: [] };
  const prepared = {
    request,
    action: action.toLowerCase(),
    names: callerNames(ROLE),
    context: { ...requestContext(request), get: () => undefined, presence: () => 'sometimes' as const },
  };
  const answers = matchPolicy({ name: '', document }, prepared, false).map(({ answer }) => answer);
  const own = answers[index];
  if (own === undefined || !(own.applies || own.openConditions !== undefined)) return false;
  return !answers.some(({ applies, statement }) => applies && statement.Effect === 'Deny');
}
