import { z } from 'zod';
import { PARAMETER_TYPES, type ParameterTypeName } from './parameterTypes';

// The schema of a page of the catalogue: which permissions a known controller needs, and what it reads of the service accounts and roles of others.

const text = z.string().min(1);
const sentence = text.regex(/\.$/, 'a sentence ends with a full stop');
const source = z.union([z.url({ protocol: /^https$/ }), text.regex(/^[\w.-]+\/[\w.-]+ \S/, 'OWNER/REPOSITORY PATH')]);
const sources = z
  .array(source)
  .min(1)
  .meta({ description: 'Where the fact was read: an address, or OWNER/REPOSITORY and a path or an issue.' });
const version = text.regex(/^v?\d+\.\d+\.\d+$/);
const stage = z.enum(['irsa', 'prepared', 'dual', 'cutover', 'pod-identity']);
const works = z.array(stage).min(1).meta({ description: 'The stages of the workload at which it works.' });

/** The path to a field of an object: `spec.triggers[].authenticationRef.name`. */
const path = text
  .regex(/^[a-zA-Z][\w-]*(\[\])?(\.[a-zA-Z][\w-]*(\[\])?)*$/)
  .meta({ id: 'path', description: 'A field of the object. `list[]`: the items of the list that `each` names.' });

const conditions = z
  .record(path, z.union([z.literal('present'), z.array(z.union([text, z.null()])).min(1)]))
  .meta({ description: 'The values of fields, of which one must be there. null: the field is absent or empty.' });

const images = z.array(text.regex(/^[a-z0-9.-]+(\/[a-z0-9.*-]+)*$/)).meta({
  description: 'The ends of the names of its images, without a tag. * stands for a part of a name.',
});

/** How an object comes to a service account: exactly one of five. */
const account = z
  .xor([
    z.object({
      named: path.meta({ description: 'The field that has the name of the service account.' }),
      namespace: path
        .meta({ description: 'The field that has its namespace. Default: that of the object.' })
        .exactOptional(),
    }),
    z.object({
      target: path.meta({ description: 'The field that has kind (default: Deployment) and name of a workload.' }),
    }),
    z.object({
      mountedBy: z
        .literal('secrets-store.csi.k8s.io')
        .meta({ description: 'Pods mount the object through this CSI driver.' }),
    }),
    z.object({
      claimedBy: path.meta({
        description: 'The field that has namespace and name of the PersistentVolumeClaim that pods mount.',
      }),
    }),
    z.object({ pods: z.literal('own').meta({ description: "The controller's own pods, by their images." }) }),
  ])
  .meta({ id: 'account' });

const mode = z
  .object({
    mode: text.meta({ description: 'A name that is unique in the kind.' }),
    each: path.meta({ description: 'A list: each of its items can be in the mode.' }).exactOptional(),
    when: conditions.exactOptional(),
    through: z
      .object({
        resources: z
          .record(text, text)
          .meta({ description: 'Kind and resource of the other object; the first is the default.' }),
        kind: path,
        name: path,
        when: conditions,
      })
      .meta({ description: 'Another object that this one names, and that decides: it is the object to change.' })
      .exactOptional(),
    account,
    role: path
      .meta({ description: 'A field with an ARN: only an object that has the role of the workload is in the mode.' })
      .exactOptional(),
    below: version.meta({ description: "Only below this version of the controller's image." }).exactOptional(),
    reads: z.enum(['token', 'annotation', 'annotation-first', 'credentials']).meta({
      description:
        'What the controller uses. token: it requests a token for the service account and calls AssumeRoleWithWebIdentity. annotation: it reads the role from the annotation. annotation-first: the same while there is an annotation, else it uses Pod Identity. credentials: those of its own pods.',
    }),
    works,
    change: z
      .object({
        field: path,
        to: z.union([text, z.null()]).meta({ description: 'null: remove the field.' }),
        works: works.meta({ description: 'The stages at which the object works after the change.' }),
      })
      .exactOptional(),
    instead: sentence
      .meta({ description: 'How to use another mode, where that is more than one field.' })
      .exactOptional(),
    because: sentence,
    sources,
  })
  .meta({ id: 'mode', description: 'One way in which objects of the kind use a role.' });

const kind = z
  .object({
    group: z.string().meta({ description: 'The API group; empty for the core group.' }),
    kind: text,
    plural: text,
    namespaced: z.boolean(),
    modes: z.array(mode).min(1),
  })
  .meta({ id: 'kind' });

const secrets = z
  .object({
    label: text
      .regex(/^[\w.-]+\/[\w.-]+=[\w.-]+$/)
      .meta({ description: 'The label that the Secrets have, with its value.' }),
    field: text.meta({ description: 'What in their values decides, for people.' }),
    because: sentence,
    instead: sentence.meta({ description: 'What people inspect, and what must be there.' }),
    sources,
  })
  .meta({
    id: 'secrets',
    description: "Secrets beside the controller's own pods, whose values decide and are never read: not checked.",
  });

const podIdentity = z
  .object({
    since: version.exactOptional(),
    also: z
      .array(version)
      .min(1)
      .meta({ description: 'Versions of older lines (the same first two numbers) that can use it from there on.' })
      .exactOptional(),
    never: z.literal(true).meta({ description: 'No version can. Instead of `since`.' }).exactOptional(),
    because: sentence,
    sources,
  })
  .refine(({ since, never }) => (since === undefined) === (never === true), 'exactly one of since and never')
  .meta({ description: 'The first version whose images can use Pod Identity at all.' });

const chart = z
  .object({
    name: text,
    repository: text.regex(/^(https|oci):\/\//),
    since: version
      .meta({
        description: 'The first version of the chart that has such an image. Absent: the chart does not decide it.',
      })
      .exactOptional(),
    because: sentence.exactOptional(),
    sources: sources.exactOptional(),
  })
  .strict();

const addon = z
  .object({
    name: text,
    namespace: text,
    serviceAccounts: z.array(text).min(1),
    since: text
      .regex(/^v\d+\.\d+\.\d+-eksbuild\.\d+$/)
      .meta({ description: 'The first version that supports Pod Identity. Absent: the image decides it.' })
      .exactOptional(),
    community: z.literal(true).exactOptional(),
    podIdentity: z
      .literal(false)
      .meta({ description: 'EKS takes no associations with the add-on: they stand beside it.' })
      .exactOptional(),
    sources,
  })
  .strict()
  .meta({ id: 'addon', description: 'The EKS add-on that installs it.' });

const parameterName = text.regex(/^[a-z][a-zA-Z0-9]*$/);
const parameterNames = z.array(parameterName).min(1);

const parameter = z
  .object({
    type: z.enum(Object.keys(PARAMETER_TYPES) as [ParameterTypeName, ...ParameterTypeName[]]),
    required: z.literal(true).exactOptional(),
    default: z
      .union([z.boolean(), z.enum(['*', '{account}', '{clusters}'])])
      .meta({
        description: 'A flag without one is false. *: all. {clusters}: the EKS names of the clusters of the workload.',
      })
      .exactOptional(),
    requires: parameterNames.meta({ description: 'Parameters that must be given with it.' }).exactOptional(),
    description: sentence,
  })
  .strict()
  .meta({ id: 'parameter' });

const given = {
  when: parameterNames
    .meta({ description: 'Only if all of these parameters are given (flags: true).' })
    .exactOptional(),
  unless: parameterNames.meta({ description: 'Only if none of these parameters is given.' }).exactOptional(),
};

const managedPolicy = z
  .object({
    name: text.meta({ description: 'A policy of AWS, with its path, or ${param.NAME}.' }),
    version: text.regex(/^v\d+$/).exactOptional(),
    updated: z.iso.date().exactOptional(),
    ...given,
    because: sentence.exactOptional(),
  })
  .strict()
  .meta({ id: 'managedPolicy' });

const conditionOperators = z.record(text, z.record(text, z.union([text, z.array(text).min(1)])));

const policyStatement = z
  .object({
    sid: text.regex(/^[A-Za-z0-9]+$/),
    ...given,
    actions: z.array(text.regex(/^[a-z0-9-]+:[A-Za-z0-9*]+$/)).min(1),
    resources: z.array(text).min(1),
    conditions: conditionOperators.exactOptional(),
    restrict: z
      .record(parameterName, conditionOperators)
      .meta({ description: 'Conditions that the statement has besides, where the parameter is given.' })
      .exactOptional(),
    because: sentence.exactOptional(),
  })
  .strict()
  .meta({
    id: 'policyStatement',
    description:
      'A statement. {partition}, {account} and {region} are replaced, and ${param.NAME} by the values of a parameter: a list makes several resources or values, and several statements where it stands in the key of a condition.',
  });

const upstream = z
  .object({
    url: z.url({ protocol: /^https$/ }),
    date: z.iso.date().meta({ description: 'When the text was last changed there.' }).exactOptional(),
    tag: text.meta({ description: 'The version that it belongs to.' }).exactOptional(),
    about: text.meta({ description: 'What of the policy it is the source of.' }).exactOptional(),
  })
  .strict();

/** A page of the catalogue. */
export const catalogueSchema = z
  .object({
    name: text.regex(/^[a-z0-9-]+$/),
    aliases: z
      .array(text.regex(/^[a-z0-9-]+$/))
      .min(1)
      .meta({ description: 'Other names that people use for it.' })
      .exactOptional(),
    title: text,
    date: z.iso.date().meta({ description: 'When its facts were read.' }),
    images: images.exactOptional(),
    namespace: text.meta({ description: 'Where upstream installs it.' }).exactOptional(),
    serviceAccounts: z
      .array(z.object({ name: text, of: text.exactOptional() }).strict())
      .min(1)
      .meta({ description: 'The service accounts whose pods use the role, as upstream names them.' })
      .exactOptional(),
    chart: chart.exactOptional(),
    addon: addon.exactOptional(),
    kinds: z.array(kind).exactOptional(),
    secrets: z.array(secrets).exactOptional(),
    podIdentity: podIdentity.exactOptional(),
    parameters: z.record(parameterName, parameter).exactOptional(),
    managedPolicies: z.array(managedPolicy).min(1).exactOptional(),
    policy: z.array(policyStatement).min(1).exactOptional(),
    upstream: z
      .array(upstream)
      .min(1)
      .meta({ description: 'Where upstream publishes the permissions.' })
      .exactOptional(),
    notes: z.array(text).exactOptional(),
  })
  .strict()
  .meta({ title: 'A known controller of the podlift catalogue' });

export type KnownController = z.infer<typeof catalogueSchema>;
export type KnownKind = NonNullable<KnownController['kinds']>[number];
export type KnownMode = KnownKind['modes'][number];
export type KnownSecrets = NonNullable<KnownController['secrets']>[number];
export type KnownParameter = NonNullable<KnownController['parameters']>[string];
export type CatalogueStatement = NonNullable<KnownController['policy']>[number];
export type Conditions = NonNullable<KnownMode['when']>;

/** The schema of a page: JSON Schema draft 2020-12, as the text of `src/catalogue/catalogue.schema.json`. */
export function catalogueJsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(catalogueSchema, { target: 'draft-2020-12', io: 'input' }), null, 2)}\n`;
}
