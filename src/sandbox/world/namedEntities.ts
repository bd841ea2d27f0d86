import type { PolicyDocument } from '../../iam/PolicyDocument';
import { parseArn } from '../../iam/Arn';
import { listOf } from './listOf';

/** The ARNs of the roles and users that a trust policy names as principals, in Allow and Deny. */
export function namedEntities(document: PolicyDocument): readonly string[] {
  return listOf(document.Statement)
    .flatMap((statement) => [statement.Principal, statement.NotPrincipal])
    .flatMap((principal) => (typeof principal === 'object' ? listOf(principal.AWS) : []))
    .filter((arn) => {
      const parts = parseArn(arn);
      return parts?.service === 'iam' && /^(role|user)\//.test(parts.resource);
    });
}
