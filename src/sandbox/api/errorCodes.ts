import { Fault } from './Fault';

/** How the JSON services name the errors that the Query services name otherwise. */
const JSON_CODES: Readonly<Record<string, string>> = {
  AccessDenied: 'AccessDeniedException',
  ExpiredToken: 'ExpiredTokenException',
  IncompleteSignature: 'IncompleteSignatureException',
  InternalFailure: 'InternalServerException',
  InvalidClientTokenId: 'UnrecognizedClientException',
  MissingAuthenticationToken: 'MissingAuthenticationTokenException',
  SignatureDoesNotMatch: 'InvalidSignatureException',
  ValidationError: 'InvalidParameterException',
};

const QUERY_SERVICES = new Set(['iam', 'sts', 'ec2']);

/**
 * A fault under the code that the service has for it.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html and
 * https://docs.aws.amazon.com/eks/latest/APIReference/CommonErrors.html
 */
export function faultOf(service: string, fault: Fault): Fault {
  if (service === 'cloudtrail' && fault.code === 'ValidationError') {
    return new Fault('ValidationException', fault.status, fault.message, fault.refusal);
  }
  const code = QUERY_SERVICES.has(service) ? undefined : JSON_CODES[fault.code];
  return code === undefined ? fault : new Fault(code, fault.status, fault.message, fault.refusal);
}
