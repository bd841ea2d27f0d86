import { z } from 'zod';
import { textsByName, time } from './awsFacts';

// What a cluster says, as ports return it and as an Estate has it. `../kubernetes/KubernetesPort.ts` has the types.

const text = z.string();
const texts = z.array(text);

/**
 * Variables by which an SDK finds credentials before it comes to those of IRSA or Pod Identity, or turns those away.
 * Sources: https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html; other spellings: aws/aws-sdk-go-v2 config/env_config.go
 * (AWS_ACCESS_KEY, AWS_SECRET_KEY, AWS_DEFAULT_PROFILE), boto/botocore botocore/configprovider.py (AWS_DEFAULT_PROFILE, read first)
 */
export const EARLIER_VARIABLES = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_ACCESS_KEY',
  'AWS_SECRET_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
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

const regionVariables = z.object({ AWS_REGION: text.exactOptional(), AWS_DEFAULT_REGION: text.exactOptional() }).meta({
  description:
    'The variables that name the region of its calls to AWS: the value, or its source where the pod does not state the value.',
});

/**
 * The variables that name the region of a container's calls to AWS.
 * Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-region.html
 */
export const REGION_VARIABLES = regionVariables.keyof().options;
/** The variables that send requests through a proxy, or around it; clients read them in upper and in lower case. */
export const PROXY_VARIABLES = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'] as const;

/**
 * The variable by which an SDK names its sessions of web identity; EKS names those of Pod Identity.
 * Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html
 */
export const SESSION_NAME_VARIABLE = 'AWS_ROLE_SESSION_NAME';

/** Every variable that podlift knows: by which an SDK finds or misses its credentials, or names their session. */
export const VARIABLES = [
  ...CREDENTIAL_VARIABLES,
  ...EARLIER_VARIABLES,
  SESSION_NAME_VARIABLE,
  ...PROXY_VARIABLES,
  'http_proxy',
  'https_proxy',
  'all_proxy',
  'no_proxy',
] as const;

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
    namesSession: z
      .literal(true)
      .meta({ description: 'AWS_ROLE_SESSION_NAME is set. Its value is not read.' })
      .exactOptional(),
    image: text,
    hostPorts: z.array(z.number()).meta({ description: 'TCP ports of the node that the container occupies.' }),
    sources: z
      .array(
        z.object({
          kind: z.enum(['configmap', 'secret']),
          name: text,
          prefix: text.meta({ description: 'Stands before each key.' }).exactOptional(),
          optional: z.literal(true).meta({ description: 'The container starts without the object.' }).exactOptional(),
        }),
      )
      .meta({ description: 'The objects of envFrom in their order: a later one replaces the variables of an earlier.' })
      .exactOptional(),
    cleared: z
      .array(z.enum(VARIABLES))
      .meta({ description: 'Variables that the container sets to an empty value: they hide the variables of envFrom.' })
      .exactOptional(),
    awsFiles: z
      .array(
        z.object({
          path: text.meta({ description: 'Where it is mounted.' }),
          from: text.meta({ description: 'configmap aws-config, secret aws, or the kind of the volume.' }),
        }),
      )
      .meta({
        description:
          'Volumes where SDKs look for the shared AWS files: at ~/.aws, or where AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE points. Their content is not read.',
      })
      .exactOptional(),
  })
  .meta({ id: 'container', description: 'A container of a pod, init containers included.' });

/** Source: https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/config-map-v1/ */
export const variableSourceFacts = z
  .object({
    variables: texts.meta({
      description:
        'Its keys that make a variable that podlift knows, alone or behind a prefix. Other keys are left out.',
    }),
    proxies: textsByName.meta({
      description:
        'The values of those keys of a ConfigMap that are for proxies; no user and password. Empty for a Secret.',
    }),
  })
  .meta({ id: 'variableSource', description: 'What envFrom takes from a ConfigMap or a Secret.' });

/** What a pod and a pod template have in common. */
const podParts = {
  serviceAccount: text,
  app: text.meta({ description: 'The label app.kubernetes.io/name.' }).exactOptional(),
  labels: textsByName,
  hostNetwork: z.boolean().meta({ description: 'The pod shares the network of its node.' }),
  containers: z.array(containerFacts),
  tokenVolumes: textsByName.meta({
    description: "Its volumes that project a service account token, by name, with the token's audience.",
  }),
  secretProviderClasses: texts
    .meta({ description: 'The SecretProviderClasses that its volumes mount, by name.' })
    .exactOptional(),
  volumeClaims: texts
    .meta({ description: 'The PersistentVolumeClaims that its volumes mount, by name.' })
    .exactOptional(),
};

/** Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/ */
export const podFacts = z
  .object({
    namespace: text,
    name: text,
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
    ...podParts,
  })
  .meta({ id: 'pod', description: 'A pod.' });

/** Source: https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/ */
const requirement = z
  .object({
    key: text,
    operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt']),
    values: texts,
  })
  .meta({ id: 'requirement', description: 'A condition on labels.' });

/** Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/ */
export const templateFacts = z
  .object({
    namespace: text,
    kind: text.meta({ description: 'Deployment, StatefulSet, DaemonSet, Job, CronJob.' }),
    name: text.meta({ description: 'Of the Deployment, StatefulSet, …' }),
    replicas: z.int().meta({ description: 'Of a Deployment and a StatefulSet; 0: no pod runs.' }).exactOptional(),
    finished: z.literal(true).meta({ description: 'The Job has completed or failed.' }).exactOptional(),
    cron: z
      .object({
        schedule: text,
        timeZone: text.meta({ description: 'Absent: that of the control plane; on EKS UTC.' }).exactOptional(),
        suspended: z.boolean(),
        lastScheduled: time.exactOptional(),
        lastSuccessful: time
          .meta({ description: 'When the last Job that completed had its end. Absent: none has.' })
          .exactOptional(),
      })
      .meta({ description: 'Of a CronJob.' })
      .exactOptional(),
    ...podParts,
    nodeSelector: textsByName,
    nodeAffinity: z
      .array(z.array(requirement))
      .meta({
        description:
          'The terms that nodes are required to meet, each a list of conditions that hold together. Absent: any node.',
      })
      .exactOptional(),
    tolerations: z.array(
      z
        .object({
          key: text.exactOptional(),
          operator: text.meta({ description: 'Equal or Exists.' }).exactOptional(),
          value: text.exactOptional(),
          effect: text.exactOptional(),
        })
        .meta({ description: 'Without an effect: every effect. Without a key: every taint.' }),
    ),
  })
  .meta({
    id: 'template',
    description:
      'The pod template of a Deployment, StatefulSet, DaemonSet, Job or CronJob. Jobs of CronJobs are left out.',
  });

/** What a dry run of a workload's pod shows. */
export const admissionFacts = z
  .object({
    of: text
      .meta({
        description: 'Whose pod template was tried: deployment/orders. Absent: a pod with the service account alone.',
      })
      .exactOptional(),
    pod: podFacts,
  })
  .meta({ id: 'admission', description: 'A pod as the cluster would admit it now; it was not created.' });

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
    labels: textsByName.meta({ description: 'All of them: pod templates select nodes by any.' }).exactOptional(),
    taints: z
      .array(z.object({ key: text, value: text.exactOptional(), effect: text }))
      .meta({ description: 'Absent: none.' })
      .exactOptional(),
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
          'The labels of the pods that it selects; empty: every pod of the namespace. Absent: it selects by expressions.',
      })
      .exactOptional(),
    podSelector: z
      .object({ labels: textsByName, expressions: z.array(requirement) })
      .meta({ description: 'The labels and the expressions that the pods meet. Absent: podLabels alone selects.' })
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

/** Which kinds: src/catalogue/policyEngines.ts. */
export const enginePolicyFacts = z
  .object({
    namespace: text.meta({ description: 'Absent: a policy of all namespaces, or by a selector.' }).exactOptional(),
    name: text,
    limits: z.boolean().meta({ description: 'Whether it can keep pods that it selects from the agent.' }),
    podSelector: z
      .object({ labels: textsByName, expressions: z.array(requirement) })
      .meta({ description: 'Pods that do not meet this are not selected. Absent: it may select every pod.' })
      .exactOptional(),
  })
  .meta({ id: 'enginePolicy', description: 'A rule of a policy of Cilium, Calico, AWS or the admin policies.' });

/** Which kinds and fields: src/catalogue. */
export const customObjectFacts = z
  .object({
    namespace: text.meta({ description: 'Absent: an object of the whole cluster.' }).exactOptional(),
    name: text,
    fields: z.record(text, z.json()).meta({
      description: 'The object with nothing but the fields that the catalogue of podlift names.',
    }),
  })
  .meta({ id: 'customObject', description: 'An object of a controller that the catalogue of podlift knows.' });
