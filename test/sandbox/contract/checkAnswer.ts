import type { Service } from '../../../src/sandbox/api/Service';
import { ALWAYS_ANSWERED } from './alwaysAnswered';
import { COMMON_ERRORS, DOCUMENTED_ERRORS, DOCUMENTED_VALUES } from './beyondTheModel';
import type { RawAnswer } from './rawCall';
import { childOf, readXml, type XmlElement } from './readXml';
import type { Schema, ServiceModel, Structure } from './ModelShapes';
import { MODELS, typeOf } from './serviceModel';

export type Kind =
  | 'envelope'
  | 'unknown member'
  | 'missing member'
  | 'type'
  | 'enum'
  | 'status'
  | 'error code'
  | 'error member'
  | 'accepted'
  | 'pages';

/** What an answer has and the model does not allow. */
export interface Violation {
  readonly kind: Kind;
  /** `eks:DescribeAddon` */
  readonly operation: string;
  /** The place in the answer, and what is wrong. */
  readonly message: string;
}

type Report = (kind: Kind, message: string) => void;

const NAMESPACES: Readonly<Record<string, string>> = {
  iam: 'https://iam.amazonaws.com/doc/2010-05-08/',
  sts: 'https://sts.amazonaws.com/doc/2011-06-15/',
};

const CONTENT_TYPES = { query: 'text/xml', 'rest-json': 'application/json', json: 'application/x-amz-json-1.1' };

function shown(value: unknown): string {
  return JSON.stringify(value).slice(0, 80);
}

/** Checks the types of a value from JSON, or from XML by `decodeXml`. */
function checkValue(model: ServiceModel, schema: Schema, value: unknown, path: string, report: Report): void {
  const type = typeOf(schema);
  const wrong = (): void => {
    report('type', `${path} is no ${type.kind}: ${shown(value)}`);
  };
  switch (type.kind) {
    case 'unit':
      wrong();
      return;
    case 'string':
    case 'boolean':
      if (typeof value !== type.kind) wrong();
      return;
    case 'number':
    case 'timestamp':
      if (typeof value !== 'number' || !Number.isFinite(value)) wrong();
      return;
    case 'list':
      if (!Array.isArray(value)) wrong();
      else
        value.forEach((item, index) => {
          checkValue(model, type.item, item, `${path}[${index}]`, report);
        });
      return;
    case 'map':
      if (typeof value !== 'object' || value === null || Array.isArray(value)) wrong();
      else
        for (const [key, item] of Object.entries(value)) checkValue(model, type.value, item, `${path}.${key}`, report);
      return;
    case 'structure':
      if (typeof value !== 'object' || value === null || Array.isArray(value)) wrong();
      else checkMembers(model, type, value as Record<string, unknown>, path, report);
  }
}

function checkMembers(
  model: ServiceModel,
  { name, members }: Structure,
  value: Readonly<Record<string, unknown>>,
  path: string,
  report: Report,
): void {
  for (const key of Object.keys(value)) {
    if (!members.some((member) => member.name === key)) report('unknown member', `${path}.${key} is not in ${name}`);
  }
  const always = ALWAYS_ANSWERED[model.service][name] ?? [];
  for (const { name: key, schema, required } of members) {
    const item = value[key];
    if (item === undefined) {
      if (required || always.includes(key)) report('missing member', `${path}.${key} of ${name} is missing`);
      continue;
    }
    checkValue(model, schema, item, `${path}.${key}`, report);
    const allowed = DOCUMENTED_VALUES[`${name}.${key}`] ?? model.valuesOf(name, key);
    const texts = [item].flat().filter((text) => typeof text === 'string');
    const other = allowed === undefined ? undefined : texts.find((text) => !allowed.includes(text));
    if (other !== undefined) report('enum', `${path}.${key} is ${shown(other)}, which is no value of the enum`);
  }
}

const XML_TYPES = {
  number: /^-?\d+$/,
  boolean: /^(true|false)$/,
  timestamp: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
};

/** A value of the Query protocol's XML as JSON has it. A value of a wrong type is reported and becomes text. */
function decodeXml(schema: Schema, element: XmlElement, path: string, report: Report): unknown {
  const type = typeOf(schema);
  switch (type.kind) {
    case 'unit':
      return undefined;
    case 'string':
      if (element.children.length > 0) report('type', `${path} is no text: it has elements`);
      return element.text;
    case 'number':
    case 'boolean':
    case 'timestamp':
      return decodeText(type.kind, element);
    case 'list':
      return element.children.map((child, index) => {
        if (child.name !== 'member') report('envelope', `${path} has the element ${child.name} instead of member`);
        return decodeXml(type.item, child, `${path}[${index}]`, report);
      });
    case 'map':
      throw new Error(`${path}: no answer of IAM and STS has a map`);
    case 'structure': {
      if (element.text.trim() !== '') report('type', `${path} is no structure: it has the text ${shown(element.text)}`);
      const value: Record<string, unknown> = {};
      for (const child of element.children) {
        const member = type.members.find(({ name }) => name === child.name);
        if (child.name in value) report('envelope', `${path} has ${child.name} twice`);
        value[child.name] =
          member === undefined ? child.text : decodeXml(member.schema, child, `${path}.${child.name}`, report);
      }
      return value;
    }
  }
}

function decodeText(kind: keyof typeof XML_TYPES, { text, children }: XmlElement): unknown {
  if (children.length > 0 || !XML_TYPES[kind].test(text)) return text;
  if (kind === 'number') return Number(text);
  return kind === 'boolean' ? text === 'true' : Date.parse(text) / 1000;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function checkQuery(model: ServiceModel, operation: string, body: string, report: Report): void {
  const { output } = model.operation(operation);
  const root = readXml(body);
  if (root?.name !== `${operation}Response`) {
    report('envelope', `the root is ${root?.name ?? 'no XML'} instead of ${operation}Response`);
    return;
  }
  if (root.namespace !== NAMESPACES[model.service]) report('envelope', `the namespace is ${String(root.namespace)}`);
  if ((childOf(childOf(root, 'ResponseMetadata'), 'RequestId')?.text ?? '') === '')
    report('envelope', 'ResponseMetadata.RequestId is missing');
  const result = childOf(root, `${operation}Result`);
  const others = root.children.filter(({ name }) => name !== 'ResponseMetadata' && name !== `${operation}Result`);
  for (const { name } of others) report('envelope', `the root has the element ${name}`);
  if (output === undefined) {
    if (result !== undefined) report('envelope', `${operation}Result is there, and the operation has no output`);
    return;
  }
  if (result === undefined) {
    report('envelope', `${operation}Result is missing`);
    return;
  }
  const schema: Schema = () => structureSchema(output);
  const value = decodeXml(schema, result, 'answer', report) as Record<string, unknown>;
  checkMembers(model, output, value, 'answer', report);
}

/** A structure as a schema again. */
function structureSchema({ name, members }: Structure): Schema {
  return [3, '', name, 0, members.map((member) => member.name), members.map((member) => member.schema)];
}

function checkJson(model: ServiceModel, operation: string, body: string, report: Report): void {
  const { output } = model.operation(operation);
  const value = parseJson(body);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    report('envelope', `the body is no JSON object: ${shown(body)}`);
    return;
  }
  const known = output ?? ({ kind: 'structure', name: 'unit', members: [] } as const);
  checkMembers(model, known, value as Record<string, unknown>, 'answer', report);
}

/** An error as its body has it. */
export interface ReadError {
  readonly code: string;
  readonly members: readonly string[];
}

/** The code and the members of an error answer. Undefined when the answer has another form. */
export function readError(service: Service, { headers, body }: RawAnswer): ReadError | undefined {
  if (MODELS[service].protocol === 'query') {
    const root = readXml(body);
    const error = childOf(root, 'Error');
    const code = childOf(error, 'Code')?.text;
    const complete = root?.name === 'ErrorResponse' && root.namespace === NAMESPACES[service];
    if (code === undefined || !complete || (childOf(root, 'RequestId')?.text ?? '') === '') return undefined;
    if (!/^(Sender|Receiver)$/.test(childOf(error, 'Type')?.text ?? '')) return undefined;
    const names = error?.children.map(({ name }) => name) ?? [];
    return { code, members: names.filter((name) => name !== 'Code' && name !== 'Type') };
  }
  const value = parseJson(body);
  if (typeof value !== 'object' || value === null) return undefined;
  const { __type: type, ...members } = value as Record<string, unknown>;
  const code = headers['x-amzn-errortype'] ?? type;
  return typeof code === 'string' ? { code, members: Object.keys(members) } : undefined;
}

function checkError(model: ServiceModel, operation: string, answer: RawAnswer, report: Report): void {
  const { service } = model;
  const error = readError(service, answer);
  if (error === undefined) {
    report('envelope', `the error has another form: ${shown(answer.body)}`);
    return;
  }
  const { code, members } = error;
  const listed = model.operation(operation).errors.flatMap((name) => model.errorShape(name) ?? []);
  const shape = listed.find((candidate) => candidate.code === code);
  const documented = DOCUMENTED_ERRORS.find(
    (one) => one.service === service && one.operations.includes(operation) && one.code === code,
  );
  const common = COMMON_ERRORS[model.protocol][code];
  // The sandbox says so where it lacks a part of an operation. AWS has no such answer.
  if (code === 'NotImplemented' && answer.status === 501) return;
  const status = shape?.status ?? documented?.status ?? common;
  if (shape === undefined && documented === undefined && common === undefined) {
    report('error code', `${code} is neither an error of the operation nor a common one`);
  }
  if (status !== undefined && status !== answer.status) {
    report('status', `${code} has the status ${answer.status} instead of ${status}`);
  }
  const allowed = model.protocol === 'query' ? ['Message'] : (shape?.members ?? ['message', 'Message']);
  for (const name of members.filter((member) => !allowed.includes(member))) {
    report('error member', `${code} has the member ${name}; its members are ${allowed.join(', ')}`);
  }
}

/** All violations of the service's model in one answer of an operation. */
export function checkAnswer(service: Service, operation: string, answer: RawAnswer): readonly Violation[] {
  const violations: Violation[] = [];
  const report: Report = (kind, message) => {
    violations.push({ kind, operation: `${service}:${operation}`, message });
  };
  const model = MODELS[service];
  const type = answer.headers['content-type']?.split(';')[0] ?? 'none';
  if (type !== CONTENT_TYPES[model.protocol])
    report('envelope', `the content type is ${type} instead of ${CONTENT_TYPES[model.protocol]}`);
  if (answer.headers['x-amzn-requestid'] === undefined) report('envelope', 'the header x-amzn-requestid is missing');
  if (answer.status >= 400) checkError(model, operation, answer, report);
  else {
    if (answer.status !== 200) report('status', `the status is ${answer.status} instead of 200`);
    if (model.protocol === 'query') checkQuery(model, operation, answer.body, report);
    else checkJson(model, operation, answer.body, report);
  }
  return violations;
}
