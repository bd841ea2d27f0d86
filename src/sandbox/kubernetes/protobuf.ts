import { KubeError } from './KubeError';
import type { Json } from './json';

/** A repeated message. */
interface Messages {
  readonly each: Message;
}
/** A message whose members are members of its parent in JSON. */
interface Inlined {
  readonly inlined: Message;
}
/**
 * A field of a message. `bytes` is a map of bytes, which JSON has in Base64. A number or a flag `…OrNone` is left out when it is 0 or false: the client did not set it.
 */
interface Field {
  readonly name: string;
  readonly type:
    | 'text'
    | 'number'
    | 'numberOrNone'
    | 'flag'
    | 'flagOrNone'
    | 'texts'
    | 'map'
    | 'bytes'
    | 'ignored'
    | Message
    | Messages
    | Inlined;
}
/** The fields of a message by number. */
export type Message = ReadonlyMap<number, Field>;

export function message(fields: Readonly<Record<number, readonly [name: string, type: Field['type']]>>): Message {
  return new Map(Object.entries(fields).map(([number, [name, type]]) => [Number(number), { name, type }]));
}

// Source of the numbers: generated.proto of k8s.io/apimachinery, k8s.io/api core/v1 and batch/v1
const OWNER = message({
  1: ['kind', 'text'],
  3: ['name', 'text'],
  4: ['uid', 'text'],
  5: ['apiVersion', 'text'],
  6: ['controller', 'flag'],
  7: ['blockOwnerDeletion', 'flag'],
});
const META = message({
  1: ['name', 'text'],
  2: ['generateName', 'text'],
  3: ['namespace', 'text'],
  5: ['uid', 'text'],
  6: ['resourceVersion', 'text'],
  11: ['labels', 'map'],
  12: ['annotations', 'map'],
  13: ['ownerReferences', { each: OWNER }],
  14: ['finalizers', 'texts'],
});
const REFERENCE = message({
  1: ['kind', 'text'],
  2: ['namespace', 'text'],
  3: ['name', 'text'],
  4: ['uid', 'text'],
  5: ['apiVersion', 'text'],
});
const LOCAL_REFERENCE = message({ 1: ['name', 'text'] });

const KEY = message({ 1: ['name', { inlined: LOCAL_REFERENCE }], 2: ['key', 'text'], 3: ['optional', 'flag'] });
const FROM_ALL = message({ 1: ['name', { inlined: LOCAL_REFERENCE }], 2: ['optional', 'flag'] });
const ENV = message({
  1: ['name', 'text'],
  2: ['value', 'text'],
  3: [
    'valueFrom',
    message({
      1: ['fieldRef', message({ 1: ['apiVersion', 'text'], 2: ['fieldPath', 'text'] })],
      3: ['configMapKeyRef', KEY],
      4: ['secretKeyRef', KEY],
    }),
  ],
});
const PORT = message({
  1: ['name', 'text'],
  2: ['hostPort', 'numberOrNone'],
  3: ['containerPort', 'numberOrNone'],
  4: ['protocol', 'text'],
  5: ['hostIP', 'text'],
});
const MOUNT = message({
  1: ['name', 'text'],
  2: ['readOnly', 'flagOrNone'],
  3: ['mountPath', 'text'],
  4: ['subPath', 'text'],
});
const CONTAINER = message({
  1: ['name', 'text'],
  2: ['image', 'text'],
  3: ['command', 'texts'],
  4: ['args', 'texts'],
  5: ['workingDir', 'text'],
  6: ['ports', { each: PORT }],
  7: ['env', { each: ENV }],
  9: ['volumeMounts', { each: MOUNT }],
  13: ['terminationMessagePath', 'text'],
  14: ['imagePullPolicy', 'text'],
  16: ['stdin', 'flagOrNone'],
  17: ['stdinOnce', 'flagOrNone'],
  18: ['tty', 'flagOrNone'],
  19: [
    'envFrom',
    { each: message({ 1: ['prefix', 'text'], 2: ['configMapRef', FROM_ALL], 3: ['secretRef', FROM_ALL] }) },
  ],
  20: ['terminationMessagePolicy', 'text'],
});
const VOLUME_SOURCE = message({
  2: ['emptyDir', message({ 1: ['medium', 'text'] })],
  6: ['secret', message({ 1: ['secretName', 'text'], 3: ['defaultMode', 'number'], 4: ['optional', 'flag'] })],
  19: [
    'configMap',
    message({ 1: ['name', { inlined: LOCAL_REFERENCE }], 3: ['defaultMode', 'number'], 4: ['optional', 'flag'] }),
  ],
});
const POD_SPEC = message({
  1: ['volumes', { each: message({ 1: ['name', 'text'], 2: ['source', { inlined: VOLUME_SOURCE }] }) }],
  2: ['containers', { each: CONTAINER }],
  3: ['restartPolicy', 'text'],
  4: ['terminationGracePeriodSeconds', 'number'],
  5: ['activeDeadlineSeconds', 'number'],
  6: ['dnsPolicy', 'text'],
  7: ['nodeSelector', 'map'],
  8: ['serviceAccountName', 'text'],
  9: ['serviceAccount', 'text'],
  10: ['nodeName', 'text'],
  11: ['hostNetwork', 'flagOrNone'],
  12: ['hostPID', 'flagOrNone'],
  13: ['hostIPC', 'flagOrNone'],
  15: ['imagePullSecrets', { each: LOCAL_REFERENCE }],
  16: ['hostname', 'text'],
  17: ['subdomain', 'text'],
  19: ['schedulerName', 'text'],
  20: ['initContainers', { each: CONTAINER }],
  21: ['automountServiceAccountToken', 'flag'],
  24: ['priorityClassName', 'text'],
});
const JOB_SPEC = message({
  1: ['parallelism', 'number'],
  2: ['completions', 'number'],
  3: ['activeDeadlineSeconds', 'number'],
  6: ['template', message({ 1: ['metadata', META], 2: ['spec', POD_SPEC] })],
  7: ['backoffLimit', 'number'],
  8: ['ttlSecondsAfterFinished', 'number'],
  9: ['completionMode', 'text'],
  10: ['suspend', 'flag'],
  14: ['podReplacementPolicy', 'text'],
});

/** The kinds that the sandbox reads in Protobuf. kubectl and Terraform's provider send other kinds of the sandbox in JSON. */
export const KINDS: Readonly<Record<string, Message>> = {
  DeleteOptions: message({
    1: ['gracePeriodSeconds', 'number'],
    2: ['preconditions', message({ 1: ['uid', 'text'], 2: ['resourceVersion', 'text'] })],
    3: ['orphanDependents', 'flag'],
    4: ['propagationPolicy', 'text'],
    5: ['dryRun', 'texts'],
  }),

  ConfigMap: message({ 1: ['metadata', META], 2: ['data', 'map'], 4: ['immutable', 'flagOrNone'] }),
  Job: message({ 1: ['metadata', META], 2: ['spec', JOB_SPEC], 3: ['status', 'ignored'] }),
  Namespace: message({ 1: ['metadata', META], 3: ['status', 'ignored'] }),
  Secret: message({
    1: ['metadata', META],
    2: ['data', 'bytes'],
    3: ['type', 'text'],
    4: ['stringData', 'map'],
    5: ['immutable', 'flagOrNone'],
  }),
  ServiceAccount: message({
    1: ['metadata', META],
    2: ['secrets', { each: REFERENCE }],
    3: ['imagePullSecrets', { each: LOCAL_REFERENCE }],
    4: ['automountServiceAccountToken', 'flag'],
  }),
  // Source: generated.proto of k8s.io/api authentication/v1
  TokenRequest: message({
    1: ['metadata', META],
    2: [
      'spec',
      message({
        1: ['audiences', 'texts'],
        3: [
          'boundObjectRef',
          message({ 1: ['kind', 'text'], 2: ['apiVersion', 'text'], 3: ['name', 'text'], 4: ['uid', 'text'] }),
        ],
        4: ['expirationSeconds', 'number'],
      }),
    ],
    3: ['status', 'ignored'],
  }),
};

const TYPE = message({ 1: ['apiVersion', 'text'], 2: ['kind', 'text'] });
const ENVELOPE = message({ 1: ['typeMeta', TYPE], 2: ['raw', 'ignored'] });
const RAW = 2;
const MAGIC = Buffer.from('k8s\0');

interface Part {
  readonly number: number;
  readonly value: number | Buffer;
}

function unreadable(what: string): KubeError {
  return new KubeError(415, 'UnsupportedMediaType', `the podlift sandbox does not read ${what} in Protobuf: send JSON`);
}

function varint(bytes: Buffer, start: number): [value: number, next: number] {
  let value = 0;
  for (let at = start, scale = 1; at < bytes.length; at += 1, scale *= 128) {
    const byte = bytes[at] ?? 0;
    value += (byte & 127) * scale;
    if (byte < 128) return [value, at + 1];
  }
  throw unreadable('an incomplete message');
}

function partsOf(bytes: Buffer): Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < bytes.length;) {
    const [tag, start] = varint(bytes, at);
    const [value, next] = varint(bytes, start);
    const wire = tag & 7;
    if (wire !== 0 && wire !== 2) throw unreadable('fixed numbers');
    const end = wire === 0 ? next : next + value;
    if (end > bytes.length) throw unreadable('an incomplete message');
    parts.push({ number: tag >> 3, value: wire === 0 ? value : bytes.subarray(next, end) });
    at = end;
  }
  return parts;
}

function textOf(value: number | Buffer | undefined): string {
  return Buffer.isBuffer(value) ? value.toString() : '';
}

function readMessage(bytes: Buffer, fields: Message): Json {
  const result: Json = {};
  for (const { number, value } of partsOf(bytes)) {
    const field = fields.get(number);
    if (field === undefined) {
      // An empty value is a field that the client did not set.
      if (value === 0 || (Buffer.isBuffer(value) && value.length === 0)) continue;
      throw unreadable(`field ${number} of a message`);
    }
    const { name, type } = field;
    if (type === 'ignored') continue;
    if (type === 'number') result[name] = value;
    else if (type === 'flag') result[name] = value !== 0;
    else if (type === 'numberOrNone') Object.assign(result, value === 0 ? {} : { [name]: value });
    else if (type === 'flagOrNone') Object.assign(result, value === 0 ? {} : { [name]: true });
    // An empty text is a field that the client did not set.
    else if (type === 'text') Object.assign(result, textOf(value) === '' ? {} : { [name]: textOf(value) });
    else if (type === 'texts') result[name] = [...((result[name] as string[] | undefined) ?? []), textOf(value)];
    else if (type === 'map' || type === 'bytes') {
      const [key, content] = [1, 2].map(
        (wanted) => (Buffer.isBuffer(value) ? partsOf(value) : []).find((part) => part.number === wanted)?.value,
      );
      const entry =
        type === 'map' ? textOf(content) : (Buffer.isBuffer(content) ? content : Buffer.of()).toString('base64');
      result[name] = { ...(result[name] as object | undefined), [textOf(key)]: entry };
    } else if (Buffer.isBuffer(value)) {
      if ('each' in type) {
        result[name] = [...((result[name] as Json[] | undefined) ?? []), readMessage(value, type.each)];
      } else if ('inlined' in type) Object.assign(result, readMessage(value, type.inlined));
      else result[name] = readMessage(value, type);
    }
  }
  return result;
}

/**
 * Reads an object or delete options that kubectl or Terraform's provider sends in Kubernetes' Protobuf. Throws a `KubeError` for a kind that the
 * sandbox reads only in JSON, and for a field that it does not know.
 * Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#kubernetes-protobuf-encoding
 */
export function readProtobuf(body: Buffer): Json {
  if (!body.subarray(0, MAGIC.length).equals(MAGIC)) throw unreadable('this');
  const envelope = body.subarray(MAGIC.length);
  const { apiVersion, kind } = readMessage(envelope, ENVELOPE).typeMeta as { apiVersion?: string; kind?: string };
  const raw = partsOf(envelope).find(({ number }) => number === RAW)?.value;
  const fields = Object.hasOwn(KINDS, kind ?? '') ? KINDS[kind ?? ''] : undefined;
  if (fields === undefined || !Buffer.isBuffer(raw)) throw unreadable(kind ?? 'this');
  return { apiVersion, kind, ...readMessage(raw, fields) };
}
