import { z } from 'zod';
import { textsByName, time } from './awsFacts';

// What a cluster says, as ports return it and as an Estate has it. `../kubernetes/KubernetesPort.ts` has the types.

const text = z.string();
const texts = z.array(text);

/**
 * Variables by which an SDK finds credentials before it comes to those of IRSA or Pod Identity, or turns those away.
 * Source: https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
 */
export const EARLIER_VARIABLES = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_PROFILE',
  'AWS_SHARED_CREDENTIALS_FILE',
  'AWS_CONFIG_FILE',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
] as const;

const credentialVariables = z
  .object({
    AWS_ROLE_ARN: text.exactOptional(),
    AWS_WEB_IDENTITY_TOKEN_FILE: text.exactOptional(),
    AWS_CONTAINER_CREDENTIALS_FULL_URI: text.exactOptional(),
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: text.exactOptional(),
  })
  .meta({
    description:
      'The variables of IRSA and Pod Identity: the value, or its source (secret orders/arn) where the pod does not state the value.',
  });

/** The variables by which an SDK finds credentials of IRSA or of Pod Identity. */
export const CREDENTIAL_VARIABLES = credentialVariables.keyof().options;

const regionVariables = z
  .object({ AWS_REGION: text.exactOptional(), AWS_DEFAULT_REGION: text.exactOptional() })
  .meta({
    description:
      'The variables that name the region of its calls to AWS: the value, or its source where the pod does not state the value.',
  });

/**
 * The variables that name the region of a container's calls to AWS.
 * Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-region.html
 */
export const REGION_VARIABLES = regionVariables.keyof().options;

const containerFacts = z
  .object({
    name: text,
    env: credentialVariables,
    earlier: z.array(z.enum(EARLIER_VARIABLES)).meta({
      description: 'The names of those that are set; never their values, which may be secrets.',
    }),
    proxy: textsByName.meta({
      description:
        'HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY, in whatever case they were written. User and password are not read.',
    }),
    envFrom: texts.meta({
      description:
        'The objects whose keys all become variables, by name: configmap orders, secret orders. Their content is not read.',
    }),
    regions: regionVariables.exactOptional(),
    image: text,
    hostPorts: z.array(z.number()).meta({ description: 'Ports of the node that the container occupies.' }),
  })
  .meta({ id: 'container', description: 'A container of a pod, init containers included.' });

/** Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/ */
export const podFacts = z
  .object({
    namespace: text,
    name: text,
    serviceAccount: text,
    node: text.meta({ description: 'Absent: not scheduled yet.' }).exactOptional(),
    phase: text.meta({ description: 'Pending, Running, Succeeded, Failed, Unknown.' }),
    ready: z.boolean(),
    ending: z.boolean().meta({ description: 'Its deletion has begun.' }),
    owner: z
      .object({ kind: text, name: text })
      .meta({
        description: 'A Deployment rather than its ReplicaSet, the Job of a CronJob as a Job. Absent: created by hand.',
      })
      .exactOptional(),
    app: text.meta({ description: 'The label app.kubernetes.io/name.' }).exactOptional(),
    labels: textsByName,
    hostNetwork: z.boolean().meta({ description: 'The pod shares the network of its node.' }),
    containers: z.array(containerFacts),
    tokenVolumes: textsByName.meta({
      description: "Its volumes that project a service account token, by name, with the token's audience.",
    }),
  })
  .meta({ id: 'pod', description: 'A pod.' });

/** Source: https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/node-v1/ */
export const nodeFacts = z
  .object({
    name: text,
    os: text.meta({ description: 'The label kubernetes.io/os: linux, windows.' }),
    computeType: text
      .meta({
        description:
          'The label eks.amazonaws.com/compute-type: ec2, fargate, auto, hybrid. Absent on nodes that EKS did not label.',
      })
      .exactOptional(),
    nodeGroup: text.meta({ description: 'The label eks.amazonaws.com/nodegroup.' }).exactOptional(),
  })
  .meta({ id: 'node', description: 'A node.' });

/** Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/ */
export const serviceAccountFacts = z
  .object({
    namespace: text,
    name: text,
    annotations: textsByName.meta({ description: 'Those of eks.amazonaws.com; others are not read.' }),
    roleOwners: z
      .array(
        z.object({
          manager: text.meta({ description: 'The field manager: helm, kubectl-annotate.' }),
          operation: z
            .enum(['Apply', 'Update'])
            .meta({ description: 'Apply: by server-side apply. Update: by any other request.' }),
          at: time.meta({ description: 'When it wrote a field of the account last.' }).exactOptional(),
        }),
      )
      .meta({ description: 'The owners of the annotation eks.amazonaws.com/role-arn, also of an empty one.' }),
    changedAt: time
      .meta({ description: 'The newest time of the owners of its fields. Removing a field leaves no time.' })
      .exactOptional(),
  })
  .meta({ id: 'serviceAccount', description: 'A service account.' });

/** Source: https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/ */
export const networkPolicyFacts = z
  .object({
    name: text,
    podLabels: textsByName
      .meta({
        description:
          'The labels of the pods that it selects; empty: every pod of the namespace. Absent: it selects by expressions, which are not read.',
      })
      .exactOptional(),
    limitsEgress: z.boolean(),
    egress: z
      .array(
        z.object({
          blocks: z
            .array(z.object({ cidr: text, except: texts }))
            .meta({ description: 'Absent: every address. Peers that are pods or namespaces are left out.' })
            .exactOptional(),
          ports: z
            .array(z.object({ from: z.int(), to: z.int() }))
            .meta({ description: 'Absent: every port. Named ports are left out.' })
            .exactOptional(),
        }),
      )
      .meta({ description: 'A rule without peers allows every address, a rule without ports every port.' }),
  })
  .meta({ id: 'networkPolicy', description: 'A NetworkPolicy.' });
