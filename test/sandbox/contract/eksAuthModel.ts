import type { ErrorShape, Operation, Schema, ServiceModel, Structure } from './ModelShapes';

/**
 * The model of EKS Auth. No SDK package of podlift has this service: the Pod Identity agent is its only caller.
 * Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_auth_AssumeRoleForPodIdentity.html and the API model of 2023-11-26, in
 * which all members are required.
 */

const STRING = 0;
const TIMESTAMP = 4;

/** A structure whose members are all required, as a schema of the SDK. */
function structure(name: string, members: Readonly<Record<string, Schema>>): readonly unknown[] {
  const names = Object.keys(members);
  return [3, 'com.amazonaws.eksauth', name, 0, names, Object.values(members), names.length];
}

function membersOf(schema: readonly unknown[], inPath: readonly string[] = []): Structure {
  const names = schema[4] as readonly string[];
  const schemas = schema[5] as readonly Schema[];
  return {
    kind: 'structure',
    name: schema[2] as string,
    members: names.map((name, index) => ({
      name,
      schema: schemas[index] ?? STRING,
      required: true,
      inPath: inPath.includes(name),
    })),
  };
}

const REQUEST = structure('AssumeRoleForPodIdentityRequest', { clusterName: STRING, token: STRING });

const RESPONSE = structure('AssumeRoleForPodIdentityResponse', {
  subject: structure('Subject', { namespace: STRING, serviceAccount: STRING }),
  audience: STRING,
  podIdentityAssociation: structure('PodIdentityAssociation', { associationArn: STRING, associationId: STRING }),
  assumedRoleUser: structure('AssumedRoleUser', { arn: STRING, assumeRoleId: STRING }),
  credentials: structure('Credentials', {
    sessionToken: STRING,
    secretAccessKey: STRING,
    accessKeyId: STRING,
    expiration: TIMESTAMP,
  }),
});

const STATUSES: Readonly<Record<string, number>> = {
  AccessDeniedException: 400,
  ExpiredTokenException: 400,
  InternalServerException: 500,
  InvalidParameterException: 400,
  InvalidRequestException: 400,
  InvalidTokenException: 400,
  ResourceNotFoundException: 404,
  ServiceUnavailableException: 503,
  ThrottlingException: 429,
};

const ERRORS = new Map<string, ErrorShape>(
  Object.entries(STATUSES).map(([code, status]) => [code, { code, status, members: ['message'] }]),
);

const OPERATION: Operation = {
  name: 'AssumeRoleForPodIdentity',
  http: ['POST', '/clusters/{clusterName}/assume-role-for-pod-identity'],
  input: membersOf(REQUEST, ['clusterName']),
  output: membersOf(RESPONSE),
  errors: Object.keys(STATUSES),
};

export const EKS_AUTH: ServiceModel = {
  service: 'eks-auth',
  protocol: 'rest-json',
  operation: (name) => {
    if (name !== OPERATION.name) throw new Error(`the model of eks-auth has no operation ${name}`);
    return OPERATION;
  },
  errorShape: (name) => ERRORS.get(name),
  valuesOf: () => undefined,
  pagesOf: () => undefined,
};
