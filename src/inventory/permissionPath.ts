import type { Segments } from './Finding';
import type { Permissions } from './Inventory';

/** Where the file has a statement of `permissions.statements`, below `permissions`: as a statement, or in the entry of `use` that it belongs to. */
export function statementPath({ statements }: Permissions, index: number): Segments {
  const use = statements[index]?.use;
  return use === undefined ? ['statements', index] : ['use', use];
}

/** Where the file has a policy of `permissions.managedPolicies`, below `permissions`. */
export function managedPolicyPath({ managedPolicies, use = [] }: Permissions, index: number): Segments {
  const arn = managedPolicies[index] ?? '';
  const ofUse = use.findIndex((one) => one.managedPolicies.includes(arn));
  return ofUse < 0 || managedPolicies.indexOf(arn) < index ? ['managedPolicies', index] : ['use', ofUse];
}
