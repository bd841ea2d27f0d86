import { type Ask, ask, askAll, isNoAnswer, need, type NoAnswer } from '../../estate/ask';
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

/**
 * Asks for a role by its name and for its policies: attached and inline ones, and the boundary. `next` receives nothing where there is no such role. One
 * document without an answer ends the ask.
 */
export function needPermissions<V>(
  account: InAccount,
  name: string,
  next: (found: LiveRole | undefined) => V | Ask<V | NoAnswer>,
): Ask<V | NoAnswer> {
  const first = policiesQuestion(account, name);
  return need([first, roleQuestion(account, name)], (policies, role) => {
    if (role === undefined || policies === undefined) return next(undefined);
    const { permissionsBoundary: boundary } = role;
    const arns = [...policies.attached, ...(boundary === undefined ? [] : [boundary])];
    return askAll<NamedPolicy | NoAnswer, V | NoAnswer>(
      arns.map((arn) => managedPolicy(account, arn)),
      (documents) => {
        const managed: NamedPolicy[] = [];
        for (const document of documents) {
          if (isNoAnswer(document)) return document;
          managed.push(document);
        }
        const limit = boundary === undefined ? undefined : managed.pop();
        const inline = Object.entries(policies.inline).map(([policy, document]) => ({
          name: `inline policy ${policy} of ${name}`,
          document,
        }));
        const found = {
          role,
          identity: [...inline, ...managed],
          ...(limit && { boundary: { ...limit, name: `boundary ${limit.name}` } }),
        };
        // What follows is about the role, and not about the last of its documents.
        return ask([first], (): V | Ask<V | NoAnswer> => next(found));
      },
    );
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
