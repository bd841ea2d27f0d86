import type { Segments } from '../../Finding';
import { listed, suggest } from '../../suggest';
import type { Model } from '../../resolve/Model';
import { type Rule, type RuleFinding, usedPolicies } from '../Rule';
import { conditionsOf, textsOf } from '../statements';

/**
 * Terraform, CloudFormation, Helm and documentation have placeholders that look like policy variables or like podlift's names. IAM takes them as text,
 * so that the ARN matches nothing.
 */
export const arnPlaceholder: Rule = {
  name: 'arn-placeholder',
  severities: ['error', 'warning'],
  what: 'In an ARN or a condition value `${…}` is a policy variable of IAM, such as `${aws:username}`. An ARN has no `<…>`, `{{…}}`, `%{if …}` and `$(…)`. In documents that podlift keeps as they were found, a finding is a warning.',
  example: '${env} in arn:aws:s3:::${env}-data is no policy variable of IAM: AWS would take it as text',
  *check(model) {
    for (const held of model.statements) {
      const known = namesIn(model, held.holder.placed.environment.key);
      for (const { text, path } of textsOf(held)) yield* placeholdersIn(text, known, path);
      for (const { key, path } of conditionsOf(held))
        for (const finding of placeholdersIn(key, known, path)) yield { ...finding, at: 'key' };
    }
    for (const { arn, environment, path } of usedPolicies(model))
      yield* placeholdersIn(arn, namesIn(model, environment.key), path);
    for (const { text, environment, path } of rolePaths(model))
      yield* placeholdersIn(text, namesIn(model, environment), path, true);
    for (const [key, account] of Object.entries(model.written.accounts))
      for (const field of ['deployRole', 'readRole'] as const)
        yield* placeholdersIn(account[field] ?? '', 'literal', () => ['accounts', key, field]);
    yield* inlineDocuments(model);
    yield* trustStatements(model);
  },
};

/** The paths of roles, which are a part of their ARNs. */
function* rolePaths({ inventory, holders }: Model) {
  for (const { key, role } of inventory.environments)
    yield { text: role.path ?? '/', environment: key, path: () => ['environments', key, 'role', 'path'] };
  for (const { placed, target, field } of holders) {
    const { environment, workload, at } = placed;
    const text = (target ?? workload).role.path;
    if (text !== environment.role.path)
      yield { text, environment: environment.key, path: () => at(...field.slice(0, -1), 'role', 'path') };
  }
}

/** podlift replaces nothing in documents that it keeps as they were found: the text is in AWS already, and a role that has it can be adopted. */
function* asWarnings(findings: Iterable<RuleFinding>): Generator<RuleFinding> {
  for (const finding of findings) yield { ...finding, severity: 'warning' };
}

function* inlineDocuments({ holders }: Model): Generator<RuleFinding> {
  for (const { placed, field, permissions } of holders)
    for (const [name, { Statement }] of Object.entries(permissions.inlinePolicies)) {
      const path: Segments = [...field, 'inlinePolicies', name, 'Statement'];
      for (const { text, at } of textsIn(Statement))
        yield* asWarnings(placeholdersIn(text, 'literal', () => placed.at(...path, ...at)));
    }
}

function* trustStatements({ placed }: Model): Generator<RuleFinding> {
  for (const { workload, at } of placed) {
    const { keepTrust = [], adoptedTrust } = workload.role;
    const lists = [
      [['keepTrust'], keepTrust],
      [['adoptedTrust', 'oidc'], adoptedTrust?.oidc ?? []],
      [['adoptedTrust', 'podIdentity'], adoptedTrust?.podIdentity ?? []],
    ] as const;
    for (const [field, statements] of lists)
      for (const { text, at: inside } of textsIn(statements))
        yield* asWarnings(placeholdersIn(text, 'literal', () => at('role', ...field, ...inside)));
  }
}

/** Every text below a value that AWS gets, with its path there. */
function* textsIn(value: unknown, at: Segments = []): Generator<{ readonly text: string; readonly at: Segments }> {
  if (typeof value === 'string') {
    yield { text: value, at };
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* textsIn(item, [...at, index]);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) if (key !== 'because') yield* textsIn(item, [...at, key]);
  }
}

/** The values of an environment. `literal`: podlift replaces nothing in the text. */
type Known = 'literal' | { readonly environment: string; readonly values: readonly string[] };

function namesIn({ defined }: Model, environment: string): Known {
  return { values: [...(defined.values.get(environment) ?? [])], environment };
}

/**
 * `${…}`, also with braces in it, an open `${`, `{{…}}`, a directive of Terraform (`%{if …}`), `$(…)`, `<…>`, and a name with blanks in its
 * braces, which podlift does not replace.
 */
const PLACEHOLDER =
  /\$\{(?<variable>[^{}]*(?:\{[^{}]*\}[^{}]*)*)\}|\$\{(?<open>.*)|(?:\{\{|%\{(?=~?\s*(?:if|else|endif|for|endfor)\b)|\$\(|\{(?=\s+[\w.-]+\s*\}|[\w.-]+\s+\}))(?<template>[^{}()]*)(?:\}\}|\}|\))|<(?<angle>[^<>]*)>/g;

/** `isArn`: the text is a part of an ARN. Default: true for a text that begins like one. */
function* placeholdersIn(
  text: string,
  known: Known,
  path: () => Segments,
  isArn = text.startsWith('arn:'),
): Generator<RuleFinding> {
  for (const { 0: found, groups = {} } of text.matchAll(PLACEHOLDER)) {
    const { variable, open, template, angle } = groups;
    // In another value than an ARN these can be text.
    if (variable === undefined && open === undefined && !isArn) continue;
    if (variable !== undefined && isPolicyVariable(variable)) continue;
    yield {
      path: path(),
      about: found,
      message: `${found} in ${text} is ${open === undefined ? '' : 'not closed, and '}no policy variable of IAM: AWS would take it as text`,
      hint: hintFor(found, (variable ?? open ?? template ?? angle ?? '').trim(), known),
    };
  }
}

/**
 * IAM's variables are condition keys: a prefix, one colon and a name, then perhaps a default. `${AWS::AccountId}` has a colon, but is a parameter of
 * CloudFormation: IAM has no key whose name begins with a colon, so it would match nothing.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
function isPolicyVariable(name: string): boolean {
  return /^[*?$]$/.test(name) || /^\s*[A-Za-z0-9._/-]+:[^:\s][^{}]*$/.test(name);
}

/** What people of Terraform, CloudFormation and Helm call podlift's built-in names; compared as lower-case letters and digits. */
const ALIASES: readonly (readonly [RegExp, string])[] = [
  [/^(aws|current|my)*account(id|number)?$|callieridentity|calleridentity/, 'account'],
  [/^(aws|current|my)*region(name|code|id)?$|awsregion/, 'region'],
  [/^(aws|current)*partition(id)?$|awspartition/, 'partition'],
  [/^(aws|current)*(env|environment)(name)?$|^terraformworkspace$/, 'environment'],
];

/** What stands before a name in Terraform and Helm. */
const SCOPE = /^(var|local|locals|each|module|\.?values|global|params?|aws:+)[.:]+/i;

function hintFor(found: string, name: string, known: Known): string {
  const bare = name.replace(SCOPE, '');
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  const last = bare.split('.').at(-1) ?? bare;
  if (known === 'literal') return `podlift replaces nothing here: write the text itself instead of ${found}.`;
  const builtIn = ALIASES.find(([pattern]) => [bare, last].some((text) => pattern.test(plain(text))))?.[1];
  if (builtIn !== undefined) return `Write {${builtIn}} instead of ${found}.`;
  const near = suggest(last, known.values);
  if (near !== undefined) return `Write {${near}} instead of ${found}.`;
  const key =
    last
      .replace(/[^A-Za-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')
      .toLowerCase() || 'name';
  return `Write {${key}} instead of ${found}, and add ${key} under \`values\` of ${known.environment}: values: ${listed(known.values)}. Or write the text itself.`;
}
