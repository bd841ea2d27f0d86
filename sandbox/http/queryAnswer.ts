import { XMLBuilder } from 'fast-xml-parser';
import type { ApiAnswer } from '../api/callApi';
import type { Fault } from '../api/Fault';
import type { HttpAnswer } from './HttpAnswer';

const builder = new XMLBuilder({
  suppressEmptyNode: true,
  processEntities: true,
  ignoreAttributes: false,
  attributeNamePrefix: '@',
});

const NAMESPACES: Readonly<Record<string, string>> = {
  iam: 'https://iam.amazonaws.com/doc/2010-05-08/',
  sts: 'https://sts.amazonaws.com/doc/2011-06-15/',
};

/** A value as the Query protocol writes it: lists as `member` elements, times without fractions, what is undefined not at all. */
function xmlValue(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString().replace(/\.\d{3}Z$/, 'Z');
  if (Array.isArray(value)) return value.length === 0 ? '' : { member: value.map(xmlValue) };
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, child]) => child !== undefined);
    return Object.fromEntries(entries.map(([key, child]) => [key, xmlValue(child)]));
  }
  return String(value);
}

function errorTree(service: string, fault: Fault, requestId: string): unknown {
  const Error = { Type: fault.status < 500 ? 'Sender' : 'Receiver', Code: fault.code, Message: fault.message };
  // EC2 has a form of its own.
  if (service === 'ec2')
    return { Response: { Errors: { Error: { Code: fault.code, Message: fault.message } }, RequestID: requestId } };
  return { ErrorResponse: { ...namespaceOf(service), Error, RequestId: requestId } };
}

function namespaceOf(service: string): Record<string, string> {
  return NAMESPACES[service] === undefined ? {} : { '@xmlns': NAMESPACES[service] };
}

/**
 * An answer in the Query protocol's XML.
 * Source: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html (response and error serialization)
 */
export function queryAnswer(service: string, action: string, answer: ApiAnswer, requestId: string): HttpAnswer {
  const tree =
    'fault' in answer
      ? errorTree(service, answer.fault, requestId)
      : {
          [`${action}Response`]: {
            ...namespaceOf(service),
            [`${action}Result`]: xmlValue(answer.output),
            ResponseMetadata: { RequestId: requestId },
          },
        };
  return {
    status: 'fault' in answer ? answer.fault.status : 200,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
    body: builder.build(tree),
  };
}
