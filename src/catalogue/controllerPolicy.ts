import type { CatalogueStatement, KnownController, KnownParameter } from './catalogueSchema';
import { parameterType } from './parameterTypes';

/** The values of parameters as people write them: true or false, one text, or a list. */
export type WrittenParameters = Readonly<Record<string, boolean | string | readonly string[]>>;

/** Where the permissions apply: what `{partition}`, `{account}`, `{region}` and `{clusters}` mean. */
export interface PolicyPlace {
  readonly partition: string;
  readonly account: string;
  /** The regions of the clusters that use the role. */
  readonly regions: readonly string[];
  /** The EKS names of these clusters. */
  readonly clusters: readonly string[];
}

type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** The permissions that a controller gets. */
export interface ControllerPolicy {
  readonly statements: readonly {
    readonly sid: string;
    readonly actions: readonly string[];
    readonly resources: readonly string[];
    readonly conditions?: Conditions;
  }[];
  /** Names of AWS's own policies, with their paths. */
  readonly managedPolicies: readonly string[];
}

/** What is wrong with the parameters of a controller; `index` is the place in a list. */
export type ParameterProblem =
  | { readonly problem: 'unknown'; readonly parameter: string }
  | { readonly problem: 'missing'; readonly parameter: string; readonly neededBy?: string }
  | { readonly problem: 'mistyped'; readonly parameter: string; readonly value: unknown; readonly index?: number }
  | { readonly problem: 'open'; readonly parameter: string; readonly value: string; readonly index?: number };

/**
 * What is wrong with parameters, in their order. Values for which `isUnresolved` is true are not known yet, and are not checked. `open`: the
 * value is valid, and admits every resource.
 */
export function parameterProblems(
  { parameters: known = {} }: KnownController,
  written: WrittenParameters,
  isUnresolved: (value: string) => boolean = () => false,
): readonly ParameterProblem[] {
  const names = Object.keys(known);
  return [
    ...Object.entries(written).flatMap(([parameter, value]): readonly ParameterProblem[] => {
      const definition = Object.hasOwn(known, parameter) ? known[parameter] : undefined;
      return definition === undefined
        ? [{ problem: 'unknown', parameter }]
        : valueProblems(parameter, definition, value, isUnresolved);
    }),
    ...names.flatMap((parameter): readonly ParameterProblem[] => {
      if (Object.hasOwn(written, parameter)) return [];
      const neededBy = names.find((other) => isGiven(written[other]) && known[other]?.requires?.includes(parameter));
      if (neededBy !== undefined) return [{ problem: 'missing', parameter, neededBy }];
      return known[parameter]?.required === true ? [{ problem: 'missing', parameter }] : [];
    }),
  ];
}

function valueProblems(
  parameter: string,
  { type }: KnownParameter,
  value: WrittenParameters[string],
  isUnresolved: (value: string) => boolean,
): readonly ParameterProblem[] {
  const mistyped = { problem: 'mistyped', parameter, value } as const;
  if (type === 'flag') return typeof value === 'boolean' ? [] : [mistyped];
  const { pattern, single, isOpen } = parameterType(type);
  if (typeof value === 'boolean' || (typeof value !== 'string' && (single === true || value.length === 0)))
    return [mistyped];
  const isOne = typeof value === 'string';
  return (isOne ? [value] : value).flatMap((text, index): readonly ParameterProblem[] => {
    const at = isOne ? {} : { index };
    if (isUnresolved(text)) return [];
    if (!pattern.test(text)) return [{ problem: 'mistyped', parameter, value: text, ...at }];
    return isOpen?.(text) === true ? [{ problem: 'open', parameter, value: text, ...at }] : [];
  });
}

function isGiven(value: WrittenParameters[string] | undefined): boolean {
  return value !== undefined && value !== false;
}

/**
 * The permissions of a controller for these parameters, of which {@link parameterProblems} finds no mistake. The same input has the same result, in the
 * order of the page. A parameter that is not given has its default.
 */
export function controllerPolicy(
  { parameters = {}, policy = [], managedPolicies = [] }: KnownController,
  written: WrittenParameters,
  place: PolicyPlace,
): ControllerPolicy {
  const values = new Map<string, readonly string[]>([
    ['{partition}', [place.partition]],
    ['{account}', [place.account]],
    ['{region}', place.regions],
  ]);
  const given = new Set<string>();
  for (const [name, { type, default: fallback }] of Object.entries(parameters)) {
    const value = written[name] ?? fallback;
    if (isGiven(value)) given.add(name);
    values.set(`\${param.${name}}`, valuesOf(value, fallback, place));
    if (type === 'tag' && typeof value === 'string') {
      const [key = '', ...rest] = value.split('=');
      values.set(`\${param.${name}.key}`, [key]);
      values.set(`\${param.${name}.value}`, [rest.join('=')]);
    }
  }
  const applies = ({ when = [], unless = [] }: { readonly when?: string[]; readonly unless?: string[] }): boolean =>
    when.every((name) => given.has(name)) && !unless.some((name) => given.has(name));
  return {
    statements: policy.filter(applies).flatMap((statement) => statementsOf(statement, given, values)),
    managedPolicies: [...new Set(managedPolicies.filter(applies).flatMap(({ name }) => filled(name, values)))],
  };
}

function valuesOf(
  value: WrittenParameters[string] | undefined,
  fallback: KnownParameter['default'],
  { account, clusters }: PolicyPlace,
): readonly string[] {
  if (value === undefined || typeof value === 'boolean') return [''];
  if (typeof value !== 'string') return value;
  // No written value is a default's name: no type admits braces.
  if (value === fallback && value === '{account}') return [account];
  if (value === fallback && value === '{clusters}') return clusters;
  return [value];
}

type Values = ReadonlyMap<string, readonly string[]>;

/** Usually one statement; one for each value of what stands in the keys of its conditions. */
function statementsOf(
  { sid, actions, resources, conditions, restrict = {} }: CatalogueStatement,
  given: ReadonlySet<string>,
  values: Values,
): ControllerPolicy['statements'] {
  const all = merged([
    conditions ?? {},
    ...Object.entries(restrict).flatMap(([name, more]) => (given.has(name) ? [more] : [])),
  ]);
  const inKeys = placeholdersIn(Object.values(all).flatMap((keys) => Object.keys(keys)));
  const choices = inKeys.reduce<readonly Values[]>(
    (done, name) =>
      done.flatMap((chosen) => (values.get(name) ?? []).map((value) => new Map([...chosen, [name, [value]]]))),
    [values],
  );
  return choices.map((chosen, index) => ({
    sid: choices.length > 1 ? `${sid}${index + 1}` : sid,
    actions,
    resources: resources.flatMap((text) => filled(text, chosen)),
    ...(Object.keys(all).length > 0 && { conditions: filledConditions(all, chosen) }),
  }));
}

/** Conditions of which all must hold. A key that two of them have for one operator would be lost. */
function merged(all: readonly Conditions[]): Conditions {
  const result: Record<string, Record<string, string | readonly string[]>> = {};
  for (const conditions of all)
    for (const [operator, keys] of Object.entries(conditions)) {
      const before = result[operator] ?? {};
      const twice = Object.keys(keys).find((key) => key in before);
      if (twice !== undefined) throw new Error(`${operator} has ${twice} twice`);
      result[operator] = { ...before, ...keys };
    }
  return result;
}

function filledConditions(conditions: Conditions, values: Values): Conditions {
  return Object.fromEntries(
    Object.entries(conditions).map(([operator, keys]) => [
      operator,
      Object.fromEntries(
        Object.entries(keys).map(([key, value]) => {
          const all = [value].flat().flatMap((text) => filled(text, values));
          return [filled(key, values).join(), all.length === 1 ? (all[0] ?? '') : all];
        }),
      ),
    ]),
  );
}

const PLACEHOLDER = /\$\{param\.[A-Za-z0-9.]+\}|\{(?:partition|account|region)\}/g;

function placeholdersIn(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.flatMap((text) => text.match(PLACEHOLDER) ?? []))];
}

/** A text for each combination of the values that stand in it. Placeholders are replaced in one pass: values are not read again. */
function filled(text: string, values: Values): readonly string[] {
  const names = placeholdersIn([text]);
  const combinations = names.reduce<readonly ReadonlyMap<string, string>[]>(
    (done, name) => {
      const found = values.get(name);
      if (found === undefined) throw new Error(`no parameter ${name}`);
      return done.flatMap((one) => found.map((value) => new Map([...one, [name, value]])));
    },
    [new Map()],
  );
  return combinations.map((one) => text.replaceAll(PLACEHOLDER, (name) => one.get(name) ?? name));
}
