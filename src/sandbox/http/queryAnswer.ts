import type { ApiAnswer } from '../api/callApi';
import type { Fault } from '../api/Fault';
import type { HttpAnswer } from './HttpAnswer';
import { writeElement } from './writeXml';

const NAMESPACES: Readonly<Record<string, string>> = {
  iam: 'https://iam.amazonaws.com/doc/2010-05-08/',
  sts: 'https://sts.amazonaws.com/doc/2011-06-15/',
};

function errorBody(service: string, { status, code, message }: Fault, RequestId: string): string {
  const error = { Code: code, Message: message };
  // Services that the sandbox does not have, but whose tools should be able to read that it does not.
  if (service === 's3') return writeElement('Error', { ...error, RequestId });
  if (service === 'ec2') return writeElement('Response', { Errors: { Error: error }, RequestID: RequestId });
  const Type = status < 500 ? 'Sender' : 'Receiver';
  return writeElement('ErrorResponse', { Error: { Type, ...error }, RequestId }, NAMESPACES[service]);
}

/**
 * An answer in the Query protocol's XML.
 * Source: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html (response and error serialization)
 */
export function queryAnswer(service: string, action: string, answer: ApiAnswer, requestId: string): HttpAnswer {
  const headers = { 'content-type': 'text/xml', 'x-amzn-requestid': requestId };
  if ('fault' in answer) {
    return { status: answer.fault.status, headers, body: errorBody(service, answer.fault, requestId) };
  }
  const content = { [`${action}Result`]: answer.output, ResponseMetadata: { RequestId: requestId } };
  return { status: 200, headers, body: writeElement(`${action}Response`, content, NAMESPACES[service]) };
}
