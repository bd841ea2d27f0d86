import type { Json } from './json';
import { KubeFailure } from './KubeFailure';
import { KINDS, type Message, message } from './protobufKinds';

const TYPE = message({ 1: ['apiVersion', 'text'], 2: ['kind', 'text'] });
const ENVELOPE = message({ 1: ['typeMeta', TYPE], 2: ['raw', 'ignored'] });
const RAW = 2;
const MAGIC = Buffer.from('k8s\0');

interface Part {
  readonly number: number;
  readonly value: number | Buffer;
}

function unreadable(what: string): KubeFailure {
  return new KubeFailure(
    415,
    'UnsupportedMediaType',
    `the podlift sandbox does not read ${what} in Protobuf: send JSON`,
  );
}

function varint(bytes: Buffer, start: number): [value: number, next: number] {
  let value = 0;
  for (let at = start, scale = 1; at < bytes.length; at += 1, scale *= 128) {
    const byte = bytes[at] ?? 0;
    value += (byte & 127) * scale;
    if (byte < 128) return [value, at + 1];
  }
  throw unreadable('what ends too early');
}

function partsOf(bytes: Buffer): Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < bytes.length;) {
    const [tag, start] = varint(bytes, at);
    const [value, next] = varint(bytes, start);
    const wire = tag & 7;
    if (wire !== 0 && wire !== 2) throw unreadable('fixed numbers');
    const end = wire === 0 ? next : next + value;
    if (end > bytes.length) throw unreadable('what ends too early');
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
      // What is empty stands for what nobody set: nothing is lost with it.
      if (value === 0 || (Buffer.isBuffer(value) && value.length === 0)) continue;
      throw unreadable(`field ${number} of a message`);
    }
    const { name, type } = field;
    if (type === 'ignored') continue;
    if (type === 'number') result[name] = value;
    else if (type === 'flag') result[name] = value !== 0;
    else if (type === 'numberOrNone') Object.assign(result, value === 0 ? {} : { [name]: value });
    else if (type === 'flagOrNone') Object.assign(result, value === 0 ? {} : { [name]: true });
    // An empty text stands for one that nobody set.
    else if (type === 'text') Object.assign(result, textOf(value) === '' ? {} : { [name]: textOf(value) });
    else if (type === 'texts') result[name] = [...((result[name] as string[] | undefined) ?? []), textOf(value)];
    else if (type === 'map') {
      const [key, content] = [1, 2].map(
        (wanted) => (Buffer.isBuffer(value) ? partsOf(value) : []).find((part) => part.number === wanted)?.value,
      );
      result[name] = { ...(result[name] as object | undefined), [textOf(key)]: textOf(content) };
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
 * An object, or the options of a deletion, that kubectl or Terraform's provider sent in Kubernetes' Protobuf. Throws a `KubeFailure` for kinds that the sandbox reads
 * in JSON only, and for fields that it would lose.
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
