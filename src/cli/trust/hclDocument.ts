import { listOf, type OneOrMany, type PolicyDocument, type Statement } from '../../iam/PolicyDocument';

/**
 * A policy as a data source `aws_iam_policy_document` of Terraform that renders to a document with the same meaning. The data source
 * writes the version 2012-10-17 unless `version` names the other one, and decides the order of actions. No version means 2008-10-17.
 * Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
 */
export function hclDocument({ Version, Id, Statement }: PolicyDocument, name: string): string {
  const frame = [
    ...(Version === '2012-10-17' ? [] : [['version', quoted('2008-10-17')] as const]),
    ...(Id === undefined ? [] : [['policy_id', quoted(Id)] as const]),
  ];
  return [
    `data "aws_iam_policy_document" "${name}" {`,
    ...(frame.length === 0 ? [] : [...aligned(frame).map((line) => `  ${line}`), '']),
    ...listOf(Statement).flatMap((statement, index) => [
      ...(index === 0 ? [] : ['']),
      '  statement {',
      ...statementLines(statement).map((line) => (line === '' ? '' : `    ${line}`)),
      '  }',
    ]),
    '}',
  ].join('\n');
}

function statementLines({
  Sid,
  Effect,
  Action,
  NotAction,
  Principal,
  NotPrincipal,
  Condition,
}: Statement): readonly string[] {
  return [
    ...aligned([
      ...(Sid === undefined ? [] : [['sid', quoted(Sid)] as const]),
      ['effect', quoted(Effect)],
      ...(Action === undefined ? [] : [['actions', list(Action)] as const]),
      ...(NotAction === undefined ? [] : [['not_actions', list(NotAction)] as const]),
    ]),
    ...principalLines('principals', Principal),
    ...principalLines('not_principals', NotPrincipal),
    ...Object.entries(Condition ?? {}).flatMap(([test, keys]) =>
      Object.entries(keys).flatMap(([variable, values]) =>
        block('condition', [
          ['test', quoted(test)],
          ['variable', quoted(variable)],
          ['values', list(listOf<unknown>(values).map(String))],
        ]),
      ),
    ),
  ];
}

function principalLines(name: 'principals' | 'not_principals', principal: Statement['Principal']): readonly string[] {
  if (principal === undefined) return [];
  const kinds = typeof principal === 'string' ? [['*', principal] as const] : Object.entries(principal);
  return kinds.flatMap(([type, identifiers]) =>
    block(name, [
      ['type', quoted(type)],
      ['identifiers', list(identifiers)],
    ]),
  );
}

function block(name: string, fields: readonly (readonly [string, string])[]): readonly string[] {
  return ['', `${name} {`, ...aligned(fields).map((line) => `  ${line}`), '}'];
}

/** Arguments as `terraform fmt` writes them. */
function aligned(fields: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...fields.map(([name]) => name.length));
  return fields.map(([name, value]) => `${name.padEnd(width)} = ${value}`);
}

function list(values: OneOrMany<string>): string {
  return `[${listOf(values).map(quoted).join(', ')}]`;
}

/**
 * A text as a literal of HCL: its escapes are those of JSON except \b and \f, and `${` and `%{` would begin a template.
 * Source: https://developer.hashicorp.com/terraform/language/expressions/strings
 */
function quoted(text: string): string {
  return JSON.stringify(text)
    .replace(/\\(u....|.)/g, (escape, kind: string) => (kind === 'b' ? '\\u0008' : kind === 'f' ? '\\u000c' : escape))
    .replace(/(\$+|%+)\{/g, (_, signs: string) =>
      // A doubled sign would be an escape itself: each sign is then a template of its own.
      signs.length === 1 ? `${signs}${signs}{` : `${signs.replace(/./g, (sign) => `\${"${sign}"}`)}{`,
    );
}
