import { fits } from '../../../src/inventory/formats/Format';
import { oidcIssuer } from '../../../src/inventory/formats/clusterFormats';

describe('the issuer of a cluster', () => {
  it.each([
    'https://oidc.eks.us-gov-west-1.amazonaws.com/id/D1D1',
    'https://oidc.eks.cn-north-1.amazonaws.com.cn/id/D1D1',
    'https://oidc-eks.us-west-2.api.aws/id/D1D1',
    'https://oidc-eks.cn-north-1.api.amazonwebservices.com.cn/id/D1D1',
  ])('is taken as EKS writes it: %s', (url) => {
    expect(fits(oidcIssuer, url)).toBe(true);
  });

  it.each([
    'https://oidc.eks.s3.amazonaws.com/id/D1D1',
    'https://oidc.eks.s3-us-west-2.amazonaws.com/id/D1D1',
    'https://oidc.eks.us-west-2.amazonaws.com/id/D1D1\n',
    'x https://oidc.eks.us-west-2.amazonaws.com/id/D1D1',
  ])('is refused when a bucket or more text is made to look as one: %j', (url) => {
    expect(fits(oidcIssuer, url)).toBe(false);
  });
});
