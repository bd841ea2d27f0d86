import { KubeError } from '../KubeError';
import type { ManagedFieldsEntry } from '../KubeObject';
import { type Json, listAt, objectAt, omit, sameJson, textAt } from '../json';
import { type FieldSet, fromFieldsV1, pathText, toFieldsV1 } from './FieldSet';

/** The writer of an object, and the time. */
export interface Writer {
  readonly manager: string;
  readonly time: Date;
  /** Absent for the object itself. */
  readonly subresource?: 'status' | 'scale';
}

/** The fields that a field manager owns by one operation. */
export interface Owner {
  readonly manager: string;
  readonly operation: 'Update' | 'Apply';
  readonly apiVersion: string;
  readonly subresource: string;
  /** In Kubernetes' format. Absent when the manager never changed anything. */
  readonly time?: string;
  readonly fields: FieldSet;
}

function readOwner(entry: unknown, apiVersion: string): Owner | undefined {
  const [operation, time] = [textAt(entry, 'operation'), textAt(entry, 'time')];
  const fields = fromFieldsV1(objectAt(entry, 'fieldsV1'));
  if ((operation !== 'Update' && operation !== 'Apply') || textAt(entry, 'fieldsType') !== 'FieldsV1') return undefined;
  if (fields === undefined || (textAt(entry, 'apiVersion') ?? '') === '') return undefined;
  return {
    manager: textAt(entry, 'manager') ?? '',
    operation,
    apiVersion: textAt(entry, 'apiVersion') ?? apiVersion,
    subresource: textAt(entry, 'subresource') ?? '',
    ...(time === undefined ? {} : { time }),
    fields,
  };
}

/** The owners in a list of managed fields. None when an entry is invalid. */
export function readOwners(object: Json, apiVersion: string): readonly Owner[] {
  const owners = listAt(objectAt(object, 'metadata'), 'managedFields').map((entry) => readOwner(entry, apiVersion));
  return owners.every((owner) => owner !== undefined) ? owners : [];
}

/** True when a client resets the owners: with an empty list, or with a list of one empty entry. */
export function resetsOwners(object: Json): boolean {
  const { managedFields } = objectAt(object, 'metadata');
  return Array.isArray(managedFields) && (managedFields.length === 0 || sameJson(managedFields, [{}]));
}

/** The object without its list of owners, which is not a field with owners. */
export function withoutManagedFields(object: Json): Json {
  return { ...object, metadata: omit(objectAt(object, 'metadata'), 'managedFields') };
}

/** The sort key of the API server: operation, time, manager, version, subresource. */
export function orderOf({ operation, time = '', manager, apiVersion, subresource }: Owner): string {
  return JSON.stringify([operation, time, manager, apiVersion, subresource]);
}

/** The object with its owners, in the order of the API server. */
export function writeOwners<T extends Json>(object: T, owners: readonly Owner[]): T {
  const entries = [...owners]
    .sort((one, other) => (orderOf(one) < orderOf(other) ? -1 : 1))
    .map(({ manager, operation, apiVersion, subresource, time, fields }): ManagedFieldsEntry => ({
      manager,
      operation,
      apiVersion,
      ...(time === undefined ? {} : { time }),
      fieldsType: 'FieldsV1',
      fieldsV1: toFieldsV1(fields),
      ...(subresource === '' ? {} : { subresource }),
    }));
  const metadata = omit(objectAt(object, 'metadata'), 'managedFields');
  return { ...object, metadata: entries.length === 0 ? metadata : { ...metadata, managedFields: entries } };
}

/** True when an owner is this manager with this operation. */
export function isBy(owner: Owner, manager: string, operation: Owner['operation'], subresource: string): boolean {
  return owner.manager === manager && owner.operation === operation && owner.subresource === subresource;
}

/** A field that an apply would change although another manager owns it. */
export interface Conflict {
  readonly owner: Owner;
  readonly path: readonly string[];
}

function ownerText({ manager, operation, apiVersion, subresource }: Owner): string {
  const part = subresource === '' ? '' : ` with subresource ${JSON.stringify(subresource)}`;
  return `${JSON.stringify(manager)}${part}${operation === 'Update' ? ` using ${apiVersion}` : ''}`;
}

function messageOf(conflicts: readonly Conflict[]): string {
  const [first] = conflicts;
  if (first !== undefined && conflicts.length === 1) {
    return `Apply failed with 1 conflict: conflict with ${ownerText(first.owner)}: ${pathText(first.path)}`;
  }
  const owners = [...new Set(conflicts.map(({ owner }) => owner))];
  const sorted = owners.sort((one, other) => (one.manager < other.manager ? -1 : 1));
  const lines = sorted.flatMap((owner) => [
    `conflicts with ${ownerText(owner)}:`,
    ...conflicts.filter((conflict) => conflict.owner === owner).map(({ path }) => `- ${pathText(path)}`),
  ]);
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join('\n')}`;
}

/**
 * The error of an apply without force.
 * Source: k8s.io/apimachinery pkg/util/managedfields/internal/conflict.go, pkg/api/errors/errors.go (NewApplyConflict)
 */
export function applyConflict(conflicts: readonly Conflict[]): KubeError {
  const causes = conflicts.map(({ owner, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${ownerText(owner)}`,
    field: pathText(path),
  }));
  return new KubeError(409, 'Conflict', messageOf(conflicts), { causes });
}
