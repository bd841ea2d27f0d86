import type { OneOrMany, PrincipalElement, Statement } from '../PolicyDocument';
import { type Alternative, type Axis, onceEach } from './Axis';
import { listOf, oneOrList } from './listOf';

const ROOT = /^arn:[\w-]+:iam::(\d{12}):root$/;

/** What stands for everyone: `"*"` and `{"AWS": "*"}`, whatever is beside it. */
export const EVERYONE: Alternative = { form: 'is', text: 'everyone' };

interface Name {
  readonly member: string;
  readonly name: string;
}

/**
 * Whom a statement speaks of.
 * @param rootsAreIds whether the ARN of an account's root and the account's id are the same name: so in one partition
 */
export function principalAxis({ Principal, NotPrincipal }: Statement, rootsAreIds: boolean): Axis<Alternative> {
  if (Principal === undefined || NotPrincipal !== undefined) {
    const both = [Principal, NotPrincipal].map((element) => (element === undefined ? [] : texts(element, rootsAreIds)));
    return whole({
      form: Principal === undefined && NotPrincipal !== undefined ? 'not' : 'whole',
      text: JSON.stringify(both),
    });
  }
  if (Principal === '*' || namesEveryone(Principal)) return whole(EVERYONE);
  const names = onceEach(namesOf(Principal), (one) => ({ form: 'is' as const, text: textOf(one, rootsAreIds) }));
  return {
    alternatives: names.map(({ alternative }) => alternative),
    narrowed: (statement, kept) => ({
      ...statement,
      Principal: elementOf(names.filter((_, index) => kept.has(index)).map(({ written }) => written)),
    }),
  };
}

function whole(alternative: Alternative): Axis<Alternative> {
  return { alternatives: [alternative], narrowed: (statement) => statement };
}

type Members = Exclude<PrincipalElement, '*'>;

function namesEveryone({ AWS }: Members): boolean {
  return AWS !== undefined && listOf(AWS).includes('*');
}

function namesOf(element: Members): readonly Name[] {
  return Object.entries<OneOrMany<string>>(element).flatMap(([member, names]) =>
    listOf(names).map((name) => ({ member, name })),
  );
}

function textOf({ member, name }: Name, rootsAreIds: boolean): string {
  const [, account] = member === 'AWS' && rootsAreIds ? (ROOT.exec(name) ?? []) : [];
  return `${member} ${account ?? name}`;
}

function texts(element: PrincipalElement, rootsAreIds: boolean): readonly string[] {
  if (element === '*' || namesEveryone(element)) return [EVERYONE.text];
  return [...new Set(namesOf(element).map((name) => textOf(name, rootsAreIds)))].toSorted();
}

function elementOf(names: readonly Name[]): PrincipalElement {
  const members = [...new Set(names.map(({ member }) => member))];
  return Object.fromEntries(
    members.map((member) => [member, oneOrList(names.filter((one) => one.member === member).map(({ name }) => name))]),
  );
}
