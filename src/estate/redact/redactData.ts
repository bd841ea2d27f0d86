import { parse } from 'yaml';
import type { z } from 'zod';
import { catalogueGroups, catalogueResources, comparedValues, fieldsOf } from '../../catalogue/catalogue';
import { POLICY_GROUPS, POLICY_KINDS } from '../../catalogue/policyEngines';
import { knownImage } from '../../catalogue/images';
import { CONFIGURATION_MEMBERS } from '../../inventory/aws/knownAddons';
import { TOOL_VALUE, TRUE_VALUE } from '../../inventory/aws/toolTags';
import { iamServices, matchingActions } from '../../inventory/iamCatalogue';
import type { Facts } from '../schema/Facts';
import { VARIABLES } from '../schema/kubernetesFacts';
import type { Redactor } from './Redactor';

/**
 * Data without its names. Every text and every key of a map is a name, unless `RULES` or `KEYS` say otherwise: so a field that a schema gets later is
 * redacted too. Fields that the schema does not have, those of a later version, are left out.
 *
 * @param schema what describes the data: of objects, maps, lists, alternatives and plain values
 */
export function redactData<S extends z.ZodType>(schema: S, data: Facts<S>, redactor: Redactor): Facts<S> {
  return redactValue(schema, data, { redactor, field: '' }) as Facts<S>;
}

/** Where a value is: in which field. Keys of maps and places in lists are no fields. */
interface Within {
  readonly redactor: Redactor;
  readonly field: string;
}

type Fields = Readonly<Record<string, unknown>>;

function redactValue(schema: z.core.$ZodType, value: unknown, within: Within): unknown {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'optional':
      return redactValue(def.innerType, value, within);
    case 'nullable':
      return value === null ? null : redactValue(def.innerType, value, within);
    case 'union': {
      const option = def.options.find((one) => fits(one, value));
      return option && redactValue(option, value, within);
    }
    case 'object':
      return changed(value as Fields, (name, one) => {
        const field = Object.hasOwn(def.shape, name) ? def.shape[name] : undefined;
        if (field !== undefined) return [name, redactField(field, one, name, within)];
        const { catchall } = def;
        if (catchall === undefined || catchall._zod.def.type === 'never') return [name, undefined];
        return [within.redactor.text(name), redactValue(catchall, one, within)];
      });
    case 'record':
      return changed(value as Fields, (name, one) => [
        within.field === 'customObjects' || within.field === 'enginePolicies'
          ? resourceKey(name, within.redactor)
          : within.redactor[KEYS[within.field] ?? 'text'](name),
        redactValue(def.valueType, one, within),
      ]);
    case 'array':
      return (value as readonly unknown[]).map((one) => redactValue(def.element, one, within));
    case 'string':
      return 'format' in def && def.format === 'datetime' ? value : within.redactor.text(value as string);
    default:
      return value;
  }
}

function redactField(schema: z.core.$ZodType, value: unknown, name: string, { redactor, field }: Within): unknown {
  const rule = RULES[`${field}.${name}`] ?? RULES[name];
  return rule === undefined ? redactValue(schema, value, { redactor, field: name }) : rule(value, redactor);
}

/** A map with other keys and values; without those that are nothing now. */
function changed(map: Fields, change: (name: string, value: unknown) => readonly [string, unknown]): Fields {
  const entries = Object.entries(map).map(([name, value]) => change(name, value));
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** Whether a value has the form of an alternative. The alternatives of the schemas differ in their kinds or in the fields that they require. */
function fits(schema: z.core.$ZodType, value: unknown): boolean {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'array':
      return Array.isArray(value);
    case 'literal':
      return def.values.includes(value as string);
    case 'enum':
      return Object.values(def.entries).includes(value as string);
    case 'nullable':
      return value === null || fits(def.innerType, value);
    case 'union':
      return def.options.some((one) => fits(one, value));
    case 'object':
      return (
        isMap(value) &&
        Object.keys(def.shape).every((name) => isOptional(def.shape[name]) || Object.hasOwn(value, name))
      );
    default:
      return typeof value === def.type;
  }
}

function isOptional(schema: z.core.$ZodType | undefined): boolean {
  return schema?._zod.def.type === 'optional';
}

function isMap(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Resources of the catalogue stay. */
function resourceKey(name: string, { text }: Redactor): string {
  return catalogueResources().includes(name) || Object.hasOwn(POLICY_KINDS, name) ? name : text(name);
}

/** Fields whose keys are those of annotations: those of AWS, Kubernetes and podlift stay. */
const KEYS: Readonly<Record<string, 'key'>> = { annotations: 'key' };

type Rule = (value: unknown, redactor: Redactor) => unknown;

/** What people, AWS or kubectl wrote for people. */
const freeText: Rule = () => FREE_TEXT;
const FREE_TEXT = 'redacted';

const leftOut: Rule = () => undefined;

/** A text that AWS or Kubernetes gives, if it has the form of those: else it is a name. */
function given(form: RegExp): Rule {
  return (value, { text }) => (typeof value !== 'string' || form.test(value) ? value : text(value));
}

/** A key of labels, of a list's entry. */
const labelKey: Rule = (value, { key }) => key(value as string);

/** Values of labels: Kubernetes and EKS give those of a few keys, the same everywhere. */
const labelValue = given(/^(linux|windows|ec2|fargate|auto|hybrid|amd64|arm64)$/);

const labelValues: Rule = (value, redactor) => (value as readonly string[]).map((one) => labelValue(one, redactor));

const labels: Rule = (value, redactor) =>
  changed(value as Fields, (name, one) => [redactor.key(name), labelValue(one, redactor)]);

/** Values of tags: the names of tools stay, by which a resource says who owns it. */
const tagValue = given(new RegExp(`${TOOL_VALUE.source}|${TRUE_VALUE.source}`, 'i'));

const tags: Rule = (value, redactor) =>
  changed(value as Fields, (name, one) => [redactor.key(name), tagValue(one, redactor)]);

const VERSION = given(/^v?\d[\w.+-]*$/);

/** Actions that AWS has stay. */
const actions: Rule = (value, { text }) => {
  const change = (action: string) => (action === '*' || matchingActions(action).length > 0 ? action : text(action));
  return typeof value === 'string' ? change(value) : (value as readonly string[]).map(change);
};

/** Actions of an inventory, with `{name}` for a value: a rule has checked them. */
const actionTemplates: Rule = (value, { text }) =>
  (value as readonly string[]).map((action) => action.replace(/\{[^{}]*\}/g, text));

/** Operators stay. */
const conditions: Rule = (value, redactor) =>
  changed(value as Fields, (operator, keys) => [
    operator,
    changed(keys as Fields, (name, one) => [redactor.conditionKey(name), anyData(one, redactor)]),
  ]);

/**
 * The configuration of an add-on: data, or its text in JSON or YAML, which becomes JSON. The members that podlift knows stay: with other names the
 * configuration would be wrong.
 */
const configuration: Rule = (value, redactor) => {
  if (typeof value !== 'string') return anyData(value, redactor, CONFIGURATION_MEMBERS);
  try {
    return JSON.stringify(anyData(parse(value), redactor, CONFIGURATION_MEMBERS));
  } catch {
    return redactor.text(value);
  }
};

const NO_MEMBERS: ReadonlySet<string> = new Set();

/**
 * Every text, every key and every longer number: a number can be the id of an account. IAM compares numbers as texts.
 *
 * @param members keys that stay
 */
function anyData(value: unknown, redactor: Redactor, members = NO_MEMBERS): unknown {
  if (typeof value === 'string') return redactor.text(value);
  if (typeof value === 'number') return Number.isSafeInteger(value) ? Number(redactor.text(String(value))) : value;
  if (Array.isArray(value)) return value.map((one) => anyData(one, redactor, members));
  if (!isMap(value)) return value;
  return changed(value, (name, one) => [
    members.has(name) ? name : redactor.text(name),
    anyData(one, redactor, members),
  ]);
}

/** Whether a key of a ConfigMap or a Secret makes a variable that podlift knows, alone or behind a prefix. */
function isEndOfVariable(key: string): boolean {
  return VARIABLES.some((variable) => variable.endsWith(key));
}

/** A name of the IANA data base. */
const timeZone: Rule = (value, { text }) => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: value as string });
    return value;
  } catch {
    return text(value as string);
  }
};

/** The end of an image that everybody knows, with its version; what stands before it is a name. */
const image: Rule = (value, { text }) => {
  const known = knownImage(value as string);
  if (known === undefined) return text(value as string);
  const [name = ''] = (value as string).slice(known.start).split(/[:@]/);
  return `${text((value as string).slice(0, known.start))}${name}${known.version === undefined ? '' : `:${known.version}`}`;
};

/** The fields of objects of the catalogue: names of fields stay, and values with which the catalogue compares. */
const customFields: Rule = (value, { text }) => {
  const members = new Set(
    catalogueResources()
      .flatMap(fieldsOf)
      .flatMap((path) => path.replaceAll('[]', '').split('.')),
  );
  const known = comparedValues();
  const change = (one: unknown, path: string): unknown => {
    if (Array.isArray(one)) return one.map((item) => change(item, `${path}[]`));
    if (isMap(one))
      return changed(one, (name, member) => [
        members.has(name) ? name : text(name),
        change(member, path === '' ? name : `${path}.${name}`),
      ]);
    const plain = typeof one === 'string' || typeof one === 'number' ? String(one) : undefined;
    return plain === undefined || known.get(path)?.has(plain) === true ? one : text(plain);
  };
  return change(value, '');
};

const ADDON_ISSUE =
  /^(AccessDenied|AddonPermissionFailure|AddonSubscriptionNeeded|AdmissionRequestDenied|ClusterUnreachable|ConfigurationConflict|InsufficientNumberOfReplicas|InternalFailure|K8sResourceNotFound|UnsupportedAddonModification)(?=:|$)/;

/** How fields are redacted that are not names, by their name, or by the name of the field around them and theirs. */
const RULES: Readonly<Record<string, Rule>> = {
  message: freeText,
  fix: leftOut,
  because: freeText,
  'waves.description': freeText,
  // CHECK[:WORKLOAD[:CLUSTER]]: the check has podlift's own name.
  accepted: (value, { text }) =>
    (value as readonly string[]).map((one) => {
      const [check = '', ...names] = one.split(':');
      return [check, ...names.map((name) => (name === '' ? '' : text(name)))].join(':');
    }),
  // Where the states are decides nothing about workloads, and each backend names servers, organizations and accounts.
  'environments.state': () => ({ local: { folder: 'states' } }),
  // Its files are one.
  include: leftOut,
  // The code, without the sentence behind it. Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_AddonIssue.html
  issues: (value) => (value as readonly string[]).map((issue) => ADDON_ISSUE.exec(issue)?.[0] ?? FREE_TEXT),
  tags,
  status: given(/^[A-Z_]+$/),
  version: VERSION,
  'adoptedTrust.version': given(/^(2008-10-17|none)$/),
  platformVersion: given(/^eks\.\d+$/),
  ipFamily: given(/^ipv[46]$/),
  phase: given(/^(Pending|Running|Succeeded|Failed|Unknown)$/),
  os: given(/^(linux|windows)$/),
  computeType: given(/^(ec2|fargate|auto|hybrid)$/),
  // Kinds of Kubernetes that own pods, and the kinds of objects that have variables.
  kind: given(
    /^(configmap|secret|Deployment|ReplicaSet|ReplicationController|StatefulSet|DaemonSet|Job|CronJob|Node)$/,
  ),
  // Field managers that everybody has.
  manager: given(
    /^(podlift|kubectl(-(annotate|apply|client-side-apply|create|edit|label|last-applied|patch|replace|run|set))?|helm|helm-controller|Helm|Terraform|HashiCorp|argocd-(application-)?controller|kustomize-controller|before-first-apply|ancient-changes|eks)$/,
  ),
  'apiGroups.value': (value) =>
    (value as readonly string[]).filter((group) => catalogueGroups().has(group) || POLICY_GROUPS.has(group)),
  image,
  fields: customFields,
  // Prefixes of AWS's actions, and its actions.
  service: (value, { text }) => (iamServices().has(value as string) ? value : text(value as string)),
  'tracked.action': actions,
  unused: actions,
  analyzerType: given(/^(ACCOUNT|ORGANIZATION)_UNUSED_ACCESS$/),
  findingType: given(/^Unused[A-Za-z]+$/),
  findingStatus: given(/^[A-Z]+$/),
  // A code of CloudTrail.
  error: given(/^[A-Z]\w*(\.\w+)?$/),
  // The programs of an account can have any name.
  userAgent: leftOut,
  // `eks-` is how Pod Identity's own begin.
  session: (value, { text }) => {
    const [prefix = ''] = /^eks-/.exec(value as string) ?? [];
    return prefix + text((value as string).slice(prefix.length));
  },
  soak: given(/^\d+\w$/),
  // Source: https://pkg.go.dev/github.com/robfig/cron/v3#hdr-CRON_Expression_Format
  schedule: given(
    /^(@(yearly|annually|monthly|weekly|daily|midnight|hourly)|@every [\dhms.]+|([\d*/,?-]|\s|(JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC|SUN|MON|TUE|WED|THU|FRI|SAT))+)$/i,
  ),
  timeZone,
  'nodeAffinity.key': labelKey,
  'tolerations.key': labelKey,
  'taints.key': labelKey,
  'expressions.key': labelKey,
  'expressions.values': labelValues,
  'nodeAffinity.values': labelValues,
  labels,
  podLabels: labels,
  nodeSelector: labels,
  'tolerations.operator': given(/^(Equal|Exists)$/),
  effect: given(/^(NoSchedule|PreferNoSchedule|NoExecute)$/),
  variables: (value, { text }) => (value as readonly string[]).map((key) => (isEndOfVariable(key) ? key : text(key))),
  proxies: (value, { text }) =>
    changed(value as Fields, (key, one) => [isEndOfVariable(key) ? key : text(key), text(one as string)]),
  'sources.prefix': (value, { text }) =>
    VARIABLES.some((variable) => variable.startsWith(value as string)) ? value : text(value as string),
  // The files are not part of a redacted inventory.
  resourcePolicies: leftOut,
  Action: actions,
  NotAction: actions,
  actions: actionTemplates,
  Condition: conditions,
  conditions,
  configuration,
  // The name alone is that of a policy of AWS.
  'permissions.managedPolicies': (value, { text }) =>
    (value as readonly string[]).map((policy) => (/[:{]/.test(policy) ? text(policy) : policy)),
};
