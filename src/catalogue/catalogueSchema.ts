import { z } from 'zod';

// The schema of a page of the catalogue: what a known controller reads of the service accounts and roles of others.

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

const images = z.array(text.regex(/^[a-z0-9.-]+(\/[a-z0-9.*-]+)+$/)).meta({
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

/** A page of the catalogue. */
export const catalogueSchema = z
  .object({
    name: text.regex(/^[a-z0-9-]+$/),
    title: text,
    date: z.iso.date().meta({ description: 'When its facts were read.' }),
    images: images.exactOptional(),
    kinds: z.array(kind).exactOptional(),
    secrets: z.array(secrets).exactOptional(),
    podIdentity: z
      .object({ since: version, because: sentence, sources })
      .meta({ description: 'The first version whose images can use Pod Identity at all.' })
      .exactOptional(),
  })
  .strict()
  .meta({ title: 'A known controller of the podlift catalogue' });

export type KnownController = z.infer<typeof catalogueSchema>;
export type KnownKind = NonNullable<KnownController['kinds']>[number];
export type KnownMode = KnownKind['modes'][number];
export type KnownSecrets = NonNullable<KnownController['secrets']>[number];
export type Conditions = NonNullable<KnownMode['when']>;

/** The schema of a page: JSON Schema draft 2020-12, as the text of `src/catalogue/catalogue.schema.json`. */
export function catalogueJsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(catalogueSchema, { target: 'draft-2020-12', io: 'input' }), null, 2)}\n`;
}
