import { type Ask, askAll, isNoAnswer, need, type NoAnswer } from '../../estate/ask';
import type { RoleFacts } from '../../estate/aws/AwsPort';
import type { QuestionOf } from '../../estate/questions';
import type { NamedPolicy } from '../../iam/Decision';
import type { Account } from '../../inventory/Inventory';

/** A role as it stands in AWS, with the documents of all that allows and limits what it may do. */
export interface LiveRole {
  readonly role: RoleFacts;
  readonly identity: readonly NamedPolicy[];
  readonly boundary?: NamedPolicy;
}

type InAccount = Pick<Account, 'id'>;

export function roleQuestion({ id }: InAccount, name: string): QuestionOf<'role'> {
  return { ask: 'role', account: id, name };
}

export function policiesQuestion({ id }: InAccount, name: string): QuestionOf<'rolePolicies'> {
  return { ask: 'rolePolicies', account: id, name };
}

/** Asks for a role by its name and for its policies, attached and inline ones and the boundary; nothing where there is no such role. One document without an answer leaves the whole without. */
export function rolePermissions(account: InAccount, name: string): Ask<LiveRole | undefined | NoAnswer> {
  return need([policiesQuestion(account, name), roleQuestion(account, name)], (policies, role) => {
    if (role === undefined || policies === undefined) return undefined;
    const inline = Object.entries(policies.inline).map(([policy, document]) => ({
      name: `inline policy ${policy} of ${name}`,
      document,
    }));
    const { permissionsBoundary: boundary } = role;
    const arns = [...policies.attached, ...(boundary === undefined ? [] : [boundary])];
    const documents = arns.map((arn) => managedPolicy(account, arn));
    return askAll<NamedPolicy | NoAnswer, LiveRole | NoAnswer>(documents, (answers) => {
      const managed: NamedPolicy[] = [];
      for (const answer of answers) {
        if (isNoAnswer(answer)) return answer;
        managed.push(answer);
      }
      const limit = boundary === undefined ? undefined : managed.pop();
      return {
        role,
        identity: [...inline, ...managed],
        ...(limit && { boundary: { ...limit, name: `boundary ${limit.name}` } }),
      };
    });
  });
}

function managedPolicy({ id }: InAccount, arn: string): Ask<NamedPolicy | NoAnswer> {
  const question = { ask: 'managedPolicy', account: id, arn } as const;
  const gone: NoAnswer = {
    noAnswer: question,
    answer: { ok: false, why: 'failed', message: `there is no policy ${arn}` },
  };
  return need([question], (document) => (document === undefined ? gone : { name: `policy ${arn}`, document }));
}
