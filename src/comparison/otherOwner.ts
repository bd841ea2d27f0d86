import type { AssociationOwner } from '../inventory/Inventory';
import {
  MANAGED_BY_KEY,
  MANAGED_BY_VALUE,
  TOOL_KEY,
  TOOL_TAGS,
  type ToolTags,
  TRUE_VALUE,
} from '../inventory/aws/toolTags';

/** A tool that owns a resource of AWS, by the tags of the resource. */
export interface OtherOwner extends Pick<ToolTags, 'reverts'> {
  /** `CloudFormation (stack orders)`. */
  readonly name: string;
  /** The keys of the tags that say so. */
  readonly tags: readonly string[];
}

/** The tool that owns a resource, by the tags that tools write, and those that people write beside; nothing where no tag says so. */
export function otherOwner(tags: Readonly<Record<string, string>>): OtherOwner | undefined {
  const keys = Object.keys(tags);
  for (const { tool, reverts, key, object } of TOOL_TAGS) {
    const own = keys.filter((one) => key.test(one));
    if (own.length === 0) continue;
    const value = object && tags[object[1]];
    const name = object === undefined || value === undefined ? tool : `${tool} (${object[0]} ${value})`;
    return { name, reverts, tags: own };
  }
  const said = keys.find((key) => saysTool(key, tags[key] ?? ''));
  return said === undefined
    ? undefined
    : { name: `another tool (tag ${said}: ${tags[said] ?? ''})`, reverts: 'on-change', tags: [said] };
}

/** The tools whose objects adopt an association. eksctl and Pulumi have none. */
const ASSOCIATION_TOOLS: readonly (readonly [name: RegExp, owner: AssociationOwner])[] = [
  [/^ACK\b/, 'ack'],
  [/^Crossplane\b/, 'crossplane'],
  [/^CloudFormation\b/, 'cloudformation'],
];

/** The tool that owns an association, by the tags of the association, where the inventory can leave it to the tool (`association: { manage: external }`). */
export function associationOwner(tags: Readonly<Record<string, string>>): AssociationOwner | undefined {
  const found = otherOwner(tags);
  return found && ASSOCIATION_TOOLS.find(([name]) => name.test(found.name))?.[1];
}

function saysTool(key: string, value: string): boolean {
  return (MANAGED_BY_KEY.test(key) && MANAGED_BY_VALUE.test(value)) || (TOOL_KEY.test(key) && TRUE_VALUE.test(value));
}
