import type { Service } from '../../../src/sandbox/api/Service';
import type { ServiceModel } from './ModelShapes';

/**
 * The errors that every operation can answer with, and their status.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html, https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html,
 * https://docs.aws.amazon.com/eks/latest/APIReference/CommonErrors.html and
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/CommonErrors.html. CloudTrail answers errors of authentication and permission
 * with 400: a denied StopLogging was seen as `https response error StatusCode: 400 … AccessDeniedException` (aws-sdk-go-v2, 2026-08-20).
 */
export const COMMON_ERRORS: Readonly<Record<ServiceModel['protocol'], Readonly<Record<string, number>>>> = {
  query: {
    AccessDenied: 403,
    ExpiredToken: 403,
    IncompleteSignature: 400,
    InternalFailure: 500,
    InvalidAction: 400,
    InvalidClientTokenId: 403,
    MalformedInput: 400,
    MissingAuthenticationToken: 403,
    MissingParameter: 400,
    OptInRequired: 403,
    RequestExpired: 400,
    ServiceUnavailable: 503,
    SignatureDoesNotMatch: 403,
    Throttling: 400,
    ValidationError: 400,
  },
  'rest-json': {
    AccessDeniedException: 403,
    ExpiredTokenException: 403,
    IncompleteSignatureException: 400,
    InvalidSignatureException: 403,
    MissingAuthenticationTokenException: 403,
    RequestExpiredException: 400,
    SerializationException: 400,
    ServiceUnavailableException: 503,
    ThrottlingException: 429,
    UnrecognizedClientException: 403,
    ValidationException: 400,
  },
  json: {
    AccessDeniedException: 400,
    ExpiredTokenException: 400,
    IncompleteSignatureException: 400,
    InternalFailure: 500,
    InvalidSignatureException: 400,
    MissingAuthenticationTokenException: 400,
    RequestExpiredException: 400,
    SerializationException: 400,
    ServiceUnavailable: 503,
    ThrottlingException: 429,
    UnrecognizedClientException: 400,
    ValidationException: 400,
  },
};

/** Errors that AWS answers with although the model does not list them. */
export const DOCUMENTED_ERRORS: readonly {
  readonly service: Service;
  readonly operations: readonly string[];
  readonly code: string;
  readonly status: number;
  readonly source: string;
}[] = [
  {
    service: 'sts',
    operations: ['AssumeRole'],
    code: 'InvalidParameterValue',
    status: 400,
    source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html (Chaining roles with session tags)',
  },
  {
    service: 'iam',
    operations: ['CreateRole'],
    code: 'NoSuchEntity',
    status: 404,
    source:
      'A missing permissions boundary, as rosa (openshift) shows it: "NoSuchEntity: Scope ARN: arn:aws:iam::…:policy/… does not exist or ' +
      'is not attachable. status code: 404, request id: 205660d8-b37b-4565-8da1-a524ad7bfad4"',
  },
];

/** Values that AWS answers with although they are not in the enum of the model. By structure and member. */
export const DOCUMENTED_VALUES: Readonly<Record<string, readonly string[]>> = {
  // "This data type can only have a value of Policy": https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachedPermissionsBoundary.html
  'AttachedPermissionsBoundary.PermissionsBoundaryType': ['Policy'],
  // The sample of https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html (Get version information with AWS CLI)
  'ClusterVersionInformation.status': ['STANDARD_SUPPORT', 'EXTENDED_SUPPORT', 'UNSUPPORTED'],
};
