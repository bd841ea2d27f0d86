import { stringify } from 'yaml';
import type { PolicyDocument } from '../../iam/PolicyDocument';
import type { Stage } from '../../inventory/Inventory';
import { hclDocument } from './hclDocument';

/** Whose trust policy it is; by keys of the inventory, and the role by its name. */
export interface TrustOf {
  readonly workload: string;
  readonly target?: string;
  readonly environment: string;
  readonly role: string;
  readonly stage: Stage;
}

/** A trust policy for its owner's tool; without a newline at the end. Equal inventories give equal texts. */
export function trustText(document: PolicyDocument, of: TrustOf, format: 'json' | 'hcl' | 'cloudformation'): string {
  switch (format) {
    case 'json':
      return JSON.stringify(document, null, 2);
    case 'hcl': {
      const name = [of.workload, ...(of.target === undefined ? [] : [of.target]), 'trust']
        .join('_')
        .replaceAll('-', '_');
      return `# ${titleOf(of)}\n${hclDocument(document, /^[0-9]/.test(name) ? `role_${name}` : name)}`;
    }
    case 'cloudformation': {
      // Quoted texts: a plain 2012-10-17 would be a date.
      const text = stringify(
        { AssumeRolePolicyDocument: document },
        { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN', lineWidth: 0, aliasDuplicateObjects: false },
      );
      return `# ${titleOf(of)}\n${text.trimEnd()}`;
    }
  }
}

function titleOf({ workload, target, environment, role, stage }: TrustOf): string {
  const whose = target === undefined ? `workload ${workload}` : `target ${target} of workload ${workload}`;
  return `Role ${role} (${whose} in ${environment}) at the stage ${stage}`;
}
