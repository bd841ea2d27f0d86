import list from './managedPolicies.json';

/** The date of the list of AWS's managed policies. */
export const POLICIES_DATE = list.date;

/** What stands before the name of each AWS managed policy (`service-role/`, or nothing), by the name. The file names source and licence. */
const PATHS: ReadonlyMap<string, string> = new Map(
  Object.entries(list.policies).flatMap(([path, names]) => names.map((name) => [name, path] as const)),
);

/** The names of all AWS managed policies at {@link POLICIES_DATE}, without their paths. */
export function managedPolicyNames(): Iterable<string> {
  return PATHS.keys();
}

/** An AWS managed policy as it stands after `policy/` in its ARN: its path and its name. Undefined for a name that is not in the list. */
export function managedPolicy(name: string): string | undefined {
  const path = PATHS.get(name);
  return path === undefined ? undefined : path + name;
}
