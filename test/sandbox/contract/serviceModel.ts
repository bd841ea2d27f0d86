import * as accessAnalyzer from '@aws-sdk/client-accessanalyzer';
import * as account from '@aws-sdk/client-account';
import * as cloudtrail from '@aws-sdk/client-cloudtrail';
import * as eks from '@aws-sdk/client-eks';
import * as iam from '@aws-sdk/client-iam';
import * as organizations from '@aws-sdk/client-organizations';
import * as sts from '@aws-sdk/client-sts';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Service } from '../../../src/sandbox/api/Service';
import type { ErrorShape, Member, Schema, ServiceModel, Structure, Type } from './ModelShapes';
import { EKS_AUTH } from './eksAuthModel';

/**
 * AWS's service models as the SDK's packages hold them. The schemas of operations, structures and errors are exported at run time. The errors
 * of an operation and the values of enums are only in the type declarations.
 */

const SIMPLE: Readonly<Record<number, 'string' | 'number' | 'boolean' | 'timestamp'>> = {
  0: 'string',
  1: 'number',
  2: 'boolean',
  4: 'timestamp',
  5: 'timestamp',
  6: 'timestamp',
  7: 'timestamp',
};

function isTuple(schema: readonly unknown[]): boolean {
  return typeof schema[1] === 'string';
}

/** The type of a schema or of a reference to one. */
export function typeOf(schema: Schema): Type {
  if (typeof schema === 'function') return typeOf(schema());
  if (schema === 'unit') return { kind: 'unit' };
  if (typeof schema === 'number') {
    if ((schema & 64) !== 0) return { kind: 'list', item: schema & ~64 };
    if ((schema & 128) !== 0) return { kind: 'map', value: schema & ~128 };
    const kind = SIMPLE[schema];
    if (kind === undefined) throw new Error(`the schema has an unknown simple type: ${schema}`);
    return { kind };
  }
  if (typeof schema === 'string') throw new Error(`unknown schema: ${schema}`);
  if (!isTuple(schema)) return typeOf(schema[0] as Schema);
  switch (schema[0]) {
    case 0:
      return typeOf(schema[4] as Schema);
    case 1:
      return { kind: 'list', item: schema[4] as Schema };
    case 2:
      return { kind: 'map', value: schema[5] as Schema };
    case 3:
    // A union has the members of a structure.
    case 4:
      return structureOf(schema);
    default:
      throw new Error(`the schema ${String(schema[2])} has an unknown kind: ${String(schema[0])}`);
  }
}

function structureOf(schema: readonly unknown[]): Structure {
  const names = schema[4] as readonly string[];
  const schemas = schema[5] as readonly Schema[];
  const required = (schema[6] as number | undefined) ?? 0;
  return {
    kind: 'structure',
    name: schema[2] as string,
    members: names.map((name, index) => memberOf(name, schemas[index] ?? 0, index < required)),
  };
}

function memberOf(name: string, schema: Schema, required: boolean): Member {
  const traits = Array.isArray(schema) && !isTuple(schema) ? (schema[1] as number | Record<string, unknown>) : 0;
  if (typeof traits === 'number') return { name, schema, required, inPath: (traits & 1) !== 0 };
  const { httpQuery: query, httpLabel } = traits;
  return {
    name,
    schema,
    required,
    inPath: httpLabel === 1,
    ...(typeof query === 'string' ? { query } : {}),
  };
}

function wholeStructure(schema: Schema | undefined): Structure | undefined {
  if (schema === undefined) return undefined;
  const type = typeOf(schema);
  return type.kind === 'structure' ? type : undefined;
}

interface Package {
  readonly service: Service;
  readonly protocol: ServiceModel['protocol'];
  readonly exports: Readonly<Record<string, unknown>>;
  /** The folder of the package's type declarations. */
  readonly types: string;
}

function packageOf(
  service: Service,
  protocol: ServiceModel['protocol'],
  exports: Readonly<Record<string, unknown>>,
  client: string = service,
): Package {
  const manifest = require.resolve(`@aws-sdk/client-${client}/package.json`);
  return { service, protocol, exports, types: join(dirname(manifest), 'dist-types') };
}

/** The types of members by `Structure.member`, from the declarations of the interfaces. */
function memberTypes({ types }: Package): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const folder = join(types, 'models');
  for (const file of readdirSync(folder).filter((name) => name.startsWith('models_'))) {
    for (const [, name = '', body = ''] of readFileSync(join(folder, file), 'utf8').matchAll(
      /^export interface (\w+) \{\n(.*?)^\}/gms,
    )) {
      for (const [, member = '', type = ''] of body.matchAll(/^ {4}(\w+)\??: (\w+)(?:\[\])? \| undefined;/gm)) {
        found.set(`${name}.${member}`, type);
      }
    }
  }
  return found;
}

function errorOf(schema: readonly unknown[], protocol: ServiceModel['protocol']): ErrorShape {
  const traits = schema[3] as {
    readonly awsQueryError?: readonly [string, number];
    readonly httpError?: number;
    readonly error?: string;
  };
  const name = schema[2] as string;
  return {
    code: protocol === 'query' ? (traits.awsQueryError?.[0] ?? name) : name,
    status: traits.httpError ?? (traits.error === 'server' ? 500 : 400),
    members: schema[4] as readonly string[],
  };
}

function readModel(pack: Package): ServiceModel {
  const { service, protocol, exports, types } = pack;
  const schemaOf = (name: string): readonly unknown[] | undefined => {
    const schema = exports[`${name}$`];
    return Array.isArray(schema) ? (schema as unknown[]) : undefined;
  };
  const errorShape = (name: string): ErrorShape | undefined => {
    const schema = schemaOf(name);
    return schema?.[0] === -3 ? errorOf(schema, protocol) : undefined;
  };
  const declared = memberTypes(pack);
  return {
    service,
    protocol,
    errorShape,
    operation: (name) => {
      const schema = schemaOf(name);
      if (schema?.[0] !== 9) throw new Error(`the model of ${service} has no operation ${name}`);
      const traits = schema[3] as { readonly http?: readonly [string, string] } | number;
      const declaration = readFileSync(join(types, 'commands', `${name}Command.d.ts`), 'utf8');
      const thrown = [...declaration.matchAll(/@throws \{@link (\w+)\}/g)].map(([, error = '']) => error);
      return {
        name,
        ...(typeof traits === 'object' && traits.http !== undefined ? { http: traits.http } : {}),
        input: wholeStructure(schema[4] as Schema),
        output: wholeStructure(schema[5] as Schema),
        // `EKSServiceException` is the base class of the package; Organizations has an error with the name `ServiceException`.
        errors: thrown.filter((error) => !/.ServiceException$/.test(error)),
      };
    },
    valuesOf: (structure, member) => {
      const values = exports[declared.get(`${structure}.${member}`) ?? ''];
      return typeof values === 'object' && values !== null && !Array.isArray(values)
        ? (Object.values(values) as string[])
        : undefined;
    },
    pagesOf: (operation) => {
      if (exports[`paginate${operation}`] === undefined) return undefined;
      const file = join(types, '..', 'dist-es', 'pagination', `${operation}Paginator.js`);
      const match = /createPaginator\(\w+, \w+, "(\w+)", "(\w+)", "(\w+)"\)/.exec(readFileSync(file, 'utf8'));
      if (match === null) throw new Error(`the paginator of ${operation} has an unknown form`);
      const [, tokenIn = '', tokenOut = '', size = ''] = match;
      return { tokenIn, tokenOut, size };
    },
  };
}

/** The models of the services that the sandbox has. */
export const MODELS: Readonly<Record<Service, ServiceModel>> = {
  iam: readModel(packageOf('iam', 'query', { ...iam })),
  sts: readModel(packageOf('sts', 'query', { ...sts })),
  eks: readModel(packageOf('eks', 'rest-json', { ...eks })),
  cloudtrail: readModel(packageOf('cloudtrail', 'json', { ...cloudtrail })),
  organizations: readModel(packageOf('organizations', 'json', { ...organizations })),
  account: readModel(packageOf('account', 'rest-json', { ...account })),
  'eks-auth': EKS_AUTH,
  'access-analyzer': readModel(packageOf('access-analyzer', 'rest-json', { ...accessAnalyzer }, 'accessanalyzer')),
};
