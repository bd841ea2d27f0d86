import type { AssociationOwner } from '../inventory/Inventory';
import {
  MANAGED_BY_KEY,
  type OwnerTool,
  PLACE_KEY,
  TOOL_KEY,
  TOOL_TAGS,
  TOOL_WORDS,
  type ToolTags,
  TRUE_VALUE,
} from '../inventory/aws/toolTags';

/** A tool that owns a resource of AWS, by the tags of the resource. */
export interface OtherOwner extends Pick<ToolTags, 'tool' | 'reverts'> {
  /** `CloudFormation (stack orders)`. */
  readonly name: string;
  /** The tool's own object, where a tag names it: the stack, the managed resource, the namespace. */
  readonly object?: string;
  /** The keys of the tags that say so. */
  readonly tags: readonly string[];
}

/** The tool that owns a resource, by the tags that tools write, and those that people write beside; nothing where no tag says so. */
export function otherOwner(tags: Readonly<Record<string, string>>): OtherOwner | undefined {
  const keys = Object.keys(tags);
  for (const { tool, name, reverts, key, object } of TOOL_TAGS) {
    const own = keys.filter((one) => key.test(one));
    if (own.length === 0) continue;
    const value = object && tags[object[1]];
    // People say more than the tags of the stack: a stack of CDK has those of CloudFormation alone.
    const said = tool === 'cloudformation' ? ownerSaid(tags) : undefined;
    const known = said?.tool === 'cdk' || said?.tool === 'eksctl' ? said : { tool, name };
    const text = object === undefined || value === undefined ? known.name : `${known.name} (${object[0]} ${value})`;
    return { tool: known.tool, name: text, reverts, tags: own, ...(value !== undefined && { object: value }) };
  }
  const said = ownerSaid(tags);
  if (said === undefined) return undefined;
  const { tool, name, key } = said;
  // Only a controller reverts all the time.
  const reverts = tool === 'crossplane' || tool === 'ack' ? 'always' : 'on-change';
  return { tool, name: `${name} (tag ${key}: ${tags[key] ?? ''})`, reverts, tags: [key] };
}

/** The tools whose objects adopt an association. eksctl and Pulumi have none. */
const ASSOCIATION_TOOLS: readonly AssociationOwner[] = ['ack', 'crossplane', 'cloudformation'];

/** The tool that owns an association, by the tags of the association, where the inventory can leave it to the tool (`association: { manage: external }`). */
export function associationOwner(tags: Readonly<Record<string, string>>): AssociationOwner | undefined {
  const found = otherOwner(tags);
  return ASSOCIATION_TOOLS.find((tool) => tool === found?.tool);
}

/** The tool that people name in a tag. */
function ownerSaid(
  tags: Readonly<Record<string, string>>,
): { readonly tool: OwnerTool; readonly name: string; readonly key: string } | undefined {
  for (const [key, value] of Object.entries(tags)) {
    const [, ofKey] = TRUE_VALUE.test(value) ? (TOOL_KEY.exec(key) ?? []) : [];
    const [, ofPlace] = PLACE_KEY.exec(key) ?? [];
    const text = ofKey ?? (ofPlace === undefined ? (MANAGED_BY_KEY.test(key) ? value : '') : 'terraform');
    const found = TOOL_WORDS.find(({ word }) => word.test(text));
    if (found !== undefined) return { tool: found.tool, name: found.name, key };
  }
  return undefined;
}
