import fc from 'fast-check';
import { redacted } from '../../src/estate/redact/Redactor';
import { compilePieces, matchPattern } from '../../src/iam/matchPattern';

/** Texts as they become when all of them are redacted together. */
function redactAll(texts: readonly string[], kept: readonly string[] = []): readonly string[] {
  return redacted(kept, ({ text }) => texts.map((one) => text(one))).result;
}

function matches(pattern: string, text: string): boolean {
  return matchPattern(compilePieces([{ text: pattern, literal: false }]), text);
}

const WORD = fc.stringMatching(/^[abc]{3,7}$/);
const TEXT = fc.array(WORD, { minLength: 1, maxLength: 3 }).map((words) => words.join('-'));
/** A text of which a part, at any place, is a wildcard. */
const PATTERN = fc
  .tuple(TEXT, fc.nat(), fc.nat(3), fc.constantFrom('*', '?', '*-'))
  .map(([text, at, length, wildcard]) => {
    const start = at % (text.length + 1);
    return text.slice(0, start) + wildcard + text.slice(start + length);
  });

describe('random names', () => {
  it('go with the patterns that the names went with, and with no other', () => {
    fc.assert(
      fc.property(fc.array(TEXT, { maxLength: 12 }), fc.array(PATTERN, { maxLength: 4 }), (texts, patterns) => {
        const all = redactAll([...texts, ...patterns]);
        const own = all.slice(0, texts.length);
        all.slice(texts.length).forEach((pattern, index) => {
          const before = texts.map((text) => matches(patterns[index]!, text));
          expect(own.map((text) => matches(pattern, text))).toEqual(before);
        });
      }),
      { numRuns: 500 },
    );
  });

  it('are equal where the names are equal, whatever their case, and only there', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-d0-2A-D]{1,6}$/), { maxLength: 30 }), (texts) => {
        const all = redactAll(texts).map((text) => text.toLowerCase());
        texts.forEach((text, one) => {
          texts.forEach((other, two) => {
            expect(all[one] === all[two]).toBe(text.toLowerCase() === other.toLowerCase());
          });
        });
      }),
    );
  });

  it('have the length, the case and the digits of the names', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\w/@-]{0,40}$/), (text) => {
        const [image = ''] = redactAll([text]);
        const shape = (one: string) => one.replace(/[a-z]/g, 'a').replace(/[A-Z]/g, 'A').replace(/\d/g, '0');
        expect(shape(image)).toBe(shape(text));
      }),
    );
  });

  it('hide what a placeholder of the inventory stands for, in the same way as what it makes', () => {
    const [template = '', value = '', made, both] = redactAll(['arn:x{bucket}y', 'orders', 'arn:xordersy', 'or*']);
    expect(made).toBe(template.replace(/\{\w+\}/, value));
    expect(made?.slice(5).startsWith(both?.slice(0, 2) ?? '')).toBe(true);
  });
});

describe('what stays', () => {
  it.each([
    'arn:aws:iam::aws:policy/service-role/AmazonEKS_CNI_Policy',
    'pods.eks.amazonaws.com',
    'https://oidc.eks.us-west-2.amazonaws.com/id/',
    'oidc-eks.eu-central-1.api.aws/id/',
    'token.actions.githubusercontent.com',
    'system:serviceaccount:kube-system:aws-ebs-csi-driver',
    '${aws:PrincipalTag/kubernetes-namespace}',
    '/var/run/secrets/pods.eks.amazonaws.com/serviceaccount/eks-pod-identity-token',
    'http://169.254.170.23/v1/credentials',
    'http://[fd00:ec2::23]/v1/credentials',
    '169.254.170.23,0.0.0.0/0,::/0,169.254.0.0/16,127.0.0.1',
    '2026-11-14T09:00:00Z',
    'arn:aws:s3:::*',
    '{environment}{region}{account}{partition}',
    'podlift',
    '1234',
  ])('%s', (text) => {
    expect(redactAll([text], ['aws-ebs-csi-driver'])).toEqual([text]);
  });

  it.each<[string, RegExp]>([
    ['arn:aws:iam::333333333333:role/podlift/prod-orders', /^arn:aws:iam::\d{12}:role\/podlift\/[a-z]{4}-[a-z]{6}$/],
    ['arn:aws:sts::333333333333:assumed-role/orders/session', /^arn:aws:sts::\d{12}:assumed-role\/[a-z]{6}\/[a-z]{7}$/],
    ['arn:{partition}:s3:::{bucket}/orders/*', /^arn:\{partition\}:s3:::\{[a-z]{6}\}\/[a-z]{6}\/\*$/],
    ['arn:aws:iam::{accounts.data}:root', /^arn:aws:iam::\{accounts\.[a-z]{4}\}:root$/],
    [
      'oidc.eks.us-west-2.amazonaws.com/id/AAAA1111AAAA1111:sub',
      /^oidc\.eks\.us-west-2\.amazonaws\.com\/id\/[A-F]{4}\d{4}[A-F]{4}\d{4}:sub$/,
    ],
    [
      '333333333333.dkr.ecr.eu-west-1.amazonaws.com/shop/api:2',
      /^\d{12}\.dkr\.ecr\.eu-west-1\.amazonaws\.com\/[a-z]{4}\/[a-z]{3}:2$/,
    ],
    ['acme-data.s3.amazonaws.com', /^[a-z]{4}-[a-z]{4}\.s3\.amazonaws\.com$/],
    ['ip-10-20-30-40.us-west-2.compute.internal', /^[a-z]{2}-10(-\d{1,3}){3}\.us-west-2\.[a-z]{7}\.[a-z]{8}$/],
    ['10.20.0.0/16', /^10(\.\d{1,3}){3}\/16$/],
    ['2a05:d018::/36', /^2001:db8(:[\da-f]{1,4}){3}::\/36$/],
    ['AROAABCDEFGHIJKLMNOPQ', /^AROA[A-Z]{17}$/],
    [
      'arn:aws:eks:us-west-2:333333333333:podidentityassociation/main/a-1x2y3z',
      /:podidentityassociation\/[a-z]{4}\/a-\d[a-z]\d[a-z]\d[a-z]$/,
    ],
  ])('is replaced in part: %s', (text, pattern) => {
    const [image = ''] = redactAll([text], ['aws-ebs-csi-driver']);
    expect(image).not.toBe(text);
    expect(image).toMatch(pattern);
  });
});
