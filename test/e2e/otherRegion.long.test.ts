import { rehearse, rows } from './rehearseWave';

// Terraform removes the last resource of a region by the provider of that region, whatever else is there.

const INVENTORY = `version: 1
accounts: { apps: { id: "111111111111" } }
environments:
  dev:
    account: apps
    region: us-west-2
    clusters:
      main:
        name: dev-main
        version: "1.33"
        oidc: { issuer: "https://oidc.eks.us-west-2.amazonaws.com/id/D1D1D1D1D1D1D1D1D1D1D1D1D1D1D1D1", provider: managed }
        agent: { version: v1.3.4-eksbuild.1 }
      auto:
        name: dev-auto
        version: "1.33"
        region: eu-west-1
        autoMode: true
        oidc: { issuer: "https://oidc.eks.eu-west-1.amazonaws.com/id/E1E1E1E1E1E1E1E1E1E1E1E1E1E1E1E1", provider: managed }
      frankfurt:
        name: dev-frankfurt
        version: "1.33"
        region: eu-central-1
        oidc: { issuer: "https://oidc.eks.eu-central-1.amazonaws.com/id/F1F1F1F1F1F1F1F1F1F1F1F1F1F1F1F1", provider: managed }
        agent: { version: v1.3.4-eksbuild.1 }
waves:
  pilot: { soak: 7d, stages: { dev: irsa } }
workloads:
  api:
    wave: pilot
    namespace: shop
    serviceAccount: api
    sdk: { language: python, version: 1.35.0 }
    permissions: { statements: [{ actions: [s3:GetObject], resources: ["arn:aws:s3:::acme/*"] }] }
`;

it('walks a wave with clusters in other regions forward and back, with Auto Mode and with the add-on', async () => {
  const run = await rehearse(INVENTORY, ['--to', 'dual']);
  expect(run.stderr).not.toContain('Error');
  expect(rows(run).map(([, , , step, , , destroyed]) => [step, destroyed])).toEqual([
    ['before the first step', '0'],
    ['irsa → prepared', '0'],
    ['prepared → dual', '0'],
    // The associations of three regions, then the agents of two.
    ['dual → prepared', '3'],
    ['prepared → irsa', '2'],
  ]);
  expect(run.code).toBe(0);
});
