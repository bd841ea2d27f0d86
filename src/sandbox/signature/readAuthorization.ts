/** What an `Authorization` header of Signature Version 4 says. */
export interface Authorization {
  readonly accessKeyId: string;
  /** `YYYYMMDD` */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

const HEADER =
  /^AWS4-HMAC-SHA256 +Credential=([^/\s,]+)\/(\d{8})\/([^/\s,]+)\/([^/\s,]+)\/aws4_request *, *SignedHeaders=([^\s,]+) *, *Signature=([0-9a-f]{64})$/;

/**
 * Reads an `Authorization` header. Undefined when it is not Signature Version 4.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
 */
export function readAuthorization(header: string | undefined): Authorization | undefined {
  const match = HEADER.exec(header ?? '');
  if (match === null) return undefined;
  const [, accessKeyId = '', date = '', region = '', service = '', headers = '', signature = ''] = match;
  return { accessKeyId, date, region, service, signedHeaders: headers.split(';'), signature };
}
