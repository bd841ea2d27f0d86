import type { Service } from '../../../src/sandbox/api/Service';
import type { Input } from './rawCall';
import type { ServiceModel, Structure } from './ModelShapes';
import { MODELS, typeOf } from './serviceModel';

/** An input that breaks the model in one place. */
export interface BrokenInput {
  readonly input: Input;
  /** What is wrong: `RoleName is missing`. */
  readonly why: string;
}

function without(input: Input, key: string): Input {
  return Object.fromEntries(Object.entries(input).filter(([name]) => name !== key));
}

/** The broken forms of one structure. Members of the path stay: without them the request would be another operation's. */
function brokenStructure(model: ServiceModel, { name, members }: Structure, input: Input): readonly BrokenInput[] {
  return members.flatMap((member): readonly BrokenInput[] => {
    const { name: key, schema, required, inPath } = member;
    if (inPath) return [];
    const values = model.valuesOf(name, key);
    const type = typeOf(schema);
    const other = type.kind === 'list' ? ['Nonsense'] : 'Nonsense';
    return [
      ...(required ? [{ input: without(input, key), why: `${key} is missing` }] : []),
      ...(values === undefined ? [] : [{ input: { ...input, [key]: other }, why: `${key} is no value of the enum` }]),
      ...brokenItem(model, key, type.kind === 'list' ? typeOf(type.item) : undefined, input),
    ];
  });
}

/** The broken forms of the first structure in a list. */
function brokenItem(
  model: ServiceModel,
  key: string,
  item: ReturnType<typeof typeOf> | undefined,
  input: Input,
): readonly BrokenInput[] {
  const list = input[key];
  if (item?.kind !== 'structure' || !Array.isArray(list) || list.length === 0) return [];
  const [first, ...rest] = list as readonly Input[];
  return brokenStructure(model, item, first ?? {}).map((broken) => ({
    input: { ...input, [key]: [broken.input, ...rest] },
    why: `${key}[0].${broken.why}`,
  }));
}

/** Inputs that differ from a valid one by one required member that is missing, or one enum member with another text. */
export function brokenInputs(service: Service, operation: string, valid: Input): readonly BrokenInput[] {
  const model = MODELS[service];
  const { input: shape } = model.operation(operation);
  return shape === undefined ? [] : brokenStructure(model, shape, valid);
}

/** Inputs with one text that is empty, too long, or has characters that names do not have. They may be valid. */
export function hostileInputs(service: Service, operation: string, valid: Input): readonly Input[] {
  const members = MODELS[service].operation(operation).input?.members ?? [];
  return members
    .filter(({ schema }) => typeOf(schema).kind === 'string')
    .flatMap(({ name, inPath }) =>
      ['x'.repeat(3000), ' <&> "\u0001', ...(inPath ? [] : [''])].map((text) => ({ ...valid, [name]: text })),
    );
}

/** The entity of each member that names one. */
const MISSING: Readonly<Record<string, string>> = {
  RoleName: 'missing',
  PolicyName: 'missing',
  PolicyArn: 'arn:aws:iam::111111111111:policy/missing',
  VersionId: 'v77',
  OpenIDConnectProviderArn: 'arn:aws:iam::111111111111:oidc-provider/missing.example.com',
  RoleArn: 'arn:aws:iam::111111111111:role/missing',
  PermissionsBoundary: 'arn:aws:iam::111111111111:policy/missing',
  name: 'missing',
  clusterName: 'missing',
  nodegroupName: 'missing',
  addonName: 'missing',
  updateId: '00000000-0000-0000-0000-000000000000',
  associationId: 'a-missing0000000000',
  roleArn: 'arn:aws:iam::111111111111:role/missing',
  resourceArn: 'arn:aws:eks:us-west-2:111111111111:cluster/missing',
};

/** The member by which an operation names what it creates, or deletes whether it is there or not: it may have any name. */
const ANY_NAME: Readonly<Record<string, string>> = {
  CreateRole: 'RoleName',
  CreatePolicy: 'PolicyName',
  PutRolePolicy: 'PolicyName',
  // Idempotent: https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteOpenIDConnectProvider.html
  DeleteOpenIDConnectProvider: 'OpenIDConnectProviderArn',
};

/** Inputs that name an entity that does not exist. */
export function missingEntities(operation: string, valid: Input): readonly BrokenInput[] {
  return Object.keys(valid)
    .filter((name) => MISSING[name] !== undefined && ANY_NAME[operation] !== name)
    .map((name) => ({ input: { ...valid, [name]: MISSING[name] }, why: `${name} names nothing` }));
}

/** The codes by which an operation refuses an input that breaks the model. */
export function refusals(service: Service, operation: string): readonly string[] {
  switch (service) {
    case 'iam':
    case 'sts':
      return ['ValidationError'];
    case 'eks-auth':
      return ['InvalidParameterException'];
    case 'eks': {
      const { errors } = MODELS.eks.operation(operation);
      return [errors.includes('InvalidParameterException') ? 'InvalidParameterException' : 'BadRequestException'];
    }
    case 'organizations':
      return ['InvalidInputException'];
    case 'account':
    case 'access-analyzer':
      return ['ValidationException'];
    case 'cloudtrail':
      return ['ValidationException', 'InvalidLookupAttributesException', 'InvalidEventCategoryException'];
  }
}
