import type { SeedManifest } from '../../src/sandbox/Seed';

/** What a Deployment of a seed is. */
export interface SeedDeployment {
  readonly namespace: string;
  /** Its own, and its container's. */
  readonly name: string;
  readonly serviceAccount: string;
  /** Default: 1. */
  readonly replicas?: number;
  /** Default: `app`. */
  readonly image?: string;
  /** Of its pods, beside `app`, which has its name. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Variables of its container. Default: none. */
  readonly env?: Readonly<Record<string, string>>;
  /** Labels of the nodes that it asks for. Default: none. */
  readonly nodeSelector?: Readonly<Record<string, string>>;
}

/** The manifest of a Deployment with one container. */
export function seedDeployment(deployment: SeedDeployment): SeedManifest {
  const {
    namespace,
    name,
    serviceAccount,
    replicas = 1,
    image = 'app',
    labels = {},
    env = {},
    nodeSelector,
  } = deployment;
  const variables = Object.entries(env).map(([key, value]) => ({ name: key, value }));
  const container = { name, image, ...(variables.length === 0 ? {} : { env: variables }) };
  const selected = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace, name, labels: { ...labels, ...selected } },
    spec: {
      replicas,
      selector: { matchLabels: selected },
      template: {
        metadata: { labels: { ...labels, ...selected } },
        spec: {
          serviceAccountName: serviceAccount,
          ...(nodeSelector === undefined ? {} : { nodeSelector }),
          containers: [container],
        },
      },
    },
  };
}
