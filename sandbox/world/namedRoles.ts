import type { PolicyDocument } from '../../iam/PolicyDocument';
import { parseArn } from '../../iam/Arn';
import { listOf } from './listOf';

/** The ARNs of the roles that a trust policy names as principals, in Allow and Deny. */
export function namedRoles(document: PolicyDocument): readonly string[] {
  return listOf(document.Statement)
    .flatMap((statement) => [statement.Principal, statement.NotPrincipal])
    .flatMap((principal) => (typeof principal === 'object' ? listOf(principal.AWS) : []))
    .filter((arn) => parseArn(arn)?.service === 'iam' && arn.includes(':role/'));
}
