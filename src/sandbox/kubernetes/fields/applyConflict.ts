import { KubeFailure } from '../KubeFailure';
import { pathText } from './FieldSet';
import type { Owner } from './Owner';

/** A field that an apply would change though another manager owns it. */
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
 * The failure of an apply without force.
 * Source: k8s.io/apimachinery pkg/util/managedfields/internal/conflict.go, pkg/api/errors/errors.go (NewApplyConflict)
 */
export function applyConflict(conflicts: readonly Conflict[]): KubeFailure {
  const causes = conflicts.map(({ owner, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${ownerText(owner)}`,
    field: pathText(path),
  }));
  return new KubeFailure(409, 'Conflict', messageOf(conflicts), { causes });
}
