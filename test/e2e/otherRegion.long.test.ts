import { INVENTORY, rehearse, rows } from './rehearseWave';

// Terraform removes the last resource of a region by the provider of that region, whatever else is there.

/** Clusters beside the one of the base, each in a region of its own. */
const CLUSTERS = `      auto:
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
`;

const IN_THREE_REGIONS = INVENTORY.replace(/^ *targets:.*\n/m, '').replace(/^waves:/m, `${CLUSTERS}waves:`);

it('walks a wave with clusters in other regions forward and back, with Auto Mode and with the add-on', async () => {
  const run = await rehearse(IN_THREE_REGIONS, ['--to', 'dual']);
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
