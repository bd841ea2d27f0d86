import type { ClusterState } from '../world/World';
import { invalid } from './KubeError';
import { type KubeObject, kubeTime } from './KubeObject';
import { isJson, type Json, listAt, objectAt, textAt } from './json';
import { objectsOf } from './objects';
import { type Resource, RESOURCES } from './resources';

const GROUP = 'apiextensions.k8s.io';
const KIND = 'CustomResourceDefinition';

/** The plural of CustomResourceDefinitions. */
export const DEFINITIONS = 'customresourcedefinitions';

/** Each version of a CustomResourceDefinition as a resource; computed once for each definition. */
const KNOWN = new WeakMap<KubeObject, readonly Resource[]>();

/** The resources of a cluster: the built-in ones, and those of its CustomResourceDefinitions. */
export function resourcesOf(cluster: ClusterState): readonly Resource[] {
  return [...RESOURCES, ...customResourcesOf(cluster)];
}

function customResourcesOf(cluster: ClusterState): readonly Resource[] {
  return objectsOf(cluster, DEFINITIONS).flatMap((definition) => {
    const known = KNOWN.get(definition) ?? versionsOf(definition);
    KNOWN.set(definition, known);
    return known;
  });
}

function versionsOf({ spec }: KubeObject): readonly Resource[] {
  const names = objectAt(spec, 'names');
  const group = textAt(spec, 'group') ?? '';
  const plural = textAt(names, 'plural') ?? '';
  return versionsIn(spec)
    .filter(({ served }) => served === true)
    .map((version) => ({
      group,
      version: textAt(version, 'name') ?? '',
      plural,
      stored: `${plural}.${group}`,
      singular: textAt(names, 'singular') ?? '',
      kind: textAt(names, 'kind') ?? '',
      shortNames: listAt(names, 'shortNames') as readonly string[],
      namespaced: textAt(spec, 'scope') === 'Namespaced',
      hasStatus: isJson(objectAt(version, 'subresources').status),
      schema: objectAt(objectAt(version, 'schema'), 'openAPIV3Schema'),
    }))
    .toSorted((one, other) => compareVersions(one.version, other.version));
}

function versionsIn(spec: unknown): readonly Json[] {
  return listAt(spec, 'versions').filter(isJson);
}

/** `v2` before `v1` before `v1beta2` before `v1alpha1` before any other name. Source: k8s.io/apimachinery pkg/version/helpers.go */
function compareVersions(one: string, other: string): number {
  const [a, b] = [rankOf(one), rankOf(other)];
  if (a === undefined || b === undefined) return a === b ? (one < other ? -1 : 1) : a === undefined ? 1 : -1;
  const difference = a.findIndex((part, index) => part !== b[index]);
  return difference < 0 ? 0 : (b[difference] ?? 0) - (a[difference] ?? 0);
}

function rankOf(version: string): readonly number[] | undefined {
  const [, major, stability, minor] = /^v([1-9]\d*)(?:(alpha|beta)([1-9]\d*))?$/.exec(version) ?? [];
  if (major === undefined) return undefined;
  const level = stability === undefined ? 2 : stability === 'beta' ? 1 : 0;
  return [level, Number(major), Number(minor ?? 0)];
}

/**
 * A CustomResourceDefinition with the defaults of the API server. Throws a `KubeError` for a definition that the API server refuses.
 * Source: k8s.io/apiextensions-apiserver pkg/apis/apiextensions/validation/validation.go, …/v1/defaults.go
 */
export function completeDefinition<T extends Json>(name: string, sent: T): T {
  const spec = objectAt(sent, 'spec');
  const names = objectAt(spec, 'names');
  const kind = textAt(names, 'kind') ?? '';
  const problems = problemsOf(name, spec, names);
  if (problems.length > 0) throw invalid(GROUP, KIND, name, ...problems);
  const complete = {
    ...names,
    singular: textAt(names, 'singular') ?? kind.toLowerCase(),
    listKind: textAt(names, 'listKind') ?? `${kind}List`,
  };
  return { ...sent, spec: { conversion: { strategy: 'None' }, ...spec, names: complete } };
}

/** The status that the controllers of the API server give a definition; here they accept all names at once. Source: …/pkg/controller/status */
export function acceptedStatus(spec: Json, time: Date): Json {
  const condition = (type: string, reason: string, message: string) => ({
    lastTransitionTime: kubeTime(time),
    message,
    reason,
    status: 'True',
    type,
  });
  return {
    acceptedNames: objectAt(spec, 'names'),
    conditions: [
      condition('NamesAccepted', 'NoConflicts', 'no conflicts found'),
      condition('Established', 'InitialNamesAccepted', 'the initial names have been accepted'),
    ],
    storedVersions: versionsIn(spec).flatMap(({ name, storage }) => (storage === true ? [name] : [])),
  };
}

function problemsOf(name: string, spec: Json, names: Json): readonly string[] {
  const [group = '', plural = '', scope] = [textAt(spec, 'group'), textAt(names, 'plural'), textAt(spec, 'scope')];
  const versions = versionsIn(spec);
  const schemas = versions.flatMap((version, index) =>
    isJson(objectAt(version, 'schema').openAPIV3Schema)
      ? typeProblems(
          objectAt(objectAt(version, 'schema'), 'openAPIV3Schema'),
          `spec.versions[${index}].schema.openAPIV3Schema`,
        )
      : [`spec.versions[${index}].schema.openAPIV3Schema: Required value: schemas are required`],
  );
  return [
    ...(name === `${plural}.${group}`
      ? []
      : [`metadata.name: Invalid value: ${JSON.stringify(name)}: must be spec.names.plural+"."+spec.group`]),
    ...(group === '' ? ['spec.group: Required value'] : []),
    ...(group !== '' && !group.includes('.')
      ? [`spec.group: Invalid value: ${JSON.stringify(group)}: should be a domain with at least one dot`]
      : []),
    ...(plural === '' ? ['spec.names.plural: Required value'] : []),
    ...((textAt(names, 'kind') ?? '') === '' ? ['spec.names.kind: Required value'] : []),
    ...(scope === 'Namespaced' || scope === 'Cluster'
      ? []
      : [
          scope === undefined
            ? 'spec.scope: Required value'
            : `spec.scope: Unsupported value: ${JSON.stringify(scope)}: supported values: "Cluster", "Namespaced"`,
        ]),
    ...(versions.filter(({ storage }) => storage === true).length === 1
      ? []
      : ['spec.versions: Invalid value: must have exactly one version marked as storage version']),
    ...schemas,
  ];
}

/** A structural schema states the type of the root and of every member. Source: k8s.io/apiextensions-apiserver pkg/apiserver/schema/validation.go */
function typeProblems(schema: Json, path: string): readonly string[] {
  const isFree =
    schema['x-kubernetes-int-or-string'] === true || schema['x-kubernetes-preserve-unknown-fields'] === true;
  const own =
    textAt(schema, 'type') === undefined && !isFree
      ? [`${path}.type: Required value: must not be empty for specified object fields`]
      : [];
  const members = Object.entries(objectAt(schema, 'properties')).flatMap(([key, member]) =>
    isJson(member) ? typeProblems(member, `${path}.properties[${key}]`) : [],
  );
  const items = isJson(schema.items) ? typeProblems(schema.items, `${path}.items`) : [];
  const more = isJson(schema.additionalProperties)
    ? typeProblems(schema.additionalProperties, `${path}.additionalProperties`)
    : [];
  return [...own, ...members, ...items, ...more];
}
