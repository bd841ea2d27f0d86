import type { StageParts } from './Subject';

/** The same stages, with one object for all documents, associations and service accounts of the same text: what a step changes is told by identity. */
export function shareDocuments(stages: readonly StageParts[]): StageParts[] {
  const same = interner();
  return stages.map((parts) => ({
    ...parts,
    role: {
      ...parts.role,
      trust: same(parts.role.trust),
      ...(parts.role.inline === undefined ? {} : { inline: same(parts.role.inline) }),
    },
    targetRoles: parts.targetRoles.map((role) => ({ ...role, trust: same(role.trust) })),
    associations: parts.associations.map(same),
    // An empty role is no role: to clear the annotation and to give it up is the same to every pod.
    serviceAccounts: parts.serviceAccounts.map((account) => same({ ...account, clearsAnnotation: false })),
  }));
}

/** Gives the first object of the same text, so that equal documents can be told by identity. */
function interner(): <Value extends object>(value: Value) => Value {
  const known = new Map<string, object>();
  return <Value extends object>(value: Value): Value => {
    const text = JSON.stringify(value);
    const first = known.get(text);
    if (first !== undefined) return first as Value;
    known.set(text, value);
    return value;
  };
}
