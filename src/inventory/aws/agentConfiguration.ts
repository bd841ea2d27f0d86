import { compareVersions } from './addonVersions';
import type { ValueSchema } from './valueSchema';

const TEXT: ValueSchema = { type: 'string' };
const FREE: ValueSchema = { type: ['object', 'null'] };
const OBJECTS: ValueSchema = { type: 'array', items: { type: 'object' } };
const CREATE = closed({ create: { type: 'boolean' } });
const AMOUNTS = closed({ cpu: TEXT, memory: TEXT });

/** An object with these members and no others. */
function closed(properties: Readonly<Record<string, ValueSchema>>): ValueSchema {
  return { type: 'object', properties, additionalProperties: false };
}

/** The members in every version of the agent. There is no `env`, and `agent` has no port. */
const MEMBERS: Readonly<Record<string, ValueSchema>> = {
  affinity: FREE,
  agent: closed({ additionalArgs: FREE }),
  fullnameOverride: TEXT,
  image: closed({ pullPolicy: { type: ['string', 'null'] } }),
  imagePullSecrets: OBJECTS,
  init: closed({ additionalArgs: FREE, create: { type: 'boolean' } }),
  nameOverride: TEXT,
  nodeSelector: FREE,
  podAnnotations: FREE,
  priorityClassName: TEXT,
  resources: closed({ limits: AMOUNTS, requests: AMOUNTS }),
  tolerations: OBJECTS,
  updateStrategy: FREE,
};

/** The members that later versions added. */
const ADDED: readonly { readonly since: string; readonly members: Readonly<Record<string, ValueSchema>> }[] = [
  {
    since: 'v1.3.4-eksbuild.1',
    members: { daemonsets: closed({ hybrid: CREATE, 'hybrid-bottlerocket': CREATE }) },
  },
  {
    // The versions v1.3.7 to v1.3.9 define the member and do not take it: https://github.com/aws/containers-roadmap/issues/2684
    since: 'v1.3.10-eksbuild.1',
    members: {
      podLabels: { type: ['object', 'null'], additionalProperties: { type: ['string', 'number', 'boolean'] } },
    },
  },
];

/**
 * The configuration that a version of the Pod Identity agent takes. A version newer than podlift's list takes what the newest listed one takes.
 * Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeAddonConfiguration.html, answers of 2026-08-22
 */
export function agentConfiguration(version: string): ValueSchema {
  const added = ADDED.filter(({ since }) => compareVersions(since, version) <= 0).map(({ members }) => members);
  return closed(Object.assign({}, MEMBERS, ...added) as Record<string, ValueSchema>);
}
