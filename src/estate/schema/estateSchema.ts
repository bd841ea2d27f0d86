import { z } from 'zod';
import type { Remedy } from '../Remedy';
import * as aws from './awsFacts';
import * as kubernetes from './kubernetesFacts';
import type { REASONS } from './words';
import { ALL, ESTATE_FORMAT } from './words';

const at = aws.time;

const remedy: z.ZodType<Remedy> = z
  .array(
    z.union([
      z.object({ say: z.string() }),
      z.object({ run: z.array(z.string()), account: z.string().exactOptional() }),
    ]),
  )
  .meta({ id: 'remedy', description: 'How to get an answer, besides what the reason asks for.' });

const without = {
  at,
  message: z.string().meta({ description: 'One sentence.' }),
  fix: remedy.exactOptional(),
};

/** The five forms of a part that has no value: each with exactly one reason. */
const noValue = [
  z
    .object({
      ...without,
      denied: z.literal(true),
      noCredentials: z.literal(true).meta({ description: 'There are no valid credentials of AWS.' }).exactOptional(),
    })
    .meta({ id: 'denied' }),
  z.object({ ...without, throttled: z.literal(true) }).meta({ id: 'throttled' }),
  z.object({ ...without, unreachable: z.literal(true) }).meta({ id: 'unreachable' }),
  z.object({ ...without, timeout: z.literal(true) }).meta({ id: 'timeout' }),
  z.object({ ...without, failed: z.literal(true) }).meta({ id: 'failed' }),
] as const satisfies Record<keyof typeof REASONS & number, unknown>;

/** A part: its value, or exactly one reason why there is none. */
function part<T extends z.ZodType>(value: T) {
  return z.xor([z.object({ at, value }), ...noValue]);
}

/** Parts by a key; `null`: nothing has that name. */
function named<T extends z.ZodType>(one: T) {
  return z.record(z.string(), part(z.nullable(one)));
}

type PartOf<T> = z.infer<ReturnType<typeof part<z.ZodType<T>>>>;

/** Parts by a key, and under `*` the list of all. */
function listed<T extends z.ZodType>(one: T) {
  const schema = z.object({ [ALL]: part(z.array(one)).exactOptional() }).catchall(part(z.nullable(one)));
  return schema as z.ZodType as z.ZodType<Record<string, PartOf<z.infer<T> | null | z.infer<T>[]>>>;
}

const account = z
  .object({
    roles: listed(aws.roleFacts).meta({ description: 'By name, *: all.' }).exactOptional(),
    rolePolicies: named(aws.rolePolicyFacts).meta({ description: 'By the name of the role.' }).exactOptional(),
    managedPolicies: named(aws.policyDocument).meta({ description: 'By ARN.' }).exactOptional(),
    oidcProviders: named(aws.oidcProviderFacts).meta({ description: 'By ARN.' }).exactOptional(),
    events: z
      .record(z.string(), z.record(z.string(), part(z.object({ since: aws.time, events: z.array(aws.trailEvent) }))))
      .meta({ description: "CloudTrail's events since a time, by region and then by name of the event." })
      .exactOptional(),
    roleEvents: z
      .record(z.string(), z.record(z.string(), part(z.object({ since: aws.time, events: z.array(aws.trailEvent) }))))
      .meta({ description: "CloudTrail's events about a role since a time, by region and then by ARN of the role." })
      .exactOptional(),
    lastAccessed: named(aws.lastAccessedFacts).meta({ description: 'By ARN of the role.' }).exactOptional(),
    analyzers: z
      .record(z.string(), part(z.array(aws.analyzerFacts)))
      .meta({ description: 'Analyzers of unused access, by region.' })
      .exactOptional(),
    unusedFindings: z
      .record(z.string(), z.record(z.string(), z.record(z.string(), part(z.array(aws.unusedFindingFacts)))))
      .meta({ description: 'By region, by ARN of the analyzer, and then by ARN of the role.' })
      .exactOptional(),
  })
  .meta({ description: 'What stands in an account.' });

const cluster = z
  .object({
    cluster: part(z.nullable(aws.clusterFacts)).exactOptional(),
    addons: listed(aws.addonFacts).meta({ description: 'By name, *: all.' }).exactOptional(),
    nodeGroups: part(z.array(aws.nodeGroupFacts)).exactOptional(),
    associations: listed(aws.associationFacts)
      .meta({ description: 'By namespace/service account, *: all.' })
      .exactOptional(),
    issuer: part(z.string())
      .meta({ description: 'The issuer of the cluster that the kubeconfig context leads to.' })
      .exactOptional(),
    serviceAccounts: listed(kubernetes.serviceAccountFacts)
      .meta({ description: 'By namespace/name, *: all.' })
      .exactOptional(),
    pods: z
      .record(z.string(), part(z.array(kubernetes.podFacts)))
      .meta({ description: 'By namespace, *: all.' })
      .exactOptional(),
    templates: z
      .record(z.string(), part(z.array(kubernetes.templateFacts)))
      .meta({ description: 'By namespace, *: all.' })
      .exactOptional(),
    admissions: z
      .record(z.string(), part(kubernetes.admissionFacts))
      .meta({ description: 'By namespace/service account: what a dry run shows.' })
      .exactOptional(),
    configMaps: named(kubernetes.variableSourceFacts).meta({ description: 'By namespace/name.' }).exactOptional(),
    secrets: named(kubernetes.variableSourceFacts)
      .meta({ description: 'By namespace/name. Names of keys; the values are not read.' })
      .exactOptional(),
    nodes: part(z.array(kubernetes.nodeFacts)).exactOptional(),
    apiGroups: part(z.array(z.string()))
      .meta({ description: 'The API groups of the catalogue and of policy engines that the cluster has.' })
      .exactOptional(),
    customObjects: z
      .record(z.string(), part(z.array(kubernetes.customObjectFacts)))
      .meta({
        description: 'By resource: secretstores.external-secrets.io. Empty, too, where the kind does not exist.',
      })
      .exactOptional(),
    networkPolicies: z
      .record(z.string(), part(z.array(kubernetes.networkPolicyFacts)))
      .meta({ description: 'By namespace.' })
      .exactOptional(),
    enginePolicies: z
      .record(z.string(), part(z.array(kubernetes.enginePolicyFacts)))
      .meta({
        description: 'By resource: ciliumnetworkpolicies.cilium.io. Empty, too, where the kind does not exist.',
      })
      .exactOptional(),
  })
  .meta({ description: 'What stands in a cluster, as EKS and the API server say.' });

/** A whole Estate. */
export const estateSchema = z
  .object({
    format: z.literal(ESTATE_FORMAT),
    at: at.meta({
      description:
        'The newest time of its parts: "now" for whoever judges. No part is newer than the last answer of AWS.',
    }),
    accounts: z.record(z.string(), account).meta({ description: 'By account id.' }),
    clusters: z.record(z.string(), cluster).meta({ description: 'By cluster ARN.' }),
  })
  .meta({
    title: 'podlift Estate',
    description:
      'What stands in AWS and in the clusters. A part that is absent was not asked for. Unknown keys are those of later versions.',
  });

/** The schema of a saved Estate: JSON Schema draft 2020-12, as the text of `src/estate/estate.schema.json`. */
export function estateJsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(estateSchema, { target: 'draft-2020-12', io: 'input' }), null, 2)}\n`;
}
